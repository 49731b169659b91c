// The dead-letter queue's consumer: keeps in Postgres what failed every time, for the minute to send again. It carries
// nothing out, and of a message it keeps and logs ids only.

import * as z from "zod";
import { recordDeadEffect, recordUnknownEffect } from "../db/dead-effects-repository.ts";
import type { Database } from "../ports/database.ts";
import { effectSchema } from "../ports/effects.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { effectIdOf } from "./run-effect.ts";

/** As wrangler.toml names it. */
export const DEAD_EFFECTS_QUEUE = "waro-tickets-effects-dead";

/**
 * An effect often dies because Postgres is away, so keeping it has to outlast that too: with the tries wrangler.toml allows,
 * these pauses fill the four days a queue keeps a message.
 */
const RETRY_SECONDS = 60;
const RETRY_SECONDS_MAX = 60 * 60;

export async function consumeDeadEffects(
  { database }: Dependencies,
  batch: MessageBatch,
): Promise<void> {
  await Promise.all(batch.messages.map((message) => consume(database, message)));
}

async function consume(database: Database, message: Message): Promise<void> {
  try {
    await keep(database, message);
    message.ack();
  } catch (error) {
    console.error("dead effect not recorded", {
      messageId: message.id,
      attempt: message.attempts,
      reason: error instanceof Error ? error.name : "unknown",
    });
    const delaySeconds = RETRY_SECONDS * 2 ** (message.attempts - 1);
    message.retry({ delaySeconds: Math.min(delaySeconds, RETRY_SECONDS_MAX) });
  }
}

async function keep(database: Database, { id: messageId, body }: Message): Promise<void> {
  const known = effectSchema.safeParse(body);
  if (!known.success) {
    await keepUnknown(database, messageId, body);
    return;
  }
  const effect = known.data;
  const { profileId } = effect;
  const effectId = effectIdOf(effect);
  const isNew = await recordDeadEffect(database.asTenant(profileId), {
    effectId,
    profileId,
    effect,
  });
  if (isNew) console.error("effect died", { effectId, profileId });
}

/** Without an organizer there is no row it could be kept in, and the log has to do. */
async function keepUnknown(database: Database, messageId: string, body: unknown): Promise<void> {
  const ids = idsIn(body);
  console.error("dead effect not understood", { messageId, ...ids });
  const profileId = ids["profileId"];
  if (profileId === undefined) return;
  const effectId = `not-understood:${messageId}`;
  await recordUnknownEffect(database.asTenant(profileId), { effectId, profileId, ids });
}

const anyObject = z.record(z.string(), z.unknown());
const anyId = z.uuid();
const anyKind = z.string().regex(/^[a-z-]{1,40}$/);

/** What a message of unknown make names: its kind and its ids. Whatever else it holds may be anybody's data. */
function idsIn(body: unknown): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const [name, value] of Object.entries(anyObject.safeParse(body).data ?? {})) {
    const id = (name === "kind" ? anyKind : anyId).safeParse(value);
    if (id.success) ids[name] = id.data;
  }
  return ids;
}
