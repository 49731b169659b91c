// Which status an event may go to from which. Pure, and the only place that says so.

import type { EventStatus } from "../../db/events-repository.ts";

const nextOf: Record<EventStatus, readonly EventStatus[]> = {
  draft: ["published", "cancelled"],
  published: ["draft", "postponed", "cancelled", "finished"],
  postponed: ["published", "draft", "cancelled"],
  // The end: who bought was told so.
  cancelled: [],
  finished: [],
};

export interface StatusRefusal {
  code: "event_status_not_allowed";
  eventStatus: EventStatus;
  allowed: readonly EventStatus[];
}

/** Null when the event may go there; staying where it is is always allowed, and repeats what follows from it. */
export function whyNotTo(from: EventStatus, to: EventStatus): StatusRefusal | null {
  if (from === to || nextOf[from].includes(to)) return null;
  return { code: "event_status_not_allowed", eventStatus: from, allowed: nextOf[from] };
}
