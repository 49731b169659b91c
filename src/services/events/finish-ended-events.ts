// Every minute: events that ended a day ago are finished. Until then their organizer may still say that they go on.

import { findEndedEvents } from "../../db/event-turns-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { takeOffSale } from "./move-event.ts";
import { ok, refused } from "../../shared/result.ts";

const PATIENCE_MS = 24 * 60 * 60 * 1_000;
const EVENTS_MAX = 20;

/** One event that fails does not keep the others waiting. */
export async function finishEndedEvents(dependencies: Dependencies): Promise<void> {
  const before = new Date(dependencies.now() - PATIENCE_MS);
  const page = { before, limit: EVENTS_MAX };
  const events = await findEndedEvents(dependencies.database.asSystem(), page);
  for (const { eventId, profileId } of events) {
    try {
      await takeOffSale(
        dependencies,
        { profileId },
        {
          eventId,
          expected: null,
          to: "finished",
          // Asked again, of the version that is finished: it may have new dates by now.
          prepare: async ({ endsAt }) =>
            endsAt < before ? ok({}) : refused({ code: "event_not_over" }),
        },
      );
    } catch (error) {
      const reason = error instanceof Error ? error.name : "unknown";
      console.error("event not finished", { eventId, reason });
    }
  }
}
