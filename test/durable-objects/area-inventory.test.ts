import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

it("[INV4] answers a repeated hold as the first time", async () => {
  const area = env.AREA_INVENTORY.getByName(crypto.randomUUID());
  expect(await area.availability()).toBeNull();
});
