// Which effects were carried out. A claim keeps two consumers from doing the same thing at once; it lapses when its
// consumer dies, and completing it makes every later delivery a no-op.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

export type Claim = "claimed" | "done_before" | "busy";

const LEASE_SECONDS = 120;

export async function claimEffect(
  tenant: DatabaseScope,
  profileId: string,
  effectId: string,
): Promise<Claim> {
  const [claimed = [], known = []] = await tenant.transaction([
    {
      text: `INSERT INTO effect_log AS known (effect_id, profile_id) VALUES ($1, $2)
             ON CONFLICT (effect_id) DO UPDATE SET claimed_at = now()
             WHERE known.completed_at IS NULL AND known.claimed_at < now() - make_interval(secs => $3)
             RETURNING effect_id`,
      parameters: [effectId, profileId, LEASE_SECONDS],
    },
    {
      text: "SELECT completed_at IS NOT NULL AS is_done FROM effect_log WHERE effect_id = $1",
      parameters: [effectId],
    },
  ]);
  if (claimed.length > 0) return "claimed";
  return z.array(z.object({ is_done: z.boolean() })).parse(known)[0]?.is_done === true
    ? "done_before"
    : "busy";
}

export async function completeEffect(tenant: DatabaseScope, effectId: string): Promise<void> {
  await tenant.query("UPDATE effect_log SET completed_at = now() WHERE effect_id = $1", [effectId]);
}

/** Gives the claim back after a failure, so that the next delivery need not wait for it to lapse. */
export async function releaseEffect(tenant: DatabaseScope, effectId: string): Promise<void> {
  await tenant.query(
    "UPDATE effect_log SET claimed_at = 'epoch' WHERE effect_id = $1 AND completed_at IS NULL",
    [effectId],
  );
}
