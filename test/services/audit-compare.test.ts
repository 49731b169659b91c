// What an audit makes of one reservation, unit or area on both sides, and which remedy each difference gets.

import { describe, expect, test } from "vitest";
import { promotionOf } from "../support/area-fixtures.ts";
import type {
  AreaSettings,
  Reservation,
  UnitStatus,
} from "../../durable-objects/area-inventory/contract.ts";
import type { ToldReservation, ToldTicket, ToldUnit } from "../../src/db/audit-repository.ts";
import { ticketRowsOf } from "../../src/db/ticket-rows.ts";
import { compareReservation } from "../../src/services/inventory/audit/compare-reservation.ts";
import { compareUnit } from "../../src/services/inventory/audit/compare-unit.ts";
import {
  compareCapacity,
  compareKnowledge,
  comparePool,
  compareSettings,
  compareTally,
} from "../../src/services/inventory/audit/compare-whole.ts";
import { difference } from "../../src/services/inventory/audit/difference.ts";
import { mayApply } from "../../src/services/inventory/audit/remedy.ts";

const facts = { version: 10, currency: "COP" };
const TICKET = "00000000-0000-4000-8000-000000010000";
const UNIT = "00000000-0000-4000-8000-0000000000b1";

function reservation(changes: Partial<Reservation> = {}): Reservation {
  return {
    reservationId: "00000000-0000-4000-8000-00000001ffff",
    state: "held",
    selection: { kind: "best-available", quantity: 1 },
    holdExpiresAtMs: 5,
    expiresAtMs: 6,
    paymentId: null,
    unitsReplaced: false,
    units: [
      {
        reservationUnitId: TICKET,
        unitId: UNIT,
        position: 0,
        label: "A-1-1",
        priceInCents: 9_500_000,
        serviceInCents: 500_000,
      },
    ],
    tickets: [],
    ...changes,
  };
}

const sold = (changes: Partial<Reservation> = {}) =>
  reservation({
    state: "sold",
    paymentId: "p1",
    tickets: [
      { reservationUnitId: TICKET, serial: 1, admittedAtMs: null, scanId: null, gate: null },
    ],
    ...changes,
  });

/** As Postgres has it when all is well. */
function told(object: Reservation, changes: Partial<ToldReservation> = {}): ToldReservation {
  const { reservationId, ...part } = object;
  return {
    reservationId,
    isWhole: true,
    statusFits: true,
    // As jsonb gives it back: in another order, and without what is undefined.
    part: Object.fromEntries(Object.entries({ ...part, version: 3 }).toReversed()),
    isPaid: object.state === "sold",
    tickets: ticketRowsOf(object).map(({ reservation_id: _of, ...row }) => ({
      ...row,
      currency: "COP",
      version: 3,
    })),
    ...changes,
  };
}

const words = (object: Reservation | null, row: ToldReservation | null) =>
  compareReservation({ object, told: row }, facts).map(({ kind, remedy, fields }) =>
    [kind, ...fields, remedy].join(" "),
  );

const withTicket = (row: ToldReservation, changes: object): ToldReservation => ({
  ...row,
  tickets: row.tickets.map((ticket) => ({ ...ticket, ...changes })),
});

