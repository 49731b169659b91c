// Holding units, over HTTP against a running stack: what a buyer gets, and every refusal with nothing changed behind it.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { claimsOf, reservationToken } from "../support/signed.ts";
import { type EventOnSale, type Item, until } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, asBuyer } = shop;
const otherShop = openStackShop(inject("otherOrganizerToken"));
const secret = inject("workerVariables")["RESERVATION_TOKEN_SECRET"] ?? "";

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const LAST_ID = "ffffffff-ffff-4fff-bfff-ffffffffffff";
const newKey = () => crypto.randomUUID();

async function seats(
  units: number,
  ...more: number[]
): Promise<EventOnSale & { areaId: string; otherAreaId: string }> {
  const event = await shop.publishEvent([units, ...more].map((each) => ({ units: each })));
  const [areaId = "", otherAreaId = ""] = event.areaIds;
  return { ...event, areaId, otherAreaId };
}

async function unitIds(areaId: string): Promise<string[]> {
  return (await shop.units(areaId)).map(({ id }) => id);
}

/** Asserts that somebody else can have all of these units this very moment. */
async function expectFree(
  event: { eventId: string },
  areaId: string,
  ids: string[],
): Promise<void> {
  const answer = await shop.place(event, [{ area_id: areaId, unit_ids: ids }]);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

afterAll(async () => {
  await shop.close();
  await otherShop.close();
});

describe("a hold", () => {
  test("by quantity takes the best units, side by side, at the price of the moment", async () => {
    const event = await seats(6);
    const before = Date.now();
    const answer = await shop.place(event, [{ area_id: event.areaId, quantity: 3 }]);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        event_id: event.eventId,
        status: "held",
        units: ["A-1-1", "A-1-2", "A-1-3"].map((label) => ({
          area_id: event.areaId,
          label,
          price_in_cents: 9_500_000,
          service_in_cents: 500_000,
        })),
        total_in_cents: 30_000_000,
        currency: "COP",
      },
    });
    const { expires_at: expiresAt } = await shop.hold(event, [
      { area_id: event.areaId, quantity: 1 },
    ]);
    expect(Date.parse(expiresAt) - before).toBeGreaterThan(599_000);
    expect(Date.parse(expiresAt) - before).toBeLessThan(630_000);
    await shop.unitsBecome(event.areaId, "rrrraa");
  });

  test("by name takes exactly these units", async () => {
    const event = await seats(4);
    const ids = await unitIds(event.areaId);
    const wanted = [ids[3] ?? "", ids[1] ?? ""];
    const { units } = await shop.hold(event, [{ area_id: event.areaId, unit_ids: wanted }]);
    expect(units.map(({ unit_id: id }) => id).toSorted()).toEqual(wanted.toSorted());
    await shop.unitsBecome(event.areaId, "arar");
  });

  test("by name understands ids in capitals", async () => {
    const event = await seats(2);
    const [first = ""] = await unitIds(event.areaId);
    const items = [{ area_id: event.areaId.toUpperCase(), unit_ids: [first.toUpperCase()] }];
    const { units } = await shop.hold({ eventId: event.eventId.toUpperCase() }, items);
    expect(units).toMatchObject([{ unit_id: first, area_id: event.areaId }]);
  });

  test("may span areas, by name in one and by quantity in another", async () => {
    const event = await seats(2, 5);
    const [first = ""] = await unitIds(event.areaId);
    const held = await shop.hold(event, [
      { area_id: event.areaId, unit_ids: [first] },
      { area_id: event.otherAreaId, quantity: 2 },
    ]);
    expect(held.total_in_cents).toBe(30_000_000);
    expect(held.units.filter(({ area_id: id }) => id === event.areaId)).toHaveLength(1);
    expect(held.units.filter(({ area_id: id }) => id === event.otherAreaId)).toHaveLength(2);
    await shop.unitsBecome(event.areaId, "ra");
    await shop.unitsBecome(event.otherAreaId, "rraaa");
  });

  test("is read with its token, and only what the buyer may know is shown", async () => {
    const event = await seats(2);
    const held = await shop.hold(event, [{ area_id: event.areaId, quantity: 2 }]);
    const { token, ...shown } = held;
    const read = await asBuyer(token, "GET", `/v1/reservations/${held.id}`);
    expect(read).toMatchObject({ status: 200, body: shown });
    expect(JSON.stringify(read.body)).not.toMatch(/profile|token|position/);
  });

  test("of two buyers at once for the last units, exactly one is given", async () => {
    const event = await seats(2);
    const ids = await unitIds(event.areaId);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        shop.place(event, [{ area_id: event.areaId, unit_ids: ids }]),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expectProblem(answer, 409, "units_taken");
    }
  });
});

