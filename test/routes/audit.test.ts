// An area's audit, over HTTP against a running stack: rows are changed in Postgres behind everybody's back, and the audit names
// each, repairs what is certain, leaves the rest to a person, and never puts on sale what somebody may have bought.

import { afterAll, describe, expect, inject, test } from "vitest";
import { type AreaAudit, type Sale, auditsOf } from "../support/audit.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { until } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const office = auditsOf(shop);
const { sql } = office;
const audit = (areaId: string, repair = false) => office.audit(areaId, repair);

afterAll(() => shop.close());

/** What is said of each difference, without what is null or empty. */
function wordsOf({ differences }: AreaAudit): object[] {
  return differences.map((each) =>
    Object.fromEntries(
      Object.entries(each).filter(
        ([name, value]) =>
          value !== null && name !== "is_repaired" && !(Array.isArray(value) && value.length === 0),
      ),
    ),
  );
}

/** An audit of an area whose changes have all arrived in Postgres. On a busy machine a flush may have to be repeated. */
function auditSettled(areaId: string, repair = false): Promise<AreaAudit> {
  return until(`all changes of ${areaId} to arrive`, async () => {
    const found = await audit(areaId, repair);
    return found.in_flight === 0 && found.outbox?.batches === 0 ? found : undefined;
  });
}

async function expectHealthy(areaId: string): Promise<void> {
  expect((await auditSettled(areaId)).differences).toEqual([]);
}

/** Named units cannot be held: nobody else gets what was sold. */
async function expectNotForSale(sale: Sale, unitIds: readonly string[]): Promise<void> {
  for (const unitId of unitIds) {
    const answer = await shop.place(sale.event, [{ area_id: sale.areaId, unit_ids: [unitId] }]);
    expect(answer.body).toMatchObject({ code: "units_taken" });
  }
}

const projectAgain = "project_again";

interface Damage {
  what: string;
  tamper: (sale: Sale) => Promise<unknown>;
  named: (sale: Sale) => object[];
}

