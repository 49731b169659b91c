// Every minute: effects that died are put on the queue again once their pause is over, and given up after some days. It
// sends; carrying them out, once, is the consumer's.

import { findDueEffects, takeDueEffects } from "../../db/dead-effects-repository.ts";
import { effectSchema } from "../../ports/effects.ts";
import type { Dependencies } from "../dependencies.ts";

/** A long outage leaves many at once; their mails must not come faster than the mail service takes them. */
const EFFECTS_MAX = 500;

export async function resendDeadEffects({ database, effects }: Dependencies): Promise<void> {
  const due = await findDueEffects(database.asSystem(), EFFECTS_MAX);
  for (const [profileId, ofOrganizer] of Map.groupBy(due, (effect) => effect.profileId)) {
    const effectIds = ofOrganizer.map(({ effectId }) => effectId);
    // Put off first: should the queue fail now, they wait one pause more instead of being sent every minute.
    const { again, givenUp } = await takeDueEffects(database.asTenant(profileId), effectIds);
    for (const effectId of givenUp) console.error("effect given up", { effectId, profileId });
    await effects.send(
      again.flatMap(({ effectId, effect }) => {
        const known = effectSchema.safeParse(effect);
        // Another version of this code may have written it and may be back at the next attempt.
        if (!known.success) console.error("dead effect not understood", { effectId, profileId });
        return known.success ? [known.data] : [];
      }),
    );
  }
}
