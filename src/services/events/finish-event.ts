// An organizer closes an event that has begun, for good. Its gate goes on.

import type { Event } from "../../db/events-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type EventMove, type MoveRefusal, takeOffSale } from "./move-event.ts";

/** The finished event, its areas closed. Refused before it starts: that is cancelling it. */
export async function finishEvent(
  dependencies: Dependencies,
  actor: Actor,
  move: EventMove,
): Promise<Result<Event, MoveRefusal | { code: "event_not_started" }>> {
  const organizer = actor.authorize("catalog.write");
  return takeOffSale(dependencies, organizer, {
    ...move,
    to: "finished",
    prepare: async ({ startsAt }) =>
      startsAt.getTime() <= dependencies.now() ? ok({}) : refused({ code: "event_not_started" }),
  });
}
