// What becomes of an effect that failed every time, with the real queue handler, Postgres and mail inbox. The minute is the
// stack's own or its verb called by hand; the stack rings by itself as well, so nothing here counts on being the only one.

import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { createSesMailer } from "../../src/adapters/ses-mailer.ts";
import { composeDependencies } from "../../src/composition.ts";
import { createInventoryProjection } from "../../src/db/inventory-projection.ts";
import { insertPayment } from "../../src/db/payments-repository.ts";
import { consumeEffects } from "../../src/effects/consume.ts";
import worker from "../../src/index.ts";
import { resendDeadEffects } from "../../src/services/effects/resend-dead-effects.ts";
import {
  PROFILE_ID,
  ask,
  database,
  openArea,
  takePostgresAway,
  ticketOf,
  until,
} from "../durable-objects/live-area.ts";

const OTHER_PROFILE_ID = "00000000-0000-4000-8000-000000000002";
const dependencies = composeDependencies(env);

let errorLines: unknown[][] = [];
beforeEach(() => {
  errorLines = [];
  vi.spyOn(console, "error").mockImplementation((...line) => void errorLines.push(line));
});
afterEach(() => vi.restoreAllMocks());

/** What was logged as an error with this in it. */
function logged(part: string): unknown[][] {
  return errorLines.filter((line) => JSON.stringify(line).includes(part));
}

function newRefund(profileId = PROFILE_ID) {
  const paymentId = crypto.randomUUID();
  const effect = { kind: "refund-payment", profileId, paymentId };
  return { effect, effectId: `refund-payment:${paymentId}` };
}

/** As the dead-letter queue delivers it; the pauses it was asked for beside what became of it. */
async function deliverDead(
  body: unknown,
  { id = crypto.randomUUID(), attempts = 1 }: { id?: string; attempts?: number } = {},
) {
  const message = { id, attempts, timestamp: Date.now(), body };
  const batch = createMessageBatch("waro-tickets-effects-dead", [message]);
  const pauses: unknown[] = [];
  for (const each of batch.messages) {
    const retry = each.retry.bind(each);
    vi.spyOn(each, "retry").mockImplementation((options) => {
      pauses.push(options?.delaySeconds);
      retry(options);
    });
  }
  await worker.queue(batch, env);
  return { ...(await getQueueResult(batch, createExecutionContext())), pauses };
}

async function rowOf(effectId: string, profileId = PROFILE_ID) {
  const [row] = await database
    .asTenant(profileId)
    .query("SELECT * FROM effect_log WHERE effect_id = $1", [effectId]);
  return row;
}

/** A row whose first death was this long ago, sent again so often, and due now. */
async function becomesDue(
  effectId: string,
  { days = 0, sentAgain = 0, profileId = PROFILE_ID } = {},
): Promise<void> {
  await database.asTenant(profileId).query(
    `UPDATE effect_log SET died_at = now() - make_interval(secs => $2::float8 * 86400),
       next_attempt_at = now() - interval '1 second', times_sent_again = $3 WHERE effect_id = $1`,
    [effectId, days, sentAgain],
  );
}

