// What an organizer does with units beside selling them, over HTTP against a running stack: taking them off sale, keeping
// them back, and limits for buyers.

import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, asOrganizer } = shop;
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const withId = z.object({ id: z.string() });

afterAll(() => shop.close());

async function onSale(units: number) {
  const event = await shop.publishEvent([{ units }]);
  const areaId = event.areaIds[0] ?? "";
  const unitIds = (await shop.units(areaId)).map(({ id }) => id);
  return { event, areaId, unitIds };
}

const patch = (areaId: string, body: object, headers: Record<string, string> = {}) =>
  asOrganizer("PATCH", `/v1/areas/${areaId}/units`, { body, headers });
const reserve = (areaId: string, body: object, headers: Record<string, string> = {}) =>
  asOrganizer("POST", `/v1/areas/${areaId}/reservations`, { body, headers });

describe("units taken off sale", () => {
  test("are held by nobody until they are put back", async () => {
    const { event, areaId, unitIds } = await onSale(4);
    const some = unitIds.slice(1, 3);
    expect(await patch(areaId, { unit_ids: some, status: "blocked" })).toMatchObject({
      status: 200,
      body: { changed: 2 },
    });
    // Postgres has it before the answer.
    expect((await shop.units(areaId)).map(({ status }) => status)).toEqual([
      "available",
      "blocked",
      "blocked",
      "available",
    ]);
    expectProblem(await shop.place(event, [{ area_id: areaId, quantity: 3 }]), 409, "sold_out");
    expectProblem(
      await shop.place(event, [{ area_id: areaId, unit_ids: some }]),
      409,
      "units_taken",
    );

    expect(await patch(areaId, { unit_ids: unitIds, status: "available" })).toMatchObject({
      body: { changed: 2 },
    });
    await shop.unitsBecome(areaId, "aaaa");
    expect((await shop.place(event, [{ area_id: areaId, quantity: 4 }])).status).toBe(201);
  });

  test("may be chosen before the event is published", async () => {
    const event = await shop.draftEvent([{ units: 3 }]);
    const areaId = event.areaIds[0] ?? "";
    const [first] = await shop.units(areaId);
    await patch(areaId, { unit_ids: [first?.id], status: "blocked" });
    await asOrganizer("POST", `/v1/events/${event.eventId}/publish`);
    expectProblem(await shop.place(event, [{ area_id: areaId, quantity: 3 }]), 409, "sold_out");
    expect((await shop.place(event, [{ area_id: areaId, quantity: 2 }])).status).toBe(201);
  });

  test("are never taken from whoever holds or bought them, nor half of what was asked for", async () => {
    const { event, areaId, unitIds } = await onSale(3);
    const { units } = await shop.hold(event, [{ area_id: areaId, quantity: 1 }]);
    const answer = await patch(areaId, { unit_ids: unitIds, status: "blocked" });
    expectProblem(answer, 409, "units_taken");
    expect(answer.body).toMatchObject({ unit_ids: [units[0]?.unit_id] });
    await shop.unitsBecome(areaId, "raa");
    const strange = await patch(areaId, { unit_ids: [unitIds[2], UNKNOWN_ID], status: "blocked" });
    expectProblem(strange, 422, "units_unknown");
    await shop.unitsBecome(areaId, "raa");
  });

  test("stay as they are when a request comes again, whatever happened since", async () => {
    const { areaId, unitIds } = await onSale(2);
    const key = { "idempotency-key": crypto.randomUUID() };
    const body = { unit_ids: unitIds, status: "blocked" };
    await patch(areaId, body, key);
    await patch(areaId, { ...body, status: "available" });
    expect(await patch(areaId, body, key)).toMatchObject({ status: 200, body: { changed: 2 } });
    await shop.unitsBecome(areaId, "aa");
    expectProblem(
      await patch(areaId, { ...body, unit_ids: unitIds.slice(1) }, key),
      422,
      "command_reused",
    );
  });

  test.each([
    ["nobody", undefined, 401, "session_required"],
    ["another organizer", inject("otherOrganizerToken"), 404, "area_not_found"],
  ])("are not the business of %s", async (_who, token, status, code) => {
    const { areaId, unitIds } = await onSale(1);
    const body = { unit_ids: unitIds, status: "blocked" };
    const options = { body, ...(token !== undefined && { token }) };
    expectProblem(await call("PATCH", `/v1/areas/${areaId}/units`, options), status, code);
    const more = { body: { quantity: 1 }, ...(token !== undefined && { token }) };
    expectProblem(await call("POST", `/v1/areas/${areaId}/reservations`, more), status, code);
    await shop.unitsBecome(areaId, "a");
  });

  test.each([
    ["body.unit_ids", { status: "blocked" }],
    ["body.unit_ids", { unit_ids: [], status: "blocked" }],
    ["body.unit_ids", { unit_ids: [UNKNOWN_ID, UNKNOWN_ID], status: "blocked" }],
    ["body.unit_ids.0", { unit_ids: ["1"], status: "blocked" }],
    ["body.status", { unit_ids: [UNKNOWN_ID], status: "sold" }],
    ["body.note", { unit_ids: [UNKNOWN_ID], status: "blocked", note: "x" }],
  ])("need a valid %s (%#)", async (path, body) => {
    expectInvalid(await patch(UNKNOWN_ID, body), path);
  });
  test.each(badBodies)("$what", async ({ body, headers = {}, status, code }) => {
    const path = `/v1/areas/${UNKNOWN_ID}/units`;
    expectProblem(await asOrganizer("PATCH", path, { body, headers }), status, code);
  });
});

