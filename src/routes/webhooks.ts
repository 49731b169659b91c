// Notices of the payment gateways. Anything but 200 makes them send the notice again.

import { createRoute, z } from "@hono/zod-openapi";
import { jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { receiveNotice } from "../services/payments/receive-notice.ts";

export const webhookRoutes = createRouter();

webhookRoutes.openapi(
  createRoute({
    method: "post",
    path: "/webhooks/wompi",
    tags: ["webhooks"],
    summary: "Wompi's events, as configured in its dashboard",
    responses: {
      200: jsonResponse(
        "Taken.",
        z.object({ outcome: z.enum(["recorded", "not_ours", "ignored"]) }),
      ),
      default: problemResponse,
    },
  }),
  async (context) => {
    const notice = { body: await context.req.text(), headers: context.req.raw.headers };
    const result = await receiveNotice(context.var.dependencies, notice);
    return result.ok
      ? context.json({ outcome: result.value }, 200)
      : answerProblem(context, result.refusal);
  },
);