describe("a message on the dead-letter queue", () => {
  test("leaves its effect in Postgres, due in five minutes, and one line in the log", async () => {
    const { effect, effectId } = newRefund();
    const result = await deliverDead({ ...effect, email: "ana@example.com" });
    expect(result).toMatchObject({ explicitAcks: [expect.any(String)], retryMessages: [] });
    const [row] = await ask(
      `SELECT *, extract(epoch FROM next_attempt_at - died_at)::int AS pause FROM effect_log
       WHERE effect_id = $1`,
      effectId,
    );
    expect(row).toMatchObject({
      profile_id: PROFILE_ID,
      pause: 300,
      times_sent_again: 0,
      completed_at: null,
      given_up_at: null,
    });
    expect(row?.["effect"]).toEqual(effect);
    expect(logged(effectId)).toEqual([["effect died", { effectId, profileId: PROFILE_ID }]]);
    expect(logged("ana@example.com")).toEqual([]);
  });

  test("changes nothing when it comes again, or when the effect dies again", async () => {
    const { effect, effectId } = newRefund();
    await deliverDead(effect, { id: "first" });
    await ask(
      `UPDATE effect_log SET died_at = now() - interval '1 day', next_attempt_at = now() + interval '1 hour',
         times_sent_again = 9 WHERE effect_id = $1`,
      effectId,
    );
    const before = await rowOf(effectId);
    for (const id of ["first", "of the effect sent again"]) {
      expect(await deliverDead(effect, { id })).toMatchObject({ explicitAcks: [id] });
    }
    expect(await rowOf(effectId)).toEqual(before);
    expect(logged(effectId)).toHaveLength(1);
  });

  test("changes nothing once the effect was carried out after all", async () => {
    const { effect, effectId } = newRefund();
    await ask(
      "INSERT INTO effect_log (effect_id, profile_id, completed_at) VALUES ($1, $2, now())",
      effectId,
      PROFILE_ID,
    );
    const before = await rowOf(effectId);
    expect(await deliverDead(effect)).toMatchObject({ explicitAcks: [expect.any(String)] });
    expect(await rowOf(effectId)).toEqual(before);
    expect(logged(effectId)).toEqual([]);
  });

  test("is delivered again, with growing pauses, while Postgres is away", async () => {
    const { effect, effectId } = newRefund();
    const postgres = takePostgresAway();
    for (const [attempts, pause] of [
      [1, 60],
      [3, 240],
      [50, 3_600],
    ] as const) {
      expect(await deliverDead(effect, { id: "m", attempts })).toMatchObject({
        explicitAcks: [],
        retryMessages: [{ msgId: "m" }],
        pauses: [pause],
      });
    }
    postgres.back();
    await deliverDead(effect);
    expect(await rowOf(effectId)).toMatchObject({ times_sent_again: 0 });
  });

  test("that nobody understands is acknowledged, kept by its ids, and never sent again", async () => {
    const id = crypto.randomUUID();
    const body = {
      kind: "deliver-tickets",
      profileId: PROFILE_ID,
      reservationId: "ana@example.com",
      buyer: { email: "ana@example.com" },
    };
    const kept = { kind: "deliver-tickets", profileId: PROFILE_ID };
    for (const attempts of [1, 2]) {
      expect(await deliverDead(body, { id, attempts })).toMatchObject({ explicitAcks: [id] });
    }
    const row = await rowOf(`not-understood:${id}`);
    expect(row).toMatchObject({ next_attempt_at: null, given_up_at: expect.anything() });
    expect(row?.["effect"]).toEqual(kept);
    expect(logged(id)[0]).toEqual(["dead effect not understood", { messageId: id, ...kept }]);
    expect(logged("ana@example.com")).toEqual([]);
  });

  test.each([["text"], [null], [42], [{ kind: "Ana María", profileId: "nobody" }]])(
    "of which no organizer is known is logged and acknowledged: %j",
    async (body) => {
      const id = crypto.randomUUID();
      expect(await deliverDead(body, { id })).toMatchObject({ explicitAcks: [id] });
      expect(logged(id)).toEqual([["dead effect not understood", { messageId: id }]]);
    },
  );
});

