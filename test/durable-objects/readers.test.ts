// Those who read the public pages of an area, in the Workers runtime: how often its object is asked for them.

import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, inject, test, vi } from "vitest";
import * as z from "zod";
import { AreaInventory } from "../../src/index.ts";
import { type LiveArea, openArea } from "./live-area.ts";

afterEach(() => vi.restoreAllMocks());

const withSlug = z.object({ slug: z.string() });

async function eventOf({ areaId, settings }: LiveArea) {
  const call = async (method: string, what = "") => {
    const answer = await fetch(`${env.PUBLIC_BASE_URL}/v1/events/${settings.eventId}${what}`, {
      method,
      headers: { authorization: `Bearer ${inject("organizerToken")}` },
    });
    return withSlug.parse(await answer.json());
  };
  const { slug } = await call("GET");
  return {
    address: `http://localhost/v1/public/events/${slug}/areas/${areaId}`,
    publish: () => call("POST", "/publish"),
  };
}

/** So many readers at once, each with an address of its own. */
const readers = (address: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, reader) =>
      exports.default.fetch(`${address}${address.includes("?") ? "&" : "?"}reader=${reader}`),
    ),
  );

describe.each(["availability", "units", "units?page=1"])("readers of %s", (what) => {
  test("who come at once ask the area once", async () => {
    const area = await openArea(3);
    const { address, publish } = await eventOf(area);
    await publish();
    const questions = vi.spyOn(AreaInventory.prototype, "read");
    const answers = await readers(`${address}/${what}`, 50);
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(texts).size).toBe(1);
    for (const { headers } of answers) {
      expect(headers.get("cache-control")).toBe("public, max-age=1");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(questions).toHaveBeenCalledTimes(1);
  });

  test("are all refused at once, and not for longer than there is a reason", async () => {
    const area = await openArea(1);
    const { address, publish } = await eventOf(area);
    const answers = await readers(`${address}/${what}`, 30);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    await publish();
    expect(new Set((await readers(`${address}/${what}`, 3)).map(({ status }) => status))).toEqual(
      new Set([200]),
    );
  });
});
