// Slugs of events: which are taken, and which event a former one leads to. SQL only.
//
// A slug an event had before stays its own as long as the event is there, so that links to it keep leading there.

import * as z from "zod";
import type { DatabaseScope, Statement } from "../ports/database.ts";

/** Lets one transaction of an organizer at a time find a slug free. */
export const lockSlugs: Statement = {
  text: "SELECT pg_advisory_xact_lock(hashtextextended('slugs ' || waro_profile_id(), 0))",
  parameters: [],
};

/** SQL: no other event than `id` has or had this slug. */
export function isSlugFree(id: string, slug: string): string {
  return `NOT EXISTS (SELECT FROM clusters AS other
      WHERE other.profile_id = (SELECT waro_profile_id()) AND other.slug_cluster = ${slug} AND other.id <> ${id})
    AND NOT EXISTS (SELECT FROM cluster_slugs AS former
      JOIN clusters AS owner ON owner.id = former.cluster_id AND owner.is_active
      WHERE former.profile_id = (SELECT waro_profile_id()) AND former.slug = ${slug} AND owner.id <> ${id})`;
}

/** Only where this transaction changed the event: its time is that of the change. */
export function keepFormerSlug(eventId: string, slug: string): Statement {
  return {
    text: `
      INSERT INTO cluster_slugs (profile_id, cluster_id, slug)
      SELECT profile_id, id, $2 FROM clusters
      WHERE id = $1 AND updated_at = now() AND slug_cluster <> $2
      -- Of an event that was deleted since, or of this one, which had it before.
      ON CONFLICT (profile_id, slug) DO UPDATE SET cluster_id = excluded.cluster_id`,
    parameters: [eventId, slug],
  };
}

/** The slug of today of the event that had this one before; null when none had. In the public scope only of events on sale. */
export async function findSlugOfToday(
  scope: DatabaseScope,
  formerSlug: string,
): Promise<string | null> {
  const rows = await scope.query(
    `SELECT clusters.slug_cluster AS slug FROM cluster_slugs
     JOIN clusters ON clusters.id = cluster_slugs.cluster_id
     WHERE cluster_slugs.profile_id = (SELECT waro_profile_id()) AND cluster_slugs.slug = $1
       AND clusters.slug_cluster <> $1`,
    [formerSlug],
  );
  return z.array(z.object({ slug: z.string() })).parse(rows)[0]?.slug ?? null;
}
