// Many units at once, from an area's nomenclature or from a CSV file: looked at first, then made, all or none.

import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { idempotencyHeaderSchema } from "../contracts/reservations.ts";
import {
  createUnitsSchema,
  createdUnitsSchema,
  csvQuerySchema,
  previewQuerySchema,
  progressDescription,
  toProgressBody,
  toUnitsPreviewBody,
  unitsPreviewSchema,
} from "../contracts/unit-layouts.ts";
import { readIdempotencyKey } from "../http/idempotency.ts";
import { answerProblem } from "../http/problem.ts";
import { answerWithProgress, wantsProgress } from "../http/progress-stream.ts";
import { createRouter } from "../http/router.ts";
import { type SessionEnv, requireSession } from "../http/session.ts";
import { createUnits } from "../services/units/create-units.ts";
import type { UnitOrder } from "../services/units/plan-units.ts";
import { previewUnits } from "../services/units/preview-units.ts";
import { readUnitCsv } from "../shared/units/unit-csv.ts";

export const unitLayoutRoutes = createRouter();

const common = {
  method: "post" as const,
  tags: ["units"],
  security: [{ session: [] }],
  responses: {
    200: jsonResponse("The preview; nothing was written.", unitsPreviewSchema),
    201: jsonResponse("The units were made.", createdUnitsSchema),
    202: { description: "Progress, as application/x-ndjson, where that was asked for." },
    default: problemResponse,
  },
};
const params = z.object({ id: idSchema });

unitLayoutRoutes.openapi(
  createRoute({
    ...common,
    middleware: [requireSession("catalog.write")] as const,
    path: "/areas/{id}/units/bulk",
    summary: "Make the units of an area, all or none",
    description:
      "Labels come from the area's nomenclature: letter-row-number, such as `A-12-5`; " +
      `letter-number in general admission. ${progressDescription}`,
    request: {
      params,
      query: previewQuerySchema,
      headers: idempotencyHeaderSchema,
      body: jsonBody(createUnitsSchema),
    },
  }),
  (context) =>
    answerUnits(context, {
      areaId: context.req.valid("param").id,
      isPreview: context.req.valid("query").preview,
      order: context.req.valid("json"),
    }),
);

unitLayoutRoutes.openapi(
  createRoute({
    ...common,
    middleware: [requireSession("catalog.write")] as const,
    path: "/areas/{id}/units/csv",
    summary: "Make the units of an area from a CSV file, all or none",
    description:
      "The first line names the columns: `row` (fila), `number` (número, silla) and, if units have labels of " +
      "their own, `label` (etiqueta). Comma, semicolon or tab; UTF-8 or what Excel writes; in the order of sale. " +
      `Every line that is wrong is named in \`lines\` of \`csv_invalid\`. ${progressDescription}`,
    request: {
      params,
      query: csvQuerySchema,
      headers: idempotencyHeaderSchema,
      body: {
        required: true,
        content: {
          "text/csv": { schema: z.string().openapi({ example: "fila;silla\r\nA;1\r\nA;2\r\n" }) },
        },
      },
    },
  }),
  async (context) => {
    const { preview, numbering } = context.req.valid("query");
    const file = new Uint8Array(await context.req.arrayBuffer());
    const units = readUnitCsv(file, numbering);
    if (!units.ok) return answerProblem(context, units.refusal);
    return answerUnits(context, {
      areaId: context.req.valid("param").id,
      isPreview: preview,
      order: { kind: "listed", units: units.value },
    });
  },
);

async function answerUnits(
  context: Context<SessionEnv>,
  { areaId, isPreview, order }: { areaId: string; isPreview: boolean; order: UnitOrder },
) {
  const { dependencies, actor } = context.var;
  if (isPreview) {
    const preview = await previewUnits(dependencies, actor, { areaId, order });
    if (!preview.ok) return answerProblem(context, preview.refusal);
    return context.json(toUnitsPreviewBody(preview.value), 200);
  }
  const key = readIdempotencyKey(context);
  if (!key.ok) return answerProblem(context, key.refusal);
  const make = (tell: (progress: object) => void) =>
    createUnits(dependencies, actor, {
      areaId,
      order,
      idempotencyKey: key.value,
      tell: (progress) => tell(toProgressBody(progress)),
    });
  if (wantsProgress(context)) return answerWithProgress(context, make);
  const made = await make(() => undefined);
  return made.ok ? context.json(made.value, 201) : answerProblem(context, made.refusal);
}
