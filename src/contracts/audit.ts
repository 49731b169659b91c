// An area's audit as an organizer asks for it and sees it: ids, kinds and states, nothing of a buyer.

import { z } from "@hono/zod-openapi";
import type { AuditPlace } from "../db/audit-turns-repository.ts";
import type { AuditSlice } from "../services/inventory/audit/audit-slice.ts";
import type { DifferenceKind, FoundDifference } from "../services/inventory/audit/difference.ts";
import type { Remedy } from "../services/inventory/audit/remedy.ts";
import { encodeCursor } from "../shared/cursor.ts";
import { idSchema, nextCursorSchema, timeSchema } from "./common.ts";
import { cursorSchema } from "./page-cursor.ts";

const placeSchema = cursorSchema(
  z
    .union([
      z.tuple([z.literal("reservations"), z.guid()]),
      z.tuple([z.literal("units"), z.string().regex(/^-1$|^\d{1,9}$/)]),
    ])
    .transform(([section, after]): AuditPlace =>
      section === "reservations"
        ? { section, afterId: after }
        : { section, afterPosition: Number(after) },
    ),
);

export const auditAreaSchema = z
  .strictObject({
    repair: z.boolean().default(false),
    cursor: placeSchema.optional(),
  })
  .openapi("AuditArea");

const kindSchema = z.enum([
  "object_lost",
  "pool_lost",
  "settings_behind",
  "settings_different",
  "counts_different",
  "capacity_different",
  "unit_missing_in_object",
  "unit_missing_in_postgres",
  "unit_different",
  "unit_sold_twice",
  "ticket_elsewhere",
  "reservation_missing_in_object",
  "reservation_missing_in_postgres",
  "part_different",
  "ticket_missing",
  "ticket_extra",
  "ticket_different",
] satisfies DifferenceKind[]);

const remedySchema = z.enum([
  "load_object",
  "project_again",
  "restore_to_object",
  "cancel_ticket",
  "recount_units",
  "person",
] satisfies Remedy[]);

const differenceSchema = z
  .object({
    kind: kindSchema,
    reservation_id: idSchema.nullable(),
    unit_id: idSchema.nullable(),
    reservation_unit_id: idSchema.nullable(),
    fields: z.array(z.string()).openapi({ description: "What of it differs.", example: ["state"] }),
    in_object: z.string().nullable().openapi({ example: "sold" }),
    in_postgres: z.string().nullable().openapi({ example: "available" }),
    remedy: remedySchema.openapi({ description: "`person`: nothing repairs it by itself." }),
    is_repaired: z.boolean(),
  })
  .openapi("AreaDifference");

export const areaAuditSchema = z
  .object({
    area_id: idSchema,
    reservations: z.int().openapi({ description: "Compared in this answer." }),
    units: z.int().openapi({ description: "Compared in this answer." }),
    in_flight: z.int().openapi({
      description: "Changed as long as they were watched, or wait for the database: not compared.",
    }),
    outbox: z
      .object({ batches: z.int(), oldest_at: timeSchema.nullable() })
      .nullable()
      .openapi({ description: "What the area has not told the database yet." }),
    differences: z.array(differenceSchema),
    next_cursor: nextCursorSchema,
  })
  .openapi("AreaAudit");

export function toAreaAuditBody(
  areaId: string,
  { found, reservations, units, inFlight, outbox, next }: AuditSlice,
): z.infer<typeof areaAuditSchema> {
  const oldestAtMs = outbox?.oldestAtMs ?? null;
  return {
    area_id: areaId,
    reservations,
    units,
    in_flight: inFlight,
    outbox: outbox && {
      batches: outbox.rows,
      oldest_at: oldestAtMs === null ? null : new Date(oldestAtMs).toISOString(),
    },
    differences: found.map(toDifferenceBody),
    next_cursor: next && encodePlace(next),
  };
}

function toDifferenceBody(found: FoundDifference): z.infer<typeof differenceSchema> {
  return {
    kind: found.kind,
    reservation_id: found.reservationId,
    unit_id: found.unitId,
    reservation_unit_id: found.reservationUnitId,
    fields: [...found.fields],
    in_object: found.object,
    in_postgres: found.postgres,
    remedy: found.remedy,
    is_repaired: found.isRepaired,
  };
}

function encodePlace(place: AuditPlace): string {
  return encodeCursor(
    place.section === "reservations"
      ? ["reservations", place.afterId]
      : ["units", String(place.afterPosition)],
  );
}
