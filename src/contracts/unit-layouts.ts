// How an organizer describes many units at once, and what a preview and the call itself answer.

import { z } from "@hono/zod-openapi";
import type { UnitProgress } from "../services/units/create-units.ts";
import type { UnitsPreview } from "../services/units/preview-units.ts";
import { lettersToNumber } from "../shared/units/row-names.ts";
import {
  type NumberRange,
  type RowRange,
  type UnitBlock,
  isNumbered,
  rowsIn,
  seatsIn,
} from "../shared/units/unit-block.ts";
import { lineSchema } from "./common.ts";
import { rule } from "../shared/field-rules.ts";

const SKIPPED_MAX = 1_000;

/** Rows start at 1: row 0 is general admission. */
const numberSchema = z.int().min(1).max(1_000_000);
const lettersSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{1,3}$/, rule("not_a_row_name"));
const rowNameSchema = z.union([numberSchema, lettersSchema]);
const directionSchema = z
  .enum(["ascending", "descending"])
  .default("ascending")
  .openapi({ description: "`descending` begins with the last." });

const rowsSchema = z
  .strictObject({
    from: rowNameSchema,
    to: rowNameSchema,
    skip: z.array(rowNameSchema).max(SKIPPED_MAX).default([]),
    direction: directionSchema,
  })
  .transform(({ from, to, skip, direction }, context): RowRange => {
    const areLetters = typeof from === "string";
    const [first, last, ...skipped] = [from, to, ...skip].map((name) =>
      typeof name === "string" ? (lettersToNumber(name) ?? 0) : name,
    );
    const range = { from: first ?? 0, to: last ?? 0, skip: skipped, areLetters, direction };
    const say = (path: (string | number)[], message: string) =>
      context.issues.push({ code: "custom", path, message, input: from });
    if (typeof to !== typeof from) say(["to"], rule("other_kind_than_from"));
    else if (range.to < range.from) say(["to"], rule("below_from"));
    for (const [index, name] of skip.entries()) {
      const number = skipped[index] ?? 0;
      if (typeof name !== typeof from || number < range.from || number > range.to)
        say(["skip", index], rule("none_of_these_rows"));
    }
    if (rowsIn(range) < 1) say(["skip"], rule("leaves_no_row"));
    return range;
  })
  .openapi({ type: "object" });

const numbersSchema = z
  .strictObject({
    from: numberSchema,
    to: numberSchema,
    skip: z.array(numberSchema).max(SKIPPED_MAX).default([]).openapi({
      description: "Left out, as a gap: nobody sits side by side across it.",
    }),
    numbering: z.enum(["consecutive", "odd", "even", "odd_even"]).default("consecutive").openapi({
      description:
        "`odd` and `even` make only those, side by side. `odd_even` numbers from the middle: 5 3 1 2 4 6.",
    }),
    direction: directionSchema,
  })
  .transform((range: NumberRange, context): NumberRange => {
    const say = (path: (string | number)[], message: string) =>
      context.issues.push({ code: "custom", path, message, input: range });
    if (range.to < range.from) say(["to"], rule("below_from"));
    for (const [index, number] of range.skip.entries()) {
      if (!isNumbered(range, number)) say(["skip", index], rule("none_of_these_numbers"));
    }
    if (seatsIn(range) < 1) say(["numbering"], rule("leaves_no_number"));
    return range;
  });

export const createUnitsSchema = z
  .strictObject({
    rows: rowsSchema.optional(),
    numbers: numbersSchema.optional(),
    quantity: z.int().min(1).optional(),
    prefix: lineSchema
      .max(20)
      .optional()
      .openapi({ description: "Begins the labels instead of the area's letter; may be empty." }),
  })
  .transform(({ rows, numbers, quantity, prefix = null }, context): UnitBlock => {
    if (rows !== undefined && numbers !== undefined && quantity === undefined) {
      return { kind: "seats", prefix, rows, numbers };
    }
    if (rows === undefined && numbers === undefined && quantity !== undefined) {
      return { kind: "general-admission", prefix, quantity };
    }
    const message = rule("seats_or_quantity");
    context.issues.push({ code: "custom", message, input: { rows, numbers, quantity } });
    return z.NEVER;
  })
  .openapi("CreateUnits", {
    description: "Either `rows` and `numbers`, for seats, or `quantity`, for general admission.",
    example: {
      rows: { from: "A", to: "T", skip: ["I", "O"] },
      numbers: { from: 1, to: 30, skip: [15, 16], numbering: "odd_even" },
    },
  });

export const previewQuerySchema = z.object({
  preview: z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true")
    .openapi({ description: "`true` writes nothing and says what would be." }),
});

export const csvQuerySchema = previewQuerySchema.extend({
  numbering: z.enum(["consecutive", "by_twos"]).default("consecutive").openapi({
    description: "`by_twos` where odd and even numbers have a side each: 1 sits beside 3.",
  }),
});

export const createdUnitsSchema = z
  .object({
    created: z.int(),
    capacity: z.int().openapi({ description: "Units the area had afterwards." }),
  })
  .openapi("CreatedUnits");

export const unitsPreviewSchema = z
  .object({
    count: z.int().openapi({ description: "Units that would be made." }),
    capacity: z.int().openapi({ description: "Units the area would have." }),
    first_labels: z.array(z.string()),
    last_label: z.string().nullable(),
    duplicates: z.int().openapi({ description: "Units whose label is taken or comes twice." }),
    refusal: z
      .object({
        code: z.literal("unit_labels_taken"),
        labels: z.array(z.string()),
        lines: z.array(z.int()).optional(),
      })
      .nullable()
      .openapi({ description: "What the call would be refused with; null: it would succeed." }),
  })
  .openapi("UnitsPreview");

export function toUnitsPreviewBody(preview: UnitsPreview): z.infer<typeof unitsPreviewSchema> {
  const { units, capacity, firstLabels, lastLabel, clashes, refusal } = preview;
  return {
    count: units,
    capacity,
    first_labels: [...firstLabels],
    last_label: lastLabel,
    duplicates: clashes,
    refusal:
      refusal === null
        ? null
        : {
            code: refusal.code,
            labels: [...refusal.labels],
            ...(refusal.lines !== undefined && { lines: [...refusal.lines] }),
          },
  };
}

export const progressDescription =
  "With `Accept: application/x-ndjson` the answer is 202 and a line of JSON for each step: " +
  '`{"progress":{"step":"writing","done":0,"total":100000}}`, at least one a second, and at the end ' +
  '`{"result":…}` or `{"problem":…}`. Units are written in one transaction, all or none; `on_sale` counts them ' +
  "on their way to the sale of a published event.";

export function toProgressBody({ step, done, total }: UnitProgress): object {
  return { step, done, total };
}
