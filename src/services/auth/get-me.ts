// A member asks who they are.

import { type Person, findPerson } from "../../db/members-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor, Member } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getMe(
  { database }: Dependencies,
  actor: Actor,
): Promise<Result<Member & Person, { code: "session_invalid" }>> {
  const member = actor.authorize("session.read");
  const person = await findPerson(database.asSystem(), member);
  return person === null ? refused({ code: "session_invalid" }) : ok({ ...member, ...person });
}
