// An answer must be the one the model gave at the batch, and come when it may: a purchase's and an organizer's once Postgres
// knows, every other at once.

import { isDeepStrictEqual } from "node:util";
import type { ObjectDatabase } from "./object-storage.ts";
import type { Outside } from "./outside.ts";
import type { SentCommand } from "./plan.ts";
import type { Referee } from "./referee.ts";
import { isOk } from "./told.ts";

/** A command on its way. `expected` and `sequence` come with the batch that runs it. */
export interface Call {
  command: SentCommand | { kind: "expire-holds" };
  expected: object | null;
  storedAtMs: number;
  sequence: number;
  leave: (outcome: object | null) => void;
}

/** A purchase, and what an organizer does and then looks at in Postgres. */
const waitsForPostgres: ReadonlySet<Call["command"]["kind"]> = new Set([
  "commit-hold",
  "reserve-units",
  "block-units",
  "unblock-units",
  "cancel-tickets",
  "reissue-ticket",
]);
const PATIENCE_MS = 3_000;

export function checkAnswer(
  referee: Referee,
  { database, outside }: { database: ObjectDatabase; outside: Outside },
  { call, outcome, nowMs }: { call: Call; outcome: object; nowMs: number },
): void {
  const { command, expected, storedAtMs, sequence } = call;
  const told = `${JSON.stringify(command)}\n  answered ${JSON.stringify(outcome)}`;
  if (expected === null) referee.object("INV3", `answered before it was stored: ${told}`);
  else if (!isDeepStrictEqual(outcome, expected))
    referee.object("INV4", `${told}\n  expected ${JSON.stringify(expected)}`);

  const waitedMs = nowMs - storedAtMs;
  const patienceMs = waitsForPostgres.has(command.kind) ? PATIENCE_MS : 0;
  if (waitedMs > patienceMs) referee.object("INV41", `answered after ${waitedMs} ms: ${told}`);
  if (waitedMs >= patienceMs || !isOk(outcome)) return;
  const oldest = database.number("SELECT coalesce(min(sequence), 1e15) FROM outbox");
  if (oldest <= sequence)
    referee.object("INV41", `answered without Postgres after ${waitedMs} ms: ${told}`);
  if (command.kind === "commit-hold" && !outside.hasSale(command.reservationId))
    referee.object("INV7", `Postgres has no such sale: ${told}`);
}