const repairable: Damage[] = [
  {
    what: "a hold that is gone",
    tamper: ({ held }) => office.deleteReservation(held.id),
    named: ({ held }) => [
      {
        kind: "reservation_missing_in_postgres",
        reservation_id: held.id,
        in_object: "held",
        remedy: projectAgain,
      },
    ],
  },
  {
    what: "a part that is gone, and its tickets with it",
    tamper: async ({ bought }) => {
      await office.deleteTickets(bought.id);
      await sql("UPDATE reservations SET extra_attributes = '{}' WHERE id = $1", bought.id);
    },
    named: ({ bought }) => [
      {
        kind: "reservation_missing_in_postgres",
        reservation_id: bought.id,
        in_object: "sold",
        remedy: projectAgain,
      },
      ...missingTickets(bought),
    ],
  },
  {
    what: "a sale that is said to be a hold given back",
    tamper: (sale) => office.changePart(sale, sale.bought.id, { state: "released", tickets: [] }),
    named: ({ bought }) => [
      {
        kind: "part_different",
        reservation_id: bought.id,
        // The row's own status no longer follows from its parts either.
        fields: ["state", "tickets", "status"],
        in_object: "sold",
        in_postgres: "released",
        remedy: projectAgain,
      },
    ],
  },
  {
    what: "a hold that ends later, and was made by a payment",
    tamper: (sale) => office.changePart(sale, sale.held.id, { expiresAtMs: 1, paymentId: "p" }),
    named: ({ held }) => [
      {
        kind: "part_different",
        reservation_id: held.id,
        fields: ["expiresAtMs", "paymentId"],
        in_object: "held",
        in_postgres: "held",
        remedy: projectAgain,
      },
    ],
  },
  {
    what: "a status that does not follow from the parts",
    tamper: ({ held }) =>
      sql("UPDATE reservations SET status = 'cancelled' WHERE id = $1", held.id),
    named: ({ held }) => [
      {
        kind: "part_different",
        reservation_id: held.id,
        fields: ["status"],
        in_object: "held",
        in_postgres: "held",
        remedy: projectAgain,
      },
    ],
  },
  {
    what: "tickets that are gone",
    tamper: ({ bought }) => office.deleteTickets(bought.id),
    named: ({ bought }) => missingTickets(bought),
  },
  {
    what: "a ticket that was ended, at another price",
    tamper: ({ bought }) =>
      sql(
        "UPDATE reservation_units SET status = 'cancelled', price = 1 WHERE id = $1",
        bought.ticketIds[0],
      ),
    named: ({ bought }) => [
      {
        kind: "ticket_different",
        reservation_id: bought.id,
        reservation_unit_id: bought.ticketIds[0],
        unit_id: bought.unitIds[0],
        fields: ["status", "price"],
        in_object: "confirmed",
        in_postgres: "cancelled",
        remedy: projectAgain,
      },
    ],
  },
  {
    what: "tickets of two buyers that changed places",
    tamper: async ({ bought, alsoBought }) => {
      const [[mine], [theirs]] = [bought.ticketIds, alsoBought.ticketIds];
      const move = "UPDATE reservation_units SET unit_id = $2, status = $3 WHERE id = $1";
      await sql(move, mine, alsoBought.unitIds[0], "cancelled");
      await sql(move, theirs, bought.unitIds[0], "confirmed");
      await sql(move, mine, alsoBought.unitIds[0], "confirmed");
    },
    named: ({ bought, alsoBought }) => [
      ...[bought, alsoBought].toSorted(byId).map((sale) => ({
        kind: "ticket_different",
        reservation_id: sale.id,
        reservation_unit_id: sale.ticketIds[0],
        unit_id: sale.unitIds[0],
        fields: ["unit_id"],
        in_object: "confirmed",
        in_postgres: "confirmed",
        remedy: projectAgain,
      })),
    ],
  },
  {
    what: "a sold unit that is said to be available",
    tamper: ({ bought }) =>
      sql("UPDATE units SET status = 'available' WHERE id = $1", bought.unitIds[0]),
    named: ({ bought }) => [
      {
        kind: "unit_different",
        unit_id: bought.unitIds[0],
        fields: ["status"],
        in_object: "sold",
        in_postgres: "available",
        remedy: projectAgain,
      },
    ],
  },
  {
    what: "free units that are said to be sold and blocked",
    tamper: async ({ freeUnitIds }) => {
      await sql("UPDATE units SET status = 'sold' WHERE id = $1", freeUnitIds[0]);
      await sql("UPDATE units SET status = 'blocked' WHERE id = $1", freeUnitIds[1]);
    },
    named: ({ freeUnitIds }) =>
      ["sold", "blocked"].map((status, index) => ({
        kind: "unit_different",
        unit_id: freeUnitIds[index],
        fields: ["status"],
        in_object: "available",
        in_postgres: status,
        remedy: projectAgain,
      })),
  },
  {
    what: "a ticket that nobody sold, for a free unit",
    tamper: (sale) => office.insertForeignTicket(sale, sale.freeUnitIds[0] ?? ""),
    named: ({ freeUnitIds }) => [
      {
        kind: "ticket_extra",
        reservation_id: expect.any(String),
        reservation_unit_id: expect.any(String),
        unit_id: freeUnitIds[0],
        in_postgres: "confirmed",
        remedy: "cancel_ticket",
      },
    ],
  },
  {
    what: "one ticket more than a buyer bought",
    tamper: ({ bought, areaId, freeUnitIds }) =>
      sql(
        `INSERT INTO reservation_units (profile_id, reservation_id, area_id, unit_id, status, serial)
         SELECT profile_id, $1, $2, $3, 'used', 1 FROM areas WHERE id = $2`,
        bought.id,
        areaId,
        freeUnitIds[1],
      ),
    named: ({ bought, freeUnitIds }) => [
      {
        kind: "ticket_extra",
        reservation_id: bought.id,
        reservation_unit_id: expect.any(String),
        unit_id: freeUnitIds[1],
        in_postgres: "used",
        remedy: "cancel_ticket",
      },
    ],
  },
  {
    what: "settings the object never heard of",
    tamper: ({ areaId }) =>
      sql("UPDATE areas SET price = 1, version = version + 1 WHERE id = $1", areaId),
    named: () => [
      {
        kind: "settings_behind",
        fields: ["version"],
        in_object: expect.any(String),
        in_postgres: expect.any(String),
        remedy: "load_object",
      },
    ],
  },
  {
    what: "a unit the object never heard of, and a capacity without it",
    tamper: ({ areaId }) =>
      sql(
        `INSERT INTO units (profile_id, area_id, position, label, nomenclature_number_area, nomenclature_number_unit)
         SELECT profile_id, id, 8, 'A-1-9', 1, 9 FROM areas WHERE id = $1`,
        areaId,
      ),
    named: () => [
      { kind: "capacity_different", in_postgres: "8 of 9", remedy: "recount_units" },
      {
        kind: "unit_missing_in_object",
        unit_id: expect.any(String),
        in_postgres: "available",
        remedy: "load_object",
      },
    ],
  },
];

