// What becomes of tickets: scanned, let out and in again, reissued, taken back; some of it twice, with an old code, at the
// wrong gate, or for a ticket that is none.

import type { Story } from "./generate-buyers.ts";
import { PROFILE_ID } from "./generate-areas.ts";
import { ticketIdOf } from "./plain-choice.ts";
import type { SentCommand } from "./plan.ts";
import type { Random } from "./random.ts";

export function scanningStory(story: Story, paidMs: number): void {
  const { random, add, reservationId, areas } = story;
  for (let ticket = 0; ticket < random.between(1, 3); ticket += 1) {
    const reservationUnitId = ticketIdOf(reservationId, ticket);
    const send = (atMs: number, command: SentCommand) =>
      add(atMs, { kind: "send", area: random.pick(areas), command });
    let serial = 1;
    let atMs = paidMs + random.between(0, 8_000);
    while (random.chance(0.25)) {
      const commandId = `${reservationId}-reissue-${ticket}-${serial}`;
      const reissue: SentCommand = { kind: "reissue-ticket", commandId, reservationUnitId };
      send(atMs, reissue);
      if (random.chance(0.25)) send(atMs + random.pick([0, 700, 6_000]), reissue);
      if (random.chance(0.1)) {
        const other = ticketIdOf(reservationId, ticket + 1);
        send(atMs + random.pick([0, 700]), { ...reissue, reservationUnitId: other });
      }
      serial += 1;
      atMs += random.pick([0, 3, 800]);
    }
    const lateMs = atMs + random.between(0, 4_000);
    const lateId = `${reservationId}-reissue-${ticket}-late`;
    if (random.chance(0.05))
      send(lateMs, { kind: "reissue-ticket", commandId: lateId, reservationUnitId });
    for (let scan = 0; scan < random.between(1, 5); scan += 1) {
      const passage: SentCommand = {
        kind: random.chance(0.3) ? "exit-ticket" : "admit-ticket",
        scanId: `${reservationId}-scan-${ticket}-${random.between(0, 4)}`,
        profileId: random.chance(0.04) ? "organizer-2" : PROFILE_ID,
        reservationUnitId,
        serial: random.chance(0.15) ? random.between(0, serial + 1) : serial,
        gate: random.pick(["north", "south"]),
      };
      send(atMs, passage);
      if (random.chance(0.2)) send(atMs, passage);
      atMs += random.pick([0, 2, 1_000]);
    }
  }
}

/** Tickets taken back: all, some, those of others; the money went back, or the organizer says so. */
export function cancellingStory(story: Story, paidMs: number): void {
  const { random, add, reservationId, areas } = story;
  let atMs = paidMs + random.between(0, 15_000);
  for (let turn = 0; turn === 0 || random.chance(0.3); turn += 1) {
    const ids = anyTicketIds(random, reservationId);
    const area = random.pick(areas);
    const cancel: SentCommand = {
      kind: "cancel-tickets",
      commandId: `${reservationId}-cancel-${random.chance(0.1) ? 0 : turn}`,
      reservationId,
      unitsBecome: random.chance(0.7) ? "available" : "blocked",
      ...(random.chance(0.6) && { reservationUnitIds: ids }),
    };
    add(atMs, { kind: "send", area, command: cancel });
    if (random.chance(0.25))
      add(atMs + random.pick([0, 900, 8_000]), { kind: "send", area, command: cancel });
    atMs += random.between(0, 3_000);
  }
}

function anyTicketIds(random: Random, reservationId: string): string[] {
  const ids = [0, 1, 2].filter(() => random.chance(0.5));
  if (random.chance(0.05)) ids.push(9);
  return ids.map((index) => ticketIdOf(reservationId, index));
}
