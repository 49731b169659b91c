// A limit is written twice in wrangler.toml, for the isolate and for the location: both must say the same.

import { expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";

const configShape = z.object({
  vars: z.record(z.string(), z.unknown()),
  ratelimits: z.array(
    z.object({
      name: z.string(),
      namespace_id: z.string(),
      simple: z.object({ limit: z.number(), period: z.literal(60) }),
    }),
  ),
});

test("each limit per minute has the same quota at the location", () => {
  const { vars, ratelimits } = configShape.parse(unstable_readConfig({ config: "wrangler.toml" }));
  const quotas = Object.entries(vars).flatMap(([name, value]) => {
    const [, what, by] = /^([A-Z_]+)_PER_(ADDRESS|IDENTITY)$/.exec(name) ?? [];
    return what === undefined ? [] : [`${what}_LOCATION_PER_${by} ${String(value)}`];
  });
  expect(quotas).toHaveLength(7);
  const atLocation = ratelimits.map(({ name, simple }) => `${name} ${simple.limit}`);
  expect(atLocation.toSorted()).toEqual(quotas.toSorted());
  expect(new Set(ratelimits.map((limit) => limit.namespace_id)).size).toBe(quotas.length);
});