describe("a hold is refused", () => {
  test("when too few are left, and says how many", async () => {
    const event = await seats(3);
    await shop.hold(event, [{ area_id: event.areaId, quantity: 2 }]);
    const answer = await shop.place(event, [{ area_id: event.areaId, quantity: 2 }]);
    expectProblem(answer, 409, "sold_out");
    expect(answer.body).toMatchObject({ available: 1, area_id: event.areaId, may_retry: true });
    await shop.unitsBecome(event.areaId, "rra");
  });

  test("when somebody has the units, and says which", async () => {
    const event = await seats(4);
    const ids = await unitIds(event.areaId);
    await shop.hold(event, [{ area_id: event.areaId, unit_ids: ids.slice(1, 3) }]);
    const answer = await shop.place(event, [{ area_id: event.areaId, unit_ids: ids }]);
    expectProblem(answer, 409, "units_taken");
    expect(answer.body).toMatchObject({
      unit_ids: ids.slice(1, 3),
      area_id: event.areaId,
      may_retry: true,
    });
    await expectFree(event, event.areaId, [ids[0] ?? "", ids[3] ?? ""]);
  });

  test("when units are of another area or nobody's, and says which", async () => {
    const event = await seats(2, 2);
    const [own = ""] = await unitIds(event.areaId);
    const [foreign = ""] = await unitIds(event.otherAreaId);
    const answer = await shop.place(event, [
      { area_id: event.areaId, unit_ids: [own, foreign, UNKNOWN_ID] },
    ]);
    expectProblem(answer, 422, "units_unknown");
    expect(answer.body).toMatchObject({ unit_ids: [foreign, UNKNOWN_ID], may_retry: false });
    await expectFree(event, event.areaId, [own]);
  });

  test("over more units than the organizer gives at once, and says the limit", async () => {
    const event = await seats(12);
    for (const item of [
      { area_id: event.areaId, quantity: 11 },
      { area_id: event.areaId, unit_ids: (await unitIds(event.areaId)).slice(0, 11) },
    ]) {
      const answer = await shop.place(event, [item]);
      expectProblem(answer, 409, "limit_reached");
      expect(answer.body).toMatchObject({ limit: "reservation", max: 10, may_retry: false });
    }
    expect((await shop.place(event, [{ area_id: event.areaId, quantity: 10 }])).status).toBe(201);
  });

  test("for a draft, an event off sale, an unknown area, and an area of another event", async () => {
    const event = await seats(2);
    const draft = await shop.draftEvent([{ units: 1 }]);
    const foreign = await otherShop.publishEvent([{ units: 1 }]);
    const place = (eventId: string, areaId = "") =>
      shop.place({ eventId }, [{ area_id: areaId, quantity: 1 }]);
    expectProblem(await place(draft.eventId, draft.areaIds[0]), 404, "area_unknown");
    expectProblem(await place(event.eventId, UNKNOWN_ID), 404, "area_unknown");
    expectProblem(await place(UNKNOWN_ID, event.areaId), 404, "area_unknown");
    expectProblem(await place(event.eventId, foreign.areaIds[0]), 404, "area_unknown");
    expectProblem(await place(foreign.eventId, event.areaId), 404, "area_unknown");
    await shop.asOrganizer("POST", `/v1/events/${event.eventId}/unpublish`);
    expectProblem(await place(event.eventId, event.areaId), 409, "area_closed");
    await shop.unitsBecome(event.areaId, "aa");
    expect(await shop.records(event.eventId)).toEqual({
      reservations: [],
      tickets: [],
      payments: [],
    });
  });
});