describe("a reservation", () => {
  test.each([
    reservation(),
    sold(),
    sold({ terms: { buyerId: "b" } }),
    reservation({ state: "released" }),
  ])("that is the same on both sides does not differ: $state", (object) =>
    expect(words(object, told(object))).toEqual([]),
  );

  test("that neither side knows does not differ", () => expect(words(null, null)).toEqual([]));

  test.each<[keyof Reservation, Partial<Reservation>]>([
    ["state", { state: "expired" }],
    ["selection", { selection: { kind: "units", unitIds: [UNIT] } }],
    ["holdExpiresAtMs", { holdExpiresAtMs: 7 }],
    ["expiresAtMs", { expiresAtMs: 7 }],
    ["paymentId", { paymentId: "p2" }],
    ["unitsReplaced", { unitsReplaced: true }],
    ["units", { units: [] }],
    ["terms", { terms: { promotionCode: "A" } }],
    ["uses", { uses: [{ key: "pool", quantity: 1 }] }],
    ["pools", { pools: [{ poolId: UNIT, quantity: 1 }] }],
  ])("differs in %s", (field, changes) => {
    expect(words(reservation(), told(reservation(changes)))).toEqual([
      `part_different ${field} project_again`,
    ]);
  });

  test("differs in its tickets, and so do their rows", () => {
    const admitted = sold({
      tickets: [{ reservationUnitId: TICKET, serial: 2, admittedAtMs: 9, scanId: "s", gate: "g" }],
    });
    expect(words(admitted, told(sold()))).toEqual([
      "part_different tickets project_again",
      "ticket_different status serial admitted_at project_again",
    ]);
  });

  test("whose row has a status that does not follow from its parts is told again", () => {
    expect(words(reservation(), told(reservation(), { statusFits: false }))).toEqual([
      "part_different status project_again",
    ]);
  });

  test("that Postgres lacks is told again, with its tickets", () => {
    const missing = "reservation_missing_in_postgres project_again";
    expect(words(sold(), null)).toEqual([missing, "ticket_missing project_again"]);
    expect(words(reservation(), told(reservation(), { part: null }))).toEqual([missing]);
  });

  test("that the object lacks is restored", () => {
    expect(words(null, told(sold()))).toEqual(["reservation_missing_in_object restore_to_object"]);
  });

  test.each([11, 3.5, "3", null, undefined])("with the version %j is for a person", (version) => {
    const row = told(sold());
    expect(words(sold(), { ...row, part: { ...row.part, version } })).toEqual([
      "part_different version person",
    ]);
  });

  test("in documents of another shape is for a person, whatever else differs", () => {
    const broken = { isWhole: false, statusFits: false };
    expect(words(sold(), told(sold(), { ...broken, part: null, tickets: [] }))).toEqual([
      "reservation_missing_in_postgres person",
      "ticket_missing person",
    ]);
    expect(words(null, told(sold(), broken))).toEqual(["reservation_missing_in_object person"]);
  });

  test.each(["held", "released", "expired", "refund-due"] as const)(
    "that Postgres has sold, with its ticket, and the object has %s, is for a person",
    (state) => {
      expect(words(reservation({ state }), told(sold()))).toEqual([
        "part_different state paymentId tickets person",
        "ticket_extra person",
      ]);
    },
  );

  test("that Postgres has sold, and whose tickets the object took back, is told again", () => {
    const [ticket] = sold().tickets;
    if (ticket === undefined) throw new Error("nothing was sold");
    const cancelled = sold({ state: "cancelled", tickets: [{ ...ticket, cancelledAtMs: 9 }] });
    expect(words(cancelled, told(sold()))).toEqual([
      "part_different state tickets project_again",
      "ticket_different status project_again",
    ]);
  });

  test("that Postgres calls sold without a ticket is told again: a sale brings both", () => {
    const row = told(sold(), { tickets: [] });
    expect(words(reservation(), row)).toEqual([
      "part_different state paymentId tickets project_again",
    ]);
  });
});

describe("a ticket", () => {
  test.each([
    ["unit_id", { unit_id: TICKET }],
    ["status", { status: "cancelled" }],
    ["price", { price: "1.00" }],
    ["service", { service: "1.00" }],
    ["serial", { serial: 2 }],
    ["admitted_at", { admitted_at: "2026-11-22T00:00:00.000Z" }],
  ])("that differs in %s is told again", (field, changes) => {
    expect(words(sold(), withTicket(told(sold()), changes))).toEqual([
      `ticket_different ${field} project_again`,
    ]);
  });

  test.each([
    ["stage_id", { stage_id: UNIT }],
    ["promotion_id", { promotion_id: UNIT }],
    ["currency", { currency: "USD" }],
    ["version", { version: 11 }],
  ])("that differs in %s, which is not written again, is for a person", (field, changes) => {
    expect(words(sold(), withTicket(told(sold()), changes))).toEqual([
      `ticket_different ${field} person`,
    ]);
  });

  const ticket = (changes: Partial<ToldTicket> = {}): ToldTicket => ({
    id: "00000000-0000-4000-8000-000000020000",
    unit_id: UNIT,
    status: "confirmed",
    price: "1.00",
    service: "0.00",
    currency: "COP",
    serial: 1,
    admitted_at: null,
    stage_id: null,
    promotion_id: null,
    version: 0,
    ...changes,
  });
  const withExtra = (row: ToldReservation, changes: Partial<ToldTicket> = {}): ToldReservation => ({
    ...row,
    tickets: [...row.tickets, ticket(changes)],
  });

  test("more than a buyer bought is ended, though the others were paid for", () => {
    expect(words(sold(), withExtra(told(sold())))).toEqual(["ticket_extra cancel_ticket"]);
  });

  test.each([null, reservation(), reservation({ state: "refund-due" })])(
    "of a reservation that never was a sale is ended, unless somebody paid: %j",
    (object) => {
      const part = object === null ? { part: null } : {};
      const row = withExtra(told(object ?? reservation(), part));
      expect(words(object, row)).toEqual(["ticket_extra cancel_ticket"]);
      expect(words(object, { ...row, isPaid: true })).toEqual(["ticket_extra person"]);
    },
  );

  test("that was ended before does not differ", () => {
    expect(words(sold(), withExtra(told(sold()), { status: "cancelled" }))).toEqual([]);
  });
});

