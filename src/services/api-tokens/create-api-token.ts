// An owner makes a token for one of the organizer's own systems. The token itself is in no table and never shown again.

import { type ApiToken, insertApiToken } from "../../db/api-tokens-repository.ts";
import { toApiToken } from "../../shared/api-token.ts";
import { toBase64url } from "../../shared/base64url.ts";
import { sha256Hex } from "../../shared/digest.ts";
import type { FieldError } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor, Scope } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

const SECRET_BYTES = 32;
const TOKENS_MAX = 100;

export interface CreateApiTokenInput {
  name: string;
  scopes: readonly Scope[];
  /** Null for one that works until it is revoked. */
  expiresAt: Date | null;
}

type CreateApiTokenRefusal =
  | { code: "api_tokens_too_many"; max: number }
  | { code: "validation_failed"; errors: readonly FieldError[] };

export async function createApiToken(
  { database, now }: Dependencies,
  actor: Actor,
  input: CreateApiTokenInput,
): Promise<Result<ApiToken & { token: string }, CreateApiTokenRefusal>> {
  const { profileId, userId: createdBy } = actor.authorize("tokens.manage");
  if (input.expiresAt !== null && input.expiresAt.getTime() <= now()) {
    const errors: FieldError[] = [{ path: "body.expires_at", rule: "not_in_the_future" }];
    return refused({ code: "validation_failed", errors });
  }
  const secret = toBase64url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  const token = toApiToken(secret);
  const created = await insertApiToken(
    database.asTenant(profileId),
    {
      ...input,
      tokenId: crypto.randomUUID(),
      tokenHash: await sha256Hex(token),
      profileId,
      createdBy,
    },
    TOKENS_MAX,
  );
  return created === null
    ? refused({ code: "api_tokens_too_many", max: TOKENS_MAX })
    : ok({ ...created, token });
}
