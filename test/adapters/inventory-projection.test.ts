// How a flush's batch is divided over transactions; what the transactions do is tried on a real Postgres elsewhere.

import { expect, test } from "vitest";
import { z } from "zod";
import type {
  ProjectedReservation,
  ProjectionBatch,
} from "../../durable-objects/area-inventory/contract.ts";
import { createInventoryProjection } from "../../src/db/inventory-projection.ts";
import type { DatabaseScope, Statement } from "../../src/ports/database.ts";

const rowsShape = z.array(z.object({ id: z.string() }));

function reservation(index: number, isSold: boolean): ProjectedReservation {
  const id = String(index);
  const ticket = { reservationUnitId: `${id}-0`, serial: 1, admittedAtMs: null, scanId: null };
  return {
    reservationId: id,
    state: isSold ? "sold" : "held",
    selection: { kind: "best-available", quantity: 1 },
    holdExpiresAtMs: 1,
    expiresAtMs: 1,
    paymentId: null,
    unitsReplaced: false,
    units: [],
    tickets: isSold ? [{ ...ticket, gate: null }] : [],
    version: 1,
  };
}

/** For each transaction the ids each of its statements brings. */
async function written(
  reservations: ProjectedReservation[],
  units: ProjectionBatch["units"] = [],
): Promise<string[][][]> {
  const transactions: string[][][] = [];
  const scope: DatabaseScope = {
    transaction: (statements: readonly Statement[]) => {
      const idsOf = ({ parameters: [rows] }: Statement) =>
        rowsShape.parse(JSON.parse(String(rows))).map(({ id }) => id);
      transactions.push(statements.map(idsOf));
      return Promise.resolve(statements.map(() => []));
    },
    query: () => Promise.resolve([]),
  };
  const database = { asTenant: () => scope, asPublic: () => scope, asSystem: () => scope };
  const batch = { areaId: "a", profileId: "p", eventId: "e", currency: "COP", reservations, units };
  await createInventoryProjection(database).write(batch);
  return transactions;
}

const holds = (count: number) =>
  Array.from({ length: count }, (_, index) => reservation(index, false));

test("[INV36] a small flush is one transaction", async () => {
  const transactions = await written([...holds(79), reservation(100, true)]);
  expect(transactions).toHaveLength(1);
});

test("[INV36] holds of a large flush go side by side, each once, at most four transactions of them", async () => {
  const transactions = await written(holds(1_000));
  expect(transactions).toHaveLength(4);
  const ids = transactions.flat(2);
  expect(ids.toSorted()).toEqual(
    holds(1_000)
      .map(({ reservationId }) => reservationId)
      .toSorted(),
  );
});

test("[INV36] whatever has tickets, and the units, stay in one transaction", async () => {
  const sold = [reservation(500, true), reservation(501, true)];
  const unit = { unitId: "u", state: "sold" as const, version: 1 };
  const transactions = await written([...holds(100), ...sold], [unit]);
  expect(transactions).toHaveLength(3);
  const last = transactions.at(-1) ?? [];
  expect(last).toEqual([["500", "501"], expect.any(Array), ["u"]]);
  expect(transactions.slice(0, 2).flat(2)).not.toContain("500");
});