describe("over several areas all is held or nothing", () => {
  // Areas are held in the order of their ids; the failing one comes last.
  const reasons: [string, number, string, (areaId: string) => Item][] = [
    ["is sold out", 409, "sold_out", (areaId) => ({ area_id: areaId, quantity: 3 })],
    [
      "has no such unit",
      422,
      "units_unknown",
      (areaId) => ({ area_id: areaId, unit_ids: [UNKNOWN_ID] }),
    ],
    ["is unknown", 404, "area_unknown", () => ({ area_id: LAST_ID, quantity: 1 })],
  ];
  test.each(reasons)(
    "when one of them %s the other gives its units back at once",
    async (_what, status, code, failing) => {
      const event = await seats(2, 2);
      const [first = "", last = ""] = event.areaIds.toSorted();
      const bad = failing(last);
      const answer = await shop.place(event, [bad, { area_id: first, quantity: 2 }]);
      expectProblem(answer, status, code);
      expect(answer.body).toMatchObject({ area_id: bad.area_id });
      await expectFree(event, first, await unitIds(first));
      await shop.unitsBecome(last, "aa");
    },
  );

  test("a refused attempt may be repeated with its key once there is room", async () => {
    const event = await seats(2, 2);
    const other = await shop.hold(event, [{ area_id: event.otherAreaId, quantity: 1 }]);
    const key = newKey();
    const items = event.areaIds.map((areaId) => ({ area_id: areaId, quantity: 2 }));
    expectProblem(await shop.place(event, items, key), 409, "sold_out");
    await asBuyer(other.token, "DELETE", `/v1/reservations/${other.id}`);
    const held = await shop.hold(event, items, key);
    expect(held.units).toHaveLength(4);
    await shop.unitsBecome(event.areaId, "rr");
    await shop.unitsBecome(event.otherAreaId, "rr");
  });

  test("other content for a used key is refused, and the first reservation keeps all of its units", async () => {
    const event = await seats(3, 3);
    const ascending = event.areaIds.toSorted();
    const [first = "", last = ""] = ascending;
    const key = newKey();
    const held = await shop.hold(
      event,
      ascending.map((areaId) => ({ area_id: areaId, quantity: 2 })),
      key,
    );
    // The area asked first answers as before; the one asked last notices.
    const other = [
      { area_id: first, quantity: 2 },
      { area_id: last, quantity: 3 },
    ];
    expectProblem(await shop.place(event, other, key), 422, "command_reused");
    expectProblem(await shop.place(event, other.toReversed(), key), 422, "command_reused");
    expect(await asBuyer(held.token, "GET", `/v1/reservations/${held.id}`)).toMatchObject({
      body: { status: "held", units: held.units },
    });
    for (const areaId of ascending) {
      const [unit] = held.units.filter(({ area_id: id }) => id === areaId);
      const taken = await shop.place(event, [{ area_id: areaId, unit_ids: [unit?.unit_id ?? ""] }]);
      expectProblem(taken, 409, "units_taken");
    }
  });
});

describe("an idempotency key of an attempt that was refused", () => {
  test("holds nothing when it comes again with other content", async () => {
    const event = await seats(2, 2, 2);
    const [first = "", second = "", last = ""] = event.areaIds.toSorted();
    await shop.hold(event, [{ area_id: last, quantity: 2 }]);
    const key = newKey();
    const all = (quantity: number) => [
      { area_id: first, quantity: 2 },
      { area_id: second, quantity },
      { area_id: last, quantity: 1 },
    ];
    expectProblem(await shop.place(event, all(2), key), 409, "sold_out");
    expect((await shop.place(event, all(1), key)).status).toBeGreaterThanOrEqual(400);
    for (const areaId of [first, second]) await expectFree(event, areaId, await unitIds(areaId));
  });
});

