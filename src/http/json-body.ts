// Reads and checks a JSON body in one step, for the routes that are called most: the router's own validator takes several
// asynchronous ones, which cost a buyer's request more than the check itself.

import type { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Refusal } from "../shared/refusals.ts";
import { type Result, ok, refused } from "../shared/result.ts";
import type { AppEnv } from "./app-env.ts";
import { invalid } from "./invalid.ts";

/** A body that is not declared as JSON never gets here; one that is not declared at all counts as empty. */
export async function readJsonBody<Schema extends z.ZodType, RouteEnv extends AppEnv>(
  { req }: Context<RouteEnv>,
  schema: Schema,
): Promise<Result<z.output<Schema>, Refusal>> {
  let body: unknown = {};
  if (req.header("content-type") !== undefined) {
    const text = await req.raw.text();
    try {
      body = JSON.parse(text);
    } catch {
      return refused({ code: "malformed_json" });
    }
  }
  const parsed = schema.safeParse(body);
  return parsed.success
    ? ok(parsed.data)
    : refused(invalid("body", { issues: parsed.error.issues, input: body }));
}
