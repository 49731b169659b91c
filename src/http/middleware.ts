// What every request passes: an id, a size limit, a media type, and its dependencies.

import type { ErrorHandler, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { DatabaseUnavailable } from "../ports/database.ts";
import { InventoryOverloaded } from "../ports/inventory.ts";
import { GatewayUnavailable } from "../ports/payments.ts";
import type { Refusal } from "../shared/refusals.ts";
import type { AppEnv } from "./app-env.ts";
import { answerProblem } from "./problem.ts";

const EXPOSED_HEADERS = ["X-Request-Id", "Retry-After"];

/**
 * On every answer. Any site may read them, because no answer depends on a cookie; nothing may be guessed, framed or
 * leaked. Set in one go: a middleware for each concern copies the answer each time.
 */
const fixedHeaders: readonly [name: string, value: string][] = [
  ["Access-Control-Allow-Origin", "*"],
  ["Access-Control-Expose-Headers", EXPOSED_HEADERS.join(",")],
  ["Cross-Origin-Resource-Policy", "cross-origin"],
  ["Referrer-Policy", "no-referrer"],
  ["Strict-Transport-Security", "max-age=15552000; includeSubDomains"],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "SAMEORIGIN"],
];

/** Gives the request its id and the answer its fixed headers. */
export const identifyAndProtect: MiddlewareHandler<AppEnv> = async (context, next) => {
  const requestId = crypto.randomUUID();
  context.set("requestId", requestId);
  context.set("publicBaseUrl", context.env.PUBLIC_BASE_URL);
  await next();
  const { headers } = context.res;
  for (const [name, value] of fixedHeaders) headers.set(name, value);
  headers.set("X-Request-Id", requestId);
};

/** What a browser asks before it sends another site's request. */
export const answerPreflight = cors({
  origin: "*",
  exposeHeaders: EXPOSED_HEADERS,
  maxAge: 600,
});

const BODY_BYTES_MAX = 64 * 1024;

export const limitBody = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: (context) =>
    answerProblem(context, { code: "body_too_large", max_bytes: BODY_BYTES_MAX }),
});

/** Gateways choose their own media type. */
const WEBHOOKS = "/v1/webhooks/";

/** A body that is not JSON is refused by name instead of being read as an empty object. */
export const requireJson: MiddlewareHandler<AppEnv> = async (context, next) => {
  const mediaType = context.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  const length = Number(context.req.header("content-length") ?? 0);
  const isOther = mediaType === undefined ? length > 0 : mediaType !== "application/json";
  const isWebhook = context.req.path.startsWith(WEBHOOKS);
  if (isOther && !isWebhook) return answerProblem(context, { code: "unsupported_media_type" });
  await next();
  return undefined;
};

/** Failures that are nobody's request: told apart, logged by name only, and never shown. */
export const answerError: ErrorHandler<AppEnv> = (error, context) => {
  const refusal = refusalFor(error);
  if (refusal.code === "internal_error" || refusal.code === "database_unavailable") {
    const { name, stack } = error;
    console.error("request failed", {
      requestId: context.var.requestId,
      path: context.req.routePath,
      name,
      stack,
    });
  }
  return answerProblem(context, refusal);
};

function refusalFor(error: Error): Refusal {
  if (error instanceof HTTPException && error.status === 400) return { code: "malformed_json" };
  if (error instanceof DatabaseUnavailable) return { code: "database_unavailable" };
  if (error instanceof InventoryOverloaded) return { code: "service_overloaded" };
  if (error instanceof GatewayUnavailable) return { code: "gateway_unavailable" };
  return { code: "internal_error" };
}
