// Every route there is, with another organizer's session and ids, over HTTP against the running stack: nothing is found, nothing
// leaks, nothing changes. The routes come from the OpenAPI document; one that has no entry here fails.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import type { Answer } from "../support/api.ts";
import { files } from "../support/images.ts";
import { openTeam } from "../support/members.ts";
import { type Organizer, newOrganizer } from "../support/organizers.ts";
import { type EventOnSale, type HeldReservation, openShop } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";
import { type Victim, newVictim, restingRows, type rowsOf } from "../support/victim.ts";

const api = inject("apiUrl");
const shop = openStackShop();

/** Who attacks: an organizer with a site, an event on sale and a reservation of their own. */
interface Attacker extends Organizer {
  event: EventOnSale;
  areaId: string;
  held: HeldReservation;
}

let victim: Victim;
let attacker: Attacker;
let before: Awaited<ReturnType<typeof rowsOf>>;
let versionsBefore: unknown;

beforeAll(async () => {
  victim = await newVictim(shop, api);
  const organizer = await newOrganizer(shop);
  const event = await organizer.shop.publishEvent([{ units: 3 }]);
  const [areaId = ""] = event.areaIds;
  const held = await organizer.shop.hold(event, [{ area_id: areaId, quantity: 1 }]);
  attacker = { ...organizer, event, areaId, held };
  versionsBefore = await versions();
  before = await restingRows(shop, victim.profileId);
}, 60_000);
afterAll(async () => {
  await Promise.all([shop.close(), victim.shop.close(), attacker.shop.close()]);
});

/** What the objects of the victim's areas say: every change raises a version. */
async function versions(): Promise<unknown[]> {
  const { event, draft } = victim;
  // A change of another event makes what the edge has kept of the victim go.
  const changed = await victim.shop.asOrganizer("PATCH", `/v1/events/${draft.eventId}`, {
    body: { description: crypto.randomUUID() },
  });
  expect(changed.status).toBe(200);
  return Promise.all(
    event.areaIds.map(async (areaId) => {
      const path = `/v1/public/events/${event.slug}/areas/${areaId}/availability`;
      const { body } = await shop.call("GET", path, { headers: { origin: victim.origin } });
      const { version, available, held, sold, blocked } = z
        .object({
          version: z.int(),
          available: z.int(),
          held: z.int(),
          sold: z.int(),
          blocked: z.int(),
        })
        .parse(body);
      return { version, available, held, sold, blocked };
    }),
  );
}

interface Try {
  /** What stands for each parameter of the path. */
  in?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** 404 unless something else says the same: that there is nothing for this caller. */
  status?: number;
  code?: string;
}

/** Addresses nobody in particular: answered by what the caller has, or by what everybody may see. */
type Own = Try & { isOwn: true };

const ofEvent = (body?: unknown): Try => ({ in: { id: victim.event.eventId }, body });
const ofArea = (body?: unknown): Try => ({ in: { id: victim.areaId }, body });
const ofStage = (body?: unknown): Try => ({ in: { id: victim.stageId }, body });
const ofPromotion = (body?: unknown): Try => ({ in: { id: victim.promotionId }, body });
const ownEvent = (body: unknown): Try => ({ in: { id: attacker.event.eventId }, body });
const own = (rest: Try = {}): Own => ({ ...rest, isOwn: true });
const onSite = (): Record<string, string> => ({
  slug: victim.event.slug,
  area_id: victim.areaId,
});

const discount = { type: "percentage", basis_points: 1_000 };
const adjustment = { type: "percentage", basis_points: -1_000 };
const times = { starts_at: "2031-03-19T20:00:00Z", ends_at: "2031-03-20T02:00:00Z" };
const image = () => ({ headers: { "content-type": "image/jpeg" }, body: files.jpeg() });
const buyer = {
  full_name: "Ana",
  email: "ana@example.com",
  phone: "3001234567",
  document_type: "CC",
  document_number: "1020304050",
};

/** Units are looked for in their area: another organizer's are as unknown there as those that do not exist. */
const asUnknown = { status: 422, code: "units_unknown" };

