// The gate's other ways over HTTP against a running stack: a ticket for several people, going out and coming back, a
// ticket with a new code, and one whose money was taken back.

import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { readQr } from "../../dev/read-qr.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { until } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { asBuyer, asOrganizer } = shop;
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

afterAll(() => shop.close());

async function buyOne(settings: object = { unit_capacity: 1 }, units = 1) {
  const event = await shop.publishEvent([{ units }]);
  const areaId = event.areaIds[0] ?? "";
  const changed = await asOrganizer("PATCH", `/v1/areas/${areaId}`, { body: settings });
  expect(changed.status).toBe(200);
  const bought = await shop.buy(event, [{ area_id: areaId, quantity: units }]);
  const { token } = bought.reservation;
  const ids = bought.reservation.units.map((unit) => unit.reservation_unit_id);
  const id = ids[0] ?? "";
  const code = async () => {
    const { body } = await asBuyer(token, "GET", `/v1/qr/${id}`);
    return readQr(z.string().parse(body));
  };
  return { event, areaId, bought, token, id, ids, code };
}

const scan = (token: string, more: object = {}) =>
  asOrganizer("POST", "/v1/qr/validate", { body: { token, ...more } });

describe("a ticket for several people", () => {
  test("admits as many as its unit holds, each with a scan of its own", async () => {
    const { code } = await buyOne({ unit_capacity: 3 });
    const token = await code();
    const scanId = crypto.randomUUID();
    expect((await scan(token, { scan_id: scanId })).status).toBe(200);
    expect((await scan(token, { scan_id: scanId })).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 6 }, () => scan(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expectProblem(await scan(token), 409, "already_admitted");
  });
});

describe("going out", () => {
  test("lets the holder in again where the organizer allows it", async () => {
    const { code } = await buyOne({ allows_reentry: true });
    const token = await code();
    expectProblem(await scan(token, { direction: "out" }), 409, "not_inside");
    expect((await scan(token)).status).toBe(200);
    expectProblem(await scan(token), 409, "already_admitted");
    const out = { direction: "out", scan_id: crypto.randomUUID() };
    const exit = await scan(token, out);
    expect(exit).toMatchObject({ status: 200, body: { result: "exited", label: "A-1-1" } });
    expect((await scan(token, out)).body).toEqual(exit.body);
    expectProblem(await scan(token, { direction: "out" }), 409, "not_inside");
    expectProblem(await scan(token, { scan_id: out.scan_id }), 422, "command_reused");
    expect((await scan(token)).status).toBe(200);
    expectProblem(await scan(token), 409, "already_admitted");
  });

  test("is for good where the organizer does not", async () => {
    const { code } = await buyOne();
    const token = await code();
    expect((await scan(token)).status).toBe(200);
    expect((await scan(token, { direction: "out" })).status).toBe(200);
    expectProblem(await scan(token), 409, "already_admitted");
  });

  test("is no third direction", async () => {
    expectInvalid(await scan("x", { direction: "up" }), "body.direction");
  });
});

describe("a new code for a ticket", () => {
  const regenerate = (token: string, id: string, headers: Record<string, string> = {}) =>
    asBuyer(token, "POST", `/v1/qr/${id}/regenerate`, { headers });

  test("is the only one that comes in from then on", async () => {
    const { token, id, code } = await buyOne();
    const old = await code();
    const answer = await regenerate(token, id);
    expect(answer).toMatchObject({ status: 200, body: { reservation_unit_id: id, serial: 2 } });
    const fresh = await code();
    expect(fresh).not.toBe(old);
    expectProblem(await scan(old), 409, "ticket_revoked");
    expect((await scan(fresh)).status).toBe(200);
    expectProblem(await regenerate(token, id), 409, "already_admitted");
  });

  test("is made once for the same key", async () => {
    const { token, id, code } = await buyOne();
    const key = { "idempotency-key": crypto.randomUUID() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => regenerate(token, id, key)));
    for (const answer of answers) expect(answer).toMatchObject({ body: { serial: 2 } });
    expect((await scan(await code())).status).toBe(200);
  });

  test("is nobody else's to ask for", async () => {
    const one = await buyOne();
    const other = await buyOne();
    expectProblem(await regenerate(other.token, one.id), 404, "ticket_not_found");
    expectProblem(await regenerate(one.token, UNKNOWN_ID), 404, "ticket_not_found");
    expectProblem(await regenerate("R1.a.b", one.id), 401, "reservation_token_forged");
    expectInvalid(await regenerate(one.token, "1"), "param.reservation_unit_id");
    expect((await scan(await one.code())).status).toBe(200);
  });
});

describe("a sale whose money the gateway took back", () => {
  /** As the merchant does in the gateway's own panel. */
  const takeBack = async ({ id }: { id: string }) => {
    const response = await fetch(`${inject("wompiUrl")}/v1/transactions/${id}/void`, {
      method: "POST",
      headers: { authorization: `Bearer ${inject("workerVariables")["WOMPI_PRIVATE_KEY"]}` },
    });
    expect(response.status).toBe(201);
  };

  test("is no sale any more: its tickets are refused, its units are for sale again", async () => {
    const { event, areaId, bought, token, code } = await buyOne(undefined, 2);
    const ticket = await code();
    await takeBack(bought.transaction);
    await until("the tickets to be cancelled", async () => {
      const answer = await asBuyer(token, "GET", `/v1/reservations/${bought.reservation.id}`);
      const { status } = z.object({ status: z.string() }).parse(answer.body);
      return status === "cancelled" ? true : undefined;
    });
    expectProblem(await scan(ticket), 409, "ticket_cancelled");
    await shop.unitsBecome(areaId, "aa");
    expect(await shop.payments(bought.reservation.id)).toMatchObject([{ status: "refunded" }]);
    await until("the buyer to be told", async () => {
      const mails = await shop.mails(bought.email);
      return mails.length === 2 ? true : undefined;
    });
    const again = await shop.buy(event, [{ area_id: areaId, quantity: 2 }]);
    expect(again.reservation.units).toHaveLength(2);
  });

  test("keeps the tickets of those who are in", async () => {
    const { areaId, bought, code } = await buyOne();
    expect((await scan(await code())).status).toBe(200);
    await takeBack(bought.transaction);
    await until("the payment to be refunded", async () => {
      const [payment] = await shop.payments(bought.reservation.id);
      return payment?.status === "refunded" ? true : undefined;
    });
    await shop.unitsBecome(areaId, "s");
  });
});
