// An organizer takes an event off sale. What is held can still be paid; sold tickets stay valid.

import type { Event } from "../../db/events-repository.ts";
import type { Result } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type EventMove, type MoveRefusal, takeOffSale } from "./move-event.ts";

/** The event as a draft, its areas closed. Repeating it closes those an earlier call missed. */
export async function unpublishEvent(
  dependencies: Dependencies,
  actor: Actor,
  move: EventMove,
): Promise<Result<Event, MoveRefusal>> {
  const organizer = actor.authorize("catalog.write");
  return takeOffSale(dependencies, organizer, { ...move, to: "draft" });
}
