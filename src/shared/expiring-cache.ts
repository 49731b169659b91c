// A small in-memory cache of one isolate. Only for what may be a little old.

export interface ExpiringCache<Value> {
  get(key: string, nowMs: number): Value | undefined;
  set(key: string, value: Value, nowMs: number): void;
}

export function createExpiringCache<Value>(limits: {
  keptMs: number;
  entriesMax: number;
}): ExpiringCache<Value> {
  const entries = new Map<string, { value: Value; untilMs: number }>();
  return {
    get(key, nowMs) {
      const entry = entries.get(key);
      return entry !== undefined && entry.untilMs > nowMs ? entry.value : undefined;
    },
    set(key, value, nowMs) {
      entries.delete(key);
      entries.set(key, { value, untilMs: nowMs + limits.keptMs });
      // The oldest goes first: a Map keeps the order of insertion.
      const oldest = entries.keys().next();
      if (entries.size > limits.entriesMax && oldest.done !== true) entries.delete(oldest.value);
    },
  };
}
