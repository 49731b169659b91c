// The effects queue's consumer: parses each message, runs it, and tells the queue what to do with it. A message that
// keeps failing ends in the dead-letter queue, whose consumer is consume-dead.ts.

import { effectSchema } from "../ports/effects.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { runEffect } from "./run-effect.ts";

const RETRY_SECONDS = 5;

export async function consumeEffects(
  dependencies: Dependencies,
  batch: MessageBatch,
): Promise<void> {
  await Promise.all(batch.messages.map((message) => consume(dependencies, message)));
}

async function consume(dependencies: Dependencies, message: Message): Promise<void> {
  const effect = effectSchema.safeParse(message.body);
  if (!effect.success) {
    console.error("effect not understood", { messageId: message.id });
    message.retry();
    return;
  }
  try {
    const outcome = await runEffect(dependencies, effect.data);
    if (outcome === "later") message.retry({ delaySeconds: RETRY_SECONDS });
    else message.ack();
  } catch (error) {
    console.error("effect failed", {
      kind: effect.data.kind,
      attempt: message.attempts,
      reason: error instanceof Error ? error.name : "unknown",
    });
    message.retry({ delaySeconds: RETRY_SECONDS * message.attempts });
  }
}
