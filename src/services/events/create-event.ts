// An organizer creates an event, as a draft.

import { type Event, type NewEvent, insertEvent } from "../../db/events-repository.ts";
import { UniqueViolation } from "../../ports/database.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { slugFrom } from "./slug-from.ts";

export type CreateEventInput = Omit<NewEvent, "eventId" | "profileId" | "slug"> & {
  slug: string | null;
};

/** The new event. Without a slug one is made from the name, with a short tail when it is taken. */
export async function createEvent(
  { database }: Dependencies,
  actor: Actor,
  input: CreateEventInput,
): Promise<Result<Event, { code: "slug_taken" }>> {
  const tenant = database.asTenant(actor.profileId);
  const slug = input.slug ?? slugFrom(input.name);
  const event = { ...input, profileId: actor.profileId, eventId: crypto.randomUUID(), slug };
  try {
    return ok(await insertEvent(tenant, event));
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    if (input.slug !== null) return refused({ code: "slug_taken" });
    return ok(
      await insertEvent(tenant, { ...event, slug: `${slug}-${event.eventId.slice(0, 6)}` }),
    );
  }
}
