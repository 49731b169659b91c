// Events that the minute has to do something about, found before it knows whose they are. SQL and row shapes only.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { type Area, areasOfEvent, raiseAreaVersions, readAreas } from "./areas-repository.ts";

const turnRow = z
  .object({ id: z.guid(), profile_id: z.guid() })
  .transform((row) => ({ eventId: row.id, profileId: row.profile_id }));

export type EventInTurn = z.infer<typeof turnRow>;

/** Published ones that ended before. System scope. */
export async function findEndedEvents(
  system: DatabaseScope,
  page: { before: Date; limit: number },
): Promise<EventInTurn[]> {
  const rows = await system.query(
    `SELECT id, profile_id FROM clusters
     WHERE status = 'published' AND is_active AND end_date < $1 ORDER BY end_date LIMIT $2`,
    [page.before.toISOString(), page.limit],
  );
  return z.array(turnRow).parse(rows);
}

/** Those that the platform took out of sight, or let back, since their areas were told. System scope. */
export async function findEventsToHide(
  system: DatabaseScope,
  limit: number,
): Promise<EventInTurn[]> {
  const rows = await system.query(
    "SELECT id, profile_id FROM clusters WHERE shadowban <> shadowban_told ORDER BY id LIMIT $1",
    [limit],
  );
  return z.array(turnRow).parse(rows);
}

/** Whether the event is hidden, and its areas under raised versions. */
export async function raiseForHiding(
  tenant: DatabaseScope,
  eventId: string,
): Promise<{ isHidden: boolean; areas: Area[] }> {
  const [rows = [], , areas = []] = await tenant.transaction([
    {
      // Not a change an organizer could have seen: its version stays.
      text: "UPDATE clusters SET updated_at = now() WHERE id = $1 RETURNING shadowban",
      parameters: [eventId],
    },
    raiseAreaVersions(eventId, true),
    areasOfEvent(eventId),
  ]);
  const [{ shadowban: isHidden }] = z.tuple([z.object({ shadowban: z.boolean() })]).parse(rows);
  return { isHidden, areas: readAreas(areas) };
}

export async function markHidingTold(
  tenant: DatabaseScope,
  eventId: string,
  isHidden: boolean,
): Promise<void> {
  await tenant.query("UPDATE clusters SET shadowban_told = $2 WHERE id = $1", [eventId, isHidden]);
}
