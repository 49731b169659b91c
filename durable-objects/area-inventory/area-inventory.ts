// The Durable Object of one area: a shell. It queues the commands that arrive together, runs them in one
// synchronous transaction, answers, and has what changed sent to Postgres. It decides nothing: see core/.

import { DurableObject } from "cloudflare:workers";
import { composeAreaInventory } from "../../src/composition.ts";
import { isMigrated, migrate } from "../sqlite/migrate.ts";
import { transact } from "../sqlite/transact.ts";
import { type AreaMemory, loadMemory } from "./area-memory.ts";
import { emptyView } from "./batch.ts";
import type { AreaInventoryCalls } from "./contract.ts";
import type { CommandKind, Commands, Outcome } from "./core/commands.ts";
import { decide } from "./core/decide.ts";
import { mustArm, nextWakeMs } from "./flush.ts";
import { Flusher } from "./flusher.ts";
import {
  COMMANDS_TOGETHER_MAX,
  type MemoryHolder,
  type Waiting,
  runTogether,
  waitingFor,
} from "./group-commit.ts";
import { answerQuestion } from "./questions.ts";
import { migrations } from "./schema.ts";
import { AreaStore } from "./store.ts";
import { readCommand, readQuestion, unknownCommand } from "./wire.ts";

/** A purchase, and what an organizer does and then looks at in Postgres. */
const waitsForPostgres: ReadonlySet<CommandKind> = new Set([
  "commit-hold",
  "reserve-units",
  "block-units",
  "unblock-units",
  "cancel-tickets",
  "reissue-ticket",
]);

/** How long these wait for Postgres before they are answered all the same. */
const PROJECTION_DEADLINE_MS = 3_000;

export class AreaInventory extends DurableObject<Env> implements AreaInventoryCalls {
  readonly #store: AreaStore;
  readonly #flusher: Flusher;
  readonly #memory: MemoryHolder = { current: null };
  #isMigrated: boolean;
  #waiting: Waiting[] = [];
  #alarmMs: number | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new AreaStore(ctx.storage.sql);
    this.#flusher = new Flusher({
      areaId: ctx.id.name ?? "",
      store: this.#store,
      ...composeAreaInventory(env),
    });
    this.#isMigrated = isMigrated(ctx.storage.sql);
    if (this.#isMigrated) this.#migrate();
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmMs = await ctx.storage.getAlarm();
    });
  }

  async execute(text: string): Promise<string> {
    const command = readCommand(text);
    if (command === null) return unknownCommand;
    // Only an organizer's settings make an area: asking about an unknown one leaves no tables behind.
    if (command.kind === "configure-area" && !this.#isMigrated) this.#migrate();
    const outcome = await this.#submit(command.kind, command);
    if (waitsForPostgres.has(command.kind)) await this.#reachPostgres();
    return JSON.stringify(outcome);
  }

  async read(text: string): Promise<string> {
    await this.#submit("expire-holds", { kind: "expire-holds" });
    const question = readQuestion(text);
    if (question === null) return "null";
    const asked = this.#isMigrated
      ? { store: this.#store, memory: this.#remembered(), nowMs: Date.now() }
      : null;
    return JSON.stringify(answerQuestion(question.kind, question, asked));
  }

  override async alarm(): Promise<void> {
    this.#alarmMs = null;
    await this.#submit("expire-holds", { kind: "expire-holds" });
    await this.#flusher.run();
    this.#arm(Date.now());
  }

  async #reachPostgres(): Promise<void> {
    if (!this.#isMigrated) return;
    // A command that threw in a later batch of this turn took the memory along.
    const stored = this.#memory.current?.stored ?? this.#store.loadArea();
    if (stored !== null) await this.#flusher.reached(stored.sequence, PROJECTION_DEADLINE_MS);
  }

  #remembered(): AreaMemory {
    return (this.#memory.current ??= loadMemory(this.#store));
  }

  #migrate(): void {
    transact(this.ctx.storage, () => migrate(this.ctx.storage.sql, migrations));
    this.#isMigrated = true;
  }

  #submit<Kind extends CommandKind>(kind: Kind, command: Commands[Kind]): Promise<Outcome<Kind>> {
    if (!this.#isMigrated)
      return Promise.resolve(decide(kind, command, { view: emptyView, nowMs: 0 }).outcome);
    return new Promise((resolve) => {
      // The timer lets every call that is already at the door join this batch.
      if (this.#waiting.push(waitingFor(kind, command, resolve)) === 1)
        setTimeout(() => this.#drain(), 0);
    });
  }

  #drain(): void {
    const nowMs = Date.now();
    const commands = this.#waiting.splice(0, COMMANDS_TOGETHER_MAX);
    if (this.#waiting.length > 0) setTimeout(() => this.#drain(), 0);
    const at = { storage: this.ctx.storage, store: this.#store, memory: this.#memory, nowMs };
    for (const answer of runTogether(at, commands)) answer();
    this.#arm(nowMs);
    this.ctx.waitUntil(this.#flusher.run());
  }

  // In the same synchronous block as the rows it serves, so that a crash cannot separate them.
  #arm(nowMs: number): void {
    if (!this.#isMigrated) return;
    const outboxWaits = this.#store.oldestOutboxSequence() !== null;
    const firstExpiryMs = this.#remembered().expiries.firstMs();
    const wakeMs = nextWakeMs(
      { firstExpiryMs, outboxWaits, failures: this.#flusher.failures },
      nowMs,
    );
    if (!mustArm(this.#alarmMs, wakeMs, nowMs)) return;
    this.#alarmMs = wakeMs;
    void this.ctx.storage.setAlarm(wakeMs);
  }
}
