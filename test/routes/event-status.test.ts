// The statuses of an event and the time in which it is sold, over HTTP: which may follow which, and what buyers can hold
// meanwhile.

import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { inMinutes } from "../support/pricing.ts";
import { expectProblem } from "../support/problems.ts";
import { type EventOnSale, newEmail, until } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const mine = shop.asOrganizer;

afterAll(() => shop.close());

type Status = "draft" | "published" | "cancelled" | "postponed" | "finished";

const moves: Record<string, Status> = {
  publish: "published",
  unpublish: "draft",
  postpone: "postponed",
  cancel: "cancelled",
  finish: "finished",
};

/** Where an event may go to, as an organizer would expect it; staying where it is is always possible. */
const allowed: Record<Status, readonly Status[]> = {
  draft: ["published", "cancelled"],
  published: ["draft", "postponed", "cancelled", "finished"],
  postponed: ["published", "draft", "cancelled"],
  cancelled: [],
  finished: [],
};

const statuses = z.enum(["draft", "published", "cancelled", "postponed", "finished"]).options;
const move = (eventId: string, verb: string) => mine("POST", `/v1/events/${eventId}/${verb}`);
const firstArea = ({ areaIds }: EventOnSale) => areaIds[0] ?? "";
const place = (event: EventOnSale) =>
  shop.place(event, [{ area_id: firstArea(event), quantity: 1 }]);

/** Began an hour ago. */
const begun = { starts_at: inMinutes(-60), ends_at: inMinutes(60) };

async function setStatus(eventId: string, status: Status): Promise<void> {
  await database.query("UPDATE clusters SET status = $2 WHERE id = $1", [eventId, status]);
}

async function stored(eventId: string): Promise<unknown> {
  const { rows } = await database.query("SELECT * FROM clusters WHERE id = $1", [eventId]);
  return rows[0];
}

/** As the platform's cron would call it. */
async function ring(): Promise<void> {
  const answer = await fetch(`${inject("apiUrl")}/cdn-cgi/handler/scheduled`);
  expect(answer.status).toBe(200);
}

const pairs = statuses.flatMap((from) =>
  Object.entries(moves).map(([verb, to]) => {
    return { from, verb, to, isAllowed: from === to || allowed[from].includes(to) };
  }),
);

describe("a move of the event as somebody has seen it", () => {
  /** One that the verb may move. */
  const movable = async (verb: string) => {
    const event = await shop.publishEvent([{ units: 1 }], begun);
    if (verb === "publish") await move(event.eventId, "postpone");
    return event;
  };
  const tagOf = async (eventId: string) =>
    (await mine("GET", `/v1/events/${eventId}`)).headers.get("etag") ?? "";
  const moveIf = (eventId: string, verb: string, tag: string) =>
    mine("POST", `/v1/events/${eventId}/${verb}`, { headers: { "if-match": tag } });

  test.each(Object.entries(moves))(
    "to %s is refused when it was changed since, nothing changes, and is made with the newest tag",
    async (verb, to) => {
      const event = await movable(verb);
      const { eventId } = event;
      const old = await tagOf(eventId);
      const body = { description: "Con nueva banda" };
      expect((await mine("PATCH", `/v1/events/${eventId}`, { body })).status).toBe(200);
      const before = await stored(eventId);
      expectProblem(await moveIf(eventId, verb, old), 412, "precondition_failed");
      expectProblem(await moveIf(eventId, verb, "no tag"), 412, "precondition_failed");
      expect(await stored(eventId)).toEqual(before);
      expect((await place(event)).status).toBe(verb === "publish" ? 409 : 201);

      const seen = await tagOf(eventId);
      const moved = await moveIf(eventId, verb, `"7000", ${seen}`);
      expect(moved).toMatchObject({ status: 200, body: { status: to } });
      expect(moved.headers.get("etag")).toBe(await tagOf(eventId));
      // The move itself made a newer version.
      expectProblem(await moveIf(eventId, verb, seen), 412, "precondition_failed");
      expect((await moveIf(eventId, verb, "*")).status).toBe(200);
    },
  );

  test("is told of a change before it is told of the status", async () => {
    const { eventId } = await shop.draftEvent([{ units: 1 }]);
    const old = await tagOf(eventId);
    await setStatus(eventId, "cancelled");
    expectProblem(await moveIf(eventId, "publish", old), 409, "event_status_not_allowed");
    expectProblem(await moveIf(eventId, "publish", '"7000"'), 412, "precondition_failed");
    const unknown = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
    expectProblem(await moveIf(unknown, "publish", old), 404, "event_not_found");
  });

  test("is one of many at once that have seen the same", async () => {
    const { eventId } = await shop.publishEvent([{ units: 1 }], begun);
    const tag = await tagOf(eventId);
    const verbs = ["unpublish", "postpone", "finish", "postpone"];
    const answers = await Promise.all(verbs.map((verb) => moveIf(eventId, verb, tag)));
    const moved = answers.filter(({ status }) => status === 200);
    expect(moved).toHaveLength(1);
    for (const answer of answers.filter((each) => !moved.includes(each)))
      expectProblem(answer, 412, "precondition_failed");
  });
});

