// Mails an invitation to a team. Its link's token is made anew from the link's id; everything else is the invitation's own.

import { findInvitationMail } from "../db/team-invitations-repository.ts";
import type { Effect } from "../ports/effects.ts";
import { INVITATION_SECONDS } from "../services/auth/lifetimes.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { renderInvitationMail } from "../templates/invitation-mail.ts";
import type { EffectOutcome } from "./run-effect.ts";
import { signInUrl } from "./sign-in-url.ts";

const DAY_SECONDS = 24 * 60 * 60;

export async function mailInvitation(
  dependencies: Dependencies,
  { profileId, linkId }: Extract<Effect, { kind: "mail-invitation" }>,
): Promise<EffectOutcome> {
  const { database, mailer } = dependencies;
  const invitation = await findInvitationMail(database.asSystem(), { linkId, profileId });
  // Answered or taken back in the meantime.
  if (invitation === null) return "done";
  const { email, site, language, role, organizerName } = invitation;
  const mail = renderInvitationMail({
    organizerName,
    role,
    signInUrl: await signInUrl(dependencies, site, linkId),
    days: INVITATION_SECONDS / DAY_SECONDS,
    language,
  });
  await mailer.send({ ...mail, to: email, attachments: [] });
  return "done";
}
