// What may be asked of an area's object without changing it, and the answers. Every question sees the area of this moment:
// holds that are due have been expired before it is asked.

import type { Availability, ReservationStatus, UnitStatus } from "./contract.ts";
import type { AreaMemory } from "./area-memory.ts";
import { statusesOf } from "./batch.ts";
import type { AreaStore } from "./store.ts";

export interface Questions {
  availability: { question: { kind: "availability" }; answer: Availability | null };
  "unit-statuses": {
    question: { kind: "unit-statuses"; afterPosition: number; limit: number };
    answer: UnitStatus[];
  };
  "reservation-status": {
    question: { kind: "reservation-status"; reservationId: string };
    answer: ReservationStatus | null;
  };
}

export type QuestionKind = keyof Questions;
export type Question = Questions[QuestionKind]["question"];

interface Asked {
  store: AreaStore;
  memory: AreaMemory;
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
    answer: ({ memory: { stored } }) =>
      stored === null ? null : { ...stored.area, version: stored.sequence },
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
      const { state, expiresAtMs, units } = reservation;
      return { state, expiresAtMs, units, currency: stored.area.settings.currency };
    },
  },
};

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
