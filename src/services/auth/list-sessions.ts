// A member looks where they are signed in.

import type { CreatedPage, PageRequest } from "../../db/created-page.ts";
import { type ListedSession, listSessions as listRows } from "../../db/sessions-repository.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

/** The member's living sessions with this organizer, newest first, and which of them asks. */
export async function listSessions(
  { database }: Dependencies,
  actor: Actor,
  page: PageRequest,
): Promise<{ page: CreatedPage<ListedSession>; currentId: string }> {
  const member = actor.authorize("session.read");
  return { page: await listRows(database.asSystem(), member, page), currentId: member.sessionId };
}
