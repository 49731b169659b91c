// Exchanges the token of a sign-in link for a session. Why a link does not work is not told: it would tell who asked for one.

import { type OpenedSession, exchangeMagicLink } from "../../db/sessions-repository.ts";
import type { Site } from "../../db/sites-repository.ts";
import { toBase64url } from "../../shared/base64url.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { deviceOf } from "./device-of.ts";
import { SESSION_SECONDS } from "./lifetimes.ts";

const TOKEN_BYTES = 32;

export interface OpenSessionInput {
  /** Where it is asked for: a link works on its own site only. */
  site: Site;
  linkToken: string;
  userAgent: string;
}

/** The session and its token, which is in no table and never shown again. */
export async function openSession(
  { database }: Dependencies,
  { site: { site, profileId }, linkToken, userAgent }: OpenSessionInput,
): Promise<Result<OpenedSession & { token: string }, { code: "magic_link_invalid" }>> {
  const token = toBase64url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
  const opened = await exchangeMagicLink(
    database.asSystem(),
    { tokenHash: await sha256Hex(linkToken), profileId, site },
    {
      sessionId: crypto.randomUUID(),
      tokenHash: await sha256Hex(token),
      seconds: SESSION_SECONDS,
      userAgent: deviceOf(userAgent),
    },
  );
  return opened === null ? refused({ code: "magic_link_invalid" }) : ok({ ...opened, token });
}
