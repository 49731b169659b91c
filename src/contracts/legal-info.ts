// What the law wants to know of an organizer, as they send and see it.

import { z } from "@hono/zod-openapi";
import type { LegalInfo } from "../db/legal-info-repository.ts";
import { readNit } from "../shared/nit.ts";
import { lineSchema } from "./common.ts";
import { rule } from "../shared/field-rules.ts";

/** Of the register of public shows; null: none. */
export const pulepCodeSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9-]{3,20}$/, rule("not_a_pulep_code"))
  .nullable()
  .openapi({ example: "ABC123" });

const nitSchema = z
  .string()
  .trim()
  .transform((text, context) => {
    const nit = readNit(text);
    if (nit !== null) return nit;
    context.issues.push({ code: "custom", input: text, message: rule("not_a_nit") });
    return z.NEVER;
  })
  .openapi({
    type: "string",
    description: "With its check digit behind a dash, with or without dots. The digit is verified.",
    example: "900123456-8",
  });

export const putLegalInfoSchema = z
  .strictObject({
    nit: nitSchema,
    legal_name: lineSchema.min(1).max(200),
    pulep_code: pulepCodeSchema.default(null),
    address: lineSchema.min(1).max(200),
    city: lineSchema.min(1).max(100),
    country: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z]{2}$/, rule("not_a_country_code"))
      .default("CO"),
  })
  .openapi("PutLegalInfo");

export const legalInfoSchema = z
  .object({
    nit: z.string().nullable(),
    legal_name: z.string().nullable(),
    pulep_code: z.string().nullable(),
    address: z.string().nullable(),
    city: z.string().nullable(),
    country: z.string().nullable(),
  })
  .openapi("LegalInfo");

export function toLegalInfoBody(info: LegalInfo): z.infer<typeof legalInfoSchema> {
  return {
    nit: info.nit,
    legal_name: info.legalName,
    pulep_code: info.pulepCode,
    address: info.address,
    city: info.city,
    country: info.country,
  };
}
