// A member looks where they are signed in.

import type { CreatedPage, PageRequest } from "../../db/created-page.ts";
import { type ListedSession, listSessions as listRows } from "../../db/sessions-repository.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

/** The member's living sessions with this organizer, newest first. */
export function listSessions(
  { database }: Dependencies,
  actor: Actor,
  page: PageRequest,
): Promise<CreatedPage<ListedSession>> {
  return listRows(database.asSystem(), actor, page);
}
