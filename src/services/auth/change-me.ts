// A member says what they are called. A person has one name, in whatever teams they are.

import { type Person, renamePerson } from "../../db/members-repository.ts";
import { type Result, refused } from "../../shared/result.ts";
import type { Actor, Member } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { getMe } from "./get-me.ts";

/** The member as they are then. */
export async function changeMe(
  dependencies: Dependencies,
  actor: Actor,
  { name }: { name: string },
): Promise<Result<Member & Person, { code: "session_invalid" }>> {
  const { userId } = actor.authorize("session.read");
  const isRenamed = await renamePerson(dependencies.database.asSystem(), { userId, name });
  return isRenamed ? getMe(dependencies, actor) : refused({ code: "session_invalid" });
}
