// Mails a sign-in link. The address and the words' language are the link's own.

import { findLivingLink } from "../db/magic-links-repository.ts";
import type { Effect } from "../ports/effects.ts";
import { LINK_SECONDS } from "../services/auth/lifetimes.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { renderMagicLinkMail } from "../templates/magic-link-mail.ts";
import type { EffectOutcome } from "./run-effect.ts";
import { signInUrl } from "./sign-in-url.ts";

export async function mailMagicLink(
  dependencies: Dependencies,
  { profileId, linkId }: Extract<Effect, { kind: "mail-magic-link" }>,
): Promise<EffectOutcome> {
  const { database, mailer } = dependencies;
  const link = await findLivingLink(database.asSystem(), { linkId, profileId });
  // A link that is over helps nobody: whoever still waits has asked again.
  if (link === null) return "done";
  const { email, site, language, organizerName } = link;
  const mail = renderMagicLinkMail({
    organizerName,
    signInUrl: await signInUrl(dependencies, site, linkId),
    minutes: LINK_SECONDS / 60,
    language,
  });
  await mailer.send({ ...mail, to: email, attachments: [] });
  return "done";
}
