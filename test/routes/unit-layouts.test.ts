// Many units from an area's nomenclature, over HTTP against a running stack: how they are called and stand, what a preview
// says, what a repeated call answers, and a hundred thousand of them with progress.

import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { openLayouts, linesOf } from "../support/layouts.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { until } from "../support/shop.ts";
import { openTeam } from "../support/members.ts";

const layouts = openLayouts();
const { bulk, labels, emptyArea, stored } = layouts;
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const PREVIEW = { query: "?preview=true" };
const NDJSON = { headers: { accept: "application/x-ndjson" } };

afterAll(() => layouts.close());

const numbers = (to: number, changes: object = {}) => ({ from: 1, to, ...changes });
const row = { from: 1, to: 1 };

describe("units from nomenclature", () => {
  test("stand in rows called by letters, without the rows and numbers that are left out", async () => {
    const areaId = await emptyArea();
    const body = {
      rows: { from: "h", to: "J", skip: ["I"] },
      numbers: { from: 1, to: 4, skip: [3] },
    };
    expect(await bulk(areaId, body)).toMatchObject({
      status: 201,
      body: { created: 6, capacity: 6 },
    });
    expect(await labels(areaId)).toEqual(["A-H-1", "A-H-2", "A-H-4", "A-J-1", "A-J-2", "A-J-4"]);
    const { body: page } = await layouts.asOrganizer("GET", `/v1/areas/${areaId}/units?limit=1`);
    expect(page).toMatchObject({ units: [{ label: "A-H-1", row_name: "H", number: 1 }] });
  });

  test("go on after Z with AA, and may begin at the back and at either side", async () => {
    const areaId = await emptyArea();
    await bulk(areaId, {
      rows: { from: "Z", to: "AB", direction: "descending" },
      numbers: { from: 7, to: 8, direction: "descending" },
    });
    expect(await labels(areaId)).toEqual([
      "A-AB-8",
      "A-AB-7",
      "A-AA-8",
      "A-AA-7",
      "A-Z-8",
      "A-Z-7",
    ]);
  });

  test.each([
    ["odd", ["A-1-1", "A-1-3", "A-1-5"]],
    ["even", ["A-1-2", "A-1-4", "A-1-6"]],
    ["odd_even", ["A-1-5", "A-1-3", "A-1-1", "A-1-2", "A-1-4", "A-1-6"]],
  ])("are numbered %s", async (numbering, expected) => {
    const areaId = await emptyArea();
    await bulk(areaId, { rows: row, numbers: numbers(6, { numbering }) });
    expect(await labels(areaId)).toEqual(expected);
  });

  test("bear a prefix instead of the area's letter, or none", async () => {
    const areaId = await emptyArea({ letter: "PL" });
    await bulk(areaId, { rows: row, numbers: numbers(1), prefix: "Palco Norte" });
    await bulk(areaId, { rows: row, numbers: numbers(1), prefix: "" });
    await bulk(areaId, { quantity: 1, prefix: "Mesa" });
    await bulk(areaId, { quantity: 1 });
    expect(await labels(areaId)).toEqual(["Palco Norte-1-1", "1-1", "Mesa-1", "PL-2"]);
  });

  test("that sit side by side are sold together, whatever their numbers; across a gap nobody is", async () => {
    const areaId = await emptyArea({ isPublished: true });
    // Free runs: 5 3 1 2 | gap at 4 | 6 8, and a row of two.
    await bulk(areaId, {
      rows: { from: "A", to: "A" },
      numbers: { from: 1, to: 8, skip: [4, 7], numbering: "odd_even" },
    });
    const { rows } = await layouts.database.query<{ event: string }>(
      "SELECT cluster_id AS event FROM areas WHERE id = $1",
      [areaId],
    );
    const event = { eventId: rows[0]?.event ?? "" };
    const together = (quantity: number) =>
      layouts.call("POST", "/v1/reservations", {
        body: { event_id: event.eventId, items: [{ area_id: areaId, quantity, together: true }] },
      });
    expect((await together(5)).status).toBe(409);
    const four = await together(4);
    expect(four.status).toBe(201);
    const taken = await layouts.hold(event, [{ area_id: areaId, quantity: 2 }]);
    expect(JSON.stringify(four.body)).toMatch(/A-A-5.*A-A-3.*A-A-1.*A-A-2/s);
    expect(taken.units.map(({ label }) => label)).toEqual(["A-A-6", "A-A-8"]);
  });

  test.each([
    ["body.rows.to", { rows: { from: 1, to: "C" }, numbers: row }],
    ["body.rows.to", { rows: { from: "C", to: "A" }, numbers: row }],
    ["body.rows.from", { rows: { from: "ABCD", to: "ABCE" }, numbers: row }],
    ["body.rows.from", { rows: { from: "Ñ", to: "Ñ" }, numbers: row }],
    ["body.rows.skip.0", { rows: { from: "A", to: "C", skip: ["D"] }, numbers: row }],
    ["body.rows.skip.0", { rows: { from: "A", to: "C", skip: [2] }, numbers: row }],
    ["body.rows.skip", { rows: { from: 1, to: 2, skip: [1, 2] }, numbers: row }],
    ["body.rows.direction", { rows: { from: 1, to: 2, direction: "up" }, numbers: row }],
    ["body.numbers.skip.1", { rows: row, numbers: numbers(5, { skip: [5, 6] }) }],
    ["body.numbers.skip.0", { rows: row, numbers: numbers(5, { numbering: "odd", skip: [2] }) }],
    ["body.numbers.numbering", { rows: row, numbers: numbers(1, { numbering: "even" }) }],
    ["body.numbers.numbering", { rows: row, numbers: numbers(2, { skip: [1, 2] }) }],
    ["body.numbers.numbering", { rows: row, numbers: numbers(2, { numbering: "roman" }) }],
    ["body.prefix", { quantity: 1, prefix: "x".repeat(21) }],
    ["body.prefix", { quantity: 1, prefix: "a\nb" }],
    ["query.preview", { quantity: 1 }, "?preview=yes"],
  ])("need a valid %s (%#)", async (path, body, query = "") => {
    const areaId = await emptyArea();
    expectInvalid(await bulk(areaId, body, { query }), path);
    expect(await stored(areaId)).toEqual({ units: 0, capacity: 0, batches: 0 });
  });

  test.each(badBodies)("refuse $what", async ({ body, headers = {}, status, code }) => {
    expectProblem(await bulk(UNKNOWN_ID, body, { headers }), status, code);
  });
});

