// What the law wants to know of an organizer, over HTTP: kept once and as a whole, and asked for where an event needs it.

import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import type { CallOptions } from "../support/api.ts";
import { signInAs } from "../support/pricing.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { openShop } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;

afterAll(() => shop.close());

const complete = {
  nit: "860.034.313-7",
  legal_name: "Salón Caribe S.A.S.",
  pulep_code: "ABC123",
  address: "Calle 10 # 20-30",
  city: "Barranquilla",
  country: "CO",
};
const kept = { ...complete, nit: "860034313-7" };

/** A new organizer, who has nothing yet, and their own way to ask. */
async function newOrganizer(role = "owner") {
  const token = await signInAs(shop, role);
  const mine = (method: string, path: string, options: CallOptions = {}) =>
    call(method, path, { token, ...options });
  const theirShop = openShop({
    api: inject("apiUrl"),
    wompi: inject("wompiUrl"),
    mail: inject("mailUrl"),
    database: inject("databaseUrl"),
    organizerToken: token,
  });
  const draft = async (changes: object) => {
    const { eventId } = await theirShop.draftEvent([{ units: 1 }], changes);
    await theirShop.close();
    return eventId;
  };
  return {
    token,
    mine,
    draft,
    put: (body: object, headers = {}) => mine("PUT", "/v1/legal-info", { body, headers }),
    publish: (eventId: string) => mine("POST", `/v1/events/${eventId}/publish`),
  };
}

