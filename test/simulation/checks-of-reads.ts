// What somebody who only looks is shown: the area, its units, what a unit costs now, and what changed since they last looked.

import { isDeepStrictEqual } from "node:util";
import type {
  AreaChanges,
  Availability,
  UnitStatus,
} from "../../durable-objects/area-inventory/contract.ts";
import type {
  AreaSettings,
  SaleStage,
  UnitState,
} from "../../durable-objects/area-inventory/contract.ts";
import type { AreaModel } from "./area-model.ts";
import type { ObjectDatabase } from "./object-storage.ts";
import { KEY_OF_POOL, keyOfStage, leftOf } from "./plain-limits.ts";
import { plainPrices } from "./plain-prices.ts";
import { promotionFor, stageFor } from "./plain-terms.ts";
import type { Referee } from "./referee.ts";

interface Checked {
  database: ObjectDatabase;
  model: AreaModel;
}

export function checkShown(
  referee: Referee,
  { database, model }: Checked,
  seen: { availability: Availability | null; units: readonly UnitStatus[]; nowMs: number },
): void {
  const { settings } = model;
  const shown = seen.units.map(({ unitId, state }) => `${unitId} ${state}`);
  const expected = model.units.map(({ unitId }) => `${unitId} ${model.stateOf(unitId)}`);
  if (!isDeepStrictEqual(shown, expected))
    referee.object("INV1", `shown ${shown.join(", ")}\n  expected ${expected.join(", ")}`);
  if (seen.availability === null || settings === null) {
    if (seen.availability !== null || settings !== null)
      referee.object("INV3", `shown ${JSON.stringify(seen.availability)}`);
    return;
  }
  const { available, held, sold, blocked, outbox } = seen.availability;
  const area = { settings: seen.availability.settings, available, held, sold, blocked };
  if (!isDeepStrictEqual(area, { settings, ...model.counts() }))
    referee.object("INV2", `shown as ${JSON.stringify(area)}`);
  const waiting = database.number("SELECT count(*) FROM outbox");
  if (outbox?.rows !== waiting)
    referee.object("INV60", `${waiting} rows wait, and are shown as ${JSON.stringify(outbox)}`);
  checkPrice(referee, seen.availability, { model, settings, nowMs: seen.nowMs });
}

/** What a hold of one unit would cost. */
function checkPrice(
  referee: Referee,
  { price, left }: Availability,
  at: { model: AreaModel; settings: AreaSettings; nowMs: number },
): void {
  const { model, settings } = at;
  const order = { units: 1, discountInCents: 0 };
  const [stage, promotion] = [stageFor(at, {}, 1), promotionFor(at, {}, 1)];
  if ((stage !== null && "ok" in stage) || (promotion !== null && "ok" in promotion)) return;
  const [unit] = plainPrices(settings.priceInCents, 1, { stage, promotion, order });
  const roomIn = (key: string) => finite(leftOf(model, settings, key));
  const expected = {
    priceInCents: unit?.priceInCents,
    stageId: stage?.stageId,
    leftInStage: stage && roomIn(keyOfStage(stage.stageId)),
    left: settings.pool && roomIn(KEY_OF_POOL),
  };
  const found = {
    priceInCents: price?.priceInCents,
    stageId: price?.stage?.stageId,
    leftInStage: price?.stage && price.stage.left,
    left,
  };
  if (!isDeepStrictEqual(found, expected))
    referee.object("INV66", `shown ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
  const foretold = price?.nextPrices?.map(({ startsAtMs, stage: next, priceInCents }) =>
    said(startsAtMs, next?.stageId, priceInCents),
  );
  const comes = comesNext(at, stage);
  if (!isDeepStrictEqual(foretold, comes))
    referee.object("INV79", `foretold ${JSON.stringify(foretold)}, not ${JSON.stringify(comes)}`);
}

const said = (whenMs: number | null, stageId: string | undefined, priceInCents: number) =>
  `${whenMs ?? "sold out"}: ${priceInCents} of ${stageId ?? "the area"}`;

/** Once the stage is sold out, and at the first time of all that is not as now. */
function comesNext(
  at: { model: AreaModel; settings: AreaSettings; nowMs: number },
  current: SaleStage | null,
): string[] {
  const { stages = [], promotions = [] } = at.settings;
  const saidAt = (whenMs: number | null, nowMs: number, stagesFull: string[] = []) => {
    const then = { ...at, nowMs };
    const [stage, promotion] = [stageFor(then, { stagesFull }, 1), promotionFor(then, {}, 1)];
    if (stage !== null && "ok" in stage) return "refused";
    if (promotion !== null && "ok" in promotion) return "refused";
    const order = { units: 1, discountInCents: 0 };
    const [unit] = plainPrices(at.settings.priceInCents, 1, { stage, promotion, order });
    return said(whenMs, stage?.stageId, unit?.priceInCents ?? Number.NaN);
  };
  const isLimited = current && (current.unitsMax !== null || current.poolId !== undefined);
  const soldOut = isLimited ? [saidAt(null, at.nowMs, [current.stageId])] : [];
  const clock = [...stages, ...promotions]
    .flatMap(({ startsAtMs, endsAtMs }) => [startsAtMs ?? 0, endsAtMs ?? 0])
    .toSorted((left, right) => left - right);
  const changeMs = clock.find(
    (timeMs) => timeMs > at.nowMs && saidAt(null, timeMs) !== saidAt(null, at.nowMs),
  );
  return changeMs === undefined ? soldOut : [...soldOut, saidAt(changeMs, changeMs)];
}

function finite(left: number): number | null {
  return left === Infinity ? null : left;
}

/** Somebody who asks for changes alone, again and again, and believes what they are told. */
export class Follower {
  #version: number | null = null;
  readonly #states = new Map<string, UnitState>();

  get version(): number | null {
    return this.#version;
  }

  told(
    referee: Referee,
    { model }: Checked,
    seen: { changes: AreaChanges | null; units: readonly UnitStatus[] },
  ): void {
    const { changes } = seen;
    if (changes === null) {
      if (model.settings !== null) referee.object("INV59", "an area has no changes to tell");
      return;
    }
    if (changes.changes === null) this.#states.clear();
    const news = changes.changes ?? seen.units;
    for (const { unitId, state } of news) this.#states.set(unitId, state);
    this.#version = changes.version;
    const expected = new Map(model.units.map(({ unitId }) => [unitId, model.stateOf(unitId)]));
    if (!isDeepStrictEqual(this.#states, expected))
      referee.object("INV59", `told ${JSON.stringify(changes)}, and misses what changed`);
    const isOpen = model.settings?.isOpen;
    if (changes.isOpen !== isOpen || !isDeepStrictEqual(changes.counts, model.counts()))
      referee.object("INV59", `told ${JSON.stringify(changes)}`);
  }
}
