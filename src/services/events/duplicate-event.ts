// An organizer makes a new event of one they have: the same areas, units, stages, promotions and images, and nothing of its
// sales.

import { findAreasOfEvent } from "../../db/areas-repository.ts";
import { countPromotions, insertEventCopy } from "../../db/event-copies-repository.ts";
import { type Event, findEvent } from "../../db/events-repository.ts";
import { UniqueViolation } from "../../ports/database.ts";
import { derivedId, sha256Hex } from "../../shared/digest.ts";
import type { FieldError } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { PROMOTIONS_MAX } from "../promotions/create-promotion.ts";
import { withTail } from "./create-event.ts";
import { answerAgain } from "./duplicated-before.ts";
import { eventErrors } from "./event-errors.ts";
import { newCodeFront } from "./new-code-front.ts";
import { copiedAreas, copiedTimes } from "./plan-copy.ts";
import { slugFrom } from "./slug-from.ts";

/** What is null is as in the original, but for a new slug. */
export interface DuplicateEventInput {
  originalId: string;
  name: string | null;
  slug: string | null;
  /** All other times move with it. */
  startsAt: Date | null;
  endsAt: Date | null;
  idempotencyKey: string | null;
}

export type DuplicateEventRefusal =
  | { code: "event_not_found" }
  | { code: "validation_failed"; errors: readonly FieldError[] }
  | { code: "slug_taken" }
  | { code: "promotions_too_many"; max: number }
  | { code: "command_reused" };

/** Each takes another slug, and another front of codes, at random. */
const ATTEMPTS_MAX = 5;

/** The copy, a draft; all of it or nothing. The same key and content get the same copy again. */
export async function duplicateEvent(
  { database }: Dependencies,
  actor: Actor,
  input: DuplicateEventInput,
): Promise<Result<Event, DuplicateEventRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const { originalId, idempotencyKey, ...wanted } = input;
  const tenant = database.asTenant(profileId);
  const requestHash = await sha256Hex(JSON.stringify(wanted));
  const eventId =
    idempotencyKey === null
      ? crypto.randomUUID()
      : await derivedId(`duplicate\n${profileId}\n${originalId}\n${idempotencyKey}`);
  const before = await answerAgain(tenant, eventId, requestHash);
  if (before !== null) return before;

  const original = await findEvent(tenant, originalId);
  if (original === null) return refused({ code: "event_not_found" });
  const times = copiedTimes(original, input);
  const errors = eventErrors(times);
  if (errors.length > 0) return refused({ code: "validation_failed", errors });
  const { living, copied } = await countPromotions(tenant, originalId);
  if (living + copied > PROMOTIONS_MAX)
    return refused({ code: "promotions_too_many", max: PROMOTIONS_MAX });

  const name = input.name ?? `${original.name} (copia)`;
  const areas = await copiedAreas(await findAreasOfEvent(tenant, originalId), eventId);
  const copy = { originalId, eventId, name, areas, requestHash, ...times };
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const slug = input.slug ?? slugFrom(name);
    const event = await orThere(() =>
      insertEventCopy(tenant, {
        ...copy,
        slug: attempt > 0 && input.slug === null ? withTail(slug, eventId) : slug,
        codeFront: newCodeFront(),
      }),
    );
    if (event === "there") {
      // The same request at the same time was sooner.
      const sooner = await answerAgain(tenant, eventId, requestHash);
      if (sooner !== null) return sooner;
    } else if (event !== null) return ok(event);
  }
  return refused({ code: "slug_taken" });
}

async function orThere(insert: () => Promise<Event | null>): Promise<Event | null | "there"> {
  try {
    return await insert();
  } catch (error) {
    if (error instanceof UniqueViolation) return "there";
    throw error;
  }
}
