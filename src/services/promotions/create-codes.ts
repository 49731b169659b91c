// An organizer has one-use codes made for a promotion. The pool knows them before anybody is told: a code that is printed
// works, and one that only the pool knows, because Postgres could not be reached, is a code that nobody can guess. A call that
// is sent again with its key finds the codes of the first one in Postgres, whether or not its answer arrived.

import { findBatch, insertCodes } from "../../db/promotion-codes-repository.ts";
import { findPromotion } from "../../db/promotions-repository.ts";
import type { DatabaseScope } from "../../ports/database.ts";
import { derivedId } from "../../shared/digest.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadCodes } from "../inventory/load-codes.ts";
import { loadPool } from "../inventory/load-pool.ts";
import { poolOfPromotion } from "../inventory/pools.ts";

/** Without those that look alike; 32, so that five bits of a byte are one of them. */
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/** 65 bits: of a million codes, one is found in some forty million million tries. */
const RANDOM_CHARACTERS = 13;

export interface CreateCodesInput {
  promotionId: string;
  quantity: number;
  idempotencyKey: string | null;
}

type CreateCodesRefusal =
  | { code: "promotion_not_found" }
  | { code: "promotion_without_codes" }
  | { code: "command_reused" };

/** The new codes, in alphabetical order. The same key and quantity get the same ones again. */
export async function createCodes(
  dependencies: Dependencies,
  actor: Actor,
  { promotionId, quantity, idempotencyKey }: CreateCodesInput,
): Promise<Result<string[], CreateCodesRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const { database, inventory } = dependencies;
  const tenant = database.asTenant(profileId);
  const promotion = await findPromotion(tenant, promotionId);
  if (promotion === null) return refused({ code: "promotion_not_found" });
  if (promotion.codePrefix === null) return refused({ code: "promotion_without_codes" });

  const batchId =
    idempotencyKey === null
      ? null
      : await derivedId(`promotion-codes\n${promotionId}\n${idempotencyKey}`);
  const before = await answerAgain(tenant, batchId, quantity);
  if (before !== null) return before;

  const codes = newCodes(promotion.codePrefix, quantity);
  // That of a draft's promotion was not needed so far.
  await loadPool(dependencies, poolOfPromotion(profileId, promotion));
  await loadCodes(inventory, promotionId, codes);
  const stored = await insertCodes(tenant, { promotionId, codes, batchId });
  if (stored > 0) return ok(codes);
  // The same call at the same time was sooner, or the promotion went away.
  const sooner = await answerAgain(tenant, batchId, quantity);
  return sooner ?? refused({ code: "promotion_not_found" });
}

/** What this call made before; null when it made nothing yet, or cannot be told from others. */
async function answerAgain(
  tenant: DatabaseScope,
  batchId: string | null,
  quantity: number,
): Promise<Result<string[], { code: "command_reused" }> | null> {
  const codes = batchId === null ? [] : await findBatch(tenant, batchId);
  if (codes.length === 0) return null;
  return codes.length === quantity ? ok(codes.toSorted()) : refused({ code: "command_reused" });
}

function newCodes(prefix: string, quantity: number): string[] {
  const codes = new Set<string>();
  while (codes.size < quantity) codes.add(prefix + randomCharacters());
  return [...codes].toSorted();
}

function randomCharacters(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_CHARACTERS));
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
}