/** Sold, paid and in Postgres, and no area has announced it. */
async function sellInSilence(): Promise<{ reservationId: string; email: string }> {
  const area = await openArea(1);
  const reservationId = crypto.randomUUID();
  const paymentId = crypto.randomUUID();
  const email = `buyer.${crypto.randomUUID()}@example.com`;
  const { areaId, settings, units } = area;
  const { eventId } = settings;
  const unitId = units[0]?.unitId ?? "";
  const reservationUnitId = ticketOf(reservationId, 0);
  const expiresAtMs = Date.UTC(2031, 0, 1);
  const unit = { reservationUnitId, unitId, position: 0, label: units[0]?.label ?? "" };
  await createInventoryProjection(database).write({
    areaId,
    profileId: PROFILE_ID,
    eventId,
    currency: "COP",
    reservations: [
      {
        reservationId,
        state: "sold",
        selection: { kind: "best-available", quantity: 1 },
        holdExpiresAtMs: expiresAtMs,
        expiresAtMs,
        paymentId,
        unitsReplaced: false,
        units: [{ ...unit, priceInCents: 9_500_000, serviceInCents: 500_000 }],
        tickets: [{ reservationUnitId, serial: 1, admittedAtMs: null, scanId: null, gate: null }],
        version: 1,
      },
    ],
    units: [{ unitId, state: "sold", version: 1 }],
  });
  await insertPayment(database.asTenant(PROFILE_ID), {
    paymentId,
    profileId: PROFILE_ID,
    eventId,
    reservationId,
    amountInCents: 10_000_000,
    lines: [],
    currency: "COP",
    buyer: {
      fullName: "Ana María Rojas",
      email,
      documentType: "CC",
      documentNumber: "1020304050",
      phone: "3001234567",
      phonePrefix: "+57",
    },
    areaIds: [areaId],
    poolIds: [],
    requestHash: "",
    expiresAt: new Date(expiresAtMs),
  });
  await ask("UPDATE payments SET status = 'settled' WHERE id = $1", paymentId);
  return { reservationId, email };
}

const inboxShape = z.object({
  emails: z.array(
    z.object({ subject: z.string(), destination: z.object({ to: z.array(z.string()) }) }),
  ),
});

async function mailsTo(address: string) {
  const response = await fetch(`${env.SES_ENDPOINT}/store`);
  const { emails } = inboxShape.parse(await response.json());
  return emails.filter(({ destination }) => destination.to.includes(address));
}

/** The stack's own minute. */
async function ring(): Promise<void> {
  expect((await fetch(`${env.PUBLIC_BASE_URL}/cdn-cgi/handler/scheduled`)).status).toBe(200);
}

test("a buyer whose mail service was away gets the tickets when it is back, once", async () => {
  const { reservationId, email } = await sellInSilence();
  const effect = { kind: "deliver-tickets", profileId: PROFILE_ID, reservationId };
  const effectId = `deliver-tickets:${reservationId}`;

  const away = () => Promise.reject(new TypeError("Network connection lost."));
  const settings = { accessKeyId: "local", secretAccessKey: "local", region: env.AWS_REGION };
  const mailer = createSesMailer({ ...settings, from: env.EMAIL_FROM }, away);
  const lastTry = createMessageBatch("waro-tickets-effects", [
    { id: "m", attempts: 9, timestamp: Date.now(), body: effect },
  ]);
  await consumeEffects({ ...dependencies, mailer }, lastTry);
  expect(await getQueueResult(lastTry, createExecutionContext())).toMatchObject({
    retryMessages: [{ msgId: "m" }],
  });

  // As the platform does after the last try. This is the queue of wrangler.toml and its consumer.
  await env.DEAD_EFFECTS.send(effect, { contentType: "json" });
  await until("the death to be recorded", async () => (await rowOf(effectId))?.["died_at"] != null);

  await ring();
  expect(await rowOf(effectId)).toMatchObject({ times_sent_again: 0 });
  expect(await mailsTo(email)).toEqual([]);

  await becomesDue(effectId);
  await ring();
  await until("the mail", async () => (await mailsTo(email)).length > 0);
  await until("the record of it", async () => (await rowOf(effectId))?.["completed_at"] != null);

  await becomesDue(effectId);
  await ring();
  await resendDeadEffects(dependencies);
  expect(await rowOf(effectId)).toMatchObject({ times_sent_again: 0 });
  expect(await mailsTo(email)).toMatchObject([{ subject: expect.stringContaining("boleta") }]);
});

