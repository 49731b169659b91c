// The Durable Object in front of one area for those who watch it: a shell. While anybody is connected it asks the area's own
// object once a second what has changed and tells everybody; so the object that sells answers one question a second, however
// many watch. It keeps what it told last, and knows nothing that the area does not tell it.

import { DurableObject } from "cloudflare:workers";
import { composeAreaWatch } from "../../src/composition.ts";
import type { AreaInventoryMethods } from "../area-inventory/contract.ts";
import { type Standing, newsOf, standingOf } from "./messages.ts";
import { Noise } from "./noise.ts";
import { dismiss, tell } from "./tell.ts";

/** The platform lets an object have 32,768 connections, and a second to tell them something is not long. */
const WATCHERS_MAX = 20_000;
const ASK_EVERY_MS = 1_000;
/** What is so young need not be asked for: an alarm may ring a moment early or late. */
const FRESH_MS = ASK_EVERY_MS - 100;
/** An alarm that is so late is lost. */
const ALARM_LOST_MS = 30_000;

const TOLD = "told";
const POLICY_VIOLATION = 1008;
const NORMAL_CLOSURE = 1000;

export class AreaWatch extends DurableObject<Env> {
  readonly #area: Pick<AreaInventoryMethods, "changesSince">;
  readonly #noise = new Noise();
  /** What every watcher knows. Stored, since connections outlive this memory. */
  #told: Standing | null;
  #lookedAtMs = 0;
  #look: Promise<void> | null = null;
  /** Those who came since the last look are counted, those who left are not: to list all is slow. */
  #watchers: number;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#area = composeAreaWatch(env, ctx.id.name ?? "");
    this.#told = ctx.storage.kv.get<Standing>(TOLD) ?? null;
    this.#watchers = ctx.getWebSockets().length;
    // Answered while the object sleeps: a connection without traffic is cut on the way.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** A new watcher. 404 when there is no such area, 503 when there is no room or no answer. */
  override async fetch(): Promise<Response> {
    try {
      if (Date.now() - this.#lookedAtMs >= FRESH_MS) await this.#lookOnce();
    } catch (error) {
      report(error);
      return new Response(null, { status: 503 });
    }
    // From here on nothing is awaited until the watcher is one of those who know `#told`.
    if (this.#told === null) return new Response(null, { status: 404 });
    if (this.#watchers >= WATCHERS_MAX) return new Response(null, { status: 503 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    this.#watchers += 1;
    void tell([server], { kind: "snapshot", ...this.#told });
    if (!this.#told.on_sale) dismiss([server]);
    await this.#keepLooking();
    return new Response(null, { status: 101, webSocket: client });
  }

  override async alarm(): Promise<void> {
    this.#noise.forget();
    if (this.ctx.getWebSockets().length === 0) return this.#forget();
    // An area that cannot be asked is asked again: nothing is lost but time.
    await this.#lookOnce().catch(report);
    // All were sent away. Who does not answer that may not keep the object awake.
    if (this.#told?.on_sale === false) return this.#forget();
    await this.ctx.storage.setAlarm(Date.now() + ASK_EVERY_MS);
  }

  override webSocketMessage(watcher: WebSocket, message: string | ArrayBuffer): void {
    if (this.#noise.isTooMuch(watcher, message))
      watcher.close(POLICY_VIOLATION, "Only ping is understood here.");
  }

  override webSocketClose(watcher: WebSocket): void {
    watcher.close(NORMAL_CLOSURE);
  }

  /** Whoever asks meanwhile waits for the same answer. */
  #lookOnce(): Promise<void> {
    this.#look ??= this.#lookAtArea().finally(() => {
      this.#look = null;
    });
    return this.#look;
  }

  async #lookAtArea(): Promise<void> {
    const before = this.#told;
    const area = await this.#area.changesSince(before?.version ?? null);
    this.#lookedAtMs = Date.now();
    const watchers = this.ctx.getWebSockets();
    this.#watchers = watchers.length;
    if (area === null) return;
    this.#told = standingOf(area);
    if (area.version !== before?.version) this.ctx.storage.kv.put(TOLD, this.#told);
    const news = before && newsOf(area, { before, watchers: watchers.length });
    if (news !== null) await tell(watchers, news);
    // Whoever watches, not only who was just told: an earlier look may have ended between the two.
    if (!area.isOpen) dismiss(watchers);
  }

  async #forget(): Promise<void> {
    this.#told = null;
    this.#lookedAtMs = 0;
    this.#watchers = 0;
    await this.ctx.storage.deleteAll();
  }

  async #keepLooking(): Promise<void> {
    const nowMs = Date.now();
    const alarmMs = await this.ctx.storage.getAlarm();
    if (alarmMs !== null && alarmMs > nowMs - ALARM_LOST_MS) return;
    await this.ctx.storage.setAlarm(nowMs + ASK_EVERY_MS);
  }
}

function report(error: unknown): void {
  console.error("the area does not answer", error);
}
