// Mails a sign-in link. Its token is made anew from the link's id; the address and the words' language are the link's own.

import { findLivingLink } from "../db/magic-links-repository.ts";
import type { Effect } from "../ports/effects.ts";
import { LINK_SECONDS } from "../services/auth/lifetimes.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { isLocalSite } from "../shared/local-site.ts";
import { renderMagicLinkMail } from "../templates/magic-link-mail.ts";
import type { EffectOutcome } from "./run-effect.ts";

export async function mailMagicLink(
  { database, magicLinkTokens, mailer, settings }: Dependencies,
  { profileId, linkId }: Extract<Effect, { kind: "mail-magic-link" }>,
): Promise<EffectOutcome> {
  const link = await findLivingLink(database.asSystem(), { linkId, profileId });
  // A link that is over helps nobody: whoever still waits has asked again.
  if (link === null) return "done";
  const { email, site, language, organizerName } = link;
  const scheme = settings.isDevelopment && isLocalSite(site) ? "http" : "https";
  const token = await magicLinkTokens.of(linkId);
  const mail = renderMagicLinkMail({
    organizerName,
    signInUrl: `${scheme}://${site}${settings.signInPath}?token=${token}`,
    minutes: LINK_SECONDS / 60,
    language,
  });
  await mailer.send({ ...mail, to: email, attachments: [] });
  return "done";
}