function byId(left: { id: string }, right: { id: string }): number {
  return left.id < right.id ? -1 : 1;
}

function missingTickets({ id, ticketIds, unitIds }: Sale["bought"]): object[] {
  return ticketIds.map((ticketId, index) => ({
    kind: "ticket_missing",
    reservation_id: id,
    reservation_unit_id: ticketId,
    unit_id: unitIds[index],
    in_object: "confirmed",
    remedy: projectAgain,
  }));
}

describe("an audit names and repairs", () => {
  test.concurrent.each(repairable)("$what", async ({ tamper, named }) => {
    const sale = await office.openSale();
    await expectHealthy(sale.areaId);
    await tamper(sale);
    const found = await auditSettled(sale.areaId);
    expect(wordsOf(found)).toEqual(named(sale));
    expect(found.differences.some((each) => each.is_repaired)).toBe(false);
    const repaired = await audit(sale.areaId, true);
    expect(wordsOf(repaired)).toEqual(named(sale));
    expect(repaired.differences.every((each) => each.is_repaired)).toBe(true);
    await expectHealthy(sale.areaId);
    await expectNotForSale(sale, [...sale.bought.unitIds, ...sale.alsoBought.unitIds]);
  });

  test("a projection that was lost as a whole, and it comes back as it was", async () => {
    const sale = await office.openSale();
    const { areaId, bought, alsoBought, held, releasedId } = sale;
    const before = await office.projection(areaId);
    for (const id of [bought.id, alsoBought.id, held.id, releasedId])
      await office.deleteReservation(id);
    await sql("UPDATE units SET status = 'available' WHERE area_id = $1", areaId);
    const repaired = await audit(areaId, true);
    const kinds = Map.groupBy(repaired.differences, ({ kind }) => kind);
    expect([...kinds].map(([kind, all]) => [kind, all.length])).toEqual([
      ["reservation_missing_in_postgres", 4],
      ["ticket_missing", 4],
      ["unit_different", 4],
    ]);
    expect(repaired.differences.every((each) => each.is_repaired)).toBe(true);
    expect(await office.projection(areaId)).toEqual(before);
    await expectHealthy(areaId);
    await expectNotForSale(sale, [...bought.unitIds, ...alsoBought.unitIds, ...held.unitIds]);
  });

  test("a sale that the object does not know, and its units are no longer for sale", async () => {
    const sale = await office.openSale();
    const planted = await plantSale(sale, sale.freeUnitIds);
    const words = [
      {
        kind: "reservation_missing_in_object",
        reservation_id: planted,
        in_postgres: "sold",
        remedy: "restore_to_object",
      },
    ];
    expect(wordsOf(await audit(sale.areaId)).slice(0, 1)).toEqual(words);
    const repaired = await audit(sale.areaId, true);
    expect(repaired.differences[0]).toMatchObject({ ...words[0], is_repaired: true });
    expect(repaired.differences.every((each) => each.is_repaired)).toBe(true);
    await expectHealthy(sale.areaId);
    await shop.unitsBecome(sale.areaId, "ssssrrss");
    await expectNotForSale(sale, sale.freeUnitIds);
  });

  test("an area on sale that its object never heard of", async () => {
    const event = await shop.draftEvent([{ units: 3 }]);
    const [areaId = ""] = event.areaIds;
    await sql("UPDATE areas SET audited_at = '2100-01-01' WHERE id = $1", areaId);
    await sql("UPDATE clusters SET status = 'published' WHERE id = $1", event.eventId);
    const lost = { kind: "object_lost", in_object: "unknown", remedy: "load_object" };
    expect(await audit(areaId)).toMatchObject({ differences: [lost], units: 0 });
    expect(await audit(areaId, true)).toMatchObject({
      differences: [{ ...lost, is_repaired: true }],
      units: 3,
    });
    await expectHealthy(areaId);
    expect(await shop.hold(event, [{ area_id: areaId, quantity: 3 }])).toMatchObject({});
  });

  test("a quantity of two areas that nobody counts any more", async () => {
    const event = await shop.draftEvent([{ units: 3 }, { units: 3 }]);
    const [areaId = ""] = event.areaIds;
    await sql("UPDATE areas SET audited_at = '2100-01-01' WHERE cluster_id = $1", event.eventId);
    const stage = await shop.asOrganizer("POST", `/v1/events/${event.eventId}/sale-stages`, {
      body: {
        name: "Preventa",
        quantity: 2,
        adjustment: { type: "percentage", basis_points: -1_000 },
      },
    });
    expect(stage.status).toBe(201);
    await shop.asOrganizer("POST", `/v1/events/${event.eventId}/publish`);
    await expectHealthy(areaId);
    // Under its new id no object knows it, as if its data were lost.
    const lostId = crypto.randomUUID();
    await sql("UPDATE sale_stages SET id = $1 WHERE cluster_id = $2", lostId, event.eventId);
    const lost = {
      kind: "pool_lost",
      in_object: "unknown",
      in_postgres: lostId,
      remedy: "load_object",
    };
    expect((await audit(areaId)).differences).toContainEqual(
      expect.objectContaining({ ...lost, is_repaired: false }),
    );
    expect((await audit(areaId, true)).differences).toContainEqual(
      expect.objectContaining({ ...lost, is_repaired: true }),
    );
    const kindsAfter = (await audit(areaId)).differences.map(({ kind }) => kind);
    expect(kindsAfter).not.toContain("pool_lost");
  });
});