describe("from one status to another", () => {
  const inStatus = async (status: Status) => {
    const event = await shop.draftEvent([{ units: 1 }], begun);
    await setStatus(event.eventId, status);
    return event;
  };

  test.each(pairs.filter(({ isAllowed }) => isAllowed))(
    "$verb takes an event that is $from, and it is $to",
    async ({ from, verb, to }) => {
      const event = await inStatus(from);
      expect(await move(event.eventId, verb)).toMatchObject({ status: 200, body: { status: to } });
      expect((await place(event)).status).toBe(to === "published" ? 201 : 409);
    },
  );

  test.each(pairs.filter(({ isAllowed }) => !isAllowed))(
    "$verb refuses an event that is $from, and nothing changes",
    async ({ from, verb }) => {
      const event = await inStatus(from);
      const before = await stored(event.eventId);
      const answer = await move(event.eventId, verb);
      expectProblem(answer, 409, "event_status_not_allowed");
      expect(answer.body).toMatchObject({ event_status: from, allowed: allowed[from] });
      expect(await stored(event.eventId)).toEqual(before);
    },
  );

  test.each([
    ["postpone", { status: 201 }],
    ["finish", { status: 201 }],
    ["unpublish", { status: 201 }],
    ["cancel", { status: 409, body: { code: "area_closed" } }],
  ])(
    "%s closes every area at once, however often; what is held can still be paid, but of a cancelled event",
    async (verb, answer) => {
      const event = await shop.publishEvent([{ units: 2 }, { units: 2 }], begun);
      const [first = "", second = ""] = event.areaIds;
      const held = await shop.hold(event, [{ area_id: first, quantity: 1 }]);
      expect((await move(event.eventId, verb)).status).toBe(200);
      for (const areaId of [first, second])
        expectProblem(
          await shop.place(event, [{ area_id: areaId, quantity: 1 }]),
          409,
          "area_closed",
        );
      expect((await move(event.eventId, verb)).status).toBe(200);
      expectProblem(await place(event), 409, "area_closed");
      const buyer = {
        full_name: "Ana",
        email: newEmail(),
        document_type: "CC",
        document_number: "10203",
        phone: "3001234567",
      };
      const body = { gateway: "wompi", buyer };
      expect(await shop.asBuyer(held.token, "POST", "/v1/payments", { body })).toMatchObject(
        answer,
      );
    },
  );

  test("a postponed event is sold again with new dates, and only with new dates", async () => {
    const event = await shop.publishEvent([{ units: 1 }], begun);
    await move(event.eventId, "postpone");
    await database.query("UPDATE clusters SET end_date = now() WHERE id = $1", [event.eventId]);
    expectProblem(await move(event.eventId, "publish"), 409, "event_ended");
    const body = { starts_at: inMinutes(600), ends_at: inMinutes(700) };
    expect((await mine("PATCH", `/v1/events/${event.eventId}`, { body })).status).toBe(200);
    expect(await move(event.eventId, "publish")).toMatchObject({ body: { status: "published" } });
    expect((await place(event)).status).toBe(201);
  });

  test("an event that has not begun cannot be finished", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    expectProblem(await move(event.eventId, "finish"), 409, "event_not_started");
    expect((await place(event)).status).toBe(201);
  });

  test("of two moves at once that exclude each other one is made, and the areas follow it", async () => {
    for (let round = 0; round < 4; round += 1) {
      const event = await shop.publishEvent([{ units: 3 }], begun);
      const answers = await Promise.all([
        move(event.eventId, "cancel"),
        move(event.eventId, "finish"),
        move(event.eventId, "publish"),
      ]);
      const ends = answers.slice(0, 2).filter(({ status }) => status === 200);
      expect(ends).toHaveLength(1);
      expectProblem(await place(event), 409, "area_closed");
    }
  });

  test("nobody moves another organizer's", async () => {
    const { eventId } = await shop.draftEvent([{ units: 1 }]);
    const before = await stored(eventId);
    for (const verb of Object.keys(moves)) {
      const token = inject("otherOrganizerToken");
      const answer = await call("POST", `/v1/events/${eventId}/${verb}`, { token });
      expectProblem(answer, 404, "event_not_found");
      expectProblem(await call("POST", `/v1/events/${eventId}/${verb}`), 401, "session_required");
    }
    expect(await stored(eventId)).toEqual(before);
  });

  test("an event that ended a day ago is finished by the minute, one that ended today is not", async () => {
    const [over, today] = await Promise.all([
      shop.publishEvent([{ units: 1 }]),
      shop.publishEvent([{ units: 1 }]),
    ]);
    const endsAt = "UPDATE clusters SET end_date = now() - $2::interval WHERE id = $1";
    await database.query(endsAt, [over.eventId, "25 hours"]);
    await database.query(endsAt, [today.eventId, "23 hours"]);
    await ring();
    const statusOf = async ({ eventId }: EventOnSale) =>
      (await mine("GET", `/v1/events/${eventId}`)).body;
    await until("the event to be finished", async () => {
      const { rows } = await database.query(
        "SELECT FROM clusters WHERE id = $1 AND status = 'finished'",
        [over.eventId],
      );
      return rows.length > 0 ? true : undefined;
    });
    expect(await statusOf(today)).toMatchObject({ status: "published" });
    await until("its area to be closed", async () => {
      const { body } = await place(over);
      return z.looseObject({ code: z.string() }).parse(body).code === "area_closed"
        ? true
        : undefined;
    });
  });
});

