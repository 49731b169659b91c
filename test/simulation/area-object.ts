// One area: the deployed object over its own SQLite, its naive model beside it, crashes and restarts between them. Every
// batch that commits is decided by the model too, and compared.

import { AreaModel } from "./area-model.ts";
import type { EventLoop } from "./event-loop.ts";
import { ObjectDatabase } from "./object-storage.ts";
import { ObjectLife, type StorageFaults, type Turn } from "./object-life.ts";
import type { Outside } from "./outside.ts";
import type { SentCommand } from "./plan.ts";
import { memoryOf } from "./memory-watch.ts";
import type { RunningObject } from "./platform.ts";
import { PlatformAlarm } from "./platform-alarm.ts";
import { decidePlainly } from "./plain-decisions.ts";
import type { Referee } from "./referee.ts";
import { methodsOf, sendTo } from "./send.ts";
import { checkMemory } from "./checks-of-memory.ts";
import { checkAll, checkBatch } from "./checks.ts";
import { type Call, checkAnswer } from "./checks-of-answers.ts";
import { checkTaking } from "./checks-of-quotas.ts";
import { Follower, checkShown } from "./checks-of-reads.ts";

/** The answer of a command that had no batch. */
const failed = { ok: false, refusal: { code: "command_failed" } };

export class AreaObject {
  readonly areaId: string;
  database = new ObjectDatabase();
  model = new AreaModel();
  readonly outside: Outside;
  commands = 0;
  readonly faults: StorageFaults = { crash: null, fails: false };
  readonly alarm: PlatformAlarm;
  readonly #loop: EventLoop;
  readonly #referee: Referee;
  #life: ObjectLife;
  /** Sent and not run yet. */
  #waiting: Call[] = [];
  /** Not answered yet. */
  readonly #open = new Set<Call>();
  #follower = new Follower();
  /** The version the last batch left. */
  #sequence = 0;

