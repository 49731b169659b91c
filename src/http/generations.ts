// Which of an organizer's kept public answers count: those of today's generation. A change begins a new one, which is how
// answers are purged that nobody could list, in this location and in the memories of its isolates. Other locations do not
// hear of it and go on until their answers are too old.

import { createExpiringCache } from "../shared/expiring-cache.ts";
import { keepInLocation, readFromLocation } from "./location-cache.ts";

/** Longer than any answer is kept: when a generation is forgotten, those before it are gone as well. */
const KEPT_SECONDS = 60;

/** Begun by this isolate just now; for as long as its memory may hold an older answer. */
const begunHere = createExpiringCache<string>({ keptMs: 5_000, entriesMax: 1_000 });

/** The first one has no name. */
export async function generationOf(profileId: string): Promise<string> {
  const kept = await readFromLocation(nameOf(profileId));
  return kept === undefined ? "" : kept.text();
}

/**
 * Resolves once nothing from before is read out of this location any more, or out of this isolate's memory. Memories of its
 * other isolates have it for a second at most.
 */
export async function beginGeneration(profileId: string, nowMs: number): Promise<void> {
  const generation = crypto.randomUUID();
  begunHere.set(profileId, generation, nowMs);
  try {
    await keepInLocation(nameOf(profileId), generation, { seconds: KEPT_SECONDS });
  } catch (error) {
    // The change itself is made: its readers see it seconds later.
    const reason = error instanceof Error ? error.name : "unknown";
    console.error("public answers not purged", { profileId, reason });
  }
}

/** Whether this isolate itself has begun another one since. Looks nothing up. */
export function isOver(profileId: string, generation: string, nowMs: number): boolean {
  const begun = begunHere.get(profileId, nowMs);
  return begun !== undefined && begun !== generation;
}

function nameOf(profileId: string): string {
  return `generation ${profileId}`;
}