/** A whole sale of these units, as the projection would have written it, that the object never made. */
async function plantSale(sale: Sale, unitIds: readonly string[]): Promise<string> {
  const id = crypto.randomUUID();
  const [source] = await sql(
    `SELECT extra_attributes #> ARRAY['areas', $2::text] AS part FROM reservations WHERE id = $1`,
    sale.bought.id,
    sale.areaId,
  );
  const unitOf = (index: number) => `${id.slice(0, -4)}000${index}`;
  const part = {
    ...source?.part,
    paymentId: crypto.randomUUID(),
    units: source?.part.units.map((unit: object, index: number) => ({
      ...unit,
      reservationUnitId: unitOf(index),
      unitId: unitIds[index],
      position: 6 + index,
      label: `A-1-${7 + index}`,
    })),
    tickets: source?.part.tickets.map((ticket: object, index: number) => ({
      ...ticket,
      reservationUnitId: unitOf(index),
    })),
  };
  await sql(
    `INSERT INTO reservations (id, profile_id, cluster_id, status, extra_attributes)
     SELECT $1, profile_id, cluster_id, 'completed', jsonb_build_object('areas', jsonb_build_object($2::text, $3::jsonb))
     FROM areas WHERE id = $2::uuid`,
    id,
    sale.areaId,
    JSON.stringify(part),
  );
  for (const [index, unitId] of unitIds.entries()) {
    await sql(
      `INSERT INTO reservation_units (id, profile_id, reservation_id, area_id, unit_id, status, price, service, serial,
         inventory_version)
       SELECT $1, profile_id, $2, $3, $4, 'confirmed', 95000, 5000, 1, 1 FROM areas WHERE id = $3`,
      unitOf(index),
      id,
      sale.areaId,
      unitId,
    );
    await sql("UPDATE units SET status = 'sold' WHERE id = $1", unitId);
  }
  return id;
}

