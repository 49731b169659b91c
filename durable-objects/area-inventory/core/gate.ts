// What admitting and letting out have in common: whose ticket it is, whether its code is the newest, and what its earlier
// passages through the gate say.

import { type AreaSettings, type Passage, type Refused, type Ticket, refuse } from "./commands.ts";
import { type FoundTicket, findTicket, isValid } from "./tickets.ts";
import type { View } from "./view.ts";

export interface Scan {
  scanId: string;
  profileId: string;
  reservationUnitId: string;
  serial: number;
  gate: string;
}

/** A valid ticket, and the settings of its area. */
export function readScan(
  view: View,
  { profileId, reservationUnitId, serial }: Scan,
): (FoundTicket & { settings: AreaSettings }) | Refused {
  const area = view.area();
  // Another organizer's gate learns nothing, not even that the ticket exists.
  if (area === null || area.settings.profileId !== profileId)
    return refuse({ code: "ticket_unknown" });
  const found = findTicket(view, reservationUnitId);
  if (found === null) return refuse({ code: "ticket_unknown" });
  if (found.ticket.serial !== serial) return refuse({ code: "ticket_revoked" });
  if (!isValid(found.ticket)) return refuse({ code: "ticket_cancelled" });
  return { ...found, settings: area.settings };
}

/** All passages of a ticket in their order. */
export function passagesOf({ admittedAtMs, scanId, gate, passages = [] }: Ticket): Passage[] {
  if (admittedAtMs === null) return [];
  const first: Passage = {
    direction: "in",
    scanId: scanId ?? "",
    gate: gate ?? "",
    atMs: admittedAtMs,
  };
  return [first, ...passages];
}

export function countOf(passages: readonly Passage[], direction: Passage["direction"]): number {
  return passages.filter((passage) => passage.direction === direction).length;
}

export function withPassage(ticket: Ticket, passage: Passage): Ticket {
  if (ticket.admittedAtMs !== null)
    return { ...ticket, passages: [...(ticket.passages ?? []), passage] };
  const { atMs: admittedAtMs, scanId, gate } = passage;
  return { ...ticket, admittedAtMs, scanId, gate };
}
