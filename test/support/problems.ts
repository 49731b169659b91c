// What a refusal must look like, and bodies nobody may send. Knows no route.

import { expect } from "vitest";
import type { Answer } from "./api.ts";

/** A problem document with this status and code: typed, named, traceable, in Spanish unless asked otherwise. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  const { body, headers } = answer;
  expect(body).toMatchObject({ code, status, type: expect.stringMatching(`#${code}$`) });
  expect(answer.status).toBe(status);
  expect(headers.get("content-type")).toContain("application/problem+json");
  expect(headers.get("cache-control")).toBe("no-store");
  const requestId = headers.get("x-request-id");
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(body).toMatchObject({
    title: expect.any(String),
    may_retry: expect.any(Boolean),
    request_id: requestId,
  });
}

/** A validation failure that names this field. */
export function expectInvalid(answer: Answer, path: string): void {
  expectProblem(answer, 422, "validation_failed");
  expect(answer.body).toMatchObject({
    errors: expect.arrayContaining([expect.objectContaining({ path })]),
  });
}

export interface BadBody {
  what: string;
  body: string;
  headers?: Record<string, string>;
  status: number;
  code: string;
}

const nested = (opening: string, closing: string) =>
  `${opening.repeat(10_000)}1${closing.repeat(10_000)}`;

/** Bodies that are wrong for every route that takes JSON. */
export const badBodies: readonly BadBody[] = [
  { what: "broken JSON", body: '{"a":', status: 400, code: "malformed_json" },
  { what: "no JSON at all", body: "<a/>", status: 400, code: "malformed_json" },
  { what: "NaN", body: '{"a":NaN}', status: 400, code: "malformed_json" },
  { what: "an empty text", body: "", status: 400, code: "malformed_json" },
  { what: "null", body: "null", status: 422, code: "validation_failed" },
  { what: "a list", body: "[]", status: 422, code: "validation_failed" },
  { what: "a number", body: "1e400", status: 422, code: "validation_failed" },
  { what: "an empty object", body: "{}", status: 422, code: "validation_failed" },
  {
    what: "lists in lists, ten thousand deep",
    body: nested("[", "]"),
    status: 422,
    code: "validation_failed",
  },
  {
    what: "objects in objects, eight thousand deep",
    body: `${'{"a":'.repeat(8_000)}1${"}".repeat(8_000)}`,
    status: 422,
    code: "validation_failed",
  },
  {
    what: "a prototype",
    body: '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}}}',
    status: 422,
    code: "validation_failed",
  },
  {
    what: "more than 64 KiB",
    body: JSON.stringify({ a: "x".repeat(65_536) }),
    status: 413,
    code: "body_too_large",
  },
  {
    what: "plain text by its media type",
    body: "{}",
    headers: { "content-type": "text/plain" },
    status: 415,
    code: "unsupported_media_type",
  },
  {
    what: "a form",
    body: "a=1",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    status: 415,
    code: "unsupported_media_type",
  },
  {
    what: "two media types",
    body: "{}",
    headers: { "content-type": "application/json, text/html" },
    status: 415,
    code: "unsupported_media_type",
  },
];
