// Counts by key in windows of time, in the memory of one isolate. A key's window begins with its first count.

interface Window {
  count: number;
  untilMs: number;
}

export interface WindowCounter {
  /** The key's window, with this count in it. */
  count(key: string, nowMs: number): Readonly<Window>;
  /** As if the key had been counted so often in its window. */
  raise(key: string, count: number): void;
}

/** `keysMax`: beyond it the key that was first seen longest ago is forgotten. */
export function createWindowCounter(limits: { windowMs: number; keysMax: number }): WindowCounter {
  const windows = new Map<string, Window>();
  return {
    count(key, nowMs) {
      const known = windows.get(key);
      if (known !== undefined && known.untilMs > nowMs) {
        known.count += 1;
        return known;
      }
      windows.delete(key);
      const window = { count: 1, untilMs: nowMs + limits.windowMs };
      windows.set(key, window);
      const oldest = windows.keys().next();
      if (windows.size > limits.keysMax && oldest.done !== true) windows.delete(oldest.value);
      return window;
    },
    raise(key, count) {
      const known = windows.get(key);
      if (known !== undefined && known.count < count) known.count = count;
    },
  };
}