describe("an idempotency key", () => {
  test("gives the same reservation for the same content, once or ten times at once", async () => {
    const event = await seats(6);
    const key = newKey();
    const items = [{ area_id: event.areaId, quantity: 2 }];
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => shop.hold(event, items, key)),
    );
    const again = await shop.hold(event, items, key);
    for (const { token: _token, ...reservation } of answers)
      expect(again).toMatchObject(reservation);
    await shop.unitsBecome(event.areaId, "rraaaa");
    const other = await shop.hold(event, items, newKey());
    expect(other.id).not.toBe(again.id);
  });

  test.each([
    ["another quantity", (areaId: string, _ids: string[]) => ({ area_id: areaId, quantity: 3 })],
    [
      "units by name",
      (areaId: string, ids: string[]) => ({ area_id: areaId, unit_ids: ids.slice(0, 2) }),
    ],
  ])("is refused for %s, and nothing changes", async (_what, changed) => {
    const event = await seats(5);
    const ids = await unitIds(event.areaId);
    const key = newKey();
    const held = await shop.hold(event, [{ area_id: event.areaId, quantity: 2 }], key);
    expectProblem(
      await shop.place(event, [changed(event.areaId, ids)], key),
      422,
      "command_reused",
    );
    await shop.unitsBecome(event.areaId, "rraaa");
    const read = await asBuyer(held.token, "GET", `/v1/reservations/${held.id}`);
    expect(read).toMatchObject({ body: { status: "held", expires_at: held.expires_at } });
  });

  test.each([
    ["15 characters", "a".repeat(15)],
    ["256 characters", "a".repeat(256)],
    ["nothing", ""],
    ["a space inside", "0123456789 0123456789"],
    ["a letter outside ASCII", `clave-de-prueba-ñ-${"x".repeat(10)}`],
  ])("of %s is refused", async (_what, key) => {
    const event = await seats(1);
    const items = [{ area_id: event.areaId, quantity: 1 }];
    expectProblem(await shop.place(event, items, key), 400, "idempotency_key_invalid");
    expect((await shop.place(event, items)).status).toBe(201);
  });

  test("sent twice is refused", async () => {
    const event = await seats(1);
    const headers = new Headers();
    headers.append("content-type", "application/json");
    headers.append("idempotency-key", newKey());
    headers.append("idempotency-key", newKey());
    const body = JSON.stringify({
      event_id: event.eventId,
      items: [{ area_id: event.areaId, quantity: 1 }],
    });
    const response = await fetch(`${inject("apiUrl")}/v1/reservations`, {
      method: "POST",
      headers,
      body,
    });
    expect(await response.json()).toMatchObject({ code: "idempotency_key_invalid" });
  });
});

