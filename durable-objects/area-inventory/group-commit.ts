// Group commit: the commands that arrived together run in one transaction, as one batch. Has no clock and no queue of
// its own; the shell gives both.

import type { SqliteStorage } from "../sqlite/storage.ts";
import { transact } from "../sqlite/transact.ts";
import { type AreaMemory, loadMemory } from "./area-memory.ts";
import { Batch } from "./batch.ts";
import { type CommandKind, type Commands, type Outcome, refuse } from "./core/commands.ts";
import { decide } from "./core/decide.ts";
import type { AreaStore } from "./store.ts";

/** Commands in one transaction: bounds how long the others wait for it, and the size of its outbox row. */
export const COMMANDS_TOGETHER_MAX = 300;

/** A command in the queue: decides on a batch, and answers its caller once that batch is stored. */
export interface Waiting {
  /** The reservation it is about, or one of its units, when it is about one. */
  readonly about: string | null;
  run(batch: Batch, nowMs: number): () => void;
  fail(): void;
}

/** The memory between batches; null when it must be made anew. */
export interface MemoryHolder {
  current: AreaMemory | null;
}

export function waitingFor<Kind extends CommandKind>(
  kind: Kind,
  command: Commands[Kind],
  answer: (outcome: Outcome<Kind>) => void,
): Waiting {
  return {
    about: subjectOf(command),
    run(batch, nowMs) {
      const { outcome, changes, effects } = decide(kind, command, { view: batch, nowMs });
      batch.save(changes, effects);
      return () => answer(outcome);
    },
    fail: () => answer(refuse({ code: "command_failed" })),
  };
}

function subjectOf(command: Commands[CommandKind]): string | null {
  if ("reservationId" in command) return command.reservationId;
  return "reservationUnitId" in command ? command.reservationUnitId : null;
}

/**
 * Runs all commands in one transaction; returns their answers, to be given now that it is stored. When one command
 * throws, each gets a transaction of its own, so that only that one is refused.
 */
export function runTogether(
  at: { storage: SqliteStorage; store: AreaStore; memory: MemoryHolder; nowMs: number },
  commands: readonly Waiting[],
): (() => void)[] {
  const { storage, store, memory, nowMs } = at;
  try {
    return transact(storage, () => {
      memory.current ??= loadMemory(store);
      const batch = new Batch(store, memory.current);
      batch.expect(commands.flatMap(({ about }) => about ?? []));
      const expired = decide("expire-holds", { kind: "expire-holds" }, { view: batch, nowMs });
      batch.save(expired.changes, expired.effects);
      const answers = commands.map((command) => command.run(batch, nowMs));
      batch.close(nowMs);
      return answers;
    });
  } catch (error) {
    // It may be ahead of what is stored now.
    memory.current = null;
    const [command] = commands;
    if (commands.length > 1) return commands.flatMap((single) => runTogether(at, [single]));
    console.error("command failed", { error: error instanceof Error ? error.stack : "unknown" });
    return command === undefined ? [] : [() => command.fail()];
  }
}
