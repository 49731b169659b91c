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
    direction: z
      .enum(["in", "out"])
      .default("in")
      .openapi({ description: "`out` lets somebody out who may come in again." }),
  })
  .openapi("ValidateTicket");

export const passageSchema = z
  .object({
    result: z.enum(["admitted", "exited"]),
    reservation_unit_id: idSchema,
    area_id: idSchema,
    label: z.string(),
    admitted_at: timeSchema.optional().openapi({ description: "When `result` is `admitted`." }),
    exited_at: timeSchema.optional().openapi({ description: "When `result` is `exited`." }),
  })
  .openapi("Passage");

export const reissuedSchema = z
  .object({
    reservation_unit_id: idSchema,
    serial: z.int().openapi({ description: "Only the newest serial is admitted." }),
  })
  .openapi("ReissuedTicket");

interface PassedTicket {
  reservationUnitId: string;
  areaId: string;
  label: string;
}

export function toPassageBody(
  passage: PassedTicket & ({ admittedAtMs: number } | { exitedAtMs: number }),
): z.infer<typeof passageSchema> {
  const ticket = {
    reservation_unit_id: passage.reservationUnitId,
    area_id: passage.areaId,
    label: passage.label,
  };
  return "admittedAtMs" in passage
    ? { result: "admitted", ...ticket, admitted_at: new Date(passage.admittedAtMs).toISOString() }
    : { result: "exited", ...ticket, exited_at: new Date(passage.exitedAtMs).toISOString() };
}
