// An organizer puts an event off. Nothing more is held until it is published again, with its new dates; tickets stay valid.

import type { Event } from "../../db/events-repository.ts";
import type { Result } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type EventMove, type MoveRefusal, takeOffSale } from "./move-event.ts";

/** The postponed event, its areas closed. Repeating it closes those an earlier call missed. */
export async function postponeEvent(
  dependencies: Dependencies,
  actor: Actor,
  move: EventMove,
): Promise<Result<Event, MoveRefusal>> {
  const organizer = actor.authorize("catalog.write");
  return takeOffSale(dependencies, organizer, { ...move, to: "postponed" });
}