interface Doubt {
  what: string;
  tamper: (sale: Sale) => Promise<unknown>;
  kinds: string[];
}

const doubtful: Doubt[] = [
  {
    what: "a ticket that somebody paid for, and the object never sold",
    tamper: async (sale) =>
      office.insertPayment(await office.insertForeignTicket(sale, sale.freeUnitIds[0] ?? "")),
    kinds: ["ticket_extra"],
  },
  {
    what: "a unit that is said to be sold to such a ticket",
    tamper: async (sale) => {
      const ticketId = await office.insertForeignTicket(sale, sale.freeUnitIds[0] ?? "");
      await office.insertPayment(ticketId);
      await sql("UPDATE units SET status = 'sold' WHERE id = $1", sale.freeUnitIds[0]);
    },
    kinds: ["ticket_extra", "unit_different"],
  },
  {
    what: "a hold that Postgres has as sold, with its tickets",
    tamper: async (sale) => {
      await office.changePart(sale, sale.held.id, { state: "sold" });
      await sql("UPDATE reservations SET status = 'completed' WHERE id = $1", sale.held.id);
      await sql(
        `INSERT INTO reservation_units (id, profile_id, reservation_id, area_id, unit_id, status, serial)
         SELECT $1, profile_id, $2, $3, $4, 'confirmed', 1 FROM areas WHERE id = $3`,
        sale.held.ticketIds[0],
        sale.held.id,
        sale.areaId,
        sale.held.unitIds[0],
      );
    },
    kinds: ["part_different", "ticket_extra"],
  },
  {
    what: "a part, a ticket and a unit with versions the object never had",
    tamper: async (sale) => {
      await office.changePart(sale, sale.held.id, { version: 9_000_000 });
      await sql(
        "UPDATE reservation_units SET inventory_version = 9000000 WHERE id = $1",
        sale.bought.ticketIds[0],
      );
      await sql("UPDATE units SET inventory_version = 9000000 WHERE id = $1", sale.freeUnitIds[0]);
    },
    kinds: ["part_different", "ticket_different", "unit_different"],
  },
  {
    what: "a part whose version is no number",
    tamper: (sale) => office.changePart(sale, sale.held.id, { version: "soon" }),
    kinds: ["part_different"],
  },
  {
    what: "documents of another shape",
    tamper: ({ held }) =>
      sql("UPDATE reservations SET extra_attributes = '[]' WHERE id = $1", held.id),
    kinds: ["reservation_missing_in_postgres"],
  },
  {
    what: "a sale of units that the object sold to somebody else",
    tamper: async (sale) => {
      const planted = await plantSale(sale, sale.freeUnitIds);
      await office.deleteTickets(planted);
      await sql(
        "UPDATE units SET status = 'available' WHERE id = ANY($1::uuid[])",
        sale.freeUnitIds,
      );
      await shop.hold(sale.event, [{ area_id: sale.areaId, unit_ids: sale.freeUnitIds }]);
      await shop.unitsBecome(sale.areaId, "ssssrrrr");
    },
    kinds: ["reservation_missing_in_object"],
  },
  {
    what: "a sold unit that Postgres has given to another ticket",
    tamper: async (sale) => {
      await office.deleteTickets(sale.bought.id);
      await office.insertPayment(
        await office.insertForeignTicket(sale, sale.bought.unitIds[0] ?? ""),
      );
    },
    kinds: ["ticket_extra", "ticket_missing", "ticket_missing"],
  },
  {
    what: "other settings under the same version",
    tamper: ({ areaId }) => sql("UPDATE areas SET price = 1 WHERE id = $1", areaId),
    kinds: ["settings_different"],
  },
  {
    what: "a unit that is gone",
    tamper: ({ freeUnitIds }) => sql("DELETE FROM units WHERE id = $1", freeUnitIds[1]),
    kinds: ["unit_missing_in_postgres"],
  },
  {
    what: "a ticket that is filed under another area",
    tamper: async (sale) => {
      const other = await office.openArea(1);
      const ticketId = await office.insertForeignTicket(sale, sale.freeUnitIds[0] ?? "");
      await sql("UPDATE reservation_units SET area_id = $2 WHERE id = $1", ticketId, other.areaId);
    },
    kinds: ["ticket_elsewhere"],
  },
];