describe("a payment that is approved after its event", () => {
  /** A payment under way for one of two units, whose event then moves. */
  async function paidAfter(verb: string, { isGivenBack }: { isGivenBack: boolean }) {
    const event = await shop.publishEvent([{ units: 2 }]);
    const held = await shop.hold(event, [{ area_id: firstArea(event), quantity: 1 }]);
    const email = newEmail();
    const payment = await shop.startPayment(held, email);
    const transaction = await shop.payAtCheckout(payment.checkout_url, { outcome: "pending" });
    const reservation = `/v1/reservations/${held.id}`;
    if (isGivenBack) await shop.asBuyer(held.token, "DELETE", reservation);
    expect((await move(event.eventId, verb)).status).toBe(200);
    await shop.finish(transaction.id, "APPROVED", "duplicate");
    const undecided = ["pending", "approved", "refund_due"];
    const status = await shop.paymentBeyond(payment, held, undecided);
    const { body } = await shop.asBuyer(held.token, "GET", reservation);
    return { event, held, email, status, body };
  }

  test.each([
    ["held", false],
    ["free", true],
  ])("was cancelled goes back, though its units are still %s", async (_what, isGivenBack) => {
    const { event, held, email, status, body } = await paidAfter("cancel", { isGivenBack });
    expect(status).toBe("refunded");
    expect(body).toMatchObject({ status: "refund_due" });
    expect(await shop.payments(held.id)).toMatchObject([
      { status: "refunded", refund: "100000.00" },
    ]);
    await shop.unitsBecome(firstArea(event), "aa");
    expect(await shop.firstMail(email)).toMatchObject({ subject: "Devolución de su pago" });
    const { rows } = await database.query(
      "SELECT FROM reservation_units WHERE reservation_id = $1",
      [held.id],
    );
    expect(rows).toEqual([]);
  });

  test.each([
    ["held", false],
    ["free", true],
  ])("was postponed makes its ticket, its units being %s", async (_what, isGivenBack) => {
    const { event, email, status, body } = await paidAfter("postpone", { isGivenBack });
    expect(status).toBe("settled");
    expect(body).toMatchObject({ status: "paid" });
    await shop.unitsBecome(firstArea(event), "sa");
    expect((await shop.firstMail(email)).subject).toMatch(/^Tu boleta para/);
  });
});

