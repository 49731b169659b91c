// Which units are best, said a second time: by looking at every seat, with no index. Has nothing from the product but the
// words of SPEC.md.

import type { Unit } from "../../durable-objects/area-inventory/core/commands.ts";

type Choice = readonly Unit[] | "not-together";

/** `units` in order of position; at least `quantity` of them are free. */
export function bestUnits(
  units: readonly Unit[],
  isFree: (unit: Unit) => boolean,
  { quantity, together }: { quantity: number; together: boolean },
): Choice {
  const blocks = blocksOf(units);
  const firstFree = units.find(isFree);
  if (firstFree === undefined) throw new Error("no unit is free");
  if (firstFree.row === 0) return units.filter(isFree).slice(0, quantity);

  const runs = blocks.flatMap((block, index) =>
    runsOf(block, isFree).map((run) => ({ run, block: index })),
  );
  const tidy = runs.find(({ run }) => run.length === quantity || run.length >= quantity + 2);
  const fitting = tidy ?? runs.find(({ run }) => run.length >= quantity);
  if (fitting !== undefined) return fitting.run.slice(0, quantity);
  if (together) return "not-together";

  const longest = Math.max(...runs.map(({ run }) => run.length));
  const origin = runs.find(({ run }) => run.length === longest)?.block ?? 0;
  const nearestFirst = blocks
    .map((block, index) => ({ block, distance: index - origin }))
    .sort(
      (left, right) =>
        Math.abs(left.distance) - Math.abs(right.distance) || left.distance - right.distance,
    );
  return nearestFirst
    .flatMap(({ block }) => block.filter(isFree))
    .slice(0, quantity)
    .sort((left, right) => left.position - right.position);
}

/** Units side by side: one row, consecutive positions and numbers. */
function blocksOf(units: readonly Unit[]): Unit[][] {
  const blocks: Unit[][] = [];
  for (const unit of units) {
    const block = blocks.at(-1);
    const before = block?.at(-1);
    const goesOn =
      before !== undefined &&
      before.row === unit.row &&
      before.position + 1 === unit.position &&
      before.number + 1 === unit.number;
    if (block !== undefined && goesOn) block.push(unit);
    else blocks.push([unit]);
  }
  return blocks;
}

function runsOf(block: readonly Unit[], isFree: (unit: Unit) => boolean): Unit[][] {
  const runs: Unit[][] = [[]];
  for (const unit of block) {
    if (isFree(unit)) runs.at(-1)?.push(unit);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}
