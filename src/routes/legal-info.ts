// What the law wants to know of the signed-in member's organizer.

import { createRoute } from "@hono/zod-openapi";
import { ifMatchHeaderSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { legalInfoSchema, putLegalInfoSchema, toLegalInfoBody } from "../contracts/legal-info.ts";
import { problemResponse } from "../contracts/problem.ts";
import { etagOf, readIfMatch } from "../http/etag.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { getLegalInfo } from "../services/legal-info/get-legal-info.ts";
import { putLegalInfo } from "../services/legal-info/put-legal-info.ts";

export const legalInfoRoutes = createRouter();

const common = { tags: ["legal info"], security: [{ session: [] }], path: "/legal-info" };

legalInfoRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    summary: "Who you are by law",
    middleware: [requireSession("catalog.read")] as const,
    responses: {
      200: jsonResponse("As it was saved.", legalInfoSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const result = await getLegalInfo(context.var.dependencies, context.var.actor);
    return result.ok
      ? context.json(toLegalInfoBody(result.value), 200, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

legalInfoRoutes.openapi(
  createRoute({
    ...common,
    method: "put",
    summary: "Say who you are by law",
    description:
      "Replaces all of it. Concerts, plays and festivals are sold only with all of it, and with a PULEP code here or on the event.",
    middleware: [requireSession("legal.write")] as const,
    request: { headers: ifMatchHeaderSchema, body: jsonBody(putLegalInfoSchema) },
    responses: { 200: jsonResponse("As it is saved.", legalInfoSchema), default: problemResponse },
  }),
  async (context) => {
    const body = context.req.valid("json");
    const result = await putLegalInfo(context.var.dependencies, context.var.actor, {
      content: {
        nit: body.nit,
        legalName: body.legal_name,
        pulepCode: body.pulep_code,
        address: body.address,
        city: body.city,
        country: body.country,
      },
      expected: readIfMatch(context),
    });
    return result.ok
      ? context.json(toLegalInfoBody(result.value), 200, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);
