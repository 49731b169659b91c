// Watching an area's sale on a WebSocket, over a running stack: what a storefront's map is told, and who is not let in.

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { WebSocket as RawWebSocket } from "ws";
import { z } from "zod";
import type { LiveMessage } from "../../durable-objects/area-watch/messages.ts";
import { liveMessageSchema } from "../../src/contracts/live.ts";
import type { Answer } from "../support/api.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { type EventOnSale, openShop, until } from "../support/shop.ts";

const places = {
  api: inject("apiUrl"),
  wompi: inject("wompiUrl"),
  mail: inject("mailUrl"),
  database: inject("databaseUrl"),
  organizerToken: inject("organizerToken"),
};
const shop = openShop(places);
const otherShop = openShop({ ...places, organizerToken: inject("otherOrganizerToken") });
const { call } = shop;
const ANDINO = { origin: "https://andino.localhost" };

afterAll(async () => {
  await shop.close();
  await otherShop.close();
});

const areaPath = ({ slug, areaIds }: EventOnSale, what: string) =>
  `/v1/public/events/${slug}/areas/${areaIds[0]}/${what}`;
const socketAddress = (path: string) => `${places.api.replace(/^http/, "ws")}${path}`;

/** A watcher as a browser is one. */
async function watch(event: EventOnSale) {
  const socket = new WebSocket(socketAddress(areaPath(event, "live")));
  const messages: LiveMessage[] = [];
  const pongs: string[] = [];
  socket.addEventListener("message", ({ data }) => {
    if (data === "pong") pongs.push(data);
    else messages.push(liveMessageSchema.parse(JSON.parse(String(data))));
  });
  const ended = once(socket, "close").then(([end]) => z.instanceof(CloseEvent).parse(end));
  await once(socket, "open");
  return {
    socket,
    messages,
    ended,
    pongs,
    /** The first message after these that passes. */
    told: (what: string, isIt: (message: LiveMessage) => boolean) =>
      until(what, async () => messages.find(isIt)),
    close: async () => {
      socket.close();
      await once(socket, "close");
    },
  };
}

/** The answer to a handshake: whatever a browser does not show. */
function shakeHands(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const socket = new RawWebSocket(socketAddress(path), { headers });
  const answerOf = (
    { statusCode: status = 0, headers: fields }: IncomingMessage,
    body: unknown,
  ) => ({
    status,
    body,
    headers: new Headers(
      Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
    ),
  });
  return new Promise((resolve, reject) => {
    socket.on("upgrade", (response) => resolve(answerOf(response, null)));
    socket.on("open", () => socket.close());
    socket.on("unexpected-response", (_request, response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolve(answerOf(response, JSON.parse(Buffer.concat(parts).toString()))),
      );
    });
    socket.on("error", reject);
  });
}

const statusesIn = (messages: readonly LiveMessage[]) =>
  messages.flatMap((message) =>
    message.kind === "changes" ? message.changes.map(({ status }) => status) : [],
  );

