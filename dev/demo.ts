// `npm run demo`: one ticket, sold end to end, a line a step. Uses the stack that is running, or starts one for itself.
// With --json the last line is the outcome as one JSON object.

import { randomBytes } from "node:crypto";
import {
  type Places,
  availability,
  hold,
  listEvents,
  mailTo,
  payAtCheckout,
  paymentBeyond,
  publishEvent,
  readTicket,
  scan,
  startPayment,
} from "./journey.ts";
import { portsFromEnvironment } from "./ports.ts";
import { sentenceFor } from "./problem.ts";
import { defaultDataDirectory } from "./project.ts";
import { findRunningStack } from "./running-stack.ts";
import { loadSettings } from "./settings.ts";
import { startStack } from "./stack.ts";

const pesos = new Intl.NumberFormat("es-CO", {
  style: "currency",
  currency: "COP",
  maximumFractionDigits: 0,
});

function say(step: string, detail: string): void {
  console.log(`${step.padEnd(22)} ${detail}`);
}

async function playOn(places: Places) {
  const tail = randomBytes(3).toString("hex");
  const event = await publishEvent(places, {
    name: `Noche de Salsa ${tail}`,
    rows: 10,
    unitsPerRow: 20,
    priceInCents: 9_500_000,
    serviceInCents: 500_000,
  });
  say("Organizer publishes", `${event.slug}, ${event.units} units`);

  const slugs = await listEvents(places);
  const before = await availability(places, event);
  say("Buyer lists", `${slugs.length} events on sale, ${before.available} units free in this one`);

  const reservation = await hold(places, { ...event, quantity: 2 });
  const labels = reservation.units.map((unit) => unit.label).join(" and ");
  say(
    "Buyer holds",
    `${labels} for ${pesos.format(reservation.total_in_cents / 100)} until ${reservation.expires_at}`,
  );

  const email = `ana.rojas.${tail}@example.com`;
  const payment = await startPayment(places, reservation.token, email);
  say("Checkout", payment.checkout_url);
  const transaction = await payAtCheckout(payment.checkout_url, { outcome: "approve" });
  say("Buyer pays", `transaction ${transaction.id} ${transaction.status}`);

  const ofPayment = { id: payment.id, reservationToken: reservation.token };
  const status = await paymentBeyond(places, ofPayment, ["pending", "approved"]);
  say("Webhook arrives", `payment ${payment.id} is ${status}`);

  const mail = await mailTo(places, email);
  say(
    "Ticket is mailed",
    `"${mail.subject}" to ${email}, ${places.mail}/?id=${encodeURIComponent(mail.messageId)}`,
  );

  const tickets = await Promise.all(
    reservation.units.map((unit) =>
      readTicket(places, {
        reservationUnitId: unit.reservation_unit_id,
        reservationToken: reservation.token,
      }),
    ),
  );
  for (const ticket of tickets) say("QR image", ticket.path);

  const qrTokens = tickets.map((ticket) => ticket.token);
  const firstScan = await scan(places, qrTokens[0] ?? "");
  say("Gate scans", firstScan);
  const secondScan = await scan(places, qrTokens[0] ?? "");
  say("Gate scans again", secondScan);

  return {
    event_slug: event.slug,
    reservation_id: reservation.id,
    payment_id: payment.id,
    reservation_unit_ids: reservation.units.map((unit) => unit.reservation_unit_id),
    qr_tokens: qrTokens,
    first_scan: firstScan,
    second_scan: secondScan,
  };
}

async function main(): Promise<void> {
  const running = await findRunningStack();
  if (running !== null) return finish(await playOn(running));
  console.log("No stack is running; starting one for the demo (some ten seconds)…");
  const stack = await startStack({
    dataDirectory: defaultDataDirectory,
    ports: portsFromEnvironment(process.env),
    settings: loadSettings(process.env),
    log: console.log,
  });
  try {
    const { api, mail } = stack.addresses;
    finish(await playOn({ api, mail, organizerToken: stack.tokens.organizerToken }));
  } finally {
    await stack.stop();
  }
}

function finish(outcome: Awaited<ReturnType<typeof playOn>>): void {
  if (process.argv.includes("--json")) console.log(JSON.stringify(outcome));
  const isRight = outcome.first_scan === "admitted" && outcome.second_scan === "already_admitted";
  process.exitCode = isRight ? 0 : 1;
}

try {
  await main();
} catch (thrown) {
  console.error(sentenceFor(thrown));
  process.exitCode = 1;
}