describe("units kept back by the organizer", () => {
  test("are held beyond every limit, without an end, until they are given back", async () => {
    const { event, areaId } = await onSale(20);
    const kept = await reserve(areaId, { quantity: 18 });
    expect(kept.status).toBe(201);
    expectProblem(await shop.place(event, [{ area_id: areaId, quantity: 3 }]), 409, "sold_out");
    const { id } = withId.parse(kept.body);
    const path = `/v1/areas/${areaId}/reservations/${id}`;
    expect((await asOrganizer("DELETE", path)).status).toBe(204);
    expect((await asOrganizer("DELETE", path)).status).toBe(204);
    expect((await shop.place(event, [{ area_id: areaId, quantity: 3 }])).status).toBe(201);
  });

  test("are named or the best ones, and the same key keeps them once", async () => {
    const { areaId, unitIds } = await onSale(4);
    const key = { "idempotency-key": crypto.randomUUID() };
    const first = await reserve(areaId, { unit_ids: [unitIds[3]] }, key);
    expect(first.body).toMatchObject({ units: [{ unit_id: unitIds[3] }] });
    expect((await reserve(areaId, { unit_ids: [unitIds[3]] }, key)).body).toEqual(first.body);
    expectProblem(await reserve(areaId, { quantity: 1 }, key), 422, "command_reused");
    await shop.unitsBecome(areaId, "aaar");
  });

  test("do not include a buyer's hold: that is not theirs to end", async () => {
    const { event, areaId } = await onSale(1);
    const { id } = await shop.hold(event, [{ area_id: areaId, quantity: 1 }]);
    const answer = await asOrganizer("DELETE", `/v1/areas/${areaId}/reservations/${id}`);
    expectProblem(answer, 404, "reservation_not_found");
    await shop.unitsBecome(areaId, "r");
  });

  test.each([
    ["body.quantity", { quantity: 0 }],
    ["body", { quantity: 1, unit_ids: [UNKNOWN_ID] }],
    ["body", {}],
  ])("need a valid %s (%#)", async (path, body) => {
    expectInvalid(await reserve(UNKNOWN_ID, body), path);
  });
});

describe("limits for buyers", () => {
  const buyer = (documentNumber: string) => ({
    full_name: "Ana Ruiz",
    email: `${crypto.randomUUID()}@example.com`,
    document_type: "CC",
    document_number: documentNumber,
    phone: "3001234567",
  });
  const pay = (reservation: { token: string }, documentNumber: string) =>
    shop.asBuyer(reservation.token, "POST", "/v1/payments", {
      body: { gateway: "wompi", buyer: buyer(documentNumber) },
    });

  test("an area's own limit per reservation is the one that holds", async () => {
    const { event, areaId } = await onSale(5);
    const limits = { units_per_reservation_max: 2 };
    expect((await asOrganizer("PATCH", `/v1/areas/${areaId}`, { body: limits })).status).toBe(200);
    const answer = await shop.place(event, [{ area_id: areaId, quantity: 3 }]);
    expectProblem(answer, 409, "limit_reached");
    expect(answer.body).toMatchObject({ limit: "reservation", max: 2 });
    expect((await shop.place(event, [{ area_id: areaId, quantity: 2 }])).status).toBe(201);
  });

  test("a buyer's share counts from the payment on, over all of their reservations", async () => {
    const { event, areaId } = await onSale(8);
    await asOrganizer("PATCH", `/v1/areas/${areaId}`, { body: { units_per_buyer_max: 3 } });
    const [first, second] = [
      await shop.hold(event, [{ area_id: areaId, quantity: 2 }]),
      await shop.hold(event, [{ area_id: areaId, quantity: 2 }]),
    ];
    const document = String(Math.floor(Math.random() * 1e9) + 1e9);
    expect((await pay(first, document)).status).toBe(201);
    // The same person, however they write their number.
    const dashed = `${document.slice(0, 4)}-${document.slice(4)}`;
    const refusal = await pay(second, dashed);
    expectProblem(refusal, 409, "limit_reached");
    expect(refusal.body).toMatchObject({ limit: "buyer", max: 3, left: 1, may_retry: false });
    expect((await pay(second, `${document}1`)).status).toBe(201);
    const { rows } = await shop.database.query<{ text: string }>(
      "SELECT extra_attributes::text AS text FROM reservations WHERE cluster_id = $1",
      [event.eventId],
    );
    // What the areas keep of a buyer tells nobody who it is.
    for (const { text } of rows) expect(text).not.toContain(document);
  });
});