/** Every route, with all the ways in which it can be given an id of another organizer. */
const entries: Record<string, () => (Try | Own)[]> = {
  "GET /v1/health": () => [own()],

  "POST /v1/auth/magic-links": () => [own({ body: { email: victim.memberEmail }, status: 202 })],
  "POST /v1/auth/sessions": () => [
    { body: { token: victim.linkToken }, status: 401, code: "magic_link_invalid" },
  ],
  "GET /v1/auth/me": () => [own()],
  "PATCH /v1/auth/me": () => [
    own({ body: { name: "Otro" } }),
    { body: { user_id: victim.memberId, name: "Otro" }, status: 422, code: "validation_failed" },
  ],
  "GET /v1/auth/sessions": () => [own()],
  "DELETE /v1/auth/sessions/current": () => [own({ status: 204 })],
  "DELETE /v1/auth/sessions/{id}": () => [{ in: { id: victim.sessionId } }],

  "GET /v1/team": () => [own()],
  "POST /v1/team": () => [
    own({ body: { email: `${crypto.randomUUID()}@example.com`, role: "gate" }, status: 201 }),
  ],
  "PATCH /v1/team/{user_id}": () => [{ in: { user_id: victim.memberId }, body: { role: "owner" } }],
  "DELETE /v1/team/{user_id}": () => [{ in: { user_id: victim.memberId } }],
  "GET /v1/team/invitations": () => [own()],
  "DELETE /v1/team/invitations/{id}": () => [{ in: { id: victim.invitationId } }],
  "GET /v1/api-tokens": () => [own()],
  "POST /v1/api-tokens": () => [
    own({ body: { name: "Ajeno", scopes: ["catalog.read"] }, status: 201 }),
  ],
  "DELETE /v1/api-tokens/{id}": () => [{ in: { id: victim.apiTokenId } }],

  "GET /v1/legal-info": () => [own({ status: 404, code: "legal_info_not_found" })],
  "PUT /v1/legal-info": () => [
    own({
      body: { nit: "800197268-4", legal_name: "Ajeno", address: "Calle 1", city: "Cali" },
    }),
  ],

  "GET /v1/events": () => [own({ query: "?limit=100" })],
  "POST /v1/events": () => [own({ body: { name: "Ajeno", ...times }, status: 201 })],
  "GET /v1/events/{id}": () => [ofEvent(), { in: { id: victim.draft.eventId } }],
  "PATCH /v1/events/{id}": () => [ofEvent({ name: "Ajeno" })],
  "DELETE /v1/events/{id}": () => [ofEvent(), { in: { id: victim.draft.eventId } }],
  "POST /v1/events/{id}/publish": () => [{ in: { id: victim.draft.eventId } }],
  "POST /v1/events/{id}/unpublish": () => [ofEvent()],
  "POST /v1/events/{id}/postpone": () => [ofEvent()],
  "POST /v1/events/{id}/cancel": () => [ofEvent()],
  "POST /v1/events/{id}/finish": () => [ofEvent()],
  "POST /v1/events/{id}/duplicate": () => [ofEvent({}), ofEvent({ name: "Copia ajena" })],

  "GET /v1/events/{id}/images": () => [ofEvent()],
  "POST /v1/events/{id}/images": () => [{ ...ofEvent(), query: "?type=banner", ...image() }],
  "PATCH /v1/events/{id}/images/{image_id}": () =>
    [victim.event.eventId, attacker.event.eventId].map((id) => ({
      in: { id, image_id: victim.imageId },
      body: { alt_text: "Ajeno" },
    })),
  "DELETE /v1/events/{id}/images/{image_id}": () =>
    [victim.event.eventId, attacker.event.eventId].map((id) => ({
      in: { id, image_id: victim.imageId },
    })),
  "POST /v1/events/{id}/images/uploads": () => [
    ofEvent({ type: "gallery", content_type: "image/jpeg", size_bytes: 100 }),
  ],
  "POST /v1/events/{id}/images/uploads/{upload_id}/complete": () =>
    [victim.event.eventId, attacker.event.eventId].map((id) => ({
      in: { id, upload_id: victim.uploadId },
    })),
  // Images are on public pages: who has the name of one gets it.
  "GET /v1/media/{name}": () => [
    own({ in: { name: victim.imageUrl.split("/").at(-1) ?? "" } }),
    { in: { name: `${victim.uploadId}.jpg` } },
    { in: { name: `${victim.ticketId}.svg` } },
  ],

  "GET /v1/events/{id}/areas": () => [ofEvent()],
  "POST /v1/events/{id}/areas": () => [ofEvent({ name: "Ajena", price_in_cents: 1 })],
  "GET /v1/areas/{id}": () => [ofArea()],
  "PATCH /v1/areas/{id}": () => [ofArea({ price_in_cents: 1 })],
  "DELETE /v1/areas/{id}": () => [ofArea()],
  "POST /v1/areas/{id}/audit": () => [ofArea(), ofArea({ repair: true })],
  "POST /v1/areas/{id}/units/bulk": () => [ofArea({ quantity: 1 })],
  "POST /v1/areas/{id}/units/csv": () => [
    { ...ofArea("fila;silla\nZ;1\n"), headers: { "content-type": "text/csv" } },
  ],
  "GET /v1/areas/{id}/units": () => [ofArea()],
  "PATCH /v1/areas/{id}/units": () => [
    ofArea({ unit_ids: victim.unitIds.slice(0, 1), status: "blocked" }),
    {
      in: { id: attacker.areaId },
      body: { unit_ids: victim.unitIds.slice(0, 1), status: "blocked" },
      ...asUnknown,
    },
  ],
  "POST /v1/areas/{id}/reservations": () => [
    ofArea({ quantity: 1 }),
    {
      in: { id: attacker.areaId },
      body: { unit_ids: victim.unitIds.slice(0, 1) },
      ...asUnknown,
    },
  ],
  "DELETE /v1/areas/{id}/reservations/{reservation_id}": () =>
    [victim.areaId, attacker.areaId].flatMap((id) =>
      [victim.keptId, victim.bought.id, victim.held.id].map((reservationId) => ({
        in: { id, reservation_id: reservationId },
      })),
    ),

  "GET /v1/events/{id}/sale-stages": () => [ofEvent()],
  "POST /v1/events/{id}/sale-stages": () => [
    ofEvent({ name: "Ajena", adjustment }),
    ownEvent({ name: "Ajena", adjustment, area_id: victim.areaId }),
  ],
  "GET /v1/sale-stages/{id}": () => [ofStage()],
  "PATCH /v1/sale-stages/{id}": () => [ofStage({ name: "Ajena" })],
  "DELETE /v1/sale-stages/{id}": () => [ofStage()],

  "GET /v1/promotions": () => [own()],
  "POST /v1/promotions": () => [
    { body: { name: "Ajena", discount, event_id: victim.event.eventId } },
    { body: { name: "Ajena", discount, area_id: victim.areaId } },
  ],
  "GET /v1/promotions/{id}": () => [ofPromotion()],
  "PATCH /v1/promotions/{id}": () => [ofPromotion({ name: "Ajena" })],
  "DELETE /v1/promotions/{id}": () => [ofPromotion()],
  "GET /v1/promotions/{id}/codes": () => [ofPromotion()],
  "POST /v1/promotions/{id}/codes": () => [ofPromotion({ quantity: 1 })],

  "GET /v1/public/events": () => [
    own({ query: `?limit=100` }),
    own({ query: `?q=${victim.mark}` }),
  ],
  "GET /v1/public/events/{slug}": () => [{ in: onSite() }],
  "GET /v1/public/events/{slug}/json-ld": () => [{ in: onSite() }],
  "GET /v1/public/events/{slug}/areas": () => [{ in: onSite() }],
  ...Object.fromEntries(
    ["availability", "units", "live"].map((what) => [
      `GET /v1/public/events/{slug}/areas/{area_id}/${what}`,
      () => [victim.event.slug, attacker.event.slug].map((slug) => ({ in: { ...onSite(), slug } })),
    ]),
  ),

  "POST /v1/public/quote": () => [
    {
      body: { event_id: attacker.event.eventId, items: [{ area_id: victim.areaId, quantity: 1 }] },
    },
    {
      body: { event_id: victim.event.eventId, items: [{ area_id: victim.areaId, quantity: 1 }] },
    },
  ],
  "POST /v1/public/promotions/validate": () => [
    {
      body: {
        event_id: victim.event.eventId,
        items: [{ area_id: victim.areaId, quantity: 1 }],
        promotion_code: "AJENO",
      },
    },
  ],
  "POST /v1/reservations": () => [
    {
      body: { event_id: attacker.event.eventId, items: [{ area_id: victim.areaId, quantity: 1 }] },
    },
  ],
  "GET /v1/reservations/{id}": () =>
    [victim.held.id, victim.bought.id].map((id) => ({ in: { id } })),
  "DELETE /v1/reservations/{id}": () =>
    [victim.held.id, victim.bought.id].map((id) => ({ in: { id } })),
  "POST /v1/payments": () => [own({ body: { gateway: "wompi", buyer }, status: 201 })],
  "GET /v1/payments/{id}": () => [{ in: { id: victim.paymentId } }],
  "GET /v1/qr/{reservation_unit_id}": () => [{ in: { reservation_unit_id: victim.ticketId } }],
  "POST /v1/qr/{reservation_unit_id}/regenerate": () => [
    { in: { reservation_unit_id: victim.ticketId } },
  ],
  "POST /v1/qr/validate": () => [
    { body: { token: victim.ticketCode, gate: "Norte" } },
    { body: { token: victim.ticketCode, gate: "Norte", direction: "out" } },
  ],
  "POST /v1/webhooks/wompi": () => [own({ body: { event: "x" }, status: 400 })],
};