describe("bodies nobody may send", () => {
  let event: Awaited<ReturnType<typeof seats>>;
  let before: unknown;
  beforeAll(async () => {
    event = await seats(5, 5);
    before = await shop.inventory(event);
  });
  // The version would tell of any change, also of one that was undone.
  afterAll(async () => {
    expect(await shop.inventory(event)).toEqual(before);
    expect(await shop.records(event.eventId)).toEqual({
      reservations: [],
      tickets: [],
      payments: [],
    });
  });

  test.each(badBodies)("$what", async ({ body, headers = {}, status, code }) => {
    expectProblem(await call("POST", "/v1/reservations", { body, headers }), status, code);
  });

  const address = `${inject("apiUrl")}/v1/reservations`;

  test("more than 64 KiB without saying how much", async () => {
    const chunk = new TextEncoder().encode(" ".repeat(16_384));
    const body = new ReadableStream({
      start(controller) {
        for (let chunks = 0; chunks < 5; chunks += 1) controller.enqueue(chunk);
        controller.close();
      },
    });
    const headers = { "content-type": "application/json" };
    const options = { method: "POST", headers, body, duplex: "half" } as const;
    const response = await fetch(address, options);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "body_too_large", max_bytes: 65_536 });
  });

  test("bytes without a media type", async () => {
    const body = new Blob([JSON.stringify({ event_id: event.eventId, items: [item()] })]);
    const response = await fetch(address, { method: "POST", body });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: "unsupported_media_type" });
  });

  test("bytes that are no UTF-8", async () => {
    const text = JSON.stringify({ event_id: event.eventId, items: [item()], x: 1 });
    const body = Buffer.from(text.replace('"x"', '"\xff\xfe"'), "latin1");
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: "validation_failed" });
  });

  const item = () => ({ area_id: event.areaId, quantity: 1 });
  const wrong: [string, string, () => object][] = [
    ["an unknown field", "body.price_in_cents", () => ({ items: [item()], price_in_cents: 1 })],
    [
      "a hold time of one's own",
      "body.hold_seconds",
      () => ({ items: [item()], hold_seconds: 1e9 }),
    ],
    ["no items", "body.items", () => ({})],
    ["an empty list", "body.items", () => ({ items: [] })],
    ["items that are no list", "body.items", () => ({ items: { 0: item(), length: 1 } })],
    ["null for an item", "body.items.0", () => ({ items: [null] })],
    ["an item without a quantity", "body.items.0", () => ({ items: [{ area_id: event.areaId }] })],
    [
      "a quantity and names",
      "body.items.0",
      () => ({ items: [{ ...item(), unit_ids: [UNKNOWN_ID] }] }),
    ],
    ["a price in an item", "body.items.0", () => ({ items: [{ ...item(), price_in_cents: 0 }] })],
    ["an area twice", "body.items", () => ({ items: [item(), item()] })],
    [
      "an area twice, once in capitals",
      "body.items",
      () => ({ items: [item(), { ...item(), area_id: event.areaId.toUpperCase() }] }),
    ],
    [
      "six areas",
      "body.items",
      () => ({
        items: Array.from({ length: 6 }, () => ({ area_id: crypto.randomUUID(), quantity: 1 })),
      }),
    ],
    ["an event that is no id", "body.event_id", () => ({ event_id: "1", items: [item()] })],
    [
      "an event in braces",
      "body.event_id",
      () => ({ event_id: `{${event.eventId}}`, items: [item()] }),
    ],
    [
      "an event with a NUL",
      "body.event_id",
      () => ({ event_id: `${event.eventId}\0`, items: [item()] }),
    ],
    ["SQL for an event", "body.event_id", () => ({ event_id: "' OR 1=1 --", items: [item()] })],
    [
      "a list for an event",
      "body.event_id",
      () => ({ event_id: [event.eventId], items: [item()] }),
    ],
    ["no units", "body.items.0", () => ({ items: [{ area_id: event.areaId, unit_ids: [] }] })],
    [
      "a unit twice",
      "body.items.0",
      () => ({ items: [{ area_id: event.areaId, unit_ids: [UNKNOWN_ID, UNKNOWN_ID] }] }),
    ],
    [
      "a unit twice, once in capitals",
      "body.items.0",
      () => ({
        items: [{ area_id: event.areaId, unit_ids: [UNKNOWN_ID, UNKNOWN_ID.toUpperCase()] }],
      }),
    ],
    [
      "51 units",
      "body.items.0",
      () => ({
        items: [
          {
            area_id: event.areaId,
            unit_ids: Array.from({ length: 51 }, () => crypto.randomUUID()),
          },
        ],
      }),
    ],
    [
      "units that are no ids",
      "body.items.0",
      () => ({ items: [{ area_id: event.areaId, unit_ids: ["A-1-1"] }] }),
    ],
    [
      "a lone surrogate for a unit",
      "body.items.0",
      () => ({ items: [{ area_id: event.areaId, unit_ids: ["\ud800"] }] }),
    ],
  ];
  test.each(wrong)("%s", async (_what, path, changes) => {
    const body = { event_id: event.eventId, ...changes() };
    const answer = await call("POST", "/v1/reservations", { body });
    expectProblem(answer, 422, "validation_failed");
    expect(JSON.stringify(answer.body)).toContain(`"path":"${path}`);
  });

  test.each([
    "0",
    "-1",
    "1.5",
    "51",
    "1e21",
    "9007199254740993",
    "-0",
    '"1"',
    "true",
    "null",
    "[1]",
    "{}",
  ])("the quantity %s", async (quantity) => {
    const body = `{"event_id":"${event.eventId}","items":[{"area_id":"${event.areaId}","quantity":${quantity}}]}`;
    const answer = await call("POST", "/v1/reservations", { body });
    expectProblem(answer, 422, "validation_failed");
    expect(JSON.stringify(answer.body)).toContain('"path":"body.items.0');
  });

  test("the second area of two, wrong, holds nothing in the first", async () => {
    const items = [item(), { area_id: event.otherAreaId, quantity: 0 }];
    const body = { event_id: event.eventId, items };
    expectProblem(await call("POST", "/v1/reservations", { body }), 422, "validation_failed");
  });

  test.each([
    ["PUT", "/v1/reservations"],
    ["PATCH", `/v1/reservations/${UNKNOWN_ID}`],
    ["POST", "/v1/reservations/"],
    ["GET", `/v1/reservations/${UNKNOWN_ID}/`],
    ["DELETE", "/v1/reservations"],
  ])("%s %s is no address", async (method, path) => {
    expectProblem(await call(method, path), 404, "route_not_found");
  });

  test("in English when asked for", async () => {
    const answer = await call("POST", "/v1/reservations", {
      body: {},
      headers: { "accept-language": "en-GB" },
    });
    expectProblem(answer, 422, "validation_failed");
    expect(answer.body).toMatchObject({
      title: expect.stringContaining("Some fields need correcting"),
    });
  });
});