describe("a preview", () => {
  test("shows how many units there would be and how they are called, and writes nothing", async () => {
    const areaId = await emptyArea({ letter: "VIP" });
    const before = await stored(areaId);
    const body = { rows: { from: "A", to: "C" }, numbers: numbers(40) };
    const { status, body: preview } = await bulk(areaId, body, PREVIEW);
    expect(status).toBe(200);
    expect(preview).toMatchObject({
      count: 120,
      capacity: 120,
      last_label: "VIP-C-40",
      duplicates: 0,
      refusal: null,
    });
    expect(preview).toMatchObject({
      first_labels: Array.from({ length: 20 }, (_, index) => `VIP-A-${index + 1}`),
    });
    expect(await stored(areaId)).toEqual(before);
    // And what it showed is what is made.
    await bulk(areaId, body);
    expect((await labels(areaId)).slice(0, 2)).toEqual(["VIP-A-1", "VIP-A-2"]);
  });

  test("says which labels are taken, as the call itself would", async () => {
    const areaId = await emptyArea();
    await bulk(areaId, { rows: { from: 2, to: 2 }, numbers: { from: 3, to: 30 } });
    const body = { rows: { from: 1, to: 2 }, numbers: numbers(30) };
    const { body: preview } = await bulk(areaId, body, PREVIEW);
    const refused = await bulk(areaId, body);
    expectProblem(refused, 409, "unit_labels_taken");
    const taken = Array.from({ length: 20 }, (_, index) => `A-2-${index + 3}`);
    expect(refused.body).toMatchObject({ labels: taken });
    expect(preview).toMatchObject({
      count: 60,
      capacity: 88,
      duplicates: 28,
      refusal: { code: "unit_labels_taken", labels: taken },
    });
    expect(await stored(areaId)).toMatchObject({ units: 28, capacity: 28 });
  });

  test("numbers general admission on, and says what is too much", async () => {
    const areaId = await emptyArea();
    await bulk(areaId, { quantity: 2 });
    expect((await bulk(areaId, { quantity: 3 }, PREVIEW)).body).toMatchObject({
      first_labels: ["A-3", "A-4", "A-5"],
      last_label: "A-5",
      capacity: 5,
    });
    expectProblem(await bulk(areaId, { quantity: 100_001 }, PREVIEW), 422, "units_too_many");
  });

  test.each([PREVIEW, {}])("is nobody else's (%j)", async (query) => {
    const areaId = await emptyArea();
    const body = { quantity: 1 };
    const theirs = { ...query, token: inject("otherOrganizerToken") };
    expectProblem(await bulk(areaId, body, theirs), 404, "area_not_found");
    expectProblem(await bulk(UNKNOWN_ID, body, query), 404, "area_not_found");
    const team = openTeam(layouts);
    const { token } = await team.newSession(await team.newMember(undefined, "gate"));
    expectProblem(await bulk(areaId, body, { ...query, token }), 403, "role_not_allowed");
    expect(await stored(areaId)).toEqual({ units: 0, capacity: 0, batches: 0 });
  });
});

