// The service itself, over HTTP against a running stack: health, the OpenAPI document and its pages.

import { describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { createClient } from "../support/api.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";

const call = createClient(inject("apiUrl"));

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

const documentShape = z.looseObject({
  openapi: z.string(),
  info: z.object({ title: z.string(), version: z.string() }).loose(),
  servers: z.array(z.object({ url: z.url() })),
  paths: z.record(z.string().startsWith("/"), z.record(z.string(), z.unknown())),
  components: z.looseObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
});
const operationShape = z.looseObject({
  tags: z.array(z.string()).min(1),
  summary: z.string().min(3),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(["path", "query", "header", "cookie"]),
        required: z.boolean().optional(),
        schema: z.unknown(),
      }),
    )
    .optional(),
  requestBody: z
    .looseObject({
      required: z.boolean(),
      content: z.record(z.string(), z.looseObject({ schema: z.unknown() })),
    })
    .optional(),
  responses: z.record(
    z.string().regex(/^(?:[1-5]\d\d|default)$/),
    z.looseObject({
      description: z.string().min(1),
      content: z.record(z.string(), z.looseObject({ schema: z.unknown() })).optional(),
    }),
  ),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
});

async function readDocument() {
  const answer = await call("GET", "/v1/openapi.json");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("application/json");
  return documentShape.parse(answer.body);
}

async function operations() {
  const { paths } = await readDocument();
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      path,
      method,
      operation: operationShape.parse(operation),
    })),
  );
}

describe("health", () => {
  test("is good when the database answers, and is never kept", async () => {
    const answer = await call("GET", "/v1/health");
    expect(answer).toMatchObject({ status: 200, body: { status: "ok", database: "ok" } });
    expect(answer.headers.get("cache-control") ?? "").not.toContain("public");
  });
});

