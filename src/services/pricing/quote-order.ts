// What holding units would cost now, and why a code does not apply. Holds nothing and touches no Postgres: the areas and
// pools are asked what they would answer the hold itself.

import {
  type PromotionReason,
  type ToldStage,
  totalOf,
} from "../../../durable-objects/area-inventory/contract.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok } from "../../shared/result.ts";
import { timeOrderedId } from "../../shared/time-ordered-id.ts";
import type { Dependencies } from "../dependencies.ts";
import { guardCode } from "../promotions/guard-code.ts";
import { holdAll } from "../reservations/hold-all.ts";
import { type ReservationItem, inOrderOfHolding } from "../reservations/hold-areas.ts";
import { type AreaLine, linesOfPart } from "../reservations/reservation.ts";
import { type AskedInventory, askInstead } from "./ask-instead.ts";

export interface QuoteOrderInput {
  /** Of the site that asks. */
  profileId: string;
  eventId: string;
  /** Each area once, without the code. */
  items: readonly ReservationItem[];
  /** In capitals. */
  promotionCode: string | undefined;
  /** Of who asks. */
  address: string;
}

export type CodeReason = PromotionReason | "used_up";

export interface QuotedArea {
  areaId: string;
  units: number;
  totalInCents: number;
  /** Free units. */
  available: number;
  stage: ToldStage | null;
}

export interface Quote {
  areas: QuotedArea[];
  lines: readonly AreaLine[];
  totalInCents: number;
  currency: string;
  /** What became of the code; null without one. */
  code: QuotedCode | null;
}

export interface QuotedCode {
  code: string;
  /** Why it does not apply, and the prices are those without it; null when it does. */
  reason: CodeReason | null;
  promotionId: string | null;
  /** What it takes off. */
  discountInCents: number;
}

type Asked = Result<Omit<Quote, "code">, Refusal & { area_id?: string }>;

/** Refused as the hold would be, but for its code. */
export async function quoteOrder(
  dependencies: Dependencies,
  input: QuoteOrderInput,
): Promise<Result<Quote, Refusal & { area_id?: string }>> {
  const { promotionCode: code, address, eventId } = input;
  const asked = await guardCode(dependencies, { code, address, eventId }, () =>
    askAll(dependencies, input, code),
  );
  const reason = asked.ok ? null : reasonOf(asked.refusal);
  const known = reason === null ? asked : await askAll(dependencies, input, undefined);
  if (!known.ok) return known;
  const { lines } = known.value;
  return ok({ ...known.value, code: code === undefined ? null : codeOf(code, reason, lines) });
}

/** An order with a code has no other promotion: without a reason, all that is taken off is by its code. */
function codeOf(code: string, reason: CodeReason | null, lines: readonly AreaLine[]): QuotedCode {
  const taken = reason === null ? lines.filter(({ kind }) => kind === "promotion") : [];
  const discountInCents = taken.reduce((sum, line) => sum - line.amountInCents, 0);
  return { code, reason, promotionId: taken[0]?.labelId ?? null, discountInCents };
}

async function askAll(
  dependencies: Dependencies,
  { profileId, eventId, items }: QuoteOrderInput,
  promotionCode: string | undefined,
): Promise<Asked> {
  const asked = askInstead(dependencies.inventory, profileId);
  const held = await holdAll(
    { ...dependencies, inventory: asked.inventory },
    {
      reservationId: timeOrderedId(dependencies.now()),
      eventId,
      items: inOrderOfHolding(items).map((item) => withCode(item, promotionCode)),
    },
  );
  if (!held.ok) return held;
  const parts = held.value.areas.map(({ areaId, outcome }) => ({ ...outcome, areaId }));
  return ok({
    areas: parts.map(({ areaId, units }) => {
      const told = toldOf(asked, areaId);
      return { areaId, units: units.length, totalInCents: totalOf(units), ...told };
    }),
    lines: parts.flatMap(linesOfPart),
    totalInCents: totalOf(parts.flatMap(({ units }) => units)),
    currency: parts[0]?.currency ?? "COP",
  });
}

function withCode(item: ReservationItem, promotionCode: string | undefined): ReservationItem {
  if (promotionCode === undefined) return item;
  return { ...item, terms: { ...item.terms, promotionCode } };
}

function toldOf({ answers }: AskedInventory, areaId: string) {
  const answer = answers.get(areaId);
  if (answer === undefined) throw new Error("an area that was not asked");
  const { available, stage } = answer;
  // Of a stage that several areas share, its pool knows what is left; the pool has the stage's id.
  const left = stage && (answers.get(stage.stageId)?.left ?? stage.left);
  return { available, stage: stage && { ...stage, left } };
}

/** Why the code does not apply; null when the refusal is about something else. */
function reasonOf(refusal: Refusal): CodeReason | null {
  if (refusal.code === "promotion_not_applicable") return refusal.reason;
  return refusal.code === "promotion_used_up" ? "used_up" : null;
}
