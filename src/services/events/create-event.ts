// An organizer creates an event, as a draft.

import { type Event, type NewEvent, insertEvent } from "../../db/events-repository.ts";
import type { FieldError } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { eventErrors } from "./event-errors.ts";
import { slugFrom } from "./slug-from.ts";

export type CreateEventInput = Omit<NewEvent, "eventId" | "slug"> & {
  slug: string | null;
};

type CreateEventRefusal =
  | { code: "validation_failed"; errors: readonly FieldError[] }
  | { code: "slug_taken" };

/** The new event. Without a slug one is made from the name, with a short tail when it is taken. */
export async function createEvent(
  { database }: Dependencies,
  actor: Actor,
  input: CreateEventInput,
): Promise<Result<Event, CreateEventRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const errors = eventErrors(input);
  if (errors.length > 0) return refused({ code: "validation_failed", errors });
  const tenant = database.asTenant(profileId);
  const eventId = crypto.randomUUID();
  const slug = input.slug ?? slugFrom(input.name);
  let event = await insertEvent(tenant, { ...input, eventId, slug });
  if (event === null && input.slug === null)
    event = await insertEvent(tenant, { ...input, eventId, slug: withTail(slug, eventId) });
  return event === null ? refused({ code: "slug_taken" }) : ok(event);
}

/** A slug that nobody has: the event's id goes into it. */
export function withTail(slug: string, eventId: string): string {
  return `${slug}-${eventId.slice(0, 6)}`;
}