describe("a reservation token", () => {
  let event: Awaited<ReturnType<typeof seats>>;
  let held: Awaited<ReturnType<typeof shop.hold>>;
  let other: Awaited<ReturnType<typeof shop.hold>>;
  beforeAll(async () => {
    event = await seats(4);
    held = await shop.hold(event, [{ area_id: event.areaId, quantity: 1 }]);
    other = await shop.hold(event, [{ area_id: event.areaId, quantity: 1 }]);
  });
  afterAll(async () => {
    for (const { id, token } of [held, other]) {
      expect(await asBuyer(token, "GET", `/v1/reservations/${id}`)).toMatchObject({
        body: { status: "held" },
      });
    }
  });
  const methods = ["GET", "DELETE"];

  test.each(methods)("is needed to %s", async (method) => {
    expectProblem(
      await call(method, `/v1/reservations/${held.id}`),
      401,
      "reservation_token_required",
    );
  });

  test.each(methods)("of another reservation does not %s this one", async (method) => {
    expectProblem(
      await asBuyer(other.token, method, `/v1/reservations/${held.id}`),
      404,
      "reservation_not_found",
    );
  });

  const forge: [string, () => string][] = [
    ["empty", () => ""],
    ["words", () => "let me in"],
    [
      "the other's signature",
      () => `${held.token.slice(0, held.token.lastIndexOf("."))}.${other.token.split(".")[2]}`,
    ],
    ["signed with another secret", () => reservationToken(claimsOf(held.token), "x".repeat(43))],
    ["signed with an empty secret", () => reservationToken(claimsOf(held.token), "")],
    ["of other claims under the old signature", () => swapped(held.token, { x: 9e15 })],
    ["of an unknown version", () => held.token.replace("R1.", "R2.")],
    ["cut short", () => held.token.slice(0, -1)],
    ["one character longer", () => `${held.token}A`],
    ["sent twice", () => `${held.token}, ${held.token}`],
    ["with padding", () => `${held.token}=`],
    ["ours, of claims that are none", () => reservationToken({ r: held.id }, secret)],
    ["ours, of a list", () => reservationToken([], secret)],
    ["ours, of null", () => reservationToken(null, secret)],
    ["ten thousand characters", () => `R1.${"A".repeat(10_000)}.${"A".repeat(43)}`],
  ];
  test.each(forge)("forged is refused: %s", async (_what, token) => {
    for (const method of methods) {
      const answer = await asBuyer(token(), method, `/v1/reservations/${held.id}`);
      expectProblem(answer, 401, "reservation_token_forged");
    }
  });

  test.each(methods)("that has expired does not %s", async (method) => {
    const token = reservationToken({ ...claimsOf(held.token), x: Date.now() - 1 }, secret);
    expectProblem(
      await asBuyer(token, method, `/v1/reservations/${held.id}`),
      401,
      "reservation_token_expired",
    );
  });

  test("is written as this test writes it", () => {
    expect(reservationToken(claimsOf(held.token), secret)).toBe(held.token);
    expect(claimsOf(held.token)).toMatchObject({ r: held.id, e: event.eventId, a: [event.areaId] });
  });

  test.each(["1", `${UNKNOWN_ID}x`, "%00", "..%2f"])(
    "with the id %s in the address is refused",
    async (id) => {
      for (const method of methods) {
        expectInvalid(await asBuyer(held.token, method, `/v1/reservations/${id}`), "param.id");
      }
    },
  );

  test("works in the address too, and with the id in capitals", async () => {
    const path = `/v1/reservations/${held.id.toUpperCase()}?token=${held.token}`;
    expect((await call("GET", path)).status).toBe(200);
    expectProblem(
      await call("GET", `/v1/reservations/${held.id}?token=%00`),
      401,
      "reservation_token_forged",
    );
  });
});

