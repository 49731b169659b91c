// Answers refusals as RFC 9457 problem documents: a stable code, a status, a text in Spanish or English, and a hint
// whether trying again may help. The only place where a code becomes a status.

import type { Context } from "hono";
import { mayRetry } from "../../durable-objects/area-inventory/contract.ts";
import type { FieldError, Refusal } from "../shared/refusals.ts";
import type { ProblemDocument } from "../contracts/problem.ts";
import type { AppEnv } from "./app-env.ts";
import { preferredLanguage } from "./language.ts";
import { fieldTexts } from "./field-texts.ts";
import { problems } from "./problem-table.ts";
import type { Text } from "./problem-text.ts";

const RETRY_AFTER_SECONDS = "2";
const retryableCodes: ReadonlySet<string> = new Set([
  "service_overloaded",
  "rate_limited",
  "database_unavailable",
  "gateway_unavailable",
  "ticket_not_ready",
  "promotion_codes_limited",
  "areas_untold",
  ...Object.entries(mayRetry)
    .filter(([, retry]) => retry)
    .map(([code]) => code),
]);

/** Every code with its status and texts, for the documentation. */
export function problemCatalog(): readonly {
  code: string;
  status: number;
  es: string;
  en: string;
}[] {
  return Object.entries(problems).map(([code, problem]) => ({ code, ...problem }));
}

/** Every code of a field that is our own, with its texts, for the documentation. */
export function fieldCatalog(): readonly { code: string; es: string; en: string }[] {
  return Object.entries(fieldTexts).map(([code, text]) => ({ code, ...text }));
}

/** The answer to a refused request. The refusal's own data become members of the document. */
export function answerProblem<RouteEnv extends AppEnv>(
  context: Context<RouteEnv>,
  refusal: Refusal,
) {
  const { code, ...details } = refusal;
  context.set("refused", refusal);
  const { status, es, en } = problems[code];
  const language = preferredLanguage(context.req.header("accept-language"));
  const document: ProblemDocument = {
    ...snakeCaseKeys(details),
    ...(refusal.code === "validation_failed" && {
      errors: refusal.errors.map((error) => toErrorBody(error, language)),
    }),
    type: `${context.var.publicBaseUrl}/v1/docs/problems#${code}`,
    title: language === "en" ? en : es,
    status,
    code,
    may_retry: retryableCodes.has(code),
    request_id: context.var.requestId,
  };
  return context.json(document, status, {
    "Content-Type": "application/problem+json; charset=utf-8",
    "Content-Language": language,
    "Cache-Control": "no-store",
    ...(status === 503 && { "Retry-After": RETRY_AFTER_SECONDS }),
    ...("retry_after_seconds" in refusal && { "Retry-After": `${refusal.retry_after_seconds}` }),
  });
}

function toErrorBody(error: FieldError, language: keyof Text) {
  const { path } = error;
  return "rule" in error
    ? { path, code: error.rule, message: fieldTexts[error.rule][language] }
    : { path, code: error.code, message: error.text[language] };
}

function snakeCaseKeys(details: object): object {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => {
      if (key.endsWith("AtMs"))
        return [snakeCase(key.slice(0, -"Ms".length)), new Date(Number(value)).toISOString()];
      return [snakeCase(key), value];
    }),
  );
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
