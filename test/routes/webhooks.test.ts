// What the gateway tells, over HTTP against a running stack: only its own word counts, each payment becomes tickets or money
// that goes back, once, however often and late the notice comes.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { freePorts } from "../../dev/ports.ts";
import { freshSettings } from "../../dev/settings.ts";
import { type Stack, startStack } from "../../dev/stack.ts";
import { expectProblem } from "../support/problems.ts";
import { checkoutUrl, wompiNotice, wompiProperties, wompiSignature } from "../support/signed.ts";
import { type HeldReservation, type Shop, newEmail, openShop, until } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call } = shop;
const variables = inject("workerVariables");
const secret = variables["WOMPI_EVENTS_SECRET"] ?? "";
const keys = {
  publicKey: variables["WOMPI_PUBLIC_KEY"] ?? "",
  integritySecret: variables["WOMPI_INTEGRITY_SECRET"] ?? "",
};

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
/** Longer than the queue lets a message wait, so that a second mail would be there. */
const QUIET_MS = 1_500;
/** Longer than a message waits when another of its effect is under way. */
const RETRY_MS = 7_000;
/** What a stack may need to start or stop on a busy machine. */
const STACK_MS = 120_000;
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const startedShape = z.object({ checkout_url: z.string() });

const notify = (body: unknown, headers: Record<string, string> = {}) =>
  call("POST", "/v1/webhooks/wompi", { body, headers });

/** A reservation of new units with a payment the payer has not finished. */
async function waitingPayment(units = 1, from: Shop = shop) {
  const event = await from.publishEvent([{ units }]);
  const areaId = event.areaIds[0] ?? "";
  const reservation = await from.hold(event, [{ area_id: areaId, quantity: units }]);
  const email = newEmail();
  const payment = await from.startPayment(reservation, email);
  return { event, areaId, reservation, payment, email };
}

async function pending(checkout: string, method = "CARD", from: Shop = shop) {
  return from.payAtCheckout(checkout, { outcome: "pending", method });
}

async function statusOf({ id, token }: HeldReservation, from: Shop = shop): Promise<unknown> {
  const { body } = await from.asBuyer(token, "GET", `/v1/reservations/${id}`);
  return z.object({ status: z.string() }).parse(body).status;
}

async function delivered(
  transactionId: string,
  times: number,
  from: Shop = shop,
): Promise<number[]> {
  return until(`${times} deliveries`, async () => {
    const deliveries = await from.deliveries(transactionId);
    const answers = deliveries.flatMap(({ attempts }) =>
      attempts.flatMap(({ status }) => status ?? []),
    );
    return answers.length >= times ? answers : undefined;
  });
}

afterAll(() => shop.close());

