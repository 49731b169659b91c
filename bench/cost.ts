// What a sold ticket writes and what a million of them cost at the list prices of Workers Paid, beyond what the month
// includes.

import { createTicketTokens } from "../src/adapters/ticket-tokens.ts";
import type { CountedRows } from "./api.ts";
import type { CaseTools } from "./cases.ts";
import { settled } from "./cases.ts";
import { holdBody, scanBody } from "./prepare.ts";

const TICKETS_PER_PURCHASE = 2;

/** Dollars for a million of each; Durable Objects, Workers, Queues and R2 pricing pages, November 2026. */
const USD_PER_MILLION = {
  rowsWritten: 1,
  rowsRead: 0.001,
  objectRequests: 0.15,
  objectGigabyteSeconds: 12.5,
  workerRequests: 0.3,
  workerCpuMilliseconds: 0.02,
  queueOperations: 0.4,
  r2Writes: 4.5,
};
/** A purchase of two: hold, payment, notice, two scans. */
const WORKER_REQUESTS = 5;
/** placeHold, extendHold, commitHold, two of admitTicket. Alarms are counted. */
const OBJECT_REQUESTS = 5;
const OBJECT_GIGABYTES = 0.128;
/** One message: written, read, deleted. */
const QUEUE_OPERATIONS = 3;

export interface Cost {
  tickets: number;
  rowsWrittenPerTicket: number;
  /** setAlarm is billed as a row; included above. */
  alarmsPerTicket: number;
  rowsReadPerTicket: number;
  objectSecondsPerTicket: number;
  /** Rows written and read, requests, duration of the object: the plan's own measure. */
  usdPerMillionTickets: number;
  /** With Worker CPU not counted, but queue operations and one R2 write per QR code. */
  usdWithQueueAndMedia: number;
  statements: CountedRows["statements"];
}

/** Sells and admits tickets with rows counted, so many buyers at a time. */
export async function measureCost(
  { generator, api, stack, prepared, sizes }: CaseTools,
  connections: number,
): Promise<Cost> {
  const { count: area } = prepared;
  const name = `counted purchase ${connections}`;
  const eventsSecret = stack.settings.required.WOMPI_EVENTS_SECRET;
  await generator.define(name, { kind: "purchase", holdBody: holdBody(area), eventsSecret });
  const limits = { port: stack.apiPort, connections, milliseconds: 60_000 };

  await api.startCounting(area.areaId);
  const bought = await generator.run(name, { ...limits, operationsMax: sizes.countedPurchases });
  const scans = await scansOf(await generator.ids(name), { stack, areaId: area.areaId });
  const gate = `counted scan ${connections}`;
  await generator.define(gate, {
    kind: "bodies",
    request: {
      method: "POST",
      path: "/v1/qr/validate",
      headers: { Authorization: `Bearer ${stack.organizerToken}` },
    },
    bodies: scans,
    expect: 200,
    keepIds: false,
  });
  const admitted = await generator.run(gate, limits);
  await settled(api, [area])();
  const counted = await api.stopCounting(area.areaId);
  if (admitted.operations !== bought.operations * TICKETS_PER_PURCHASE)
    throw new Error("not every ticket was admitted");
  return costOf(counted, {
    tickets: admitted.operations,
    activeSeconds: bought.seconds + admitted.seconds,
  });
}

/**
 * Per ticket, times a million:
 *   rows written (each index entry and each setAlarm is one) x 1.00 + rows read x 0.001
 *   + (5 calls of the object for 2 tickets + an alarm's call for each alarm set) x 0.15
 *   + 5 requests of the Worker for 2 tickets x 0.30
 *   + seconds the object was active x 0.128 GB x 12.50
 */
function costOf(
  counted: CountedRows,
  { tickets, activeSeconds }: { tickets: number; activeSeconds: number },
): Cost {
  const price = USD_PER_MILLION;
  const alarmsPerTicket = counted.alarmsSet / tickets;
  const rowsWrittenPerTicket = counted.rowsWritten / tickets + alarmsPerTicket;
  const rowsReadPerTicket = counted.rowsRead / tickets;
  const objectSecondsPerTicket = activeSeconds / tickets;
  const usdPerMillionTickets =
    rowsWrittenPerTicket * price.rowsWritten +
    rowsReadPerTicket * price.rowsRead +
    (OBJECT_REQUESTS / TICKETS_PER_PURCHASE + alarmsPerTicket) * price.objectRequests +
    (WORKER_REQUESTS / TICKETS_PER_PURCHASE) * price.workerRequests +
    objectSecondsPerTicket * OBJECT_GIGABYTES * price.objectGigabyteSeconds;
  return {
    tickets,
    rowsWrittenPerTicket,
    alarmsPerTicket,
    rowsReadPerTicket,
    objectSecondsPerTicket,
    usdPerMillionTickets,
    usdWithQueueAndMedia:
      usdPerMillionTickets +
      (QUEUE_OPERATIONS / TICKETS_PER_PURCHASE) * price.queueOperations +
      price.r2Writes,
    statements: counted.statements.toSorted((left, right) => right.rowsWritten - left.rowsWritten),
  };
}

async function scansOf(
  reservationIds: readonly string[],
  { stack, areaId }: { stack: CaseTools["stack"]; areaId: string },
): Promise<string[]> {
  const { rows } = await stack.database.query<{ id: string }>(
    "SELECT id FROM reservation_units WHERE reservation_id = ANY($1::uuid[])",
    [reservationIds],
  );
  const signer = createTicketTokens({ signingKey: stack.settings.required.TICKET_SIGNING_KEY });
  return Promise.all(rows.map(({ id }) => scanBody(signer, { reservationUnitId: id, areaId })));
}