const documentShape = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

async function routes(): Promise<string[]> {
  const { body } = await shop.call("GET", "/v1/openapi.json");
  return Object.entries(documentShape.parse(body).paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** The answer to who wants a WebSocket; 101 when it is let in. */
function handshake(path: string): Promise<Answer> {
  const { origin } = attacker;
  const socket = new WebSocket(`${api.replace(/^http/, "ws")}${path}`, { origin });
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      socket.close();
      resolve({ status: 101, body: "", headers: new Headers() });
    });
    socket.on("unexpected-response", (_request, response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const body = Buffer.concat(parts).toString();
        resolve({ status: response.statusCode ?? 0, body, headers: new Headers() });
      });
    });
    socket.on("error", reject);
  });
}

/** With all that the attacker has: a session, a reservation's token, and a page of their own site. */
async function attack(
  route: string,
  attempt: Try,
  token: string,
): Promise<Answer & { sent: string }> {
  const [method = "", path = ""] = route.split(" ");
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = attempt.in?.[name];
    if (value === undefined) throw new Error(`${route} was not told what stands for ${name}`);
    return value;
  });
  if (address.endsWith("/live")) return { ...(await handshake(address)), sent: address };
  const { body } = attempt;
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const content = isRaw || body === undefined ? body : JSON.stringify(body);
  const response = await fetch(`${api}${address}${attempt.query ?? ""}`, {
    method,
    headers: {
      origin: attacker.origin,
      authorization: `Bearer ${token}`,
      "reservation-token": attacker.held.token,
      ...(content !== undefined && { "content-type": "application/json" }),
      ...attempt.headers,
    },
    ...(content !== undefined && {
      body: content instanceof Uint8Array ? new Blob([new Uint8Array(content)]) : content,
    }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text,
    headers: response.headers,
    sent: `${address} ${attempt.query ?? ""} ${typeof content === "string" ? content : ""}`,
  };
}

/** What only the victim's own data holds, and the request did not. */
function leaksIn({ body, headers, sent }: Answer & { sent: string }): string[] {
  const answer = `${String(body)} ${[...headers].flat().join(" ")}`.toLowerCase();
  const theirs = new Set(
    JSON.stringify(before).match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g),
  );
  return [...theirs, victim.mark.toLowerCase(), victim.memberEmail, victim.ticketCode].filter(
    (secret) =>
      answer.includes(secret.toLowerCase()) && !sent.toLowerCase().includes(secret.toLowerCase()),
  );
}

