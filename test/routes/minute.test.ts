// What the minute's roll-forward mends: payments that were approved and then forgotten, refunds nobody was told of, and
// effects whose message died.

import { afterAll, describe, expect, inject, test } from "vitest";
import { newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();

afterAll(() => shop.close());

/** As the platform's cron would call it. */
async function ring(): Promise<void> {
  const answer = await fetch(`${inject("apiUrl")}/cdn-cgi/handler/scheduled`);
  expect(answer.status).toBe(200);
}

/** A payment whose payer was charged and whose notice never came. */
async function paidInSilence(): Promise<{
  areaId: string;
  payment: { id: string };
  reservation: { id: string; token: string };
  transactionId: string;
  email: string;
}> {
  const event = await shop.publishEvent([{ units: 1 }]);
  const areaId = event.areaIds[0] ?? "";
  const reservation = await shop.hold(event, [{ area_id: areaId, quantity: 1 }]);
  const email = newEmail();
  const payment = await shop.startPayment(reservation, email);
  const transaction = await shop.payAtCheckout(payment.checkout_url, {
    outcome: "approve",
    event: "none",
  });
  return { areaId, payment, reservation, transactionId: transaction.id, email };
}

/** The payment as a Worker left it that died some minutes ago. */
async function leftAs(
  paymentId: string,
  left: { status: string; transactionId: string; refund: string; minutes: number },
): Promise<void> {
  await shop.database.query(
    `UPDATE payments SET status = $2, payment_gateway_transaction_id = $3, refund_amount = $4,
       updated_at = now() - make_interval(mins => $5) WHERE id = $1`,
    [paymentId, left.status, left.transactionId, left.refund, left.minutes],
  );
}

describe("every minute", () => {
  test("an approved payment that was left half settled becomes tickets", async () => {
    const { areaId, payment, reservation, transactionId, email } = await paidInSilence();
    const left = { status: "approved", transactionId, refund: "0", minutes: 5 };
    await leftAs(payment.id, left);
    await ring();
    expect(await shop.paymentBeyond(payment, reservation, ["pending", "approved"])).toBe("settled");
    await shop.unitsBecome(areaId, "s");
    expect(await shop.firstMail(email)).toMatchObject({
      subject: expect.stringContaining("boleta"),
    });
  });

  test("an approved payment of this moment is left to the notice that is settling it", async () => {
    const { payment, reservation, transactionId } = await paidInSilence();
    await leftAs(payment.id, { status: "approved", transactionId, refund: "0", minutes: 0 });
    await ring();
    const [stored] = await shop.payments(reservation.id);
    expect(stored).toMatchObject({ status: "approved" });
  });

  test("a refund that nobody was told of is made, once", async () => {
    const { payment, reservation, transactionId, email } = await paidInSilence();
    const refund = "100000.00";
    await leftAs(payment.id, { status: "refund_due", transactionId, refund, minutes: 5 });
    await ring();
    expect(await shop.paymentBeyond(payment, reservation, ["refund_due"])).toBe("refunded");
    await ring();
    expect(await shop.firstMail(email)).toMatchObject({ subject: "Devolución de su pago" });
    expect(await shop.mails(email)).toHaveLength(1);
  });

  test("an effect that died is carried out once its pause is over, and not before", async () => {
    const { payment, reservation, transactionId, email } = await paidInSilence();
    const refund = "100000.00";
    await leftAs(payment.id, { status: "refund_due", transactionId, refund, minutes: 0 });
    // As the dead-letter queue's consumer leaves it.
    await shop.database.query(
      `INSERT INTO effect_log (effect_id, profile_id, claimed_at, effect, died_at, next_attempt_at)
       SELECT 'refund-payment:' || id, profile_id, 'epoch',
         jsonb_build_object('kind', 'refund-payment', 'profileId', profile_id, 'paymentId', id),
         now(), now() + interval '5 minutes'
       FROM payments WHERE id = $1`,
      [payment.id],
    );
    const sentAgain = async () => {
      const { rows } = await shop.database.query(
        "SELECT times_sent_again FROM effect_log WHERE effect_id = 'refund-payment:' || $1",
        [payment.id],
      );
      return rows;
    };
    await ring();
    expect(await sentAgain()).toEqual([{ times_sent_again: 0 }]);
    await shop.database.query(
      "UPDATE effect_log SET next_attempt_at = now() WHERE effect_id = 'refund-payment:' || $1",
      [payment.id],
    );
    await ring();
    expect(await sentAgain()).toEqual([{ times_sent_again: 1 }]);
    expect(await shop.paymentBeyond(payment, reservation, ["refund_due"])).toBe("refunded");
    expect(await shop.firstMail(email)).toMatchObject({ subject: "Devolución de su pago" });
    await ring();
    expect(await shop.mails(email)).toHaveLength(1);
  });
});
