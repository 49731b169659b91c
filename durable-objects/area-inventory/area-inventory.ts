// The Durable Object of one area: a shell. It queues the commands that arrive together, runs them in one
// synchronous transaction, answers, and has what changed sent to Postgres. It decides nothing: see core/.

import { DurableObject } from "cloudflare:workers";
import { composeAreaInventory } from "../../src/composition.ts";
import { isMigrated, migrate } from "../sqlite/migrate.ts";
import { transact } from "../sqlite/transact.ts";
import { loadMemory } from "./area-memory.ts";
import { emptyView, statusesOf } from "./batch.ts";
import type {
  AreaInventoryMethods,
  Availability,
  ReservationStatus,
  UnitStatus,
} from "./contract.ts";
import type { CommandKind, Commands, Outcome } from "./core/commands.ts";
import { decide } from "./core/decide.ts";
import { mustArm, nextWakeMs } from "./flush.ts";
import { Flusher } from "./flusher.ts";
import { type MemoryHolder, type Waiting, runTogether, waitingFor } from "./group-commit.ts";
import { migrations } from "./schema.ts";
import { AreaStore } from "./store.ts";

/** How long a purchase waits for Postgres before it is answered all the same. */
const PROJECTION_DEADLINE_MS = 3_000;
type Payload<Kind extends CommandKind> = Omit<Commands[Kind], "kind">;

export class AreaInventory extends DurableObject<Env> implements AreaInventoryMethods {
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

  configureArea(command: Payload<"configure-area">) {
    // Only an organizer's settings make an area: asking about an unknown one leaves no tables behind.
    if (!this.#isMigrated) this.#migrate();
    return this.#submit("configure-area", { ...command, kind: "configure-area" });
  }
  loadUnits(command: Payload<"load-units">) {
    return this.#submit("load-units", { ...command, kind: "load-units" });
  }
  placeHold(command: Payload<"place-hold">) {
    return this.#submit("place-hold", { ...command, kind: "place-hold" });
  }
  extendHold(command: Payload<"extend-hold">) {
    return this.#submit("extend-hold", { ...command, kind: "extend-hold" });
  }
  releaseHold(command: Payload<"release-hold">) {
    return this.#submit("release-hold", { ...command, kind: "release-hold" });
  }
  async commitHold(command: Payload<"commit-hold">) {
    const outcome = await this.#submit("commit-hold", { ...command, kind: "commit-hold" });
    const sequence = this.#isMigrated ? this.#store.loadArea()?.sequence : undefined;
    if (sequence !== undefined) await this.#flusher.reached(sequence, PROJECTION_DEADLINE_MS);
    return outcome;
  }
  admitTicket(command: Payload<"admit-ticket">) {
    return this.#submit("admit-ticket", { ...command, kind: "admit-ticket" });
  }
  restoreReservations(command: Payload<"restore-reservations">) {
    return this.#submit("restore-reservations", { ...command, kind: "restore-reservations" });
  }

  async availability(): Promise<Availability | null> {
    await this.#expire();
    const stored = this.#isMigrated ? this.#store.loadArea() : null;
    return stored === null ? null : { ...stored.area, version: stored.sequence };
  }

  async unitStatuses(afterPosition: number, limit: number): Promise<UnitStatus[]> {
    await this.#expire();
    if (!this.#isMigrated) return [];
    const { seats } = (this.#memory.current ??= loadMemory(this.#store));
    return statusesOf(this.#store.unitsAfter(afterPosition, limit), seats);
  }

  async reservationStatus(reservationId: string): Promise<ReservationStatus | null> {
    await this.#expire();
    const settings = this.#isMigrated ? this.#store.loadArea()?.area.settings : undefined;
    const reservation = settings === undefined ? null : this.#store.reservation(reservationId);
    if (settings === undefined || reservation === null) return null;
    const { state, expiresAtMs, units } = reservation;
    return { state, expiresAtMs, units, currency: settings.currency };
  }

  override async alarm(): Promise<void> {
    this.#alarmMs = null;
    await this.#expire();
    await this.#flusher.run();
    this.#arm(Date.now());
  }

  #expire() {
    return this.#submit("expire-holds", { kind: "expire-holds" });
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
    const at = { storage: this.ctx.storage, store: this.#store, memory: this.#memory, nowMs };
    for (const answer of runTogether(at, this.#waiting.splice(0))) answer();
    this.#arm(nowMs);
    this.ctx.waitUntil(this.#flusher.run());
  }

  // In the same synchronous block as the rows it serves, so that a crash cannot separate them.
  #arm(nowMs: number): void {
    if (!this.#isMigrated) return;
    const outboxWaits = this.#store.oldestOutboxSequence() !== null;
    const firstExpiryMs = this.#store.firstExpiryMs();
    const wakeMs = nextWakeMs(
      { firstExpiryMs, outboxWaits, failures: this.#flusher.failures },
      nowMs,
    );
    if (!mustArm(this.#alarmMs, wakeMs, nowMs)) return;
    this.#alarmMs = wakeMs;
    void this.ctx.storage.setAlarm(wakeMs);
  }
}