describe("an audit names and leaves to a person", () => {
  test.concurrent.each(doubtful)("$what", async ({ tamper, kinds }) => {
    const sale = await office.openSale();
    await tamper(sale);
    await sql(
      "UPDATE areas SET capacity = (SELECT count(*) FROM units WHERE area_id = $1) WHERE id = $1",
      sale.areaId,
    );
    // All of it has arrived: what comes later is the audit's doing.
    await auditSettled(sale.areaId);
    const before = await shop.records(sale.event.eventId);
    const found = await auditSettled(sale.areaId, true);
    expect(found.differences.map(({ kind }) => kind).toSorted()).toEqual(kinds);
    expect(found.differences.some((each) => each.is_repaired)).toBe(false);
    expect(await shop.records(sale.event.eventId)).toEqual(before);
    await expectNotForSale(sale, [...sale.bought.unitIds, ...sale.alsoBought.unitIds]);
    // Nothing of it keeps later sales from being told.
    expect((await audit(sale.areaId)).outbox).toEqual({ batches: 0, oldest_at: null });
  });
});

describe("changes on their way", () => {
  test("are no differences while fifty buyers hold and release", { timeout: 120_000 }, async () => {
    const { event, areaId } = await office.openArea(120);
    const evening = new AbortController();
    const buyer = async () => {
      while (!evening.signal.aborted) {
        const held = await shop.hold(event, [{ area_id: areaId, quantity: 2 }]);
        await shop.asBuyer(held.token, "DELETE", `/v1/reservations/${held.id}`);
      }
    };
    const buyers = Array.from({ length: 50 }, buyer);
    try {
      for (let round = 0; round < 5; round += 1) {
        const found = await audit(areaId, round % 2 === 1);
        expect(found.differences).toEqual([]);
        expect(found.units).toBe(120);
        expect(found.reservations).toBeGreaterThan(20);
      }
    } finally {
      evening.abort();
      await Promise.all(buyers);
    }
    await expectHealthy(areaId);
  });

  test("are no differences when the way is blocked; the outbox says since when, and a repair frees it", async () => {
    const sale = await office.openSale();
    const [unitId = ""] = sale.freeUnitIds;
    const ticketId = await office.insertForeignTicket(sale, unitId);
    const startedAt = Date.now();
    const held = await shop.hold(sale.event, [{ area_id: sale.areaId, unit_ids: [unitId] }]);
    const payment = await shop.startPayment(held, "atascada@example.com");
    // The hold is told; what cannot be is the sale alone.
    await expect.poll(async () => (await audit(sale.areaId)).outbox?.batches).toBe(0);
    await shop.payAtCheckout(payment.checkout_url, { outcome: "approve" });
    await expect
      .poll(async () => (await audit(sale.areaId)).outbox?.batches, { timeout: 20_000 })
      .toBe(1);
    const found = await audit(sale.areaId);
    expect(found.differences).toMatchObject([
      { kind: "ticket_extra", reservation_unit_id: ticketId },
    ]);
    expect(found.in_flight).toBe(2);
    const since = Date.parse(found.outbox?.oldest_at ?? "");
    expect(since).toBeGreaterThanOrEqual(startedAt);
    expect(since).toBeLessThanOrEqual(Date.now());
    await audit(sale.areaId, true);
    // Any batch starts the flush, sooner than the alarm does.
    await shop.hold(sale.event, [{ area_id: sale.areaId, quantity: 1 }]);
    await expect
      .poll(async () => (await audit(sale.areaId)).outbox?.batches, { timeout: 30_000 })
      .toBe(0);
    await expectHealthy(sale.areaId);
    await shop.unitsBecome(sale.areaId, "ssssrrsr");
  });
});