describe("a call that is repeated", () => {
  test("with its key makes the units once and answers as it did, whatever was made since", async () => {
    const areaId = await emptyArea();
    const key = { headers: { "idempotency-key": crypto.randomUUID() } };
    const first = await bulk(areaId, { quantity: 5 }, key);
    await bulk(areaId, { quantity: 2 });
    const again = await bulk(areaId, { quantity: 5 }, key);
    expect(again).toMatchObject({ status: 201, body: { created: 5, capacity: 5 } });
    expect(again.body).toEqual(first.body);
    expect(await stored(areaId)).toEqual({ units: 7, capacity: 7, batches: 1 });
  });

  test("eight times at once makes them once", async () => {
    const areaId = await emptyArea({ isPublished: true });
    const key = { headers: { "idempotency-key": crypto.randomUUID() } };
    const body = { rows: { from: 1, to: 5 }, numbers: numbers(20) };
    const answers = await Promise.all(Array.from({ length: 8 }, () => bulk(areaId, body, key)));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 201, body: { created: 100, capacity: 100 } });
    expect(await stored(areaId)).toEqual({ units: 100, capacity: 100, batches: 1 });
  });

  test("with other content, or with a key nobody may use, is refused", async () => {
    const areaId = await emptyArea();
    const key = { headers: { "idempotency-key": crypto.randomUUID() } };
    await bulk(areaId, { quantity: 5 }, key);
    expectProblem(await bulk(areaId, { quantity: 6 }, key), 422, "command_reused");
    const short = { headers: { "idempotency-key": "1" } };
    expectProblem(await bulk(areaId, { quantity: 6 }, short), 400, "idempotency_key_invalid");
    // The same key in another area is another call.
    expect((await bulk(await emptyArea(), { quantity: 6 }, key)).status).toBe(201);
    expect(await stored(areaId)).toEqual({ units: 5, capacity: 5, batches: 1 });
  });

  test("that was refused left nothing behind, and may succeed under its key", async () => {
    const areaId = await emptyArea();
    await bulk(areaId, { rows: row, numbers: numbers(1) });
    const key = { headers: { "idempotency-key": crypto.randomUUID() } };
    expectProblem(
      await bulk(areaId, { rows: row, numbers: numbers(2) }, key),
      409,
      "unit_labels_taken",
    );
    expect(await stored(areaId)).toEqual({ units: 1, capacity: 1, batches: 0 });
    const rest = { rows: row, numbers: { from: 2, to: 2 } };
    expect((await bulk(areaId, rest, key)).status).toBe(201);
  });
});

