// The one alarm of an object as the platform keeps it: survives the object's crash, rings once, one at a time, again when
// the object died under it; and, when a plan says so, late or never. Watches over how the object sets it.

import type { EventLoop } from "./event-loop.ts";
import type { Referee } from "./referee.ts";

const AGAIN_AFTER_CRASH_MS = 2_000;
const AGAIN_WHILE_RINGING_MS = 100;

export class PlatformAlarm {
  /** Never rings, unless the object sets it anew. */
  wasLost = false;
  readonly #loop: EventLoop;
  readonly #referee: Referee;
  readonly #ring: () => Promise<void>;
  /** `isOwn`: as the object set it, not disturbed since. */
  #set: { timer: number; wallMs: number; isOwn: boolean } | null = null;
  #isRinging = false;

  constructor(world: { loop: EventLoop; referee: Referee }, ring: () => Promise<void>) {
    this.#loop = world.loop;
    this.#referee = world.referee;
    this.#ring = ring;
  }

  get wallMs(): number | null {
    return this.#set?.wallMs ?? null;
  }

  /** By the object: never for the past, and never later than it was. */
  set(wallMs: number): void {
    const nowMs = this.#loop.wallMs;
    const before = this.#set;
    if (wallMs <= nowMs) this.#referee.object("INV5", "an alarm for the past");
    if (before?.isOwn === true && before.wallMs > nowMs && wallMs > before.wallMs)
      this.#referee.object("INV5", `the alarm moved ${wallMs - before.wallMs} ms later`);
    this.wasLost = false;
    this.#put(wallMs, true);
  }

  disturb(lateMs: number | null): void {
    if (this.#set === null) return;
    const { timer, wallMs } = this.#set;
    this.#loop.cancel(timer);
    this.#set = null;
    if (lateMs === null) this.wasLost = true;
    else this.#put(wallMs + lateMs, false);
  }

  /** Nobody hears a ringing alarm to the end when the object dies: the platform repeats it. */
  objectCrashed(): void {
    if (this.#isRinging && this.#set === null)
      this.#put(this.#loop.wallMs + AGAIN_AFTER_CRASH_MS, false);
    this.#isRinging = false;
  }

  /** The object is no more, nor is what it set. */
  forget(): void {
    if (this.#set !== null) this.#loop.cancel(this.#set.timer);
    this.#set = null;
    this.#isRinging = false;
    this.wasLost = false;
  }

  /** Whatever happens now, the alarm must find it: the first hold that ends, and rows that wait for Postgres. */
  check(waiting: { firstExpiryMs: number; outboxWaits: boolean }, nowMs: number): void {
    if (this.wasLost || this.#set?.isOwn === false) return;
    const mustRingMs = Math.max(waiting.firstExpiryMs, nowMs + 1);
    const ringsMs = this.wallMs ?? Number.POSITIVE_INFINITY;
    if (ringsMs > mustRingMs)
      this.#referee.object("INV5", `the alarm rings ${ringsMs - mustRingMs} ms too late`);
    if (this.#set === null && waiting.outboxWaits)
      this.#referee.object("INV7", "the outbox waits without an alarm");
  }

  #put(wallMs: number, isOwn: boolean): void {
    if (this.#set !== null) this.#loop.cancel(this.#set.timer);
    this.#set = { wallMs, isOwn, timer: this.#loop.atWall(wallMs, () => this.#due()) };
  }

  #due(): void {
    this.#set = null;
    if (this.#isRinging) {
      this.#put(this.#loop.wallMs + AGAIN_WHILE_RINGING_MS, false);
      return;
    }
    this.#isRinging = true;
    void this.#ring().then(() => {
      this.#isRinging = false;
    });
  }
}
