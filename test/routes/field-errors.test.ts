// What a caller is told of fields that need correcting: where, a stable code, and a text in the language they asked for.

import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Answer } from "../support/api.ts";
import { openStackShop } from "../support/stack-shop.ts";
import { expectProblem } from "../support/problems.ts";

const shop = openStackShop();
afterAll(() => shop.close());

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const problem = z.looseObject({
  errors: z.array(z.strictObject({ path: z.string(), code: z.string(), message: z.string() })),
});

function errorsIn(answer: Answer, language: string) {
  expectProblem(answer, 422, "validation_failed");
  expect(answer.headers.get("content-language")).toBe(language);
  return problem.parse(answer.body).errors;
}

/** The same request, once without and once with a wish for English. */
async function ask(method: string, path: string, body?: object) {
  const answerIn = (language: string) =>
    shop.asOrganizer(method, path, {
      ...(body !== undefined && { body }),
      headers: { "accept-language": language },
    });
  return {
    es: errorsIn(await answerIn("es-CO,es;q=0.9,en;q=0.5"), "es"),
    en: errorsIn(await answerIn("en-GB"), "en"),
  };
}

const event = {
  name: "Noche de Salsa",
  event_type: "concert",
  starts_at: "2031-03-19T20:00:00-05:00",
  ends_at: "2031-03-20T02:00:00-05:00",
};
const item = { area_id: UNKNOWN_ID, quantity: 1 };
const legal = { legal_name: "Salsa S.A.S.", address: "Calle 1", city: "Cali" };

describe("what the shape of a request refuses", () => {
  test.each([
    [
      "a field that is missing",
      {},
      { path: "body.event_id", code: "invalid_type" },
      {
        es: "Entrada inválida: se esperaba texto, recibido indefinido",
        en: "Invalid input: expected string, received undefined",
      },
    ],
    [
      "a field of another kind",
      { event_id: 7 },
      { path: "body.event_id", code: "invalid_type" },
      {
        es: "Entrada inválida: se esperaba texto, recibido número",
        en: "Invalid input: expected string, received number",
      },
    ],
    [
      "an id that is none",
      { event_id: "1" },
      { path: "body.event_id", code: "invalid_format" },
      { es: "Inválido UUID", en: "Invalid UUID" },
    ],
    [
      "an empty list",
      { event_id: UNKNOWN_ID, items: [] },
      { path: "body.items", code: "too_small" },
      {
        es: "Demasiado pequeño: se esperaba que arreglo tuviera >=1 elementos",
        en: "Too small: expected array to have >=1 items",
      },
    ],
    [
      "a field nobody knows",
      { event_id: UNKNOWN_ID, items: [{ area_id: UNKNOWN_ID, quantity: 1 }], seat: 1 },
      { path: "body.seat", code: "unrecognized_keys" },
      { es: 'Llave desconocida: "seat"', en: 'Unrecognized key: "seat"' },
    ],
  ])("is told of a hold with %s, in both languages", async (_what, body, error, texts) => {
    const errors = await ask("POST", "/v1/reservations", body);
    expect(errors.es).toContainEqual({ ...error, message: texts.es });
    expect(errors.en).toContainEqual({ ...error, message: texts.en });
  });

  test("is told of bodies, parameters and queries alike", async () => {
    const bodies = await ask("POST", "/v1/events", { ...event, name: 7 });
    expect(bodies.es).toEqual([
      {
        path: "body.name",
        code: "invalid_type",
        message: "Entrada inválida: se esperaba texto, recibido número",
      },
    ]);
    const parameters = await ask("GET", "/v1/events/1");
    expect(parameters.es).toEqual([
      { path: "param.id", code: "invalid_format", message: "Inválido UUID" },
    ]);
    const queries = await ask("GET", "/v1/events?limit=1000");
    expect(queries.es).toMatchObject([{ path: "query.limit", code: "too_big" }]);
    expect(queries.es[0]?.message).toMatch(/^Demasiado grande/);
    expect(queries.en[0]?.message).toMatch(/^Too big/);
  });
});

describe("a rule of ours", () => {
  test.each([
    [
      "of a time zone",
      { path: "/v1/events", body: { ...event, time_zone: "America/Macondo" } },
      { path: "body.time_zone", code: "not_a_time_zone" },
      {
        es: "una zona horaria IANA, como America/Bogota",
        en: "an IANA time zone, such as America/Bogota",
      },
    ],
    [
      "of two fields together, which the service knows",
      { path: "/v1/events", body: { ...event, ends_at: event.starts_at } },
      { path: "body.ends_at", code: "not_after_starts_at" },
      { es: "debe ser posterior a starts_at", en: "must be after starts_at" },
    ],
    [
      "of a list",
      { path: "/v1/reservations", body: { event_id: UNKNOWN_ID, items: [item, item] } },
      { path: "body.items", code: "names_area_twice" },
      { es: "nombra dos veces una localidad", en: "names an area twice" },
    ],
    [
      "of rows of seats",
      {
        path: `/v1/areas/${UNKNOWN_ID}/units/bulk`,
        body: { rows: { from: "C", to: "A" }, numbers: { from: 1, to: 2 } },
      },
      { path: "body.rows.to", code: "below_from" },
      { es: "no puede ser menor que from", en: "must not be below from" },
    ],
  ])("%s has a code and both texts", async (_what, { path, body }, error, texts) => {
    const errors = await ask("POST", path, body);
    expect(errors.es).toContainEqual({ ...error, message: texts.es });
    expect(errors.en).toContainEqual({ ...error, message: texts.en });
  });

  test("of a NIT has a code and both texts", async () => {
    const errors = await ask("PUT", "/v1/legal-info", { ...legal, nit: "900123456-1" });
    const error = { path: "body.nit", code: "not_a_nit" };
    expect(errors.es).toEqual([
      { ...error, message: "no es un NIT con su dígito de verificación" },
    ]);
    expect(errors.en).toEqual([{ ...error, message: "is no NIT with its check digit" }]);
  });

  test("of a cursor is told of public lists too", async () => {
    const errors = await ask("GET", "/v1/public/events?cursor=made-up");
    const error = { path: "query.cursor", code: "not_a_cursor" };
    expect(errors.es).toEqual([{ ...error, message: "no es un cursor de esta lista" }]);
    expect(errors.en).toEqual([{ ...error, message: "is not a cursor of this list" }]);
  });

  test("is listed where all codes are", async () => {
    const { body } = await shop.call("GET", "/v1/docs/problems");
    expect(body).toContain('id="field-not_a_nit"');
  });
});