describe("the minute", () => {
  const ring = async () => {
    const answer = await fetch(`${inject("apiUrl")}/cdn-cgi/handler/scheduled`);
    expect(answer.status).toBe(200);
  };
  const waitsLongest = (areaId: string, day: number) =>
    sql(
      "UPDATE areas SET audited_at = make_timestamptz(2000, 1, $2, 0, 0, 0) WHERE id = $1",
      areaId,
      day,
    );
  const auditedAt = async (areaId: string) =>
    (await sql("SELECT audited_at > '2001-01-01' AS is_done FROM areas WHERE id = $1", areaId))[0]
      ?.is_done;

  test(
    "repairs what the object only has to tell again, and nothing else",
    { timeout: 60_000 },
    async () => {
      const sale = await office.openSale();
      const ticketId = await office.insertForeignTicket(sale, sale.freeUnitIds[0] ?? "");
      await office.changePart(sale, sale.held.id, { expiresAtMs: 1 });
      await office.deleteTickets(sale.bought.id);
      await waitsLongest(sale.areaId, 3);
      await expect
        .poll(
          async () => {
            await ring();
            return auditedAt(sale.areaId);
          },
          { timeout: 30_000, interval: 1_000 },
        )
        .toBe(true);
      await expect
        .poll(async () => (await audit(sale.areaId)).differences, { timeout: 20_000 })
        .toMatchObject([{ kind: "ticket_extra", reservation_unit_id: ticketId }]);
    },
  );

  test(
    "one area that fails does not keep the next from its turn",
    { timeout: 60_000 },
    async () => {
      const broken = await office.openSale();
      const sale = await office.openSale();
      await sql("UPDATE areas SET price = 'NaN' WHERE id = $1", broken.areaId);
      await sql("UPDATE units SET status = 'blocked' WHERE id = $1", sale.freeUnitIds[0]);
      await waitsLongest(broken.areaId, 1);
      await waitsLongest(sale.areaId, 2);
      await ring();
      await expect.poll(() => auditedAt(sale.areaId), { timeout: 20_000 }).toBe(true);
      await expect
        .poll(async () => (await shop.units(sale.areaId))[6]?.status, { timeout: 20_000 })
        .toBe("available");
      expect(await auditedAt(broken.areaId)).toBe(true);
      await sql("UPDATE areas SET price = 95000 WHERE id = $1", broken.areaId);
    },
  );
});

