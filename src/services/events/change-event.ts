// An organizer corrects an event. When it is on sale, its areas hear of new times before the answer.

import { type Event, findEvent, updateEvent } from "../../db/events-repository.ts";
import { findLegalInfo } from "../../db/legal-info-repository.ts";
import type { DatabaseScope } from "../../ports/database.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import type { FieldError } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import { type Changes, withChanges } from "../../shared/with-changes.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";
import { type LegalInfoRefusal, legalInfoRefusal } from "../legal-info/legal-info-refusal.ts";
import { missingLegalInfo } from "../legal-info/missing-legal-info.ts";
import { eventErrors } from "./event-errors.ts";

export interface ChangeEventInput {
  eventId: string;
  changes: Changes<Omit<Event, "eventId" | "status" | "version" | "createdAt">>;
  expected: ExpectedVersions;
}

type ChangeEventRefusal =
  | { code: "event_not_found" }
  | { code: "precondition_failed" }
  | { code: "validation_failed"; errors: readonly FieldError[] }
  | { code: "slug_taken" }
  | { code: "inventory_behind" }
  | LegalInfoRefusal;

/** The event with its changes. A new slug leaves the old one leading to it; a new name leaves the slug. */
export async function changeEvent(
  dependencies: Dependencies,
  actor: Actor,
  { eventId, changes, expected }: ChangeEventInput,
): Promise<Result<Event, ChangeEventRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  for (;;) {
    const known = await findEvent(tenant, eventId);
    if (known === null) return refused({ code: "event_not_found" });
    if (!isExpected(expected, known.version)) return refused({ code: "precondition_failed" });
    const event: Event = withChanges(known, changes);
    const refusal = await whyNotSo(tenant, event);
    if (refusal !== null) return refused(refusal);
    const saved = await updateEvent(tenant, event, {
      formerSlug: known.slug,
      concernsAreas: concernsAreas(known, event),
    });
    if ("lacks" in saved) {
      if (saved.lacks === "slug") return refused({ code: "slug_taken" });
      // Somebody else's change came in between: this one is made to what that left.
      continue;
    }
    const pushed = !concernsAreas(known, event) || (await pushAreas(dependencies, saved.areas));
    return pushed ? ok(saved.event) : refused({ code: "inventory_behind" });
  }
}

async function whyNotSo(tenant: DatabaseScope, event: Event): Promise<ChangeEventRefusal | null> {
  const errors = eventErrors(event);
  if (errors.length > 0) return { code: "validation_failed", errors };
  if (event.status !== "published") return null;
  const missing = missingLegalInfo(event, await findLegalInfo(tenant));
  return missing.length > 0 ? legalInfoRefusal(missing) : null;
}

/** Whether an area's inventory has to hear of the change. */
function concernsAreas(known: Event, changed: Event): boolean {
  const timesOf = ({ endsAt, salesStartAt, salesEndAt }: Event) =>
    [endsAt, salesStartAt, salesEndAt].map((time) => time?.getTime()).join(" ");
  return timesOf(known) !== timesOf(changed);
}