describe("progress", () => {
  test(
    "a hundred thousand units are written and on sale in seconds, and every step is told",
    { timeout: 120_000 },
    async () => {
      const areaId = await emptyArea({ isPublished: true });
      const startedMs = performance.now();
      const answer = await bulk(
        areaId,
        { rows: { from: "A", to: "GR" }, numbers: numbers(500) },
        { headers: { ...NDJSON.headers, "idempotency-key": crypto.randomUUID() } },
      );
      const tookMs = performance.now() - startedMs;
      console.log(`100,000 units written and on sale in ${(tookMs / 1_000).toFixed(1)} s`);
      expect(answer.status).toBe(202);
      expect(answer.headers.get("content-type")).toContain("application/x-ndjson");
      const lines = linesOf(answer);
      expect(lines.at(-1)).toEqual({ result: { created: 100_000, capacity: 100_000 } });
      const steps = lines.flatMap((line) => ("progress" in line ? [line.progress] : []));
      expect(steps[0]).toEqual({ step: "writing", done: 0, total: 100_000 });
      expect(steps.at(-1)).toEqual({ step: "on_sale", done: 100_000, total: 100_000 });
      // In chunks, never backwards.
      const sold = steps.filter(({ step }) => step === "on_sale").map(({ done }) => done);
      expect(new Set(sold).size).toBeGreaterThanOrEqual(20);
      expect(sold).toEqual(sold.toSorted((left, right) => left - right));
      expect(tookMs).toBeLessThan(60_000);
      expect(await stored(areaId)).toEqual({ units: 100_000, capacity: 100_000, batches: 1 });
    },
  );

  test("ends with a problem document where the call is refused", async () => {
    const areaId = await emptyArea();
    await bulk(areaId, { rows: row, numbers: numbers(1) });
    const lines = linesOf(await bulk(areaId, { rows: row, numbers: numbers(3) }, NDJSON));
    expect(lines.at(-1)).toMatchObject({
      problem: { code: "unit_labels_taken", status: 409, labels: ["A-1-1"] },
    });
    const unknown = linesOf(await bulk(UNKNOWN_ID, { quantity: 1 }, NDJSON));
    expect(unknown.at(-1)).toMatchObject({ problem: { code: "area_not_found", status: 404 } });
    expect(await stored(areaId)).toMatchObject({ units: 1 });
  });

  test("may be left: the units are made all the same, and whoever asks again learns of it", async () => {
    const areaId = await emptyArea({ isPublished: true });
    const body = { rows: { from: 1, to: 100 }, numbers: numbers(200) };
    const headers = { "idempotency-key": crypto.randomUUID() };
    const controller = new AbortController();
    const response = await fetch(`${inject("apiUrl")}/v1/areas/${areaId}/units/bulk`, {
      method: "POST",
      headers: {
        ...NDJSON.headers,
        ...headers,
        authorization: `Bearer ${inject("organizerToken")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
      signal: controller.signal,
    });
    const first = await response.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).toContain('"done":0');
    controller.abort();
    await until("the units to be there", async () =>
      (await labels(areaId)).length === 20_000 ? true : undefined,
    );
    expect(await bulk(areaId, body, { headers })).toMatchObject({
      status: 201,
      body: { created: 20_000, capacity: 20_000 },
    });
    expect(await stored(areaId)).toEqual({ units: 20_000, capacity: 20_000, batches: 1 });
  });

  test("is told to its end once readers see all of it, whatever was kept for them meanwhile", async () => {
    const event = await layouts.publishEvent([{ units: 1 }]);
    const [areaId = ""] = event.areaIds;
    const capacity = async (): Promise<number | undefined> => {
      const { body } = await layouts.call("GET", `/v1/public/events/${event.slug}/areas`);
      return z.object({ areas: z.array(z.object({ capacity: z.int() })) }).parse(body).areas[0]
        ?.capacity;
    };
    // The call has begun to answer and cannot write yet.
    const other = await layouts.database.connect();
    try {
      await other.query("BEGIN");
      await other.query("SELECT FROM areas WHERE id = $1 FOR NO KEY UPDATE", [areaId]);
      const response = await fetch(`${inject("apiUrl")}/v1/areas/${areaId}/units/bulk`, {
        method: "POST",
        headers: {
          ...NDJSON.headers,
          authorization: `Bearer ${inject("organizerToken")}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ rows: { from: 2, to: 2 }, numbers: numbers(4) }),
      });
      expect(response.status).toBe(202);
      expect(await capacity()).toBe(1);
      await other.query("ROLLBACK");
      expect(await response.text()).toContain('"result":{"created":4,"capacity":5}');
    } finally {
      other.release(true);
    }
    expect(await capacity()).toBe(5);
  });

  test("is no use to a call that cannot be understood", async () => {
    const areaId = await emptyArea();
    expectInvalid(await bulk(areaId, { quantity: 0 }, NDJSON), "body.quantity");
    const anonymous = { ...NDJSON, body: { quantity: 1 } };
    const path = `/v1/areas/${areaId}/units/bulk`;
    expectProblem(await layouts.call("POST", path, anonymous), 401, "session_required");
  });
});