describe("a notice that is not the gateway's", () => {
  let waiting: Awaited<ReturnType<typeof waitingPayment>>;
  let transaction: { id: string; status: string };
  let before: unknown;
  beforeAll(async () => {
    waiting = await waitingPayment(2);
    transaction = await pending(waiting.payment.checkout_url);
    await shop.unitsBecome(waiting.areaId, "rr");
    before = [await shop.inventory(waiting.event), await shop.records(waiting.event.eventId)];
  });
  afterAll(async () => {
    const after = [await shop.inventory(waiting.event), await shop.records(waiting.event.eventId)];
    expect(after).toEqual(before);
    expect(await shop.mails(waiting.email)).toEqual([]);
  });

  const approved = () => ({ ...transaction, status: "APPROVED", amount_in_cents: 20_000_000 });
  const genuine = () => wompiNotice(approved(), secret);
  const tampered = (changes: object) => {
    const notice = genuine();
    return { ...notice, data: { transaction: { ...approved(), ...changes } } };
  };
  const signedOver = (properties: readonly string[], changes: object = {}) => {
    const notice = { ...genuine(), ...changes };
    return { ...notice, signature: wompiSignature(notice, secret, properties) };
  };

  const forged: [string, () => unknown, Record<string, string>?][] = [
    ["signed with another secret", () => wompiNotice(approved(), `${secret}x`)],
    ["signed with no secret", () => wompiNotice(approved(), "")],
    ["another amount", () => tampered({ amount_in_cents: 1 })],
    ["another status", () => tampered({ status: "DECLINED" })],
    ["another transaction", () => tampered({ id: "15113-1-1" })],
    ["another time", () => ({ ...genuine(), timestamp: genuine().timestamp + 1 })],
    [
      "an empty checksum",
      () => ({ ...genuine(), signature: { properties: wompiProperties, checksum: "" } }),
    ],
    ["a header that says something else", genuine, { "x-event-checksum": "0".repeat(64) }],
    ["an empty header", genuine, { "x-event-checksum": "" }],
    ["production in the sandbox", () => ({ ...genuine(), environment: "prod" })],
    ["nothing signed", () => signedOver([])],
    ["the status not signed", () => signedOver(["transaction.id", "transaction.amount_in_cents"])],
    ["only the amount signed", () => signedOver(["transaction.amount_in_cents"])],
    [
      "signed over something missing",
      () => signedOver([...wompiProperties, "transaction.nothing"]),
    ],
    ["signed over an object", () => signedOver([...wompiProperties, "transaction"])],
    [
      "signed over a prototype",
      () => signedOver([...wompiProperties, "__proto__.constructor.name"]),
    ],
    [
      "a genuine token event renamed to a payment",
      () => {
        const data = { nequi_token: { id: "1", status: "APPROVED" }, transaction: approved() };
        const properties = ["nequi_token.id", "nequi_token.status"];
        return signedOver(properties, { data });
      },
    ],
  ];
  test.each(forged)("is refused: %s", async (_what, make, headers = {}) => {
    expectProblem(await notify(make(), headers), 401, "notice_forged");
  });

  const malformed: [string, () => unknown][] = [
    ["nothing", () => ""],
    ["no JSON", () => "event=transaction.updated"],
    ["half of it", () => JSON.stringify(genuine()).slice(0, -9)],
    ["null", () => "null"],
    ["a list", () => [genuine()]],
    ["a text", () => JSON.stringify(JSON.stringify(genuine()))],
    ["no signature", () => ({ ...genuine(), signature: undefined })],
    ["a signature that is a text", () => ({ ...genuine(), signature: "abc" })],
    [
      "properties that are no list",
      () => ({ ...genuine(), signature: { properties: {}, checksum: "a" } }),
    ],
    ["no event", () => ({ ...genuine(), event: undefined })],
    ["a time that is none", () => ({ ...genuine(), timestamp: "now" })],
    [
      "an endless time",
      () => JSON.stringify(genuine()).replace(/"timestamp":\d+/, '"timestamp":1e999'),
    ],
    ["lists in lists, ten thousand deep", () => `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
    ["a number for a transaction", () => wompiNotice({ ...approved(), id: 15_113 }, secret)],
    ["an empty transaction id", () => wompiNotice({ ...approved(), id: "" }, secret)],
  ];
  test.each(malformed)("is refused: %s", async (_what, make) => {
    expectProblem(await notify(make()), 400, "notice_malformed");
  });

  test("is refused: over 64 KiB", async () => {
    expectProblem(await notify({ ...genuine(), more: "x".repeat(65_536) }), 413, "body_too_large");
  });

  test("is refused in English too", async () => {
    const answer = await notify("{}", { "accept-language": "en" });
    expectProblem(answer, 400, "notice_malformed");
    expect(answer.body).toMatchObject({ title: "The notice cannot be understood." });
  });

  test("but one that is approved only by its own word approves nothing: the gateway is asked", async () => {
    const other = await waitingPayment();
    const declined = await shop.payAtCheckout(other.payment.checkout_url, {
      outcome: "decline",
      event: "none",
    });
    const notice = wompiNotice({ ...declined, status: "APPROVED", amount_in_cents: 1 }, secret);
    expect(await notify(notice)).toMatchObject({ status: 200, body: { outcome: "recorded" } });
    expect(await shop.payments(other.reservation.id)).toMatchObject([{ status: "declined" }]);
    expect(await statusOf(other.reservation)).toBe("held");
  });

  // The gateway signs its values without separators: such a notice has the right checksum, and proves nothing.
  test("is refused: characters moved from one value to the next", async () => {
    const moved = tampered({ id: `${transaction.id}APPROVED`, status: "" });
    expectProblem(await notify(moved), 503, "gateway_unavailable");
  });

  test.each([
    ["that nobody knows", "15113-1-1"],
    ["with slashes and dots", "../merchants/info"],
    ["of dots alone", ".."],
    ["with a NUL", "15113\u0000"],
    ["with a lone surrogate", "15113\ud800"],
    ["with a query", "15113?x=1#y"],
    ["of thousands of characters", "1".repeat(9_000)],
  ])("of a transaction %s is asked for again", async (_what, id) => {
    const answer = await notify(wompiNotice({ ...approved(), id }, secret));
    expectProblem(answer, 503, "gateway_unavailable");
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(answer.body).toMatchObject({ may_retry: true });
  });

  test.each([["GET"], ["PUT"], ["DELETE"]])("%s is no way to send one", async (method) => {
    expectProblem(await call(method, "/v1/webhooks/wompi"), 404, "route_not_found");
  });
});

describe("a genuine notice that is not about a payment of ours is taken, so that it does not come again", () => {
  test.each([
    ["nequi_token.updated"],
    ["bancolombia_transfer_token.updated"],
    ["payout.updated"],
    ["x"],
  ])("%s", async (event) => {
    const data = { nequi_token: { id: "nequi_1", status: "APPROVED", phone_number: "3991111111" } };
    const notice = { event, data, environment: "test", timestamp: 1_530_291_411 };
    const signature = wompiSignature(notice, secret, ["nequi_token.id", "nequi_token.status"]);
    expect(await notify({ ...notice, signature })).toMatchObject({
      status: 200,
      body: { outcome: "ignored" },
    });
  });

  test.each([
    ["another program's", "MZQ3X2DE2SMX"],
    ["of an id nobody has", UNKNOWN_ID],
    ["of an id in capitals", UNKNOWN_ID.toUpperCase()],
    ["with SQL", "' OR 1=1 --"],
  ])("a reference %s", async (_what, reference) => {
    const page = variables["WOMPI_CHECKOUT_URL"] ?? "";
    const url = checkoutUrl(page, keys, { reference, amountInCents: 500_000 });
    const transaction = await shop.payAtCheckout(url, { outcome: "decline", event: "none" });
    expect(await notify(wompiNotice({ ...transaction, amount_in_cents: 1 }, secret))).toMatchObject(
      {
        status: 200,
        body: { outcome: "not_ours" },
      },
    );
  });

  test("in whatever media type, and with the time inside the signature", async () => {
    const { payment, reservation } = await waitingPayment();
    const transaction = await shop.payAtCheckout(payment.checkout_url, {
      outcome: "decline",
      event: "none",
    });
    const { timestamp, signature, ...notice } = wompiNotice(
      { ...transaction, amount_in_cents: 1 },
      secret,
    );
    const body = {
      ...notice,
      signature: { ...signature, timestamp, checksum: signature.checksum.toUpperCase() },
    };
    const answer = await notify(body, { "content-type": "text/plain; charset=utf-8" });
    expect(answer).toMatchObject({ status: 200, body: { outcome: "recorded" } });
    expect(await shop.payments(reservation.id)).toMatchObject([{ status: "declined" }]);
  });
});

describe.concurrent("a payment", () => {
  test.each(["normal", "duplicate", "late"] as const)(
    "approved makes its tickets and one mail, once, when the notice comes %s",
    async (event) => {
      const { areaId, reservation, payment, email } = await waitingPayment(3);
      const transaction = await shop.payAtCheckout(payment.checkout_url, {
        outcome: "approve",
        event,
      });
      expect(await shop.paymentBeyond(payment, reservation, ["pending", "approved"])).toBe(
        "settled",
      );
      await shop.firstMail(email);
      await shop.resend(transaction.id);
      await shop.resend(transaction.id);
      const answers = await delivered(transaction.id, event === "duplicate" ? 4 : 3);
      expect(new Set(answers)).toEqual(new Set([200]));
      await sleep(QUIET_MS);
      const mails = await shop.mails(email);
      expect(mails).toMatchObject([{ subject: expect.stringMatching(/^Tus boletas para/) }]);
      for (const { reservation_unit_id: id } of reservation.units) {
        expect(mails[0]?.body.html).toContain(id);
      }
      await shop.unitsBecome(areaId, "sss");
      expect(await statusOf(reservation)).toBe("paid");
      expect(await ticketsOf(reservation)).toEqual(
        Array.from({ length: 3 }, () => ({ status: "confirmed", serial: 1 })),
      );
      expect(await shop.payments(reservation.id)).toEqual([
        {
          id: payment.id,
          status: "settled",
          amount: "300000.00",
          refund: "0.00",
          transaction: transaction.id,
        },
      ]);
    },
  );

  test("whose notice was lost is settled by twenty copies at once, once", async () => {
    const { reservation, payment, email } = await waitingPayment(2);
    const transaction = await shop.payAtCheckout(payment.checkout_url, {
      outcome: "approve",
      event: "none",
    });
    const notice = wompiNotice({ ...transaction, amount_in_cents: 20_000_000 }, secret);
    const answers = await Promise.all(Array.from({ length: 20 }, () => notify(notice)));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 200, body: { outcome: "recorded" } });
    await shop.firstMail(email);
    await sleep(QUIET_MS);
    expect(await shop.mails(email)).toHaveLength(1);
    expect(await ticketsOf(reservation)).toHaveLength(2);
  });

  test("of several areas brings one mail with all tickets", async () => {
    const event = await shop.publishEvent([{ units: 1 }, { units: 2 }, { units: 1 }]);
    const items = event.areaIds.map((areaId) => ({ area_id: areaId, quantity: 1 }));
    const { email, reservation } = await shop.buy(event, items);
    await sleep(RETRY_MS);
    const mails = await shop.mails(email);
    expect(mails).toHaveLength(1);
    for (const { reservation_unit_id: id } of reservation.units)
      expect(mails[0]?.body.html).toContain(id);
  });

  test.each([
    ["decline", "declined"],
    ["error", "error"],
  ] as const)("may end in %s and then be approved, on one reference", async (outcome, status) => {
    const { areaId, reservation, payment, email } = await waitingPayment();
    const first = await shop.payAtCheckout(payment.checkout_url, { outcome });
    expect(await shop.paymentBeyond(payment, reservation, ["pending"])).toBe(status);
    expect(await statusOf(reservation)).toBe("held");
    const second = await shop.payAtCheckout(payment.checkout_url, { outcome: "approve" });
    expect(await shop.paymentBeyond(payment, reservation, ["pending", "approved", status])).toBe(
      "settled",
    );
    // The first attempt's notice, late: it takes nothing back.
    await shop.resend(first.id);
    await delivered(first.id, 2);
    await shop.firstMail(email);
    expect(await shop.payments(reservation.id)).toMatchObject([
      { status: "settled", transaction: second.id },
    ]);
    await shop.unitsBecome(areaId, "s");
  });

  test("made twice keeps its tickets, and the second money goes back", async () => {
    const { areaId, reservation, payment, email } = await waitingPayment();
    const [one, two] = [await pending(payment.checkout_url), await pending(payment.checkout_url)];
    await shop.finish(one.id, "APPROVED");
    expect(await shop.paymentBeyond(payment, reservation, ["pending", "approved"])).toBe("settled");
    await shop.finish(two.id, "APPROVED", "duplicate");
    const rows = await paymentsAreDone(reservation, 2);
    expect(rows).toEqual([
      {
        id: payment.id,
        status: "settled",
        amount: "100000.00",
        refund: "0.00",
        transaction: one.id,
      },
      {
        id: expect.any(String),
        status: "refunded",
        amount: "100000.00",
        refund: "100000.00",
        transaction: two.id,
      },
    ]);
    expect(await gatewayStatus(one.id)).toBe("APPROVED");
    expect(await gatewayStatus(two.id)).toBe("VOIDED");
    await sleep(QUIET_MS);
    expect((await shop.mails(email)).map(({ subject }) => subject).toSorted()).toEqual([
      "Devolución de su pago",
      expect.stringMatching(/^Tu boleta para/),
    ]);
    await shop.unitsBecome(areaId, "s");
    expect(await statusOf(reservation)).toBe("paid");
  });

  test("made twice at the same moment still buys once", async () => {
    const { reservation, payment } = await waitingPayment();
    const both = [await pending(payment.checkout_url), await pending(payment.checkout_url)];
    await Promise.all(both.map(({ id }) => shop.finish(id, "APPROVED")));
    const rows = await paymentsAreDone(reservation, 2);
    expect(rows.map(({ status }) => status).toSorted()).toEqual(["refunded", "settled"]);
    expect(rows.map(({ transaction }) => transaction ?? "").toSorted()).toEqual(
      both.map(({ id }) => id).toSorted(),
    );
    expect(await ticketsOf(reservation)).toHaveLength(1);
  });

  test("beside another payment of the reservation goes back", async () => {
    const { areaId, reservation, payment, email } = await waitingPayment(2);
    const otherEmail = newEmail();
    const other = await shop.startPayment(reservation, otherEmail);
    const [first, second] = [
      await pending(payment.checkout_url),
      await pending(other.checkout_url),
    ];
    await shop.finish(first.id, "APPROVED");
    expect(await shop.paymentBeyond(payment, reservation, ["pending", "approved"])).toBe("settled");
    await shop.finish(second.id, "APPROVED");
    expect(
      await shop.paymentBeyond(other, reservation, ["pending", "approved", "refund_due"]),
    ).toBe("refunded");
    expect(await gatewayStatus(second.id)).toBe("VOIDED");
    await shop.firstMail(otherEmail);
    await sleep(QUIET_MS);
    expect(await shop.mails(email)).toMatchObject([
      { subject: expect.stringMatching(/^Tus boletas/) },
    ]);
    expect(await shop.mails(otherEmail)).toMatchObject([{ subject: "Devolución de su pago" }]);
    expect(await ticketsOf(reservation)).toHaveLength(2);
    await shop.unitsBecome(areaId, "ss");
  });

  test("of another amount than asked for buys nothing, and is all to be given back", async () => {
    const { areaId, reservation, payment, email } = await waitingPayment();
    const page = variables["WOMPI_CHECKOUT_URL"] ?? "";
    const url = checkoutUrl(page, keys, { reference: payment.id, amountInCents: 150_000 });
    await shop.payAtCheckout(url, { outcome: "approve" });
    const status = await shop.paymentBeyond(payment, reservation, ["pending", "approved"]);
    expect(["refund_due", "refunded"]).toContain(status);
    expect(await shop.payments(reservation.id)).toMatchObject([{ refund: "1500.00" }]);
    expect(await shop.firstMail(email)).toMatchObject({ subject: "Devolución de su pago" });
    expect(await statusOf(reservation)).toBe("held");
    await shop.unitsBecome(areaId, "r");
  });

  test("for what the buyer released meanwhile gets the same units, if they are free", async () => {
    const { areaId, reservation, payment } = await waitingPayment(2);
    const transaction = await pending(payment.checkout_url);
    await shop.asBuyer(reservation.token, "DELETE", `/v1/reservations/${reservation.id}`);
    await shop.unitsBecome(areaId, "aa");
    await shop.finish(transaction.id, "APPROVED");
    expect(await shop.paymentBeyond(payment, reservation, ["pending", "approved"])).toBe("settled");
    await shop.unitsBecome(areaId, "ss");
  });
});

// A stack of its own, where a hold lasts two seconds and so does paying.
describe.concurrent("after the hold has ended", () => {
  let dataDirectory = "";
  let stack: Stack;
  let late: Shop;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), "waro-tickets-test-"));
    stack = await startStack({
      dataDirectory,
      ports: freePorts,
      settings: freshSettings(),
      fast: true,
      workerVariables: { HOLD_SECONDS: "2", PAYMENT_WINDOW_SECONDS: "2" },
      redeliveryDelaysMilliseconds: [300, 900, 2_700],
      log: () => undefined,
    });
    const { api, wompi, mail, database } = stack.addresses;
    late = openShop({ api, wompi, mail, database, organizerToken: stack.tokens.organizerToken });
  }, STACK_MS);
  afterAll(async () => {
    await late.close();
    await stack.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }, STACK_MS);

  /** One of two units, a payment under way, and the hold over. */
  async function lapsed(method: string, units = 2) {
    const event = await late.publishEvent([{ units }]);
    const areaId = event.areaIds[0] ?? "";
    const reservation = await late.hold(event, [{ area_id: areaId, quantity: 1 }]);
    const email = newEmail();
    const payment = await late.startPayment(reservation, email);
    const transaction = await pending(payment.checkout_url, method, late);
    await late.unitsBecome(areaId, "a".repeat(units));
    return { event, areaId, reservation, payment, transaction, email };
  }
  const unitOf = async ({ id, token }: HeldReservation) => {
    const { body } = await late.asBuyer(token, "GET", `/v1/reservations/${id}`);
    return z
      .object({ status: z.string(), units: z.array(z.object({ label: z.string() })) })
      .parse(body);
  };

  test("a payer in time is served, however short the time", async () => {
    const event = await late.publishEvent([{ units: 1 }]);
    await late.buy(event, [{ area_id: event.areaIds[0] ?? "", quantity: 1 }]);
  });

  test("no payment is started, and the buyer is told to choose again", async () => {
    const event = await late.publishEvent([{ units: 1 }]);
    const areaId = event.areaIds[0] ?? "";
    const reservation = await late.hold(event, [{ area_id: areaId, quantity: 1 }]);
    await late.unitsBecome(areaId, "r");
    await late.unitsBecome(areaId, "a");
    expect(await statusOf(reservation, late)).toBe("expired");
    const answer = await late.asBuyer(reservation.token, "POST", "/v1/payments", {
      body: { gateway: "wompi", buyer: newBuyer() },
    });
    expectProblem(answer, 410, "hold_expired");
    expect(await late.payments(reservation.id)).toEqual([]);
    const release = await late.asBuyer(
      reservation.token,
      "DELETE",
      `/v1/reservations/${reservation.id}`,
    );
    expect(release.status).toBe(204);
    expect((await late.place(event, [{ area_id: areaId, quantity: 1 }])).status).toBe(201);
  });

  test("a payment started at the last moment holds the units no longer than the rule says", async () => {
    const event = await late.publishEvent([{ units: 1 }]);
    const areaId = event.areaIds[0] ?? "";
    const reservation = await late.hold(event, [{ area_id: areaId, quantity: 1 }]);
    const startedAt = Date.now();
    let lastCode: unknown;
    const checkouts: { url: string; at: number }[] = [];
    // Again and again: what is answered with a checkout can be paid, until one is told that it is too late.
    while (lastCode !== "hold_expired" && Date.now() - startedAt < 8_000) {
      const askedAt = Date.now();
      const { status, body } = await late.asBuyer(reservation.token, "POST", "/v1/payments", {
        body: { gateway: "wompi", buyer: newBuyer() },
      });
      lastCode = Reflect.get(Object(body), "code");
      if (status === 201)
        checkouts.push({ url: startedShape.parse(body).checkout_url, at: askedAt });
      await sleep(100);
    }
    expect(lastCode).toBe("hold_expired");
    expect(checkouts.length).toBeGreaterThan(3);
    for (const { url, at } of checkouts) {
      const payUntil = Date.parse(new URL(url).searchParams.get("expiration-time") ?? "");
      expect(payUntil).toBeGreaterThan(at);
      expect(payUntil).toBeLessThanOrEqual(Date.parse(reservation.expires_at) + 2_000);
    }
  });

  test("a late payment gets the same units when they are still free", async () => {
    const { areaId, reservation, payment, transaction, email } = await lapsed("PSE");
    await late.finish(transaction.id, "APPROVED");
    expect(await late.paymentBeyond(payment, reservation, ["pending", "approved"])).toBe("settled");
    expect(await unitOf(reservation)).toMatchObject({
      status: "paid",
      units: [{ label: "A-1-1" }],
    });
    await late.unitsBecome(areaId, "sa");
    await late.firstMail(email);
    expect(await gatewayStatus(transaction.id, late)).toBe("APPROVED");
  });

  test("a late payment gets other units of the area when its own are sold", async () => {
    const { event, areaId, reservation, payment, transaction, email } = await lapsed("CARD");
    await late.buy(event, [{ area_id: areaId, quantity: 1 }]);
    await late.finish(transaction.id, "APPROVED", "duplicate");
    expect(await late.paymentBeyond(payment, reservation, ["pending", "approved"])).toBe("settled");
    expect(await unitOf(reservation)).toMatchObject({
      status: "paid",
      units: [{ label: "A-1-2" }],
    });
    await late.unitsBecome(areaId, "ss");
    await late.firstMail(email);
    await sleep(QUIET_MS);
    const mails = await late.mails(email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.body.text).toContain("A-1-2");
  });

  test("a late payment goes back when nothing is left: the charge is undone, and the buyer told", async () => {
    const { event, areaId, reservation, payment, transaction, email } = await lapsed("CARD", 1);
    const winner = await late.buy(event, [{ area_id: areaId, quantity: 1 }]);
    await late.finish(transaction.id, "APPROVED", "duplicate");
    expect(
      await late.paymentBeyond(payment, reservation, ["pending", "approved", "refund_due"]),
    ).toBe("refunded");
    expect(await gatewayStatus(transaction.id, late)).toBe("VOIDED");
    expect(await statusOf(reservation, late)).toBe("refund_due");
    expect(await late.payments(reservation.id)).toMatchObject([
      { status: "refunded", refund: "100000.00" },
    ]);
    await late.firstMail(email);
    await late.resend(transaction.id);
    await sleep(QUIET_MS);
    expect(await late.mails(email)).toMatchObject([{ subject: "Devolución de su pago" }]);
    expect((await late.mails(email))[0]?.body.text).toContain("Anulamos el cobro");
    expect(await statusOf(winner.reservation, late)).toBe("paid");
    await late.unitsBecome(areaId, "s");
  });

  test("a late payment that the gateway cannot undo stays due, for a person", async () => {
    const { event, areaId, reservation, payment, transaction, email } = await lapsed("NEQUI", 1);
    await late.buy(event, [{ area_id: areaId, quantity: 1 }]);
    await late.finish(transaction.id, "APPROVED");
    expect(await late.paymentBeyond(payment, reservation, ["pending", "approved"])).toBe(
      "refund_due",
    );
    await late.firstMail(email);
    await late.resend(transaction.id);
    await delivered(transaction.id, 2, late);
    await sleep(QUIET_MS);
    expect(await late.mails(email)).toMatchObject([{ subject: "Devolución de su pago" }]);
    expect((await late.mails(email))[0]?.body.text).toContain("Le devolveremos");
    expect(await late.payments(reservation.id)).toMatchObject([
      { status: "refund_due", refund: "100000.00" },
    ]);
  });

  test("a late payment for two areas keeps the part that is left, and the other's money is due", async () => {
    const event = await late.publishEvent([{ units: 1 }, { units: 1, priceInCents: 2_500_000 }]);
    const [one = "", two = ""] = event.areaIds;
    const reservation = await late.hold(
      event,
      [one, two].map((areaId) => ({ area_id: areaId, quantity: 1 })),
    );
    const email = newEmail();
    const payment = await late.startPayment(reservation, email);
    const transaction = await pending(payment.checkout_url, "CARD", late);
    await late.unitsBecome(one, "a");
    await late.unitsBecome(two, "a");
    await late.buy(event, [{ area_id: two, quantity: 1 }]);
    await late.finish(transaction.id, "APPROVED");
    expect(await late.paymentBeyond(payment, reservation, ["pending", "approved"])).toBe(
      "refund_due",
    );
    expect(await late.payments(reservation.id)).toMatchObject([
      { amount: "130000.00", refund: "30000.00" },
    ]);
    await late.unitsBecome(one, "s");
    const subjects = await until("both mails", async () => {
      const mails = await late.mails(email);
      return mails.length === 2 ? mails.map(({ subject }) => subject).toSorted() : undefined;
    });
    expect(subjects).toEqual(["Devolución de su pago", expect.stringMatching(/^Tu boleta para/)]);
    expect(await gatewayStatus(transaction.id, late)).toBe("APPROVED");
  });
});

function newBuyer() {
  return {
    full_name: "Ana",
    email: newEmail(),
    document_type: "CC",
    document_number: "10203",
    phone: "3001234567",
  };
}

async function ticketsOf({ id }: { id: string }) {
  const { rows } = await shop.database.query<{ status: string; serial: number }>(
    "SELECT status, serial FROM reservation_units WHERE reservation_id = $1",
    [id],
  );
  return rows;
}

/** The payments of a reservation once there are this many and none is undecided. */
function paymentsAreDone({ id }: { id: string }, count: number) {
  return until("the payments to be decided", async () => {
    const rows = await shop.payments(id);
    const isDone = rows.every(
      ({ status }) => !["pending", "approved", "refund_due"].includes(status),
    );
    return rows.length === count && isDone ? rows : undefined;
  });
}

/** What the gateway's newest notice about a transaction said. */
async function gatewayStatus(
  transactionId: string,
  from: Shop = shop,
): Promise<string | undefined> {
  return (await from.deliveries(transactionId)).at(-1)?.transaction_status;
}
