// Units as an organizer sends and sees them.

import { z } from "@hono/zod-openapi";
import type { UnitRecord } from "../db/units-repository.ts";
import { encodeCursor } from "../shared/cursor.ts";
import { idSchema, nextCursorSchema } from "./common.ts";
import { cursorSchema } from "./page-cursor.ts";
import { rule } from "../shared/field-rules.ts";

/** Units one call may name. */
const NAMED_UNITS_MAX = 1_000;

const namedUnitsSchema = z
  .array(idSchema)
  .min(1)
  .max(NAMED_UNITS_MAX)
  .refine((ids) => new Set(ids).size === ids.length, rule("names_unit_twice"));

export const changeUnitsSchema = z
  .strictObject({
    unit_ids: namedUnitsSchema,
    status: z.enum(["blocked", "available"]).openapi({
      description: "`blocked` takes the units off sale, `available` puts them back.",
    }),
  })
  .openapi("ChangeUnits");

export const changedUnitsSchema = z
  .object({
    changed: z.int().openapi({ description: "Units that were not like this before." }),
  })
  .openapi("ChangedUnits");

export const reserveUnitsSchema = z
  .union([
    z.strictObject({ quantity: z.int().min(1).max(NAMED_UNITS_MAX) }),
    z.strictObject({ unit_ids: namedUnitsSchema }),
  ])
  .openapi("ReserveUnits", {
    description: "The best `quantity` units, or those of `unit_ids`.",
  });

export const reservedUnitsSchema = z
  .object({
    id: idSchema,
    units: z.array(z.object({ unit_id: idSchema, label: z.string() })),
  })
  .openapi("ReservedUnits");

const unitSchema = z
  .object({
    id: idSchema,
    label: z.string().openapi({ example: "A-12-5" }),
    row: z.int().openapi({ description: "Tells rows apart; 0 in general admission." }),
    row_name: z.string().nullable().openapi({ description: "Null in general admission." }),
    number: z.int(),
    status: z.enum(["available", "reserved", "sold", "blocked"]),
  })
  .openapi("Unit");

const positionKeys = z.tuple([
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
]);

export const unitPageQuerySchema = z.object({
  cursor: cursorSchema(positionKeys).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const unitPageSchema = z
  .object({ units: z.array(unitSchema), next_cursor: nextCursorSchema })
  .openapi("UnitPage");

export function toUnitPageBody(
  units: readonly UnitRecord[],
  nextPosition: number | null,
): z.infer<typeof unitPageSchema> {
  return {
    units: units.map(({ unitId, label, row, rowName, number, status }) => ({
      id: unitId,
      label,
      row,
      row_name: rowName,
      number,
      status,
    })),
    next_cursor: nextPosition === null ? null : encodeCursor([String(nextPosition)]),
  };
}