describe("releasing", () => {
  test("gives all units of all areas back at once, and may be repeated", async () => {
    const event = await seats(2, 2);
    const items = event.areaIds.map((areaId) => ({ area_id: areaId, quantity: 2 }));
    const held = await shop.hold(event, items);
    const path = `/v1/reservations/${held.id}`;
    expect(await asBuyer(held.token, "DELETE", path)).toMatchObject({ status: 204, body: "" });
    for (const areaId of event.areaIds) await expectFree(event, areaId, await unitIds(areaId));
    // Again, with the units held by somebody else: theirs stay theirs.
    expect((await asBuyer(held.token, "DELETE", path)).status).toBe(204);
    for (const areaId of event.areaIds) {
      expectProblem(await shop.place(event, [{ area_id: areaId, quantity: 1 }]), 409, "sold_out");
    }
    expect(await asBuyer(held.token, "GET", path)).toMatchObject({
      status: 200,
      body: { status: "released" },
    });
  });

  test("ends in Postgres as it does in the area", async () => {
    const event = await seats(2);
    const held = await shop.hold(event, [{ area_id: event.areaId, quantity: 1 }]);
    await asBuyer(held.token, "DELETE", `/v1/reservations/${held.id}`);
    const status = await until("the reservation to be cancelled", async () => {
      const { rows } = await shop.database.query<{ status: string }>(
        "SELECT status FROM reservations WHERE id = $1 AND status <> 'active'",
        [held.id],
      );
      return rows[0]?.status;
    });
    expect(status).toBe("cancelled");
    await shop.unitsBecome(event.areaId, "aa");
  });

  test("is refused after paying, and the tickets stay", async () => {
    const event = await seats(2);
    const { reservation } = await shop.buy(event, [{ area_id: event.areaId, quantity: 2 }]);
    const path = `/v1/reservations/${reservation.id}`;
    expectProblem(await asBuyer(reservation.token, "DELETE", path), 409, "already_paid");
    expect(await asBuyer(reservation.token, "GET", path)).toMatchObject({
      body: { status: "paid" },
    });
    await shop.unitsBecome(event.areaId, "ss");
    expectProblem(
      await shop.place(event, [{ area_id: event.areaId, quantity: 1 }]),
      409,
      "sold_out",
    );
  });
});

function swapped(token: string, changes: object): string {
  const [version, , signature] = token.split(".");
  const claims = Buffer.from(JSON.stringify({ ...claimsOf(token), ...changes })).toString(
    "base64url",
  );
  return [version, claims, signature].join(".");
}