describe("legal information", () => {
  test("is not there at first, then as it was saved, then as it was saved last", async () => {
    const { mine, put } = await newOrganizer();
    expectProblem(await mine("GET", "/v1/legal-info"), 404, "legal_info_not_found");
    const first = await put(complete);
    expect(first).toMatchObject({ status: 200, body: kept });
    expect(first.headers.get("etag")).toBe('"1"');
    expect((await mine("GET", "/v1/legal-info")).body).toEqual(kept);
    const { pulep_code: _, country: __, ...less } = complete;
    const second = await put({ ...less, city: " Cartagena " });
    expect(second.body).toEqual({ ...kept, city: "Cartagena", pulep_code: null });
    const read = await mine("GET", "/v1/legal-info");
    expect(read.body).toEqual(second.body);
    expect(read.headers.get("etag")).toBe('"2"');
  });

  test("is one, however many save the first at once", async () => {
    const { token, mine, put } = await newOrganizer();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => put({ ...complete, city: `Ciudad ${index}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const { rows } = await database.query<{ count: number }>(
      `SELECT count(*)::int FROM legal_info WHERE profile_id =
         (SELECT profile_id FROM sessions WHERE token_hash = encode(sha256($1::bytea), 'hex'))`,
      [token],
    );
    expect(rows).toEqual([{ count: 1 }]);
    expect((await mine("GET", "/v1/legal-info")).headers.get("etag")).toBe('"8"');
  });

  test("is replaced only as it was seen, where that is said", async () => {
    const { mine, put } = await newOrganizer();
    expectProblem(await put(complete, { "if-match": '"1"' }), 412, "precondition_failed");
    expectProblem(await mine("GET", "/v1/legal-info"), 404, "legal_info_not_found");
    await put(complete);
    const other = { ...complete, city: "Cali" };
    expect((await put(other, { "if-match": '"1"' })).status).toBe(200);
    expectProblem(await put(complete, { "if-match": '"1"' }), 412, "precondition_failed");
    expect((await mine("GET", "/v1/legal-info")).body).toMatchObject({ city: "Cali" });
  });

  test.each([
    ["body.nit", { nit: "860.034.313-6" }],
    ["body.nit", { nit: "860034313" }],
    ["body.nit", { nit: 860034313 }],
    ["body.nit", { nit: "" }],
    ["body.legal_name", { legal_name: " " }],
    ["body.legal_name", { legal_name: "x".repeat(201) }],
    ["body.pulep_code", { pulep_code: "A" }],
    ["body.pulep_code", { pulep_code: "<script>" }],
    ["body.address", { address: undefined }],
    ["body.city", { city: "\u0000" }],
    ["body.country", { country: "COL" }],
    ["body.profile_id", { profile_id: "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77" }],
  ])("is refused with %s in %j, and nothing changes", async (path, change) => {
    const { mine, put } = await newOrganizer();
    await put(complete);
    expectInvalid(await put({ ...complete, ...change }), path);
    expect((await mine("GET", "/v1/legal-info")).body).toEqual(kept);
  });

  test.each(badBodies)("is refused as $what", async ({ body, headers = {}, status, code }) => {
    const { mine } = await newOrganizer();
    expectProblem(await mine("PUT", "/v1/legal-info", { body, headers }), status, code);
    expectProblem(await mine("GET", "/v1/legal-info"), 404, "legal_info_not_found");
  });

  test.each([
    ["owner", 200, 200],
    ["finance", 200, 200],
    ["manager", 200, 403],
    ["gate", 403, 403],
  ])("as %s: read %i, saved %i", async (role, read, saved) => {
    const { mine, put, token } = await newOrganizer(role);
    await database.query(
      `INSERT INTO legal_info (profile_id, nit, legal_name, puleb_code, address, city, country)
       SELECT profile_id, $2, $3, $4, $5, $6, $7 FROM sessions
       WHERE token_hash = encode(sha256($1::bytea), 'hex')`,
      [token, ...Object.values(kept)],
    );
    expect((await mine("GET", "/v1/legal-info")).status).toBe(read);
    expect((await put(complete)).status).toBe(saved);
  });

  test("needs a session", async () => {
    expectProblem(await call("GET", "/v1/legal-info"), 401, "session_required");
    expectProblem(await call("PUT", "/v1/legal-info", { body: complete }), 401, "session_required");
  });
});

describe("an event whose type the law asks about", () => {
  const missing = z.looseObject({ missing: z.array(z.string()) });

  test.each(["concert", "theater", "festival"])(
    "%s is not published without legal information, naming what is missing",
    async (type) => {
      const { mine, draft, publish, put } = await newOrganizer();
      const eventId = await draft({ event_type: type });
      const none = await publish(eventId);
      expectProblem(none, 409, "legal_info_required");
      expect(missing.parse(none.body).missing).toEqual([
        "nit",
        "legal_name",
        "address",
        "city",
        "country",
        "pulep_code",
      ]);
      expect((await mine("GET", `/v1/events/${eventId}`)).body).toMatchObject({ status: "draft" });
      await put({ ...complete, pulep_code: null });
      const noCode = await publish(eventId);
      expectProblem(noCode, 409, "legal_info_required");
      expect(missing.parse(noCode.body).missing).toEqual(["pulep_code"]);
      await put(complete);
      expect((await publish(eventId)).status).toBe(200);
      const { rows } = await database.query(
        `SELECT nit FROM clusters JOIN legal_info ON legal_info.id = legal_info_id WHERE clusters.id = $1`,
        [eventId],
      );
      expect(rows).toEqual([{ nit: kept.nit }]);
    },
  );

  test.each(["sports", "conference", "other"])("%s needs none", async (type) => {
    const { draft, publish } = await newOrganizer();
    expect((await publish(await draft({ event_type: type }))).status).toBe(200);
  });

  test("may have a PULEP code of its own", async () => {
    const { mine, draft, publish, put } = await newOrganizer();
    await put({ ...complete, pulep_code: null });
    const eventId = await draft({ event_type: "concert", pulep_code: "xyz789" });
    expect(await publish(eventId)).toMatchObject({ status: 200, body: { pulep_code: "XYZ789" } });
    const without = await mine("PATCH", `/v1/events/${eventId}`, { body: { pulep_code: null } });
    expectProblem(without, 409, "legal_info_required");
    expect((await mine("GET", `/v1/events/${eventId}`)).body).toMatchObject({
      pulep_code: "XYZ789",
    });
  });

  test("cannot be had by changing the type of one that is on sale", async () => {
    const { mine, draft, publish, put } = await newOrganizer();
    const eventId = await draft({ event_type: "other" });
    await publish(eventId);
    const change = () =>
      mine("PATCH", `/v1/events/${eventId}`, { body: { event_type: "concert" } });
    expectProblem(await change(), 409, "legal_info_required");
    expect((await mine("GET", `/v1/events/${eventId}`)).body).toMatchObject({
      event_type: "other",
    });
    await put(complete);
    expect((await change()).status).toBe(200);
  });

  test("keeps the code it is sold under as long as it is on sale", async () => {
    const { mine, draft, publish, put } = await newOrganizer();
    await put(complete);
    const eventId = await draft({ event_type: "concert" });
    await publish(eventId);
    const without = { ...complete, pulep_code: null };
    expectProblem(await put(without), 409, "legal_info_required");
    expect((await mine("GET", "/v1/legal-info")).body).toEqual(kept);
    await mine("POST", `/v1/events/${eventId}/unpublish`);
    expect((await put(without)).status).toBe(200);
    expectProblem(await publish(eventId), 409, "legal_info_required");
  });

  test("is not helped by another organizer's information", async () => {
    const first = await newOrganizer();
    await first.put(complete);
    const second = await newOrganizer();
    expectProblem(await second.mine("GET", "/v1/legal-info"), 404, "legal_info_not_found");
    const eventId = await second.draft({ event_type: "concert" });
    expectProblem(await second.publish(eventId), 409, "legal_info_required");
    await second.put({ ...complete, city: "Pasto" });
    expect((await first.mine("GET", "/v1/legal-info")).body).toEqual(kept);
  });
});