describe("the OpenAPI document", () => {
  test("is of version 3.1, for this very address", async () => {
    const { openapi, servers } = await readDocument();
    expect(openapi).toMatch(/^3\.1\.\d+$/);
    expect(servers).toEqual([{ url: inject("apiUrl") }]);
  });

  test("has every route there is", async () => {
    const routes = (await operations()).map(({ route }) => route);
    expect(routes.toSorted()).toEqual(
      expect.arrayContaining([
        "GET /v1/health",
        "GET /v1/auth/me",
        "PATCH /v1/auth/me",
        "GET /v1/events",
        "POST /v1/events",
        "GET /v1/events/{id}",
        "PATCH /v1/events/{id}",
        "POST /v1/events/{id}/publish",
        "POST /v1/events/{id}/unpublish",
        "GET /v1/events/{id}/areas",
        "POST /v1/events/{id}/areas",
        "GET /v1/areas/{id}",
        "PATCH /v1/areas/{id}",
        "POST /v1/areas/{id}/units/bulk",
        "GET /v1/areas/{id}/units",
        "GET /v1/public/events",
        "GET /v1/public/events/{slug}",
        "GET /v1/public/events/{slug}/areas",
        "GET /v1/public/events/{slug}/areas/{area_id}/availability",
        "GET /v1/public/events/{slug}/areas/{area_id}/units",
        "GET /v1/public/events/{slug}/areas/{area_id}/live",
        "POST /v1/public/quote",
        "POST /v1/public/promotions/validate",
        "POST /v1/reservations",
        "GET /v1/reservations/{id}",
        "DELETE /v1/reservations/{id}",
        "POST /v1/payments",
        "GET /v1/payments/{id}",
        "POST /v1/webhooks/wompi",
        "POST /v1/qr/validate",
        "GET /v1/qr/{reservation_unit_id}",
      ]),
    );
  });

  test("describes the parameters and a success of each", async () => {
    for (const { route, path, operation } of await operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
      const described = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(described.map(({ name }) => name).toSorted(), route).toEqual(inPath.toSorted());
      for (const { required } of described) expect(required, route).toBe(true);
      const statuses = Object.keys(operation.responses);
      expect(
        statuses.some((status) => status.startsWith("2") || status === "101"),
        route,
      ).toBe(true);
    }
  });

  test("describes the refusals of each as problem documents", async () => {
    // Health says how it is, and refuses nobody.
    const others = (await operations()).filter(({ route }) => route !== "GET /v1/health");
    for (const { route, operation } of others) {
      const { content } = operation.responses["default"] ?? {};
      expect(content, route).toHaveProperty(["application/problem+json"]);
    }
  });

  test("says which routes need a session, and the API agrees", async () => {
    const { components } = await readDocument();
    for (const { route, path, method, operation } of await operations()) {
      const schemes = (operation.security ?? []).flatMap((needed) => Object.keys(needed));
      for (const scheme of schemes)
        expect(components.securitySchemes, route).toHaveProperty(scheme);
      const address = path.replaceAll(/\{\w+\}/g, UNKNOWN_ID);
      const { body } = await call(method.toUpperCase(), address);
      const isRefused = Reflect.get(Object(body), "code") === "session_required";
      expect(isRefused, route).toBe(schemes.length > 0);
    }
  });

  test("points nowhere that is not there", async () => {
    const document = await readDocument();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(
      ([, to]) => to ?? "",
    );
    expect(references.length).toBeGreaterThan(20);
    for (const reference of new Set(references)) {
      expect(reference).toMatch(/^#\//);
      const target = reference
        .slice(2)
        .split("/")
        .reduce<unknown>((value, key) => Reflect.get(Object(value), key), document);
      expect(target, reference).toBeTypeOf("object");
    }
  });

  test("describes ids as UUIDs and pages as whole numbers", async () => {
    const path = "/v1/public/events/{slug}/areas/{area_id}/units";
    const route = (await operations()).find((each) => each.path === path);
    expect(route?.operation.parameters).toMatchObject([
      { name: "slug", in: "path", schema: { type: "string", minLength: 1, maxLength: 200 } },
      { name: "area_id", in: "path", schema: { type: "string", format: "uuid" } },
      { name: "page", in: "query", schema: { type: "integer" } },
    ]);
  });

  test("has only schemas of the JSON Schema that 3.1 means", async () => {
    const faults: string[] = [];
    const patterns: string[] = [];
    const types = ["string", "number", "integer", "boolean", "object", "array", "null"];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== "object" || value === null) return;
      if ("nullable" in value && typeof value.nullable === "boolean")
        faults.push(`${path}: nullable is of 3.0`);
      if ("type" in value && path.includes("schema")) {
        const named = [value.type].flat().filter((type) => typeof type === "string");
        if (!named.every((type) => types.includes(type)) && !path.endsWith("properties"))
          faults.push(`${path}: ${named.join()}`);
      }
      if ("pattern" in value && typeof value.pattern === "string") patterns.push(value.pattern);
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}/${key}`);
    };
    walk(await readDocument(), "");
    expect(faults).toEqual([]);
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) expect(() => new RegExp(pattern, "u"), pattern).not.toThrow();
  });
});

describe("a character that nobody can store", () => {
  const token = inject("organizerToken");
  const event = { starts_at: "2031-03-19T20:00:00Z", ends_at: "2031-03-20T02:00:00Z" };
  const routes: [string, string, string, object][] = [
    ["POST", "/v1/events", "name", event],
    ["POST", "/v1/events", "description", { ...event, name: "Noche" }],
    ["PATCH", `/v1/events/${UNKNOWN_ID}`, "name", {}],
    ["PATCH", `/v1/events/${UNKNOWN_ID}`, "description", {}],
    ["POST", `/v1/events/${UNKNOWN_ID}/areas`, "name", { price_in_cents: 1 }],
    ["POST", `/v1/events/${UNKNOWN_ID}/areas`, "description", { name: "A", price_in_cents: 1 }],
    ["PATCH", `/v1/areas/${UNKNOWN_ID}`, "name", {}],
    ["PATCH", `/v1/areas/${UNKNOWN_ID}`, "description", {}],
  ];
  test.each(routes)("is refused by %s %s in %s", async (method, path, field, others) => {
    for (const text of ["a\u0000b", "a\ud800b", "a\udc00\ud800b"]) {
      const answer = await call(method, path, { token, body: { ...others, [field]: text } });
      expectInvalid(answer, `body.${field}`);
    }
  });
});

describe("the documentation", () => {
  test.each(["/v1/docs", "/v1/docs/problems"])(
    "at %s asks no other host for anything",
    async (path) => {
      const answer = await call("GET", path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toContain("text/html");
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(answer.body).not.toMatch(/(?:https?:)?\/\/(?!<)[a-z]/i);
    },
  );

  test("has every file its page names", async () => {
    const { body } = await call("GET", "/v1/docs");
    const files = [
      ...z
        .string()
        .parse(body)
        .matchAll(/(?:src|href)="([^"]+)"/g),
    ].map(([, file]) => file ?? "");
    expect(files).toHaveLength(3);
    for (const file of files) {
      const response = await fetch(`${inject("apiUrl")}${file}`);
      expect(response.status, file).toBe(200);
      const type = file.endsWith(".css") ? "text/css" : "javascript";
      expect(response.headers.get("content-type"), file).toContain(type);
      expect((await response.text()).length, file).toBeGreaterThan(50);
    }
    const script = await (await fetch(`${inject("apiUrl")}/docs/initialize.js`)).text();
    expect(script).toContain('"/v1/openapi.json"');
    expect(script).not.toMatch(/https?:/);
  });

  test("explains every problem the API answers with, where the problem says", async () => {
    const { body } = await call("GET", "/v1/docs/problems");
    const answer = await call("POST", "/v1/reservations", { body: {} });
    const { type } = z.object({ type: z.url() }).parse(answer.body);
    const { origin, pathname, hash } = new URL(type);
    expect(`${origin}${pathname}`).toBe(`${inject("apiUrl")}/v1/docs/problems`);
    expect(body).toContain(`id="${hash.slice(1)}"`);
  });
});

describe("every answer", () => {
  test("has an id of its own and guards against being misread", async () => {
    const answers = await Promise.all([
      call("GET", "/v1/health"),
      call("GET", "/v1/health"),
      call("GET", "/v1/no"),
    ]);
    const ids = answers.map(({ headers }) => headers.get("x-request-id"));
    expect(new Set(ids).size).toBe(3);
    for (const { headers } of answers)
      expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("takes no request id from outside", async () => {
    const headers = { "x-request-id": "mine", "accept-language": "en" };
    const answer = await call("GET", "/v1/no", { headers });
    expectProblem(answer, 404, "route_not_found");
    expect(JSON.stringify(answer.body)).not.toContain("mine");
  });

  test.each(["PROPFIND", "PATCH", "PURGE"])(
    "to the method %s is a refusal by name",
    async (method) => {
      expectProblem(await call(method, "/v1/reservations"), 404, "route_not_found");
    },
  );

  test("to HEAD is that of GET, without the body", async () => {
    const answer = await call("HEAD", "/v1/public/events");
    expect(answer).toMatchObject({ status: 200, body: "" });
  });
});
