// Mails a sign-in link to a member of the site's organizer. Whoever asks may not learn whether an address is a member's:
// what only a member's address causes is done after the answer.

import { insertMagicLink } from "../../db/magic-links-repository.ts";
import { maySignIn } from "../../db/members-repository.ts";
import type { Site } from "../../db/sites-repository.ts";
import { sha256Hex } from "../../shared/digest.ts";
import type { Dependencies } from "../dependencies.ts";
import { LINKS_PER_HOUR_MAX, LINK_SECONDS } from "./lifetimes.ts";

export interface MagicLinkRequest {
  /** In lower case. */
  email: string;
  language: "es" | "en";
  /** Takes work that goes on after the answer. */
  afterwards: (work: Promise<void>) => void;
}

export async function requestMagicLink(
  dependencies: Dependencies,
  site: Site,
  { email, language, afterwards }: MagicLinkRequest,
): Promise<void> {
  const { database } = dependencies;
  // Fails for every address alike while Postgres is away, instead of promising a mail that cannot come.
  const isKnown = await maySignIn(database.asSystem(), { profileId: site.profileId, email });
  if (isKnown) afterwards(sendLink(dependencies, site, { email, language }));
}

async function sendLink(
  { database, effects, magicLinkTokens }: Dependencies,
  { profileId, site }: Site,
  { email, language }: Pick<MagicLinkRequest, "email" | "language">,
): Promise<void> {
  const linkId = crypto.randomUUID();
  try {
    const tokenHash = await sha256Hex(await magicLinkTokens.of(linkId));
    const isNew = await insertMagicLink(
      database.asSystem(),
      { linkId, tokenHash, email, profileId, site, language },
      { seconds: LINK_SECONDS, perHourMax: LINKS_PER_HOUR_MAX },
    );
    if (isNew) await effects.send([{ kind: "mail-magic-link", profileId, linkId }]);
  } catch (error) {
    // The answer is out. Whoever waits for the mail in vain asks again.
    const reason = error instanceof Error ? error.name : "unknown";
    console.error("magic link not sent", { linkId, profileId, reason });
  }
}
