// What every request passes: an id, a size limit, a media type, and its dependencies.

import type { Context, ErrorHandler, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { DatabaseUnavailable } from "../ports/database.ts";
import { InventoryOverloaded } from "../ports/inventory.ts";
import { GatewayUnavailable } from "../ports/payments.ts";
import { NotAllowed } from "../services/actor.ts";
import type { Dependencies } from "../services/dependencies.ts";
import type { Refusal } from "../shared/refusals.ts";
import type { AppEnv } from "./app-env.ts";
import { type BodyRule, bodyRuleOf } from "./body-rules.ts";
import { fixedHeaders } from "./fixed-headers.ts";
import { sayWhoMayRead } from "./origins.ts";
import { answerProblem } from "./problem.ts";
import { limitRequest, tellLimits } from "./rate-limits.ts";

/**
 * Gives the request its id and its dependencies and the answer its fixed headers, and refuses a body that is too large or
 * of another kind, and who asks too often. One step for all of it: each step costs promises of its own, on every request, and
 * copies the answer.
 */
export function admitRequests(compose: (env: Env) => Dependencies): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const requestId = crypto.randomUUID();
    context.set("requestId", requestId);
    context.set("publicBaseUrl", context.env.PUBLIC_BASE_URL);
    const rule = bodyRuleOf(context.req.path);
    const refusal =
      refusalOfBody(context, rule) ?? equip(context, compose) ?? limitRequest(context);
    if (refusal !== null) context.res = answerProblem(context, refusal);
    else if (!hasUnknownLength(context.req.raw)) await next();
    else context.res = (await limitStream(rule)(context, next)) ?? context.res;
    const { headers } = context.res;
    for (const [name, value] of fixedHeaders) headers.set(name, value);
    headers.set("X-Request-Id", requestId);
    if (context.get("counted") !== undefined) await tellLimits(context);
    const lookup = sayWhoMayRead(context);
    if (lookup !== null) await lookup;
  };
}

function equip(context: Context<AppEnv>, compose: (env: Env) => Dependencies): Refusal | null {
  try {
    context.set("dependencies", compose(context.env));
    return null;
  } catch (error) {
    // Settings are missing, which the log says: the answer has its headers all the same.
    if (!(error instanceof Error)) throw error;
    logFailure(error, context);
    return refusalFor(error);
  }
}

/** A body of another kind is refused by name instead of being read as an empty one. */
function refusalOfBody({ req }: Context<AppEnv>, rule: BodyRule): Refusal | null {
  const length = Number(req.header("content-length") ?? 0);
  if (length > rule.bytesMax) return tooLarge(rule);
  const mediaType = req.header("content-type");
  if (mediaType === undefined)
    return length > 0 && !rule.accepts("") ? { code: "unsupported_media_type" } : null;
  const essence = mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  return rule.accepts(essence) ? null : { code: "unsupported_media_type" };
}

const tooLarge = ({ bytesMax }: BodyRule): Refusal => ({
  code: "body_too_large",
  max_bytes: bytesMax,
});

function hasUnknownLength(request: Request): boolean {
  const { headers } = request;
  return headers.has("content-length") ? headers.has("transfer-encoding") : request.body !== null;
}

const limitStream = (rule: BodyRule) =>
  bodyLimit({
    maxSize: rule.bytesMax,
    onError: (context) => answerProblem(context, tooLarge(rule)),
  });

/** Failures that are nobody's request: told apart, logged by name only, and never shown. */
export const answerError: ErrorHandler<AppEnv> = (error, context) =>
  answerProblem(context, refusalOfFailure(error, context));

/** The same for an answer that has begun already. */
export function refusalOfFailure<RouteEnv extends AppEnv>(
  error: Error,
  context: Context<RouteEnv>,
): Refusal {
  const refusal = refusalFor(error);
  if (refusal.code === "internal_error" || refusal.code === "database_unavailable")
    logFailure(error, context);
  return refusal;
}

function logFailure<RouteEnv extends AppEnv>(
  { name, stack }: Error,
  context: Context<RouteEnv>,
): void {
  const { requestId } = context.var;
  console.error("request failed", { requestId, path: context.req.routePath, name, stack });
}

function refusalFor(error: Error): Refusal {
  if (error instanceof HTTPException && error.status === 400) return { code: "malformed_json" };
  if (error instanceof NotAllowed) return error.refusal;
  if (error instanceof DatabaseUnavailable) return { code: "database_unavailable" };
  if (error instanceof InventoryOverloaded) return { code: "service_overloaded" };
  if (error instanceof GatewayUnavailable) return { code: "gateway_unavailable" };
  return { code: "internal_error" };
}
