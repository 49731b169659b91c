// A clock and an event loop that only move when they are told to. While installed they stand in for `Date.now`,
// `setTimeout` and `clearTimeout`, so that the real code runs on simulated time and every run of a plan is the same.

export const START_MS = 1_900_000_000_000;
/** What lies farther ahead is not waited for: the end of what never ends. */
const HORIZON_MS = 365 * 24 * 60 * 60 * 1000;
/** Turns after which a run that should come to rest is taken for one that never does. */
const TURNS_MAX = 2_000_000;

interface Timer {
  dueMs: number;
  /** `wall`: due by the clock on the wall, which can jump; else by time that passes evenly. */
  clock: "wall" | "even";
  run: () => void;
}

export class EventLoop {
  #nowMs = 0;
  #skewMs = 0;
  #nextId = 1;
  #turns = 0;
  readonly #timers = new Map<number, Timer>();
  /** Called after the code of every turn, before its promises go on. */
  afterTurn: () => void = () => undefined;
  /** Whether a turn may end with this error. */
  mayThrow: (error: unknown) => boolean = () => false;
  /** Ends the run early. */
  isStopped: () => boolean = () => false;

  /** Time that passes evenly, from 0. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** What a clock on the wall shows. */
  get wallMs(): number {
    return START_MS + this.#nowMs + this.#skewMs;
  }

  /** Whether anything is still to happen. */
  get isIdle(): boolean {
    return this.#timers.size === 0;
  }

  jump(milliseconds: number): void {
    this.#skewMs += milliseconds;
  }

  after(milliseconds: number, run: () => void): number {
    return this.#add({ dueMs: this.#nowMs + Math.max(0, milliseconds), clock: "even", run });
  }

  atWall(wallMs: number, run: () => void): number {
    return this.#add({ dueMs: wallMs, clock: "wall", run });
  }

  cancel(id: number): void {
    this.#timers.delete(id);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** Runs everything that is due before `untilMs`, and lets the time until then pass. */
  async runUntil(untilMs: number): Promise<void> {
    await this.#runBefore(untilMs);
    if (!this.isStopped()) this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** Runs until nothing is left to do within reach. */
  async runOut(): Promise<void> {
    await this.#runBefore(this.#nowMs + HORIZON_MS);
  }

  async #runBefore(untilMs: number): Promise<void> {
    await promisesSettled();
    while (!this.isStopped()) {
      const next = this.#next();
      if (next === null || next.dueMs >= untilMs) return;
      this.#timers.delete(next.id);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#turns += 1;
      if (this.#turns > TURNS_MAX) throw new Error("the simulation does not come to rest");
      try {
        next.run();
      } catch (error) {
        if (!this.mayThrow(error)) throw error;
      }
      this.afterTurn();
      await promisesSettled();
    }
  }

  /** Of those due at the same time, the one that was set first. */
  #next(): { id: number; dueMs: number; run: () => void } | null {
    let found: { id: number; dueMs: number; run: () => void } | null = null;
    for (const [id, { dueMs, clock, run }] of this.#timers) {
      const evenMs = clock === "even" ? dueMs : dueMs - START_MS - this.#skewMs;
      if (found === null || evenMs < found.dueMs) found = { id, dueMs: evenMs, run };
    }
    return found;
  }

  #add(timer: Timer): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#timers.set(id, timer);
    return id;
  }

  /** Puts this clock and these timers in the place of the platform's; the answer puts the platform's back. */
  install(): () => void {
    const platform = {
      setTimeout: globalThis.setTimeout,
      clearTimeout: globalThis.clearTimeout,
    };
    const platformNow = Date.now;
    Object.assign(globalThis, {
      setTimeout: (run: () => void, milliseconds = 0) => this.after(milliseconds, run),
      clearTimeout: (id: unknown) => {
        if (typeof id === "number") this.cancel(id);
      },
    });
    Date.now = () => this.wallMs;
    return () => {
      Object.assign(globalThis, platform);
      Date.now = platformNow;
    };
  }
}

/** Resolves when every promise that can go on has gone on. Nothing in a run waits for anything real. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