describe("another organizer's session and ids", () => {
  test("are tried on every route there is", async () => {
    const all = await routes();
    expect(all.length).toBeGreaterThan(60);
    expect(Object.keys(entries).toSorted()).toEqual(all.toSorted());
  });

  test("find nothing, leak nothing", async () => {
    const team = openTeam(attacker.shop);
    const faults: string[] = [];
    for (const [route, attempts] of Object.entries(entries)) {
      for (const attempt of attempts()) {
        // A session of its own for each: one of the routes ends it.
        const member = await team.newMember(attacker.profileId, "owner");
        const { token } = await team.newSession(member, { profileId: attacker.profileId });
        const answer = await attack(route, attempt, token);
        const { status, body } = answer;
        const expected = attempt.status ?? ("isOwn" in attempt ? 200 : 404);
        if (status !== expected)
          faults.push(`${route}: ${status} instead of ${expected}: ${String(body)}`);
        if (attempt.code !== undefined && !String(body).includes(`"${attempt.code}"`))
          faults.push(`${route}: ${String(body)} instead of ${attempt.code}`);
        for (const leak of leaksIn(answer)) faults.push(`${route} leaked ${leak}`);
      }
    }
    expect(faults).toEqual([]);
  }, 120_000);

  test("change nothing: not a row, not an area's object, not a file", async () => {
    const resting = await restingRows(shop, victim.profileId);
    expect(resting).toEqual(before);
    expect(await versions()).toEqual(versionsBefore);
    expect((await fetch(victim.imageUrl)).status).toBe(200);
    const picture = await victim.shop.asBuyer(
      victim.bought.token,
      "GET",
      `/v1/qr/${victim.ticketId}`,
    );
    expect(picture.status).toBe(200);
  });

  test("leave nothing of the victim among what the attacker has", async () => {
    const theirs = JSON.stringify(await restingRows(shop, attacker.profileId));
    for (const id of [
      ...[victim.profileId, victim.event.eventId, victim.draft.eventId, victim.areaId],
      ...[victim.stageId, victim.promotionId, victim.imageId, victim.held.id, victim.bought.id],
      ...[victim.ticketId, victim.paymentId, victim.mark, ...victim.unitIds],
    ])
      expect(theirs).not.toContain(id);
  });

  test("sent no mail to the victim's people", async () => {
    expect(await shop.mails(victim.memberEmail)).toEqual([]);
  });
});

