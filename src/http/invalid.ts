// What zod found wrong with a part of a request, as a refusal: our own rules by their codes, zod's issues by theirs. Runs only
// once something is wrong.

import { z } from "@hono/zod-openapi";
import type { FieldError, Refusal } from "../shared/refusals.ts";
import type { FieldRule } from "../shared/field-rules.ts";
import { fieldTexts } from "./field-texts.ts";

const spanish = z.locales.es();

/** `input` is the part as it came in. */
export function invalid(
  part: string,
  { issues, input }: { issues: readonly z.core.$ZodIssue[]; input: unknown },
): Refusal {
  return { code: "validation_failed", errors: issues.map((issue) => errorOf(part, issue, input)) };
}

function errorOf(part: string, issue: z.core.$ZodIssue, input: unknown): FieldError {
  const unknown = issue.code === "unrecognized_keys" ? [issue.keys.join(",")] : [];
  const path = [part, ...issue.path.map(String), ...unknown].join(".");
  // A schema's own message is the name of a rule.
  if (isRule(issue.message)) return { path, rule: issue.message };
  const text = { es: inSpanish(issue, input) ?? issue.message, en: issue.message };
  return { path, code: issue.code, text };
}

/** Zod speaks English by default. It forgets the input, of which it says what kind it was. */
function inSpanish(issue: z.core.$ZodIssue, input: unknown): string | undefined {
  const said =
    issue.code === "invalid_type"
      ? spanish.localeError({ ...issue, input: valueAt(input, issue.path) })
      : spanish.localeError({ ...issue, input: undefined });
  return typeof said === "object" ? said?.message : said;
}

function isRule(message: string): message is FieldRule {
  return Object.hasOwn(fieldTexts, message);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    input,
  );
}