describe("a unit", () => {
  const object = (changes: Partial<UnitStatus> = {}): UnitStatus => {
    return { unitId: UNIT, position: 0, label: "A-1-1", state: "available", ...changes };
  };
  const row = (changes: Partial<ToldUnit> = {}): ToldUnit => {
    return {
      unitId: UNIT,
      position: 0,
      status: "available",
      version: 3,
      livingTickets: [],
      ...changes,
    };
  };
  const ticket = (areaId: string | null = "area") => ({ reservationUnitId: TICKET, areaId });
  const unitWords = (left: UnitStatus | null, right: ToldUnit | null) =>
    compareUnit({ object: left, told: right }, { areaId: "area", version: 10 }).map(
      ({ kind, remedy, fields }) => [kind, ...fields, remedy].join(" "),
    );

  test.each([
    ["available", "available", []],
    ["held", "available", []],
    ["blocked", "blocked", []],
    ["sold", "sold", [ticket()]],
  ] as const)("that is %s, and in Postgres %s, does not differ", (state, status, tickets) => {
    const stored = row({ status, livingTickets: [...tickets] });
    expect(unitWords(object({ state }), stored)).toEqual([]);
  });

  test.each([
    ["sold", "available"],
    ["sold", "reserved"],
    ["available", "sold"],
    ["available", "reserved"],
    ["held", "reserved"],
    ["blocked", "available"],
    ["available", "blocked"],
  ] as const)("that is %s, and in Postgres %s, is told again", (state, status) => {
    expect(unitWords(object({ state }), row({ status }))).toEqual([
      "unit_different status project_again",
    ]);
  });

  test.each(["available", "held", "blocked"] as const)(
    "that is %s, and in Postgres sold to a ticket, is for a person",
    (state) => {
      const stored = row({ status: "sold", livingTickets: [ticket()] });
      expect(unitWords(object({ state }), stored)).toEqual(["unit_different status person"]);
    },
  );

  test("elsewhere in the order, or with a version the object never had, is for a person", () => {
    expect(unitWords(object(), row({ position: 1 }))).toEqual(["unit_different position person"]);
    expect(unitWords(object(), row({ version: 11 }))).toEqual(["unit_different version person"]);
  });

  test("that one side lacks is loaded into the object, or for a person", () => {
    expect(unitWords(null, row())).toEqual(["unit_missing_in_object load_object"]);
    expect(unitWords(object(), null)).toEqual(["unit_missing_in_postgres person"]);
    expect(unitWords(null, null)).toEqual([]);
  });

  test("with two living tickets, or one of another area, is for a person", () => {
    const twice = row({ status: "sold", livingTickets: [ticket(), ticket()] });
    expect(unitWords(object({ state: "sold" }), twice)).toEqual(["unit_sold_twice person"]);
    const elsewhere = row({ livingTickets: [ticket("other")] });
    expect(unitWords(object(), elsewhere)).toEqual(["ticket_elsewhere person"]);
    const nowhere = row({ livingTickets: [ticket(null)] });
    expect(unitWords(object(), nowhere)).toEqual(["ticket_elsewhere person"]);
  });
});

