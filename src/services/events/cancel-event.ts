// An organizer calls an event off, for good. Nothing more is held from then on, and a payment that is approved later goes back
// by itself; what was paid before is for the organizer to return.

import type { Event } from "../../db/events-repository.ts";
import type { Result } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type EventMove, type MoveRefusal, takeOffSale } from "./move-event.ts";

/** The cancelled event, its areas closed. Repeating it closes those an earlier call missed. */
export async function cancelEvent(
  dependencies: Dependencies,
  actor: Actor,
  move: EventMove,
): Promise<Result<Event, MoveRefusal>> {
  const organizer = actor.authorize("catalog.write");
  return takeOffSale(dependencies, organizer, { ...move, to: "cancelled" });
}
