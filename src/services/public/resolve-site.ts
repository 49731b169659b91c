// The public site a request comes from, and its organizer: that of the first host that is one.

import { type Site, findSite } from "../../db/sites-repository.ts";
import type { Dependencies } from "../dependencies.ts";

export type ResolvedSite = Site;

/** Null when none is. `hosts` in lower case, in order of preference. */
export function resolveSite(
  { database }: Dependencies,
  hosts: readonly string[],
): Promise<ResolvedSite | null> {
  return findSite(database.asSystem(), hosts);
}
