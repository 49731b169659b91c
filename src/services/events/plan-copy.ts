// What a copy of an event has other than its original: its times, and the ids of its areas.

import type { Event } from "../../db/events-repository.ts";
import { derivedId } from "../../shared/digest.ts";

/** All times move by as much as the start does. */
export function copiedTimes(
  original: Event,
  { startsAt, endsAt }: { startsAt: Date | null; endsAt: Date | null },
) {
  const shiftMs = startsAt === null ? 0 : startsAt.getTime() - original.startsAt.getTime();
  const moved = (time: Date) => new Date(time.getTime() + shiftMs);
  const { salesStartAt, salesEndAt } = original;
  return {
    shiftMs,
    startsAt: startsAt ?? original.startsAt,
    endsAt: endsAt ?? moved(original.endsAt),
    salesStartAt: salesStartAt && moved(salesStartAt),
    salesEndAt: salesEndAt && moved(salesEndAt),
  };
}

/** A repeated request repeats their ids. */
export function copiedAreas(
  areas: readonly { areaId: string }[],
  eventId: string,
): Promise<{ from: string; to: string }[]> {
  return Promise.all(
    areas.map(async ({ areaId }) => ({
      from: areaId,
      to: await derivedId(`area\n${eventId}\n${areaId}`),
    })),
  );
}
