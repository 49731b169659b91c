// Whether a code applies to an order and what it takes off: a quote of which only the code matters.

import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { type QuoteOrderInput, type QuotedCode, quoteOrder } from "./quote-order.ts";

/** The total is that without the code where it does not apply. */
export type ValidatedCode = QuotedCode & { totalInCents: number; currency: string };

export async function validateCode(
  dependencies: Dependencies,
  input: QuoteOrderInput & { promotionCode: string },
): Promise<Result<ValidatedCode, Refusal & { area_id?: string }>> {
  const quoted = await quoteOrder(dependencies, input);
  if (!quoted.ok) return quoted;
  const { code, totalInCents, currency } = quoted.value;
  if (code === null) throw new Error("a code that was not looked at");
  return ok({ ...code, totalInCents, currency });
}
