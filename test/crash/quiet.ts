// The end of a run: nobody buys any more, and what is still on its way gets the time to arrive.

import { setTimeout as sleep } from "node:timers/promises";
import type { CrashableStack } from "./crashable-stack.ts";
import { remind } from "./gateway.ts";
import { waitingOutboxRows } from "./object-state.ts";
import { unsettledTransactions } from "./postgres-state.ts";

const PATIENCE_MILLISECONDS = 120_000;
const PAUSE_MILLISECONDS = 500;

/** True once the outboxes are empty and every one of these approved transactions has ended, false when patience has. */
export async function isQuietInTime(
  stack: CrashableStack,
  transactionIds: string[],
): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (Date.now() < deadline) {
    const unsettled = await unsettledTransactions(stack.database, transactionIds);
    await remind(stack.stack.addresses.wompi, unsettled);
    if (unsettled.length === 0 && waitingOutboxRows(stack.objectsDirectory) === 0) return true;
    await sleep(PAUSE_MILLISECONDS);
  }
  return false;
}
