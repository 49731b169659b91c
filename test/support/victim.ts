// An organizer who has something in every table and whose data nobody else may reach, and everything that is stored of them.
// Asserts nothing, but throws when one of its own steps does not work.

import { z } from "zod";
import { readQr } from "../../dev/read-qr.ts";
import type { Answer } from "./api.ts";
import { imageOf } from "./gallery.ts";
import { files } from "./images.ts";
import { openTeam } from "./members.ts";
import { type Organizer, newOrganizer } from "./organizers.ts";
import { pricingOf } from "./pricing.ts";
import { type EventOnSale, type HeldReservation, type Shop, until } from "./shop.ts";

export interface Victim extends Organizer {
  /** In every name and text that is theirs alone. */
  mark: string;
  memberEmail: string;
  sessionId: string;
  /** The session's. */
  memberId: string;
  invitationId: string;
  apiTokenId: string;
  linkToken: string;
  event: EventOnSale;
  draft: EventOnSale;
  areaId: string;
  unitIds: string[];
  stageId: string;
  promotionId: string;
  imageId: string;
  imageUrl: string;
  uploadId: string;
  /** Kept back by themselves. */
  keptId: string;
  held: HeldReservation;
  bought: HeldReservation;
  ticketId: string;
  ticketCode: string;
  paymentId: string;
}

const withId = z.looseObject({ id: z.string() });

function idOf({ status, body }: Answer): string {
  if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return withId.parse(body).id;
}

export async function newVictim(shop: Shop, api: string): Promise<Victim> {
  const organizer = await newOrganizer(shop);
  const { profileId, token, shop: own } = organizer;
  const { database } = own;
  const mark = `Secreto${crypto.randomUUID().slice(0, 8)}`;
  const mine = async (method: string, path: string, body: object = {}, headers = {}) =>
    idOf(await own.asOrganizer(method, path, { body, headers }));
  await database.query("UPDATE profiles SET profile_name = $2 WHERE id = $1", [profileId, mark]);
  const legal = { nit: "900123456-8", legal_name: mark, address: mark, city: mark };
  const saved = await own.asOrganizer("PUT", "/v1/legal-info", { body: legal });
  if (saved.status >= 300) throw new Error(`answered ${saved.status}`);

  const event = await own.publishEvent([{ units: 8 }], { name: mark, description: mark });
  const draft = await own.draftEvent([{ units: 2 }], { name: mark });
  const [areaId = ""] = event.areaIds;
  const path = `/v1/events/${event.eventId}`;
  const slug = `${event.slug}-b`;
  await mine("PATCH", path, { slug });
  const key = { "idempotency-key": crypto.randomUUID() };
  const added = await own.asOrganizer("POST", `/v1/areas/${draft.areaIds[0]}/units/bulk`, {
    body: { rows: { from: 7, to: 7 }, numbers: { from: 1, to: 2 } },
    headers: key,
  });
  if (added.status >= 300) throw new Error(`answered ${added.status}`);
  const stageId = await pricingOf(own).stage(event.eventId, { name: mark });
  const promotionId = await mine("POST", "/v1/promotions", {
    name: mark,
    code_prefix: `V${mark.slice(-4)}-`,
    discount: { type: "percentage", basis_points: 1_000 },
    event_id: event.eventId,
  });
  const codes = await own.asOrganizer("POST", `/v1/promotions/${promotionId}/codes`, {
    body: { quantity: 2 },
  });
  if (codes.status >= 300) throw new Error(`answered ${codes.status}`);
  const image = await addImage(api, token, event.eventId);
  const uploadId = await mine("POST", `${path}/images/uploads`, {
    type: "gallery",
    content_type: "image/jpeg",
    size_bytes: 100,
  });

  const keptId = await mine("POST", `/v1/areas/${areaId}/reservations`, { quantity: 1 });
  const held = await own.hold(event, [{ area_id: areaId, quantity: 1 }]);
  const email = `${mark.toLowerCase()}@example.com`;
  const { reservation: bought, payment } = await own.buy(
    event,
    [{ area_id: areaId, quantity: 2 }],
    email,
  );
  const [{ reservation_unit_id: ticketId } = { reservation_unit_id: "" }] = bought.units;
  const picture = await own.asBuyer(bought.token, "GET", `/v1/qr/${ticketId}`);

  const team = openTeam(own);
  const member = await team.newMember(profileId);
  const linkToken = await team.givenLink(member, { ...organizer, name: mark });
  const { sessionId } = await team.newSession(member, { profileId });
  const invited = { email: `invited.${crypto.randomUUID()}@example.com`, role: "gate" };
  const invitationId = await mine("POST", "/v1/team", invited);
  await until("the tickets and the invitation to be mailed", async () => {
    const { rows } = await database.query(
      "SELECT FROM effect_log WHERE profile_id = $1 AND completed_at IS NOT NULL",
      [profileId],
    );
    return rows.length >= 2 || undefined;
  });
  const apiToken = { name: mark, scopes: ["catalog.read"] };
  const apiTokenId = await mine("POST", "/v1/api-tokens", apiToken);
  await database.query(
    "INSERT INTO unit_transfer_log (profile_id, reservation_unit_id, transfer_reason) VALUES ($1, $2, $3)",
    [profileId, ticketId, mark],
  );
  return {
    ...organizer,
    name: mark,
    mark,
    memberEmail: member.email,
    sessionId,
    memberId: member.userId,
    invitationId,
    apiTokenId,
    linkToken,
    event: { ...event, slug },
    draft,
    areaId,
    unitIds: (await own.units(areaId)).map(({ id }) => id),
    stageId,
    promotionId,
    imageId: image.id,
    imageUrl: image.url,
    uploadId,
    keptId,
    held,
    bought,
    ticketId,
    ticketCode: readQr(z.string().parse(picture.body)),
    paymentId: payment.id,
  };
}

