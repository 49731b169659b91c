// A member asks who they are.

import { type Person, findPerson } from "../../db/members-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getMe(
  { database }: Dependencies,
  actor: Actor,
): Promise<Result<Actor & Person, { code: "session_invalid" }>> {
  const person = await findPerson(database.asSystem(), actor);
  return person === null ? refused({ code: "session_invalid" }) : ok({ ...actor, ...person });
}
