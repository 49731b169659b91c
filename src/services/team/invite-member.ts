// An owner invites somebody to the team, or again: the mail goes out once more, and role and name are as asked for now.
// Whoever is invited becomes a member by signing in on the organizer's site, with the mail's link or one of their own.

import { findSiteOf } from "../../db/sites-repository.ts";
import { type Invitation, insertInvitation } from "../../db/team-invitations-repository.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor, Role } from "../actor.ts";
import { INVITATION_SECONDS, LINKS_PER_HOUR_MAX } from "../auth/lifetimes.ts";
import type { Dependencies } from "../dependencies.ts";

/** Enough for the largest gate, and too few to send mail to the world with. */
const INVITATIONS_PER_DAY_MAX = 200;
const HOUR_SECONDS = 60 * 60;

export interface InviteMemberInput {
  /** In lower case. */
  email: string;
  name: string;
  role: Role;
  language: "es" | "en";
  /** Where it is asked for: the mail leads there if it is a site of the organizer's. */
  host: string | null;
}

type InviteRefusal =
  | { code: "already_member" }
  | { code: "invitations_too_many"; max: number }
  | { code: "rate_limited"; retry_after_seconds: number }
  | { code: "organizer_without_site" };

export async function inviteMember(
  { database, magicLinkTokens, effects }: Dependencies,
  actor: Actor,
  { host, ...invitation }: InviteMemberInput,
): Promise<Result<Invitation, InviteRefusal>> {
  const { profileId, userId: invitedBy } = actor.authorize("team.manage");
  const site = await findSiteOf(database.asTenant(profileId), host);
  if (site === null) return refused({ code: "organizer_without_site" });

  const linkId = crypto.randomUUID();
  const tokenHash = await sha256Hex(await magicLinkTokens.of(linkId));
  const made = await insertInvitation(
    database.asSystem(),
    { ...invitation, profileId, invitedBy, site, linkId, tokenHash },
    {
      seconds: INVITATION_SECONDS,
      perDayMax: INVITATIONS_PER_DAY_MAX,
      linksPerHourMax: LINKS_PER_HOUR_MAX,
    },
  );
  if ("lacks" in made) {
    if (made.lacks === "stranger") return refused({ code: "already_member" });
    return made.lacks === "room_for_mail"
      ? refused({ code: "rate_limited", retry_after_seconds: HOUR_SECONDS })
      : refused({ code: "invitations_too_many", max: INVITATIONS_PER_DAY_MAX });
  }
  await effects.send([{ kind: "mail-invitation", profileId, linkId }]);
  return ok(made.invitation);
}
