// The Idempotency-Key of a request. Long enough that nobody guesses another buyer's: the key decides the ids of what is
// created, and who repeats a request gets its answer.

import type { Context } from "hono";
import { type Result, ok, refused } from "../shared/result.ts";

const KEY = /^[\x21-\x7e]{16,255}$/;

/** Null when the request has none. */
export function readIdempotencyKey(
  context: Context,
): Result<string | null, { code: "idempotency_key_invalid" }> {
  const key = context.req.header("idempotency-key");
  if (key === undefined) return ok(null);
  return KEY.test(key) ? ok(key) : refused({ code: "idempotency_key_invalid" });
}
