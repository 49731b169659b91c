// The events of a site that are neither over nor cancelled, soonest first, and of those the ones that are looked for.

import * as z from "zod";
import {
  type PublicEvent,
  type PublicEventFilter,
  listPublicEvents,
} from "../../db/public-repository.ts";
import { decodeCursor, encodeCursor } from "../../shared/cursor.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { FieldError } from "../../shared/refusals.ts";
import type { Dependencies } from "../dependencies.ts";

// Microseconds, as Postgres keeps them; and Postgres has no year 0.
const cursorShape = z.tuple([z.iso.datetime({ precision: 6 }).regex(/^[1-9]/), z.uuid()]);

export async function listEvents(
  { database, now }: Dependencies,
  profileId: string,
  { filter, ...page }: { filter: PublicEventFilter; cursor: string | undefined; limit: number },
): Promise<
  Result<
    { events: PublicEvent[]; nextCursor: string | null },
    { code: "validation_failed"; errors: FieldError[] }
  >
> {
  const keys = page.cursor === undefined ? undefined : decodeCursor(page.cursor, cursorShape);
  if (keys === null) {
    return refused({
      code: "validation_failed",
      errors: [{ path: "query.cursor", rule: "not_a_cursor" }],
    });
  }
  const after = keys === undefined ? null : { startsAt: keys[0], eventId: keys[1] };
  // One more than asked for tells whether there is a next page.
  const found = await listPublicEvents(database.asPublic(profileId), filter, {
    after,
    limit: page.limit + 1,
    now: new Date(now()),
  });
  const events = found.slice(0, page.limit);
  const last = events.at(-1);
  const hasMore = found.length > page.limit && last !== undefined;
  return ok({
    events,
    nextCursor: hasMore ? encodeCursor([last.exactStartsAt, last.eventId]) : null,
  });
}