describe("an area that cannot be told of its event's new status", () => {
  /** Its pricing cannot be read, as if Postgres or the object failed for this area alone. */
  const breakArea = (event: EventOnSale, areaId: string) =>
    database.query(
      `INSERT INTO sale_stages (profile_id, cluster_id, target_area_id, stage_name, price_adjustment_type,
         price_adjustment_value, start_time)
       SELECT profile_id, id, $2, 'Rota', 'fixed', 0, 'infinity' FROM clusters WHERE id = $1`,
      [event.eventId, areaId],
    );
  const mend = ({ eventId }: EventOnSale) =>
    database.query("UPDATE sale_stages SET is_active = false WHERE cluster_id = $1", [eventId]);
  const untold = async ({ eventId }: EventOnSale) => {
    const { rows } = await database.query<{ id: string }>(
      "SELECT id FROM areas WHERE cluster_id = $1 AND untold_version IS NOT NULL",
      [eventId],
    );
    return rows.map(({ id }) => id);
  };
  const untilTold = (event: EventOnSale) =>
    until("every area to be told", async () =>
      (await untold(event)).length === 0 ? true : undefined,
    );
  const placeIn = (event: EventOnSale, areaId: string) =>
    shop.place(event, [{ area_id: areaId, quantity: 1 }]);

  test("keeps no other area open, is told by the next minute, and a payment approved after that goes back", async () => {
    const event = await shop.publishEvent([{ units: 2 }, { units: 2 }, { units: 2 }]);
    const [broken = "", second = "", third = ""] = event.areaIds;
    const held = await shop.hold(event, [{ area_id: broken, quantity: 1 }]);
    const payment = await shop.startPayment(held, newEmail());
    const transaction = await shop.payAtCheckout(payment.checkout_url, { outcome: "pending" });
    await breakArea(event, broken);
    const answer = await move(event.eventId, "cancel");
    expectProblem(answer, 503, "areas_untold");
    expect(answer.body).toMatchObject({ may_retry: true });
    for (const areaId of [second, third])
      expectProblem(await placeIn(event, areaId), 409, "area_closed");
    expect((await placeIn(event, broken)).status).toBe(201);
    expect(await untold(event)).toEqual([broken]);

    await ring();
    expect(await untold(event)).toEqual([broken]);
    await mend(event);
    await ring();
    await untilTold(event);
    expectProblem(await placeIn(event, broken), 409, "area_closed");
    await shop.finish(transaction.id, "APPROVED", "duplicate");
    const undecided = ["pending", "approved", "refund_due"];
    expect(await shop.paymentBeyond(payment, held, undecided)).toBe("refunded");
  });

  test("is opened by the next minute when its event was published, and costs the minutes after that nothing", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    await move(event.eventId, "unpublish");
    // As a Worker leaves it that dies after its transaction.
    await database.query("UPDATE clusters SET status = 'published' WHERE id = $1", [event.eventId]);
    await database.query(
      "UPDATE areas SET version = version + 1, untold_version = version + 1 WHERE cluster_id = $1",
      [event.eventId],
    );
    expectProblem(await place(event), 409, "area_closed");
    await ring();
    await untilTold(event);
    expect((await place(event)).status).toBe(201);
  });

  test("is told when the request is repeated", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    expect(await untold(event)).toEqual([]);
    await breakArea(event, firstArea(event));
    expectProblem(await move(event.eventId, "postpone"), 503, "areas_untold");
    expectProblem(await move(event.eventId, "postpone"), 503, "areas_untold");
    await mend(event);
    expect((await move(event.eventId, "postpone")).status).toBe(200);
    expect(await untold(event)).toEqual([]);
    expectProblem(await place(event), 409, "area_closed");
  });
});

