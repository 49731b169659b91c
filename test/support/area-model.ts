// What an area must answer to random commands, decided a second time without SQL, bytes or counters: who has which unit and
// what is taken of what is limited is found by looking at every reservation.

import type {
  AreaSettings,
  HoldTerms,
  ReservationState,
  Selection,
} from "../../durable-objects/area-inventory/core/commands.ts";
import { promotionOf, settingsOf, stageOf } from "./area-fixtures.ts";

export const UNITS = 8;
/** Two rows of four. */
export const ROW = 4;
export const MAX = 4;
const STAGE_OFF = 20;
const CODE_OFF = 5;

/** What organizers change meanwhile. */
export interface Changes {
  isOpen: boolean;
  isCancelled: boolean;
  priceInCents: number;
  stageMax: number | null;
  buyerMax: number | null;
  peoplePerUnit: number;
  allowsReentry: boolean;
}

export const firstChanges: Changes = {
  isOpen: true,
  isCancelled: false,
  priceInCents: 100,
  stageMax: 3,
  buyerMax: 4,
  peoplePerUnit: 1,
  allowsReentry: false,
};

/** A stage, and a promotion `TEN` for two orders, one of each buyer. */
export function settingsWith(changes: Changes, version: number): AreaSettings {
  const { stageMax, buyerMax, ...rest } = changes;
  const adjustment = { kind: "fixed", inCents: -STAGE_OFF } as const;
  const discount = { kind: "fixed-per-unit", inCents: CODE_OFF } as const;
  return settingsOf({
    ...rest,
    version,
    unitsPerReservationMax: MAX,
    ...(buyerMax !== null && { unitsPerBuyerMax: buyerMax }),
    stages: [stageOf("early", { adjustment, unitsMax: stageMax })],
    promotions: [promotionOf("ten", { discount, usesMax: 2, usesPerBuyerMax: 1 })],
  });
}

export interface ModelTicket {
  serial: number;
  isCancelled: boolean;
  passages: { direction: "in" | "out"; scanId: string }[];
}

/** A reservation. */
export interface Part {
  state: ReservationState;
  selection: Selection;
  terms: HoldTerms;
  firstExpiryMs: number;
  expiryMs: number;
  paymentId: string | null;
  areaPrice: number;
  price: number;
  peopleAtHold: number;
  unitIds: string[];
  tickets: ModelTicket[];
  isStaged: boolean;
  hasCode: boolean;
  /** Whose share of units it counts against, and whose use of the code. */
  shareOf: string | null;
  codeOf: string | null;
}

const living = new Set<ReservationState>(["held", "sold"]);

export class AreaModel {
  readonly parts = new Map<string, Part>();
  readonly blocked = new Set<string>();
  /** What commands with an id of their own were told. */
  readonly told = new Map<string, { content: string; outcome: object }>();
  settings: Changes = firstChanges;

  /** Who has each unit. */
  owners(): Map<string, Part> {
    const owners = new Map<string, Part>();
    for (const part of this.parts.values()) {
      if (!living.has(part.state)) continue;
      for (const [index, unitId] of part.unitIds.entries())
        if (part.tickets[index]?.isCancelled !== true) owners.set(unitId, part);
    }
    return owners;
  }

  isFree(unitId: string): boolean {
    return !this.blocked.has(unitId) && !this.owners().has(unitId);
  }

  free(): number {
    return UNITS - this.blocked.size - this.owners().size;
  }

  /** The most units that are free side by side. */
  longestRun(): number {
    let longest = 0;
    let run = 0;
    for (let unit = 0; unit < UNITS; unit += 1) {
      if (unit % ROW === 0) run = 0;
      run = this.isFree(`unit-${unit}`) ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  counts() {
    const states = [...this.owners().values()].map(({ state }) => state);
    const held = states.filter((state) => state === "held").length;
    const sold = states.filter((state) => state === "sold").length;
    return { available: this.free(), held, sold, blocked: this.blocked.size };
  }

  expire(nowMs: number): void {
    for (const part of this.parts.values())
      if (part.state === "held" && part.expiryMs <= nowMs) part.state = "expired";
  }

  /** Of every limited quantity, what reservations use of it. */
  taken(): Map<string, number> {
    const taken = new Map<string, number>();
    for (const part of this.parts.values()) {
      if (!living.has(part.state) && part.state !== "cancelled") continue;
      for (const [key, quantity] of usesOf(part)) taken.set(key, (taken.get(key) ?? 0) + quantity);
    }
    return taken;
  }

  /** What is left of it now. */
  left(key: string): number {
    return this.maxOf(key) - (this.taken().get(key) ?? 0);
  }

  /** The first of these uses there is no room for. */
  overuse(uses: readonly (readonly [key: string, quantity: number])[]): string | undefined {
    return uses.find(([key, quantity]) => this.left(key) < quantity)?.[0];
  }

  priceNow({ isStaged, hasCode }: { isStaged: boolean; hasCode: boolean }): number {
    const { priceInCents } = this.settings;
    return priceInCents - (isStaged ? STAGE_OFF : 0) - (hasCode ? CODE_OFF : 0);
  }

  private maxOf(key: string): number {
    if (key.startsWith("stage:")) return this.settings.stageMax ?? Infinity;
    if (key.startsWith("buyer:")) return this.settings.buyerMax ?? Infinity;
    return key === "promotion:ten" ? 2 : 1;
  }
}

/** In the order in which the area looks for room. */
export function usesOf(part: Omit<Part, "state">): [key: string, quantity: number][] {
  const uses: [string, number][] = [];
  const cancelled = part.tickets.filter(({ isCancelled }) => isCancelled).length;
  if (part.isStaged) uses.push(["stage:early", part.unitIds.length]);
  if (part.hasCode) uses.push(["promotion:ten", 1]);
  if (part.codeOf !== null) uses.push([`promotion:ten:${part.codeOf}`, 1]);
  if (part.shareOf !== null) uses.push([`buyer:${part.shareOf}`, part.unitIds.length - cancelled]);
  return uses;
}
