// Sign-in links that were asked for. Of a link's token only the digest is here. What makes a link usable is said where it is
// used: in sessions-repository.ts.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

export interface NewMagicLink {
  linkId: string;
  tokenHash: string;
  /** In lower case. */
  email: string;
  profileId: string;
  site: string;
  language: "es" | "en";
}

export interface MagicLinkLimits {
  /** How long a link works. */
  seconds: number;
  /** How many links an address may have got in an hour and not used. */
  perHourMax: number;
}

/** False, and no link, for an address that has got enough of them. */
export async function insertMagicLink(
  system: DatabaseScope,
  link: NewMagicLink,
  limits: MagicLinkLimits,
): Promise<boolean> {
  const [, inserted = []] = await system.transaction([
    // Many at once for one address count each other.
    {
      text: "SELECT pg_advisory_xact_lock(hashtextextended('magic link ' || $1, 0))",
      parameters: [link.email],
    },
    {
      text: `INSERT INTO magic_links (id, token_hash, email, profile_id, site, language, expires_at)
             SELECT $1::uuid, $2, $3, $4::uuid, $5, $6, now() + make_interval(secs => $7)
             WHERE (SELECT count(*) FROM magic_links
                    WHERE email = $3 AND created_at > now() - interval '1 hour' AND used_at IS NULL) < $8
             RETURNING id`,
      parameters: [
        link.linkId,
        link.tokenHash,
        link.email,
        link.profileId,
        link.site,
        link.language,
        limits.seconds,
        limits.perHourMax,
      ],
    },
  ]);
  return inserted.length > 0;
}

const linkRow = z
  .object({
    email: z.string(),
    site: z.string(),
    language: z.enum(["es", "en"]),
    profile_name: z.string(),
  })
  .transform(({ profile_name: organizerName, ...row }) => ({ ...row, organizerName }));

/** What the mail of a link needs; null when the link is used or over. */
export async function findLivingLink(
  system: DatabaseScope,
  { linkId, profileId }: { linkId: string; profileId: string },
): Promise<z.infer<typeof linkRow> | null> {
  const rows = await system.query(
    `SELECT magic_links.email, magic_links.site, magic_links.language, profiles.profile_name
     FROM magic_links JOIN profiles ON profiles.id = magic_links.profile_id
     WHERE magic_links.id = $1 AND magic_links.profile_id = $2
       AND magic_links.used_at IS NULL AND magic_links.expires_at > now()`,
    [linkId, profileId],
  );
  return z.array(linkRow).parse(rows)[0] ?? null;
}
