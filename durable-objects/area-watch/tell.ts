// Sends one message to many connections, in portions: what is sent waits in memory until it has left, and an object has
// little of that. Ends connections too.

import type { LiveMessage } from "./messages.ts";

const PORTION_SIZE = 4 * 1024 * 1024;

/** Of a connection's end, since there is nothing to watch any more: published for clients in src/contracts/live.ts. */
const AREA_CLOSED = 4001;

export async function tell(watchers: readonly WebSocket[], message: LiveMessage): Promise<void> {
  const text = JSON.stringify(message);
  let waiting = 0;
  for (const watcher of watchers) {
    try {
      watcher.send(text);
    } catch {
      // It is just leaving.
    }
    waiting += text.length;
    if (waiting < PORTION_SIZE) continue;
    waiting = 0;
    await scheduler.wait(0);
  }
}

/** Ends connections after the last message, with a code that says why. */
export function dismiss(watchers: readonly WebSocket[]): void {
  for (const watcher of watchers) {
    try {
      watcher.close(AREA_CLOSED, "area_closed");
    } catch {
      // It has gone by itself.
    }
  }
}