describe("an audit", () => {
  test(
    "goes through more than one page, also where one side has less of them",
    { timeout: 120_000 },
    async () => {
      const { event, areaId } = await office.openArea(1_050);
      for (let held = 0; held < 600; held += 50)
        await Promise.all(
          Array.from({ length: 50 }, () => shop.hold(event, [{ area_id: areaId, quantity: 1 }])),
        );
      expect(await audit(areaId)).toMatchObject({
        reservations: 600,
        units: 1_050,
        in_flight: 0,
        differences: [],
        next_cursor: null,
      });
      const lost = await sql(
        `DELETE FROM reservations WHERE id IN (
         SELECT id FROM reservations WHERE cluster_id = $1 ORDER BY id OFFSET 100 LIMIT 300) RETURNING id`,
        event.eventId,
      );
      await sql("UPDATE units SET status = 'sold' WHERE area_id = $1 AND position > 900", areaId);
      const repaired = await audit(areaId, true);
      expect(repaired).toMatchObject({ reservations: 600, units: 1_050 });
      const named = ({
        kind,
        reservation_id: id,
      }: {
        kind: string;
        reservation_id: string | null;
      }) => `${kind} ${id ?? ""}`;
      expect(repaired.differences.map(named)).toEqual([
        ...lost.map(({ id }) => `reservation_missing_in_postgres ${id}`).toSorted(),
        ...Array.from({ length: 149 }, () => "unit_different "),
      ]);
      expect(repaired.differences.every((each) => each.is_repaired)).toBe(true);
      await expectHealthy(areaId);
    },
  );

  test("of a large area takes several requests, which together see all of it", async () => {
    const { areaId } = await office.openArea(3);
    const first = await audit(areaId);
    expect(first).toMatchObject({ units: 3, reservations: 0, next_cursor: null });
    const cursor = Buffer.from(JSON.stringify(["units", "0"])).toString("base64url");
    const rest = await shop.asOrganizer("POST", `/v1/areas/${areaId}/audit`, { body: { cursor } });
    expect(rest).toMatchObject({ status: 200, body: { units: 2, next_cursor: null } });
  });

  test("of a draft finds nothing to compare", async () => {
    const event = await shop.draftEvent([{ units: 3 }]);
    expect(await audit(event.areaIds[0] ?? "")).toEqual({
      area_id: event.areaIds[0],
      reservations: 0,
      units: 0,
      in_flight: 0,
      outbox: null,
      differences: [],
      next_cursor: null,
    });
  });

  test.each(["owner", "manager"])("is for a team's %s", async (role) => {
    const { areaId } = await office.openArea(1);
    const token = await office.signIn(role, areaId);
    const answer = await shop.call("POST", `/v1/areas/${areaId}/audit`, { token, body: {} });
    expect(answer).toMatchObject({ status: 200, body: { differences: [] } });
  });

  test.each(["finance", "gate"])("is not for a team's %s", async (role) => {
    const { areaId } = await office.openArea(1);
    const token = await office.signIn(role, areaId);
    const answer = await shop.call("POST", `/v1/areas/${areaId}/audit`, { token, body: {} });
    expectProblem(answer, 403, "role_not_allowed");
  });

  test("of another organizer's area is not found, and needs a session", async () => {
    const { areaId } = await office.openArea(1);
    const path = `/v1/areas/${areaId}/audit`;
    const body = { repair: true };
    const theirs = { token: inject("otherOrganizerToken"), body };
    expectProblem(await shop.call("POST", path, theirs), 404, "area_not_found");
    const nowhere = `/v1/areas/${crypto.randomUUID()}/audit`;
    expectProblem(await shop.asOrganizer("POST", nowhere, { body }), 404, "area_not_found");
    expectProblem(await shop.call("POST", path, { body }), 401, "session_required");
  });

  test.each([
    ["body.repair", { repair: "yes" }],
    ["body.fix", { fix: true }],
    ["body.cursor", { cursor: "x" }],
    ["body.cursor", { cursor: Buffer.from('["units","-2"]').toString("base64url") }],
    ["body.cursor", { cursor: Buffer.from('["reservations","1"]').toString("base64url") }],
  ])("refuses %s in %j", async (path, body) => {
    const { areaId } = await office.openArea(1);
    expectInvalid(await shop.asOrganizer("POST", `/v1/areas/${areaId}/audit`, { body }), path);
  });
});
