// Shapes that several resources share.

import { z } from "@hono/zod-openapi";
import { rule } from "../shared/field-rules.ts";

/** In lower case, whatever was sent: an id names one object. */
export const idSchema = z
  .uuid()
  .toLowerCase()
  .openapi({ example: "0b9f6a2e-6c0e-4d8b-9a51-6f2f7d1c9a10" });

/** Text that Postgres can keep: no NUL, no half of a surrogate pair. */
export const textSchema = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes("\0"), rule("unstorable_character"));

/** Text of one line, without space around it: no control characters either. */
export const lineSchema = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, rule("control_character"));

export const timeSchema = z.iso
  .datetime()
  .openapi({ description: "ISO 8601, UTC.", example: "2027-03-20T01:00:00.000Z" });

/** A time as a client may send it: any offset, kept as UTC. */
export const timeInputSchema = z.iso
  .datetime({ offset: true })
  .refine((time) => isInRange(new Date(time)), rule("year_not_2000_to_2200"))
  // Postgres takes fewer offsets than the standard has.
  .transform((time) => new Date(time).toISOString())
  .openapi({ description: "ISO 8601 with Z or an offset.", example: "2027-03-19T20:00:00-05:00" });

/** A time that was read by `timeInputSchema`, as the services know it. */
export function toTime(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}

/** As `toTime`, of a change: undefined stays undefined. */
export function toChangedTime(time: string | null | undefined): Date | null | undefined {
  return time === undefined ? undefined : toTime(time);
}

/** Of a change that is no write of fields. */
export const ifMatchMoveHeaderSchema = z.object({
  "if-match": z
    .string()
    .optional()
    .openapi({
      description:
        "The `ETag` you were given. When the thing was changed since, by this very call too: 412 `precondition_failed`, and " +
        "nothing changes. Without it the thing is moved however it is by now.",
      example: '"3"',
    }),
});

export const ifMatchHeaderSchema = z.object({
  "if-match": z
    .string()
    .optional()
    .openapi({
      description:
        "The `ETag` you were given. When the thing was changed since: 412 `precondition_failed`, and nothing changes. Without " +
        "it only the fields you name are written, over whatever anybody else wrote there.",
      example: '"3"',
    }),
});

export const currencySchema = z.literal("COP");

/** Up to a hundred million pesos, in cents. */
export const centsSchema = z
  .int()
  .min(0)
  .max(10_000_000_000)
  .openapi({ description: "Integer minor units.", example: 9_500_000 });

/** What a total is made of. The lines add up to it, in whatever order. */
export const priceLineSchema = z
  .object({
    area_id: idSchema,
    kind: z.enum(["base", "stage", "promotion", "service"]).openapi({
      description:
        "`base`: the area's own price. `stage`: what the sale stage makes of it. `promotion`: what is taken off. " +
        "`service`: the fee.",
    }),
    label_id: idSchema.nullable().openapi({ description: "Of the stage or promotion." }),
    units: z.int(),
    amount_in_cents: z.int().openapi({
      description: "Of these units together; below zero it lowers the total.",
      example: -1_900_000,
    }),
  })
  .openapi("PriceLine");

export function toPriceLineBody(line: {
  areaId: string;
  kind: z.infer<typeof priceLineSchema>["kind"];
  labelId: string | null;
  units: number;
  amountInCents: number;
}): z.infer<typeof priceLineSchema> {
  const { areaId, kind, labelId, units, amountInCents } = line;
  return { area_id: areaId, kind, label_id: labelId, units, amount_in_cents: amountInCents };
}

export const pageQuerySchema = z.object({
  cursor: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: "`next_cursor` of the page before." }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const nextCursorSchema = z
  .string()
  .nullable()
  .openapi({ description: "Null on the last page." });

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } };
}

export function jsonResponse<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { "application/json": { schema } } };
}

function isInRange(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 2000 && year <= 2200;
}
