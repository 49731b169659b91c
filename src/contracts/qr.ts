// The gate's question and answer.

import { z } from "@hono/zod-openapi";
import { idSchema, lineSchema, timeSchema } from "./common.ts";

export const validateSchema = z
  .strictObject({
    token: z.string().min(1).max(512).openapi({ description: "The text of the QR." }),
    scan_id: idSchema.optional().openapi({
      description: "A random UUID of this scan; sending the scan again gives its first answer.",
    }),
    gate: lineSchema.max(60).default("").openapi({ example: "Puerta norte" }),
  })
  .openapi("ValidateTicket");

export const admissionSchema = z
  .object({
    result: z.literal("admitted"),
    reservation_unit_id: idSchema,
    area_id: idSchema,
    label: z.string(),
    admitted_at: timeSchema,
  })
  .openapi("Admission");