describe("an area as a whole", () => {
  const settings = (changes: Partial<AreaSettings> = {}): AreaSettings => ({
    profileId: "p",
    eventId: "e",
    currency: "COP",
    priceInCents: 1,
    serviceInCents: 0,
    unitsPerReservationMax: 10,
    isOpen: true,
    version: 4,
    ...changes,
  });
  const kinds = (found: { kind: string; remedy: string }[]) =>
    found.map(({ kind, remedy }) => `${kind} ${remedy}`);

  test("with older settings in the object is loaded, unless it is a draft and closed", () => {
    const behind = settings({ version: 3 });
    expect(kinds(compareSettings(behind, settings()))).toEqual(["settings_behind load_object"]);
    const draft = settings({ isOpen: false });
    expect(kinds(compareSettings(behind, draft))).toEqual(["settings_behind load_object"]);
    expect(compareSettings({ ...behind, isOpen: false }, draft)).toEqual([]);
    // A promotion of all events does not concern a closed one until it is published.
    const promotions = [promotionOf("all")];
    expect(compareSettings(draft, { ...draft, promotions })).toEqual([]);
    expect(kinds(compareSettings(settings(), settings({ promotions })))).toEqual([
      "settings_different person",
    ]);
  });

  test("that was not told that its event is cancelled is loaded, though it is closed", () => {
    const behind = settings({ isOpen: false, version: 3 });
    const cancelled = settings({ isOpen: false, isCancelled: true });
    expect(kinds(compareSettings(behind, cancelled))).toEqual(["settings_behind load_object"]);
    expect(compareSettings({ ...cancelled, version: 3 }, cancelled)).toEqual([]);
  });

  test("with newer settings in the object, or others of the same version, is for a person", () => {
    expect(compareSettings(settings({ version: 5 }), settings())).toMatchObject([
      { kind: "settings_different", remedy: "person", fields: ["version"] },
    ]);
    expect(compareSettings(settings({ priceInCents: 2 }), settings())).toMatchObject([
      { kind: "settings_different", remedy: "person", fields: ["priceInCents"] },
    ]);
    expect(compareSettings(settings(), settings())).toEqual([]);
  });

  test("whose object knows nothing is lost, if it should know", () => {
    const lost = ["object_lost load_object"];
    const known = { ...settings(), isRestoring: true };
    const counts = { available: 0, held: 0, sold: 0, blocked: 0, version: 1 };
    const idle = { isOnSale: false, hasReservations: false };
    expect(kinds(compareKnowledge(null, { ...idle, isOnSale: true }))).toEqual(lost);
    expect(kinds(compareKnowledge(null, { ...idle, hasReservations: true }))).toEqual(lost);
    expect(compareKnowledge(null, idle)).toEqual([]);
    expect(kinds(compareKnowledge({ ...counts, settings: known }, idle))).toEqual(lost);
    const whole = { ...counts, settings: settings() };
    expect(compareKnowledge(whole, { isOnSale: true, hasReservations: true })).toEqual([]);
  });

  test("with a pool that knows nothing is without it, once it is on sale", () => {
    const pool = { available: 0, held: 0, sold: 0, blocked: 0, version: 1 };
    const whole = { ...pool, settings: settings() };
    const restoring = { ...pool, settings: { ...settings(), isRestoring: true } };
    const missing = { kind: "pool_lost", remedy: "load_object", postgres: "p" };
    expect(comparePool("p", null, { isOnSale: true })).toMatchObject([
      { ...missing, object: "unknown" },
    ]);
    expect(comparePool("p", restoring, { isOnSale: true })).toMatchObject([
      { ...missing, object: "restoring" },
    ]);
    expect(comparePool("p", null, { isOnSale: false })).toEqual([]);
    expect(comparePool("p", whole, { isOnSale: true })).toEqual([]);
  });

  test("whose counts do not add up is for a person, and a capacity is counted anew", () => {
    const stored = { available: 3, held: 1, sold: 0, blocked: 0 };
    expect(compareTally({ stored, counted: { ...stored } })).toEqual([]);
    expect(compareTally({ stored, counted: { ...stored, held: 0, sold: 1 } })).toMatchObject([
      { kind: "counts_different", remedy: "person", fields: ["held", "sold"] },
    ]);
    expect(compareCapacity({ capacity: 4, units: 4 })).toEqual([]);
    expect(compareCapacity(null)).toEqual([]);
    expect(kinds(compareCapacity({ capacity: 3, units: 4 }))).toEqual([
      "capacity_different recount_units",
    ]);
  });
});

describe("a remedy", () => {
  test.each([
    ["project_again", true, true],
    ["load_object", true, true],
    ["restore_to_object", true, false],
    ["cancel_ticket", true, false],
    ["recount_units", true, false],
    ["person", false, false],
  ] as const)("%s is for a repair: %s; for the minute: %s", (remedy, forAll, forMinute) => {
    const found = difference("part_different", remedy, {});
    expect(mayApply("all", found)).toBe(forAll);
    expect(mayApply("projection", found)).toBe(forMinute);
    expect(mayApply("none", found)).toBe(false);
  });

  test.each(["object_lost", "pool_lost"] as const)("of an %s is not for the minute", (kind) => {
    const lost = difference(kind, "load_object", {});
    expect([mayApply("all", lost), mayApply("projection", lost)]).toEqual([true, false]);
  });
});