describe("the same routes for the organizer themselves", () => {
  test("find what is theirs, so that the walk asks for what is there", async () => {
    const mine = openShop({
      api,
      wompi: inject("wompiUrl"),
      mail: inject("mailUrl"),
      database: inject("databaseUrl"),
      organizerToken: victim.token,
    });
    const found = ["GET /v1/events/{id}", "GET /v1/areas/{id}", "GET /v1/sale-stages/{id}"].concat([
      "GET /v1/promotions/{id}",
      "GET /v1/promotions/{id}/codes",
      "GET /v1/events/{id}/images",
    ]);
    for (const route of found)
      for (const attempt of entries[route]?.() ?? []) {
        const path = route
          .slice(4)
          .replaceAll(/\{(\w+)\}/g, (_, name: string) => attempt.in?.[name] ?? "");
        expect((await mine.asOrganizer("GET", path)).status, route).toBe(200);
      }
    for (const { id, token } of [victim.held, victim.bought])
      expect((await mine.asBuyer(token, "GET", `/v1/reservations/${id}`)).status).toBe(200);
    const payment = `/v1/payments/${victim.paymentId}`;
    expect((await mine.asBuyer(victim.bought.token, "GET", payment)).status).toBe(200);
    const code = { token: victim.ticketCode, gate: "Norte" };
    expect((await mine.asOrganizer("POST", "/v1/qr/validate", { body: code })).status).toBe(200);
    await mine.close();
  });
});
