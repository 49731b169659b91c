// Effects whose message failed every time: in their row of the effect log, with when to send them again. When that is, and
// for how long, is said here and nowhere else.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import type { Effect } from "../ports/effects.ts";

/** Doubled by each time it is sent again. A message by itself tries for three to five minutes. */
const FIRST_PAUSE_SECONDS = 5 * 60;
const LONGEST_PAUSE_SECONDS = 6 * 60 * 60;
/** From the first death. */
const PATIENCE_SECONDS = 7 * 24 * 60 * 60;

/** Keeps an effect's first death; false when it died before or was carried out after all. */
export async function recordDeadEffect(
  tenant: DatabaseScope,
  dead: { effectId: string; profileId: string; effect: Effect },
): Promise<boolean> {
  // The claim is left open: whoever claimed the effect has failed.
  const rows = await tenant.query(
    `INSERT INTO effect_log AS known (effect_id, profile_id, claimed_at, effect, died_at, next_attempt_at)
     VALUES ($1, $2, 'epoch', $3, now(), now() + make_interval(secs => $4))
     ON CONFLICT (effect_id) DO UPDATE
       SET effect = excluded.effect, died_at = excluded.died_at, next_attempt_at = excluded.next_attempt_at
     WHERE known.completed_at IS NULL AND known.died_at IS NULL
     RETURNING effect_id`,
    [dead.effectId, dead.profileId, JSON.stringify(dead.effect), FIRST_PAUSE_SECONDS],
  );
  return rows.length > 0;
}

/** Keeps the ids of a message that no code here understands. It is given up at once; repeating it adds nothing. */
export async function recordUnknownEffect(
  tenant: DatabaseScope,
  unknown: { effectId: string; profileId: string; ids: Record<string, string> },
): Promise<void> {
  await tenant.query(
    `INSERT INTO effect_log (effect_id, profile_id, claimed_at, effect, died_at, given_up_at)
     VALUES ($1, $2, 'epoch', $3, now(), now()) ON CONFLICT (effect_id) DO NOTHING`,
    [unknown.effectId, unknown.profileId, JSON.stringify(unknown.ids)],
  );
}

const dueRow = z
  .object({ effect_id: z.string(), profile_id: z.uuid() })
  .transform((row) => ({ effectId: row.effect_id, profileId: row.profile_id }));

/** Those whose next attempt is due, the longest waiting first. System scope. */
export async function findDueEffects(
  system: DatabaseScope,
  limit: number,
): Promise<z.infer<typeof dueRow>[]> {
  const rows = await system.query(
    `SELECT effect_id, profile_id FROM effect_log
     WHERE completed_at IS NULL AND next_attempt_at <= now() ORDER BY next_attempt_at LIMIT $1`,
    [limit],
  );
  return z.array(dueRow).parse(rows);
}

const takenRow = z
  .object({ effect_id: z.string(), effect: z.unknown() })
  .transform((row) => ({ effectId: row.effect_id, effect: row.effect }));

/**
 * Of effects that are due, those to send again, each put off until the attempt after, and those whose time is over. Of two
 * callers at once, one gets each.
 */
export async function takeDueEffects(
  tenant: DatabaseScope,
  effectIds: readonly string[],
): Promise<{ again: z.infer<typeof takenRow>[]; givenUp: string[] }> {
  const [again = [], givenUp = []] = await tenant.transaction([
    {
      text: `UPDATE effect_log SET times_sent_again = times_sent_again + 1,
               next_attempt_at = least(
                 now() + make_interval(secs => least($2 * power(2, times_sent_again + 1), $3)),
                 died_at + make_interval(secs => $4))
             WHERE effect_id = ANY ($1) AND completed_at IS NULL AND next_attempt_at <= now()
               AND died_at + make_interval(secs => $4) > now()
             RETURNING effect_id, effect`,
      parameters: [effectIds, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, PATIENCE_SECONDS],
    },
    {
      text: `UPDATE effect_log SET given_up_at = now(), next_attempt_at = NULL
             WHERE effect_id = ANY ($1) AND completed_at IS NULL AND next_attempt_at <= now()
               AND died_at + make_interval(secs => $2) <= now()
             RETURNING effect_id, effect`,
      parameters: [effectIds, PATIENCE_SECONDS],
    },
  ]);
  return {
    again: z.array(takenRow).parse(again),
    givenUp: z
      .array(takenRow)
      .parse(givenUp)
      .map(({ effectId }) => effectId),
  };
}
