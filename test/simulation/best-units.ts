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
  return inOrder(nearestFirst(blocks, origin).filter(isFree).slice(0, quantity));
}

/** As many free units as near to this one as can be; null when there are not that many. */
export function nearestUnits(
  units: readonly Unit[],
  isFree: (unit: Unit) => boolean,
  { unit, quantity }: { unit: Unit; quantity: number },
): Unit[] | null {
  const blocks = blocksOf(units);
  const origin = blocks.findIndex((block) => block.includes(unit));
  const row = blocks[origin] ?? [];
  const distanceOf = (choice: readonly Unit[]) =>
    Math.abs((choice[0]?.position ?? Infinity) - unit.position);
  const [nearest] = row
    .map((_, first) => row.slice(first, first + quantity))
    .filter((choice) => choice.length === quantity && choice.every(isFree))
    .sort((left, right) => distanceOf(left) - distanceOf(right));
  if (nearest !== undefined) return nearest;
  const others = nearestFirst(blocks, origin).filter(isFree).slice(0, quantity);
  return others.length < quantity ? null : inOrder(others);
}

/** The units of all blocks, from this one on to those ever farther from it; of two as far, the earlier one first. */
function nearestFirst(blocks: readonly Unit[][], origin: number): Unit[] {
  return blocks
    .map((block, index) => ({ block, distance: index - origin }))
    .sort(
      (left, right) =>
        Math.abs(left.distance) - Math.abs(right.distance) || left.distance - right.distance,
    )
    .flatMap(({ block }) => block);
}

function inOrder(units: readonly Unit[]): Unit[] {
  return units.toSorted((left, right) => left.position - right.position);
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
