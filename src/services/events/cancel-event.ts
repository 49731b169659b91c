// An organizer calls an event off, for good. Nothing more is held from then on; what was paid is for the organizer to return.

import type { Event } from "../../db/events-repository.ts";
import type { Result } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type MoveRefusal, takeOffSale } from "./move-event.ts";

/** The cancelled event, its areas closed. Repeating it closes those an earlier call missed. */
export function cancelEvent(
  dependencies: Dependencies,
  actor: Actor,
  eventId: string,
): Promise<Result<Event, MoveRefusal>> {
  return takeOffSale(dependencies, actor, { eventId, to: "cancelled" });
}
