// Sends one message to many connections, in portions: what is sent waits in memory until it has left, and an object has
// little of that.

import type { LiveMessage } from "./messages.ts";

const PORTION_SIZE = 4 * 1024 * 1024;

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
