// What a run does: areas, and steps that each carry all they need, so that any part of a plan is a plan too.

import type {
  Commands,
  HoldTerms,
  Selection,
  Unit,
} from "../../durable-objects/area-inventory/core/commands.ts";

/** An area or a pool as Postgres has it. The object hears of its units with `load-units`; a pool has none. */
export interface PlannedArea {
  areaId: string;
  units: readonly Unit[];
}

/** What becomes of one write to Postgres. */
export type WriteFate =
  /** Done after a while, and answered. */
  | "done"
  | "refused"
  /** Not done; the object gives up waiting. */
  | "timed-out"
  /** Done, but the object is told that it failed. */
  | "answer-lost"
  /** The object is told that it failed; done much later, when newer writes are through. */
  | "late"
  /** Done and answered, and much later done once more. */
  | "twice";

/** Every command that comes from outside; the object sends itself `expire-holds`. */
export type SentCommand = Commands[Exclude<keyof Commands, "expire-holds">];

export type Action =
  /** One command, as it is. */
  | { kind: "send"; area: number; command: SentCommand }
  /** The buyer's steps as the Worker takes them, area by area, in this order; pools as the areas ask for them. */
  | {
      kind: "reserve";
      reservationId: string;
      eventId: string;
      holdMs: number;
      items: readonly PlannedItem[];
    }
  | {
      kind: "start-payment";
      reservationId: string;
      paymentId: string;
      paymentWindowMs: number;
      areas: readonly number[];
      buyerId?: string;
    }
  | { kind: "settle"; reservationId: string; paymentId: string; areas: readonly number[] }
  | { kind: "give-back"; reservationId: string; areas: readonly number[] }
  /** Somebody looks at the area and its units. */
  | { kind: "read"; area: number }
  | { kind: "crash"; area: number; when: "now" | "before-commit" | "after-commit" }
  /** The next transaction fails just before it commits; the object lives on. */
  | { kind: "storage"; area: number }
  /** The object and all it stored are gone; it is rebuilt from Postgres, so many reservations at a time. */
  | { kind: "lose"; area: number; chunk: number }
  | { kind: "postgres"; area: number; fates: readonly WriteFate[]; delayMs: number }
  | { kind: "queue"; area: number; fates: readonly ("refused" | "answer-lost")[] }
  | { kind: "clock"; jumpMs: number }
  | { kind: "alarm"; area: number; lateMs: number | null };

export interface PlannedItem {
  area: number;
  selection: Selection;
  terms?: HoldTerms;
}

export type Step = Action & {
  /** When, in milliseconds from the start. Steps of one moment arrive together. */
  atMs: number;
  /** How long the way from one call of this step to its next takes. */
  latencyMs: number;
};

export interface Plan {
  seed: bigint;
  areas: readonly PlannedArea[];
  steps: readonly Step[];
}

const faultKinds: ReadonlySet<Step["kind"]> = new Set([
  "crash",
  "storage",
  "lose",
  "postgres",
  "queue",
  "clock",
  "alarm",
]);

export function isFault(step: Step): boolean {
  return faultKinds.has(step.kind);
}

/** One line for a reader. */
export function describeStep({ atMs, latencyMs: _latencyMs, ...action }: Step): string {
  const at = `${(atMs / 1000).toFixed(3)} s`.padStart(11);
  if (action.kind !== "send") return `${at}  ${action.kind} ${wordsOf(action)}`;
  const { area, command } = action;
  if (command.kind === "load-units") {
    const positions = command.units.map((unit) => unit.position).join(" ");
    return `${at}  area ${area}: load-units at positions ${positions}`;
  }
  return `${at}  area ${area}: ${command.kind} ${wordsOf(command)}`;
}

function wordsOf(action: object): string {
  return Object.entries(action)
    .filter(([name]) => name !== "kind")
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(", ");
}