describe("every minute, a dead effect", () => {
  test.each([
    { sentAgain: 0, days: 0, pause: 600 },
    { sentAgain: 1, days: 0, pause: 1_200 },
    { sentAgain: 5, days: 1, pause: 19_200 },
    { sentAgain: 6, days: 1, pause: 21_600 },
    { sentAgain: 30, days: 6, pause: 21_600 },
    { sentAgain: 30, days: 6.9, pause: 8_640 },
  ])(
    "that was sent again $sentAgain times in $days days is sent, and once more after $pause s",
    async ({ sentAgain, days, pause }) => {
      const { effect, effectId } = newRefund();
      await deliverDead(effect);
      await becomesDue(effectId, { days, sentAgain });
      await resendDeadEffects(dependencies);
      const row = await rowOf(effectId);
      expect(row).toMatchObject({ times_sent_again: sentAgain + 1, given_up_at: null });
      const [left] = await ask(
        "SELECT extract(epoch FROM next_attempt_at - now())::float8 AS seconds FROM effect_log WHERE effect_id = $1",
        effectId,
      );
      const { seconds } = z.object({ seconds: z.number() }).parse(left);
      expect(seconds).toBeLessThanOrEqual(pause);
      expect(seconds).toBeGreaterThan(pause - 20);
      await until(
        "it to be carried out",
        async () => (await rowOf(effectId))?.["completed_at"] != null,
      );
    },
  );

  test("is sent to the queue once, however many minutes come at the same time", async () => {
    const mine = newRefund();
    await deliverDead(mine.effect);
    await becomesDue(mine.effectId);
    const send = vi.spyOn(dependencies.effects, "send");
    await Promise.all(Array.from({ length: 4 }, () => resendDeadEffects(dependencies)));
    const sent = send.mock.calls.flatMap(([effects]) => effects);
    expect(
      sent.filter((effect) => JSON.stringify(effect) === JSON.stringify(mine.effect)).length,
    ).toBeLessThanOrEqual(1);
    expect(await rowOf(mine.effectId)).toMatchObject({ times_sent_again: 1 });
  });

  test("of any organizer is sent, and only its organizer's scope may change it", async () => {
    const { effect, effectId } = newRefund(OTHER_PROFILE_ID);
    await deliverDead(effect);
    await becomesDue(effectId, { profileId: OTHER_PROFILE_ID });
    const changed = await database
      .asSystem()
      .query("UPDATE effect_log SET died_at = now() WHERE effect_id = $1 RETURNING effect_id", [
        effectId,
      ]);
    expect(changed).toEqual([]);
    await resendDeadEffects(dependencies);
    expect(await rowOf(effectId)).toBeUndefined();
    expect(await rowOf(effectId, OTHER_PROFILE_ID)).toMatchObject({ times_sent_again: 1 });
  });

  // The stack's own minute may be the one that gives it up, and log it elsewhere.
  test("is given up after seven days, logged once and never sent", { retry: 3 }, async () => {
    const { effect, effectId } = newRefund();
    await deliverDead(effect);
    await becomesDue(effectId, { days: 7, sentAgain: 30 });
    await resendDeadEffects(dependencies);
    await resendDeadEffects(dependencies);
    expect(await rowOf(effectId)).toMatchObject({
      times_sent_again: 30,
      next_attempt_at: null,
      given_up_at: expect.anything(),
      completed_at: null,
    });
    const lines = logged(effectId).filter(([message]) => message === "effect given up");
    expect(lines).toEqual([["effect given up", { effectId, profileId: PROFILE_ID }]]);

    const before = await rowOf(effectId);
    await deliverDead(effect);
    expect(await rowOf(effectId)).toEqual(before);
  });

  test("that is not understood keeps none of the others waiting, and no minute sends more than 500", async () => {
    const name = crypto.randomUUID();
    const { effect, effectId } = newRefund();
    await deliverDead(effect);
    await ask(
      `INSERT INTO effect_log (effect_id, profile_id, effect, died_at, next_attempt_at)
       SELECT $1 || ':' || number, $2, '{"kind": "of-tomorrow"}', now(), now()
       FROM generate_series(1, 501) AS number`,
      name,
      PROFILE_ID,
    );
    await becomesDue(effectId);
    await resendDeadEffects(dependencies);
    expect(logged(name).length).toBeLessThanOrEqual(500);
    await resendDeadEffects(dependencies);
    expect(await rowOf(effectId)).toMatchObject({ times_sent_again: 1 });
    await ask("UPDATE effect_log SET completed_at = now() WHERE effect_id LIKE $1 || ':%'", name);
  });
});
