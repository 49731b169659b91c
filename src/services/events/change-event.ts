// An organizer corrects an event.

import { type Event, type EventChanges, updateEvent } from "../../db/events-repository.ts";
import type { FieldError } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export interface ChangeEventInput {
  eventId: string;
  changes: EventChanges;
}

type ChangeEventRefusal =
  | { code: "event_not_found" }
  | { code: "validation_failed"; errors: readonly FieldError[] };

/** The event with its changes; refused when it would then end before it starts. */
export async function changeEvent(
  { database }: Dependencies,
  actor: Actor,
  { eventId, changes }: ChangeEventInput,
): Promise<Result<Event, ChangeEventRefusal>> {
  const result = await updateEvent(database.asTenant(actor.profileId), eventId, changes);
  if (result === null) return refused({ code: "event_not_found" });
  if (!result.changed) {
    const errors = [{ path: "body.ends_at", message: "must be after starts_at" }];
    return refused({ code: "validation_failed", errors });
  }
  return ok(result.event);
}