  constructor(areaId: string, world: { loop: EventLoop; referee: Referee; outside: Outside }) {
    this.areaId = areaId;
    this.#loop = world.loop;
    this.#referee = world.referee;
    this.outside = world.outside;
    this.alarm = new PlatformAlarm(world, () => this.#ring());
    this.#life = this.#start();
  }

  /** The outcome, or null when the object died before it answered. */
  send(command: SentCommand): Promise<object | null> {
    this.commands += 1;
    return this.#call(command, (object) => sendTo(object, command));
  }

  /** Looks at the area as the public pages do, and compares what is seen with the model. */
  async read(): Promise<void> {
    const life = this.#life;
    const nothing = { kind: "expire-holds" as const };
    const seen = this.#call(nothing, async (object) => {
      const area = methodsOf(object);
      const [availability, units, changes] = await Promise.all([
        area.availability(),
        area.unitStatuses(-1, 1_000),
        area.changesSince(this.#follower.version),
      ]);
      if (life.isAlive) {
        checkShown(this.#referee, this, { availability, units, nowMs: this.#loop.wallMs });
        this.#follower.told(this.#referee, this, { changes, units });
      }
      return { ok: true, expired: 0 };
    });
    await seen;
  }

  crash(): void {
    this.#end();
    this.alarm.objectCrashed();
    checkAll(this.#referee, this);
    this.#life = this.#start();
  }

  /** All that the object ever stored is gone, and its alarm with it. */
  lose(): void {
    const { peopleMax, allowedReentry } = this.model;
    this.#end();
    this.alarm.forget();
    this.database.close();
    this.database = new ObjectDatabase();
    this.model = Object.assign(new AreaModel(), { peopleMax, allowedReentry });
    // Versions that Postgres never heard of come a second time: who follows the area has to begin anew.
    this.#follower = new Follower();
    this.#sequence = 0;
    this.#life = this.#start();
  }

  /** Whether the object knows its area, and Postgres everything of it. */
  get isLosable(): boolean {
    return this.model.settings !== null && this.isFlushed;
  }

  /** Whether Postgres has all that the object stored. */
  get isFlushed(): boolean {
    return this.database.number("SELECT EXISTS (SELECT 1 FROM outbox)") === 0;
  }

  /** After the code of a turn, before the answers leave: runs the turn's commands on the model and compares. */
  finishTurn(): void {
    const { turn } = this.#life;
    this.#life.turn = null;
    if (!this.#life.isAlive) {
      this.crash();
      return;
    }
    if (turn === null) return;
    this.model.forget();
    const calls = this.#waiting.splice(0);
    // A batch that failed let no hold expire either.
    if (turn.batches > 0) this.model.expire(turn.nowMs);
    for (const call of calls) {
      call.expected = turn.batches === 0 ? failed : this.#decide(call.command, turn);
      call.storedAtMs = this.#loop.nowMs;
    }
    const sequenceBefore = this.#sequence;
    this.#sequence = checkBatch(this.#referee, this, { ...turn, sequenceBefore });
    for (const call of calls) call.sequence = this.#sequence;
    checkMemory(this.#referee, this.model, memoryOf.get(this.#life.storage)?.current ?? null);
    this.#checkAlarm(turn.nowMs);
    if (this.faults.crash === "after-commit") this.crash();
  }

  close(): void {
    this.#life.isAlive = false;
    this.database.close();
  }

  #end(): void {
    this.#life.isAlive = false;
    this.#waiting = [];
    for (const call of this.#open) call.leave(null);
    this.faults.crash = null;
  }

  #decide(command: Call["command"], { nowMs, batches }: Turn): object {
    const { model } = this;
    // Alone, each command has a batch of its own.
    if (batches > 1) model.expire(nowMs);
    const before = model.taken();
    const expected = decidePlainly(command.kind, command, { model, nowMs });
    if (model.hasChanged && command.kind !== "restore-reservations")
      checkTaking(this.#referee, model, { before, after: model.taken() });
    return expected;
  }

  #call(
    command: Call["command"],
    ask: (object: RunningObject) => Promise<object>,
  ): Promise<object | null> {
    const life = this.#life;
    return new Promise((resolve) => {
      const call: Call = {
        command,
        expected: null,
        storedAtMs: this.#loop.nowMs,
        sequence: 0,
        leave: (outcome) => {
          this.#open.delete(call);
          resolve(outcome);
        },
      };
      this.#open.add(call);
      // An object without tables answers at once, and stays without.
      if (!this.database.hasTables() && command.kind !== "configure-area") {
        const { model } = this;
        const nowMs = this.#loop.wallMs;
        call.expected = decidePlainly(command.kind, command, { model, nowMs });
      } else {
        this.#waiting.push(call);
      }
      life.call(ask).then(
        (outcome) => {
          if (!life.isAlive) return;
          const { nowMs } = this.#loop;
          checkAnswer(this.#referee, this, { call, outcome, nowMs });
          call.leave(outcome);
        },
        (error: unknown) => {
          if (life.isAlive) this.#referee.object("INV3", `a caller met ${String(error)}`);
        },
      );
    });
  }

  #start(): ObjectLife {
    const { areaId, database, alarm, outside, faults } = this;
    return new ObjectLife({ areaId, database, alarm, outside, faults, loop: this.#loop });
  }

  /** Rings for the life of this moment; never ends for a life that has. */
  #ring(): Promise<void> {
    const life = this.#life;
    const rung = life.call((object) => object.alarm());
    return new Promise((resolve) => {
      rung.then(
        () => {
          if (life.isAlive) resolve();
        },
        (error: unknown) => {
          if (life.isAlive) this.#referee.object("INV5", `the alarm met ${String(error)}`);
        },
      );
    });
  }

  #checkAlarm(nowMs: number): void {
    const held = [...this.model.reservations.values()].filter(({ state }) => state === "held");
    const firstExpiryMs = Math.min(...held.map(({ expiresAtMs }) => expiresAtMs));
    this.alarm.check({ firstExpiryMs, outboxWaits: !this.isFlushed }, nowMs);
  }
}
