// What may be asked of an area's object without changing it, and the answers. Every question sees the area of this moment:
// holds that are due have been expired before it is asked.

import type {
  AreaChanges,
  AreaItems,
  AreaTally,
  Availability,
  ReservationPage,
  ReservationStatus,
  UnitPage,
  UnitStatus,
} from "./contract.ts";
import type { AreaMemory } from "./area-memory.ts";
import { Batch } from "./batch.ts";
import { statusesOf, tallyOf } from "./unit-states.ts";
import { NEVER_MS, type Refused, refuse } from "./core/commands.ts";
import { type LeftOut, currentPrice } from "./core/current-price.ts";
import { type HoldQuestion, type HoldQuote, quoteHold } from "./core/quote-hold.ts";
import { leftOf, quotaKeys } from "./core/quotas.ts";
import type { AreaStore, StoredArea } from "./store.ts";

export interface Questions {
  availability: {
    /** What has no room in its pool; absent: nothing. */
    question: { kind: "availability"; leftOut?: LeftOut };
    answer: Availability | null;
  };
  "unit-statuses": {
    question: { kind: "unit-statuses"; afterPosition: number; limit: number };
    answer: UnitStatus[];
  };
  "reservation-status": {
    question: { kind: "reservation-status"; reservationId: string };
    answer: ReservationStatus | null;
  };
  "reservations-after": {
    question: { kind: "reservations-after"; afterId: string; limit: number };
    answer: ReservationPage | null;
  };
  items: {
    question: { kind: "items"; reservationIds: readonly string[]; unitIds: readonly string[] };
    answer: AreaItems | null;
  };
  tally: { question: { kind: "tally" }; answer: AreaTally | null };
  "unit-page": {
    question: { kind: "unit-page"; afterPosition: number; limit: number };
    answer: UnitPage | null;
  };
  "changes-since": {
    /** A version heard of before; null asks for no changes. */
    question: { kind: "changes-since"; version: number | null };
    answer: AreaChanges | null;
  };
  quote: {
    question: HoldQuestion & { kind: "quote" };
    /** Null is what an older object answers. */
    answer: HoldQuote | Refused | null;
  };
}

export type QuestionKind = keyof Questions;
export type Question = Questions[QuestionKind]["question"];

interface Asked {
  store: AreaStore;
  memory: AreaMemory;
  nowMs: number;
}

type Answers = {
  [Kind in QuestionKind]: {
    /** Of an area that was never configured. */
    unknown: Questions[Kind]["answer"];
    answer: (asked: Asked, question: Questions[Kind]["question"]) => Questions[Kind]["answer"];
  };
};

const answers: Answers = {
  availability: {
    unknown: null,
    answer: (asked, { leftOut }) => {
      const { stored } = asked.memory;
      return stored === null ? null : availabilityOf(asked, stored, leftOut);
    },
  },
  "unit-statuses": {
    unknown: [],
    answer: ({ store, memory }, { afterPosition, limit }) =>
      statusesOf(store.unitsAfter(afterPosition, limit), memory.seats),
  },
  "reservation-status": {
    unknown: null,
    answer: ({ store, memory: { stored } }, { reservationId }) => {
      const reservation = store.reservation(reservationId);
      if (stored === null || reservation === null) return null;
      const { state, expiresAtMs, units, holdExpiresAtMs, paymentId } = reservation;
      const { currency } = stored.area.settings;
      const isOrganizers = holdExpiresAtMs === NEVER_MS;
      return {
        state,
        expiresAtMs,
        units,
        currency,
        paymentId,
        ...(isOrganizers && { isOrganizers }),
      };
    },
  },
  "reservations-after": {
    unknown: null,
    answer: ({ store, memory: { stored } }, { afterId, limit }) => ({
      version: stored?.sequence ?? 0,
      reservations: store.audit.reservationsAfter(afterId, limit),
    }),
  },
  items: {
    unknown: null,
    answer: ({ store, memory: { stored, seats } }, { reservationIds, unitIds }) => ({
      version: stored?.sequence ?? 0,
      reservations: store.audit.reservationsById(reservationIds),
      units: statusesOf(store.unitsById(unitIds), seats),
      waitingIds: store.audit.waitingIds([...reservationIds, ...unitIds]),
    }),
  },
  tally: {
    unknown: null,
    answer: ({ store, memory: { stored } }) =>
      stored === null ? null : tallyOf(stored.area, store.blocks()),
  },
  "unit-page": {
    unknown: null,
    answer: ({ store, memory: { stored, seats } }, { afterPosition, limit }) => ({
      version: stored?.sequence ?? 0,
      units: statusesOf(store.unitsAfter(afterPosition, limit), seats),
    }),
  },
  "changes-since": {
    unknown: null,
    answer: ({ store, memory }, { version: since }) =>
      memory.stored === null ? null : changesSince(since, { store, memory, stored: memory.stored }),
  },
  quote: {
    unknown: refuse({ code: "area_unknown" }),
    // A batch that nothing is added to and that is not saved: it only looks.
    answer: ({ store, memory, nowMs }, question) =>
      quoteHold(new Batch(store, memory), question, nowMs),
  },
};

const NOTHING_LEFT_OUT: LeftOut = { stagesFull: [], promotionsFull: [] };

function availabilityOf(
  { store, nowMs }: Asked,
  { area, sequence }: StoredArea,
  leftOut: LeftOut = NOTHING_LEFT_OUT,
): Availability {
  const { settings } = area;
  const view = { taken: (key: string) => store.quota(key) };
  return {
    ...area,
    version: sequence,
    outbox: store.audit.outboxSummary(),
    price: currentPrice({ view, settings, nowMs }, leftOut),
    ...(settings.pool !== undefined && { left: leftOf(view, settings, quotaKeys.pool) }),
  };
}

function changesSince(
  since: number | null,
  { store, memory, stored }: Omit<Asked, "nowMs"> & { stored: StoredArea },
): AreaChanges {
  const { settings, available, held, sold, blocked } = stored.area;
  const version = stored.sequence;
  // A version that is still to come was told by an object that has lost its data since.
  const positions = since === null || since > version ? null : memory.recent.after(since);
  const units = positions === null ? null : store.unitsAtPositions(positions);
  const changes =
    units && statusesOf(units, memory.seats).map(({ unitId, state }) => ({ unitId, state }));
  const counts = { available, held, sold, blocked };
  return { version, isOpen: settings.isOpen, counts, changes };
}

export function isQuestionKind(kind: string): kind is QuestionKind {
  return Object.hasOwn(answers, kind);
}

/** `asked` is null for an area that was never configured. */
export function answerQuestion<Kind extends QuestionKind>(
  kind: Kind,
  question: Questions[Kind]["question"],
  asked: Asked | null,
): Questions[Kind]["answer"] {
  const { unknown, answer } = answers[kind];
  return asked === null ? unknown : answer(asked, question);
}
