// Events that the platform takes out of sight, with SQL alone: nobody finds or holds them, and their organizer is not told.

import { afterAll, describe, expect, inject, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { expectProblem } from "../support/problems.ts";
import { type EventOnSale, until } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const mine = shop.asOrganizer;

afterAll(() => shop.close());

const hide = (eventId: string, isHidden: boolean) =>
  database.query("UPDATE clusters SET shadowban = $2 WHERE id = $1", [eventId, isHidden]);

const areaOf = ({ areaIds }: EventOnSale) => areaIds[0] ?? "";
const place = (event: EventOnSale) => shop.place(event, [{ area_id: areaOf(event), quantity: 1 }]);
const fieldsOf = (body: unknown) => Object.keys(z.looseObject({}).parse(body));

/** As the platform's cron would call it. */
async function ring(): Promise<void> {
  const answer = await fetch(`${inject("apiUrl")}/cdn-cgi/handler/scheduled`);
  expect(answer.status).toBe(200);
}

async function refusalOfHold(event: EventOnSale): Promise<string | undefined> {
  const { body } = await place(event);
  return z.looseObject({ code: z.string().optional() }).parse(body).code;
}

/** The status of a handshake; 101 when it is let in. */
function watch(path: string): Promise<number | undefined> {
  const socket = new WebSocket(`${inject("apiUrl").replace(/^http/, "ws")}${path}`);
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      socket.close();
      resolve(101);
    });
    socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode));
    socket.on("error", reject);
  });
}

describe("an event that the platform takes out of sight", () => {
  test("is found nowhere, from that moment on", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    const former = event.slug;
    const slug = `${former}-b`;
    await mine("PATCH", `/v1/events/${event.eventId}`, { body: { slug } });
    await hide(event.eventId, true);
    const area = `/areas/${areaOf(event)}`;
    for (const rest of ["", "/areas", `${area}/availability`, `${area}/units`]) {
      for (const known of [slug, former]) {
        const answer = await call("GET", `/v1/public/events/${known}${rest}`);
        expect(answer.status, `${known}${rest}`).toBe(404);
      }
    }
    expect(await watch(`/v1/public/events/${slug}${area}/live`)).toBe(404);
    const listing = await call("GET", "/v1/public/events?limit=100");
    expect(JSON.stringify(listing.body)).not.toContain(event.eventId);
  });

  test("cannot be held from the next minute on, whatever its organizer does, who sees nothing of it; until it is let back", async () => {
    const event = await shop.publishEvent([{ units: 5 }]);
    const own = await mine("GET", `/v1/events/${event.eventId}`);
    await hide(event.eventId, true);
    await ring();
    await until("holds to be refused", async () =>
      (await refusalOfHold(event)) === "area_closed" ? true : undefined,
    );
    const seen = await mine("GET", `/v1/events/${event.eventId}`);
    expect(fieldsOf(seen.body)).toEqual(fieldsOf(own.body));
    expect(seen.body).toEqual(own.body);
    expect((await mine("POST", `/v1/events/${event.eventId}/publish`)).status).toBe(200);
    const change = { body: { price_in_cents: 5 } };
    expect((await mine("PATCH", `/v1/areas/${areaOf(event)}`, change)).status).toBe(200);
    expect(await refusalOfHold(event)).toBe("area_closed");

    await hide(event.eventId, false);
    await ring();
    await until("holds to be taken", async () =>
      (await place(event)).status === 201 ? true : undefined,
    );
    expect((await call("GET", `/v1/public/events/${event.slug}`)).status).toBe(200);
  });

  test("is told once, and costs the minutes after that nothing", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    await hide(event.eventId, true);
    await ring();
    await until("its areas to be told", async () => {
      const { rows } = await database.query<{ told: boolean }>(
        "SELECT shadowban_told AS told FROM clusters WHERE id = $1",
        [event.eventId],
      );
      return rows[0]?.told === true ? true : undefined;
    });
    const version = async () => {
      const sql = "SELECT version FROM areas WHERE id = $1";
      return (await database.query<{ version: number }>(sql, [areaOf(event)])).rows[0]?.version;
    };
    const before = await version();
    await ring();
    expect(await version()).toBe(before);
  });

  test("stays out of sight as a copy", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    await hide(event.eventId, true);
    const answer = await mine("POST", `/v1/events/${event.eventId}/duplicate`);
    const copy = z.looseObject({ id: z.string(), slug: z.string() }).parse(answer.body);
    expect((await mine("POST", `/v1/events/${copy.id}/publish`)).status).toBe(200);
    const found = await call("GET", `/v1/public/events/${copy.slug}`);
    expectProblem(found, 404, "event_not_found");
    const { rows } = await database.query<{ id: string }>(
      "SELECT id FROM areas WHERE cluster_id = $1",
      [copy.id],
    );
    const areaIds = rows.map(({ id }) => id);
    expect(await refusalOfHold({ eventId: copy.id, slug: copy.slug, areaIds })).toBe("area_closed");
  });
});
