// What a repeated request to duplicate an event is answered.

import { findEventCopy } from "../../db/event-copies-repository.ts";
import type { Event } from "../../db/events-repository.ts";
import type { DatabaseScope } from "../../ports/database.ts";
import { type Result, ok, refused } from "../../shared/result.ts";

type RepeatRefusal = { code: "event_not_found" } | { code: "command_reused" };

/** The copy as it is by now; refused when the key was used with other content, or the copy was deleted. Null: no repetition. */
export async function answerAgain(
  tenant: DatabaseScope,
  eventId: string,
  requestHash: string,
): Promise<Result<Event, RepeatRefusal> | null> {
  const known = await findEventCopy(tenant, eventId);
  if (known === null) return null;
  if (known.requestHash !== requestHash) return refused({ code: "command_reused" });
  return known.isDeleted ? refused({ code: "event_not_found" }) : ok(known.event);
}
