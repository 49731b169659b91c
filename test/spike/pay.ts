// What a buyer does with an acknowledged hold, from the first thought to the last look. Knows how, never why.

import { setTimeout as sleep } from "node:timers/promises";
import { unreachable } from "../../src/shared/unreachable.ts";
import type { Random } from "../crash/random.ts";
import { askUntilAnswered } from "../crash/requests.ts";
import type { SpikeReservation } from "./ledger.ts";
import { Payer } from "./payer.ts";
import type { Sale } from "./sale.ts";
import type { Manner } from "./wish.ts";

/** What somebody does whose card was declined. */
const AFTER_DECLINE = ["again", "again", "another payment", "give back", "leave"] as const;

interface Buying {
  sale: Sale;
  random: Random;
  reservation: SpikeReservation;
}

/** False when the hold was over before it could be paid; the buyer may hold again. */
export async function carryThrough(manner: Manner, buying: Buying): Promise<boolean> {
  const { sale, random, reservation } = buying;
  await sleep(random.between(0, sale.holdMilliseconds / 20));
  if (manner === "give back") return giveBack(buying);
  if (manner === "leave") return leave(buying);
  const payer = new Payer(sale, random, reservation);
  const hasPaid = await pay(manner, payer, buying);
  if (!hasPaid && reservation.approvals.length === 0) reservation.lastWord = "left";
  return hasPaid;
}

/** The gate is held while something is under way, not while somebody thinks or waits for a bank. */
async function pay(
  manner: Exclude<Manner, "give back" | "leave">,
  payer: Payer,
  buying: Buying,
): Promise<boolean> {
  const { sale, random } = buying;
  switch (manner) {
    case "leave at the checkout": {
      const started = await sale.paying.run(() => payer.start());
      return started === undefined ? false : leave(buying);
    }
    case "pay":
      return sale.paying.run(() => payOnce(payer));
    case "pay, declined at first": {
      const end = random.pick(AFTER_DECLINE);
      return sale.paying.run(() => payAfterDecline(payer, end, buying));
    }
    case "pay late":
      return payLate(payer, sale);
    case "pay two payments":
      return sale.paying.run(() => payTwoPayments(payer));
    case "pay one payment twice":
      return sale.paying.run(() => payOnePaymentTwice(payer));
    default:
      return unreachable(manner);
  }
}

async function payOnce(payer: Payer): Promise<boolean> {
  const started = await payer.start();
  if (started === undefined || !(await payer.approve(started))) return false;
  await payer.seeEnd(started);
  return true;
}

async function payAfterDecline(
  payer: Payer,
  end: (typeof AFTER_DECLINE)[number],
  buying: Buying,
): Promise<boolean> {
  const started = await payer.start();
  if (started === undefined || !(await payer.decline(started))) return false;
  if (end === "give back") return giveBack(buying);
  if (end === "leave") return leave(buying);
  if (end === "another payment") return payOnce(payer);
  if (!(await payer.approve(started))) return false;
  await payer.seeEnd(started);
  return true;
}

async function payLate(payer: Payer, sale: Sale): Promise<boolean> {
  const begun = await sale.paying.run(async () => {
    const started = await payer.start();
    const transactionId = started === undefined ? undefined : await payer.begin(started);
    return started === undefined || transactionId === undefined ? null : { started, transactionId };
  });
  if (begun === null) return false;
  const { started, transactionId } = begun;
  await payer.outlive(started);
  await sale.paying.run(async () => {
    await payer.finish(started, transactionId);
    sale.ledger.latePayments += 1;
    await payer.seeEnd(started);
  });
  return true;
}

async function payTwoPayments(payer: Payer): Promise<boolean> {
  const first = await payer.start();
  const second = first === undefined ? undefined : await payer.start();
  if (first === undefined || second === undefined) return false;
  const both = [first, second];
  const isPaid = await Promise.all(both.map((started) => payer.approve(started)));
  const paid = both.filter((_, index) => isPaid[index] === true);
  for (const started of paid) await payer.seeEnd(started);
  return paid.length > 0;
}

async function payOnePaymentTwice(payer: Payer): Promise<boolean> {
  const started = await payer.start();
  if (started === undefined) return false;
  const begun = await Promise.all([payer.begin(started), payer.begin(started)]);
  const transactionIds = begun.filter((id) => id !== undefined);
  await Promise.all(transactionIds.map((id) => payer.finish(started, id)));
  if (transactionIds.length > 0) await payer.seeEnd(started);
  return transactionIds.length > 0;
}

async function giveBack({ sale, reservation }: Buying): Promise<true> {
  const { reservationId, token } = reservation;
  reservation.lastWord = "releasing";
  const answer = await sale.holding.run(() =>
    askUntilAnswered({
      method: "DELETE",
      address: `${sale.api}/v1/reservations/${reservationId}`,
      headers: { "reservation-token": token },
    }),
  );
  if (answer?.status === 204) reservation.lastWord = "released";
  else if (answer === undefined) sale.ledger.unknownOutcomes += 1;
  else sale.ledger.contradict("a release", reservation, answer);
  return true;
}

async function leave({ reservation }: Buying): Promise<true> {
  reservation.lastWord = "left";
  return true;
}
