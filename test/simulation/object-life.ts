// One life of an object, from its start to its crash: the deployed code over a storage that the crash takes away, and a
// record of the transactions it ran in the present turn.

import type { EventLoop } from "./event-loop.ts";
import { Crashed, type ObjectDatabase } from "./object-storage.ts";
import type { Outside } from "./outside.ts";
import type { PlatformAlarm } from "./platform-alarm.ts";
import { AreaInventory, type ObjectContext, type RunningObject } from "./platform.ts";

/** What is to go wrong with the next batch. */
export interface StorageFaults {
  crash: "before-commit" | "after-commit" | null;
  /** The transaction fails, and the object lives on. */
  fails: boolean;
}

/** What a turn did to the storage. */
export interface Turn {
  nowMs: number;
  transactions: number;
  /** Transactions that committed: one, or more when a command failed. */
  batches: number;
  rowsWritten: number;
}

export class ObjectLife {
  isAlive = true;
  /** Null in a turn without a batch. */
  turn: Turn | null = null;
  readonly storage: ObjectContext["storage"];
  readonly #object: RunningObject;
  readonly #loop: EventLoop;
  readonly #faults: StorageFaults;
  /** While a caller's own code runs: what is stored then is no batch. */
  #isCalling = true;

  constructor(world: {
    areaId: string;
    loop: EventLoop;
    database: ObjectDatabase;
    alarm: PlatformAlarm;
    outside: Outside;
    faults: StorageFaults;
  }) {
    this.#loop = world.loop;
    this.#faults = world.faults;
    const isAlive = () => this.isAlive;
    this.storage = {
      ...world.database.open({
        isAlive,
        began: () => this.#began(),
        beforeCommit: () => this.#beforeCommit(),
        committed: (rowsWritten) => this.#committed(rowsWritten),
      }),
      getAlarm: async () => world.alarm.wallMs,
      setAlarm: async (wallMs) => {
        if (this.isAlive) world.alarm.set(wallMs);
      },
    };
    const context: ObjectContext = {
      id: { name: world.areaId },
      storage: this.storage,
      blockConcurrencyWhile: (work) => work(),
      waitUntil: () => undefined,
    };
    this.#object = new AreaInventory(context, world.outside.partsFor(isAlive));
    this.#isCalling = false;
  }

  call<Answer>(ask: (object: RunningObject) => Promise<Answer>): Promise<Answer> {
    this.#isCalling = true;
    const answer = ask(this.#object);
    this.#isCalling = false;
    return answer;
  }

  #began(): void {
    if (this.#isCalling) return;
    const nowMs = this.#loop.wallMs;
    this.turn ??= { nowMs, transactions: 0, batches: 0, rowsWritten: 0 };
    this.turn.transactions += 1;
  }

  #beforeCommit(): void {
    if (this.#isCalling) return;
    if (this.#faults.fails && this.turn?.transactions === 1) {
      this.#faults.fails = false;
      throw new Error("the disk is full");
    }
    if (this.#faults.crash !== "before-commit") return;
    this.isAlive = false;
    throw new Crashed("before the commit");
  }

  #committed(rowsWritten: number): void {
    if (this.#isCalling || this.turn === null) return;
    this.turn.batches += 1;
    this.turn.rowsWritten += rowsWritten;
  }
}
