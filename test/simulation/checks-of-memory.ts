// What an object remembers between batches must be what its model says: the area's row, every unit's state, and, of the
// index over them, which units are best.

import { isDeepStrictEqual } from "node:util";
import type { AreaMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import { unitStateOf } from "../../durable-objects/area-inventory/unit-states.ts";
import type { AreaModel } from "./area-model.ts";
import type { Referee } from "./referee.ts";

const QUANTITY_MAX = 6;

/** `memory` is null when it was thrown away. */
export function checkMemory(referee: Referee, model: AreaModel, memory: AreaMemory | null): void {
  if (memory === null || referee.violation !== null) return;
  const { stored, seats } = memory;
  const settings = stored?.area.settings ?? null;
  if (!isDeepStrictEqual(settings, model.settings))
    referee.object("INV3", `remembered settings: ${JSON.stringify(settings)}`);
  const counts = model.counts();
  for (const state of ["available", "held", "sold", "blocked"] as const) {
    if ((stored?.area[state] ?? 0) !== counts[state])
      referee.object("INV2", `remembered: ${stored?.area[state]} ${state}, not ${counts[state]}`);
  }
  for (const { position, unitId } of model.units) {
    const found = unitStateOf(seats.stateAt(position));
    if (found !== model.stateOf(unitId))
      referee.object("INV1", `remembered: ${unitId} ${found}, not ${model.stateOf(unitId)}`);
  }
  const { available } = counts;
  if (available === 0) return;
  // Another quantity each time; over a run every one has its turn.
  const quantity = Math.min(available, 1 + (available % QUANTITY_MAX));
  const found = seats.findBest(quantity, { together: false });
  const expected = model.best(quantity, false);
  const positions = expected === "not-together" ? null : expected.map(({ position }) => position);
  if (!isDeepStrictEqual(found, positions))
    referee.object("INV1", `best ${quantity}: ${String(found)}, not ${String(positions)}`);
}