describe("a watcher", () => {
  test("sees a seat held, given back, held again and sold", async () => {
    const event = await shop.publishEvent([{ units: 3 }]);
    const [areaId = ""] = event.areaIds;
    const watchers = [await watch(event), await watch(event)];
    const first = await shop.hold(event, [{ area_id: areaId, quantity: 2 }]);
    const unitIds = first.units.map(({ unit_id: unitId }) => unitId);
    for (const { told, messages } of watchers) {
      const message = await told("the hold", ({ counts }) => counts.held === 2);
      expect(messages[0]).toMatchObject({
        kind: "snapshot",
        on_sale: true,
        counts: { available: 3, held: 0, sold: 0, blocked: 0 },
      });
      expect(message).toMatchObject({
        kind: "changes",
        counts: { available: 1, held: 2 },
        changes: unitIds.map((id) => ({ id, status: "held" })),
      });
    }
    await shop.asBuyer(first.token, "DELETE", `/v1/reservations/${first.id}`);
    for (const { told } of watchers)
      await told("the release", (message) => statusesIn([message]).includes("available"));
    await shop.buy(event, [{ area_id: areaId, quantity: 1 }]);
    for (const { told, close, messages } of watchers) {
      const message = await told("the sale", ({ counts }) => counts.sold === 1);
      expect(message.counts).toEqual({ available: 2, held: 0, sold: 1, blocked: 0 });
      const versions = messages.map(({ version }) => version);
      expect(versions).toEqual([...new Set(versions)].toSorted((left, right) => left - right));
      expect(JSON.stringify(messages)).not.toMatch(/profile|reservation|user|payment/i);
      await close();
    }
  });

  test("keeps a map that equals the one anybody loads", async () => {
    const event = await shop.publishEvent([{ units: 30 }]);
    const [areaId = ""] = event.areaIds;
    const page = z.object({
      version: z.int(),
      units: z.array(z.object({ id: z.string(), status: z.string() })),
    });
    const load = async (version: number) =>
      until("a map that is new enough", async () => {
        const map = page.parse((await call("GET", areaPath(event, "units"))).body);
        return map.version < version ? undefined : map;
      });
    // An old map is at the edge already when the watcher comes.
    await load(0);
    await shop.hold(event, [{ area_id: areaId, quantity: 3 }]);
    const { messages, told, close } = await watch(event);
    const { version } = await told("the snapshot", ({ kind }) => kind === "snapshot");
    const map = await load(version);
    expect(map.units.filter(({ status }) => status === "held")).toHaveLength(3);
    const sale = Array.from({ length: 6 }, (_, index) =>
      shop.hold(event, [{ area_id: areaId, quantity: (index % 3) + 1 }]),
    );
    const [given] = await Promise.all(sale);
    await shop.asBuyer(given?.token ?? "", "DELETE", `/v1/reservations/${given?.id}`);
    await told("all of it", ({ counts }) => counts.held === 3 + 12 - (given?.units.length ?? 0));
    const statuses = new Map(map.units.map(({ id, status }) => [id, status]));
    for (const message of messages) {
      if (message.kind !== "changes" || message.version <= map.version) continue;
      for (const { id, status } of message.changes) statuses.set(id, status);
    }
    const later = await load(messages.at(-1)?.version ?? 0);
    expect(Object.fromEntries(statuses)).toEqual(
      Object.fromEntries(later.units.map(({ id, status }) => [id, status])),
    );
    await close();
  });

  test("is told to load the map anew when there are new units", async () => {
    const event = await shop.publishEvent([{ units: 2 }]);
    const { told, close } = await watch(event);
    const body = { rows: { from: 2, to: 2 }, numbers: { from: 1, to: 3 } };
    const path = `/v1/areas/${event.areaIds[0]}/units/bulk`;
    expect((await shop.asOrganizer("POST", path, { body })).status).toBe(201);
    expect(await told("the reload", ({ kind }) => kind === "reload")).toMatchObject({
      counts: { available: 5 },
    });
    await close();
  });

  test("is told when the event is taken off sale, sent away, and not let in again", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    const { socket, told, ended } = await watch(event);
    socket.send("ping");
    await shop.asOrganizer("POST", `/v1/events/${event.eventId}/unpublish`);
    await told("the end of the sale", ({ on_sale: onSale }) => !onSale);
    expect(await ended).toMatchObject({ code: 4001, reason: "area_closed" });
    expectProblem(await shakeHands(areaPath(event, "live")), 404, "area_not_found");
  });

  test("reads in the API's document why its connection ended", async () => {
    const { body } = await call("GET", "/v1/openapi.json");
    expect(/code 4001, reason `area_closed`/.test(JSON.stringify(body))).toBe(true);
  });

  test("may ask whether the connection lives, and may not talk much", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    const { socket, pongs } = await watch(event);
    socket.send("ping");
    await until("the pong", async () => (pongs.length === 1 ? true : undefined));
    const closed = once(socket, "close");
    socket.send("x".repeat(10_000));
    expect((await closed)[0]).toMatchObject({ code: 1008 });
  });

  test("has the answer's fixed headers, as every other reader", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    const { status, headers } = await shakeHands(areaPath(event, "live"));
    expect(status).toBe(101);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("who is not let in", () => {
  let event: EventOnSale;
  let draft: EventOnSale;
  let unpublished: EventOnSale;
  let theirs: EventOnSale;
  beforeAll(async () => {
    [event, draft, unpublished, theirs] = await Promise.all([
      shop.publishEvent([{ units: 1 }]),
      shop.draftEvent([{ units: 1 }]),
      shop.publishEvent([{ units: 1 }]),
      otherShop.publishEvent([{ units: 1 }]),
    ]);
    await shop.asOrganizer("POST", `/v1/events/${unpublished.eventId}/unpublish`);
  });

  test.each([
    ["a draft", () => draft],
    ["an event taken off sale", () => unpublished],
    ["another organizer's event", () => theirs],
    ["an area of another event", () => ({ ...event, areaIds: theirs.areaIds })],
    ["no event", () => ({ ...event, slug: "no-such-event" })],
    ["no area", () => ({ ...event, areaIds: ["7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77"] })],
  ])("whoever watches %s", async (_what, which) => {
    expectProblem(await shakeHands(areaPath(which(), "live")), 404, "area_not_found");
  });

  test("one site's watcher on another site, however often the one was let in", async () => {
    const path = areaPath(theirs, "live");
    expect((await shakeHands(path, ANDINO)).status).toBe(101);
    expectProblem(await shakeHands(path), 404, "area_not_found");
    expect((await shakeHands(path, ANDINO)).status).toBe(101);
  });

  test("whoever names no area", async () => {
    const path = areaPath({ ...event, areaIds: ["1"] }, "live");
    expectInvalid(await shakeHands(path), "param.area_id");
  });

  test("whoever asks for no WebSocket, in both languages", async () => {
    const path = areaPath(event, "live");
    const answer = await call("GET", path);
    expectProblem(answer, 426, "upgrade_required");
    expect(answer.body).toMatchObject({ title: "Esta dirección se abre como WebSocket." });
    const headers = { "accept-language": "en" };
    expect((await call("GET", path, { headers })).body).toMatchObject({
      title: "This address is opened as a WebSocket.",
      may_retry: false,
    });
    expect((await call("HEAD", path)).status).toBe(426);
    expectProblem(await call("POST", path, { body: {} }), 404, "route_not_found");
  });
});
