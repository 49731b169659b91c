// Moves an event to another status. The call may fail between any two steps and may be repeated: once Postgres has the new
// status, repeating it brings every area's object up to date, and so does the minute.

import {
  type Event,
  type EventStatus,
  type SavedEvent,
  changeEventStatus,
  findEvent,
} from "../../db/events-repository.ts";
import type { DatabaseScope } from "../../ports/database.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { tellAreas } from "../inventory/tell-areas.ts";
import { type StatusRefusal, whyNotTo } from "./event-status.ts";

export interface EventMove {
  eventId: string;
  expected: ExpectedVersions;
}

export type MoveRefusal =
  | { code: "event_not_found" }
  | { code: "precondition_failed" }
  | { code: "areas_untold" }
  | StatusRefusal;

interface Move<Refusal> extends EventMove {
  to: EventStatus;
  /** Asked of the event as it is, before it moves. */
  prepare?: (event: Event) => Promise<Result<{ legalInfoId?: string | null }, Refusal>>;
}

/** The event and its areas as they are then; refused where the table of statuses does not have it. */
export async function moveEvent<Refusal>(
  tenant: DatabaseScope,
  { eventId, expected, to, prepare }: Move<Refusal>,
): Promise<Result<SavedEvent, MoveRefusal | Refusal>> {
  for (;;) {
    const event = await findEvent(tenant, eventId);
    if (event === null) return refused({ code: "event_not_found" });
    if (!isExpected(expected, event.version)) return refused({ code: "precondition_failed" });
    const notTo = whyNotTo(event.status, to);
    if (notTo !== null) return refused(notTo);
    const prepared = (await prepare?.(event)) ?? ok({});
    if (!prepared.ok) return prepared;
    const moved = await changeEventStatus(tenant, event, { status: to, ...prepared.value });
    // Null: somebody changed it in between, and it has to be asked anew.
    if (moved !== null) return ok(moved);
  }
}

/** Moves the event to a status in which nothing is sold, and closes its areas at once. */
export async function takeOffSale<Refusal = never>(
  dependencies: Dependencies,
  { profileId }: { profileId: string },
  move: Move<Refusal>,
): Promise<Result<Event, MoveRefusal | Refusal>> {
  const moved = await moveEvent(dependencies.database.asTenant(profileId), move);
  if (!moved.ok) return moved;
  const { event, areas } = moved.value;
  return (await tellAreas(dependencies, areas)) ? ok(event) : refused({ code: "areas_untold" });
}