describe("the time in which is sold", () => {
  const starts = z.looseObject({ starts_at: z.string() });

  test("has not begun: a hold is refused, saying when", async () => {
    const salesStartAt = inMinutes(30);
    const event = await shop.publishEvent([{ units: 1 }], { sales_start_at: salesStartAt });
    const answer = await place(event);
    expectProblem(answer, 409, "sales_not_started");
    expect(answer.body).toMatchObject({ may_retry: true });
    expect(starts.parse(answer.body).starts_at).toBe(salesStartAt);
    const path = `/v1/public/events/${event.slug}`;
    expect((await call("GET", path)).body).toMatchObject({ sales_start_at: salesStartAt });
    const availability = await call("GET", `${path}/areas/${firstArea(event)}/availability`);
    expect(availability.body).toMatchObject({ on_sale: false, sales_start_at: salesStartAt });
  });

  test("is over: a hold is refused, saying since when; what is held is paid all the same", async () => {
    const event = await shop.publishEvent([{ units: 2 }]);
    const held = await shop.hold(event, [{ area_id: firstArea(event), quantity: 1 }]);
    const salesEndAt = inMinutes(-1);
    const body = { sales_end_at: salesEndAt };
    expect((await mine("PATCH", `/v1/events/${event.eventId}`, { body })).status).toBe(200);
    const answer = await place(event);
    expectProblem(answer, 409, "sales_ended");
    expect(answer.body).toMatchObject({ ended_at: salesEndAt, may_retry: false });
    expect((await shop.startPayment(held, "a@example.com")).id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("moves at once when the organizer moves it, and with the event's end", async () => {
    const event = await shop.publishEvent([{ units: 9 }], { sales_start_at: inMinutes(30) });
    const change = (body: object) => mine("PATCH", `/v1/events/${event.eventId}`, { body });
    expect((await change({ sales_start_at: null })).status).toBe(200);
    expect((await place(event)).status).toBe(201);
    expect((await change({ starts_at: inMinutes(-60), ends_at: inMinutes(-1) })).status).toBe(200);
    expectProblem(await place(event), 409, "sales_ended");
    // Sales that go on longer than the event end with it.
    expect((await change({ sales_end_at: inMinutes(60) })).status).toBe(200);
    expectProblem(await place(event), 409, "sales_ended");
    expect((await change({ ends_at: inMinutes(30) })).status).toBe(200);
    expect((await place(event)).status).toBe(201);
  });

  test("ends by itself", async () => {
    const event = await shop.publishEvent([{ units: 50 }], {
      starts_at: inMinutes(-60),
      ends_at: new Date(Date.now() + 2_000).toISOString(),
    });
    expect((await place(event)).status).toBe(201);
    const answer = await until("the sale to end", async () => {
      const held = await place(event);
      return held.status === 201 ? undefined : held;
    });
    expectProblem(answer, 409, "sales_ended");
  });

  test("is known to an area that is added, and changes of other things leave it", async () => {
    const event = await shop.publishEvent([{ units: 1 }], { sales_start_at: inMinutes(30) });
    const made = await mine("POST", `/v1/events/${event.eventId}/areas`, {
      body: { name: "Nueva", price_in_cents: 1 },
    });
    const { id } = z.looseObject({ id: z.string() }).parse(made.body);
    await mine("POST", `/v1/areas/${id}/units/bulk`, { body: { quantity: 1 } });
    await mine("PATCH", `/v1/areas/${firstArea(event)}`, { body: { price_in_cents: 7 } });
    for (const areaId of [id, firstArea(event)])
      expectProblem(
        await shop.place(event, [{ area_id: areaId, quantity: 1 }]),
        409,
        "sales_not_started",
      );
  });
});