async function addImage(api: string, token: string, eventId: string) {
  const response = await fetch(`${api}/v1/events/${eventId}/images?type=cover`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "image/jpeg" },
    body: new Blob([files.jpeg()]),
  });
  return imageOf({
    status: response.status,
    body: await response.json(),
    headers: response.headers,
  });
}

/** Tables with a row per organizer, as Postgres knows them: all with `profile_id`. */
export async function tenantTables({ database }: Shop): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT DISTINCT pg_class.relname AS name
     FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'profile_id' AND NOT attisdropped
     WHERE pg_class.relkind IN ('r', 'p') AND pg_class.relnamespace = 'public'::regnamespace
     ORDER BY pg_class.relname`,
  );
  return rows.map(({ name }) => name);
}

/** What the minute writes down by itself, whoever asks for what. */
const BY_ITSELF = ["audited_at", "audit_place", "untold_version"];

/** Every row of an organizer, by table. */
export async function rowsOf(
  shop: Shop,
  profileId: string,
): Promise<Record<string, Record<string, unknown>[]>> {
  const tables = await tenantTables(shop);
  const found = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await shop.database.query<{ row: Record<string, unknown> }>(
        `SELECT to_jsonb(found) - $2::text[] AS row FROM ${table} AS found WHERE profile_id = $1 ORDER BY found::text`,
        [profileId, BY_ITSELF],
      );
      return [table, rows.map(({ row }) => row)] as const;
    }),
  );
  return Object.fromEntries(found);
}

/** The same, once what is still on its way has arrived: two looks in a row find the same. */
export async function restingRows(shop: Shop, profileId: string) {
  let last = "";
  return until("an organizer's rows to rest", async () => {
    const rows = await rowsOf(shop, profileId);
    const text = JSON.stringify(rows);
    const rests = text === last;
    last = text;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return rests ? rows : undefined;
  });
}
