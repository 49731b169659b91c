// What the tests of an area's audit do: sell, look, and change rows in Postgres that nobody may change. Asserts nothing.

import { createHash } from "node:crypto";
import { z } from "zod";
import { type EventOnSale, type Shop, until } from "./shop.ts";

const differenceShape = z.object({
  kind: z.string(),
  reservation_id: z.string().nullable(),
  unit_id: z.string().nullable(),
  reservation_unit_id: z.string().nullable(),
  fields: z.array(z.string()),
  in_object: z.string().nullable(),
  in_postgres: z.string().nullable(),
  remedy: z.string(),
  is_repaired: z.boolean(),
});
const auditShape = z.object({
  area_id: z.string(),
  reservations: z.number(),
  units: z.number(),
  in_flight: z.number(),
  outbox: z.object({ batches: z.number(), oldest_at: z.string().nullable() }).nullable(),
  differences: z.array(differenceShape),
  next_cursor: z.string().nullable(),
});

export type AreaAudit = z.infer<typeof auditShape>;

/** An area of eight units with two sales of two, a hold of two, one given back, and two units free. */
export interface Sale {
  event: EventOnSale;
  areaId: string;
  bought: { id: string; unitIds: string[]; ticketIds: string[] };
  alsoBought: { id: string; unitIds: string[]; ticketIds: string[] };
  held: { id: string; unitIds: string[]; ticketIds: string[] };
  releasedId: string;
  freeUnitIds: string[];
}

export function auditsOf(shop: Shop) {
  const sql = async (text: string, ...parameters: unknown[]) => {
    const { rows } = await shop.database.query(text, parameters);
    return rows;
  };
  return {
    sql,

    async audit(areaId: string, repair = false): Promise<AreaAudit> {
      const body = { repair };
      const answer = await shop.asOrganizer("POST", `/v1/areas/${areaId}/audit`, { body });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return auditShape.parse(answer.body);
    },

    /** Published, and left alone by the minute, so that nobody else repairs it. */
    async openArea(units: number): Promise<{ event: EventOnSale; areaId: string }> {
      const event = await shop.draftEvent([{ units }]);
      const [areaId = ""] = event.areaIds;
      await sql("UPDATE areas SET audited_at = '2100-01-01' WHERE id = $1", areaId);
      await shop.asOrganizer("POST", `/v1/events/${event.eventId}/publish`);
      return { event, areaId };
    },

    async openSale(): Promise<Sale> {
      const { event, areaId } = await this.openArea(8);
      const two = [{ area_id: areaId, quantity: 2 }];
      const named = (reservation: {
        id: string;
        units: { unit_id: string; reservation_unit_id: string }[];
      }) => ({
        id: reservation.id,
        unitIds: reservation.units.map((unit) => unit.unit_id),
        ticketIds: reservation.units.map((unit) => unit.reservation_unit_id),
      });
      const [first, second] = await Promise.all([shop.buy(event, two), shop.buy(event, two)]);
      const held = await shop.hold(event, two);
      const released = await shop.hold(event, [{ area_id: areaId, quantity: 1 }]);
      await shop.asBuyer(released.token, "DELETE", `/v1/reservations/${released.id}`);
      await until("Postgres to hear of it all", async () => {
        const told = await sql(
          "SELECT status FROM reservations WHERE cluster_id = $1 ORDER BY status",
          event.eventId,
        );
        const statuses = told.map(({ status }) => String(status)).join(" ");
        return statuses === "active cancelled completed completed" || undefined;
      });
      const free = await sql(
        "SELECT id FROM units WHERE area_id = $1 AND position > 5 ORDER BY position",
        areaId,
      );
      return {
        event,
        areaId,
        bought: named(first.reservation),
        alsoBought: named(second.reservation),
        held: named(held),
        releasedId: released.id,
        freeUnitIds: free.map(({ id }) => String(id)),
      };
    },

    /** A ticket of a reservation that has no part in the area. */
    async insertForeignTicket(sale: Sale, unitId: string): Promise<string> {
      const [row] = await sql(
        `WITH planted AS (
           INSERT INTO reservations (profile_id, cluster_id) SELECT profile_id, cluster_id FROM areas WHERE id = $1
           RETURNING id, profile_id
         )
         INSERT INTO reservation_units (profile_id, reservation_id, area_id, unit_id, status, serial)
         SELECT profile_id, id, $1, $2, 'confirmed', 1 FROM planted RETURNING id`,
        sale.areaId,
        unitId,
      );
      return String(row?.id);
    },

    /** As a sale leaves it in Postgres. */
    async insertPayment(ticketId: string): Promise<void> {
      await sql(
        `INSERT INTO payments (profile_id, reservation_id, amount, status)
         SELECT profile_id, reservation_id, 100000, 'settled' FROM reservation_units WHERE id = $1`,
        ticketId,
      );
    },

    async deleteTickets(reservationId: string): Promise<void> {
      const ofReservation = "(SELECT id FROM reservation_units WHERE reservation_id = $1)";
      await sql(
        `DELETE FROM reservation_unit_qr_images WHERE reservation_unit_id IN ${ofReservation}`,
        reservationId,
      );
      await sql("DELETE FROM reservation_units WHERE reservation_id = $1", reservationId);
    },

    async deleteReservation(reservationId: string): Promise<void> {
      await this.deleteTickets(reservationId);
      await sql("DELETE FROM payments WHERE reservation_id = $1", reservationId);
      await sql("DELETE FROM reservations WHERE id = $1", reservationId);
    },

    changePart(sale: Sale, reservationId: string, changes: object) {
      return sql(
        `UPDATE reservations SET extra_attributes = jsonb_set(extra_attributes, ARRAY['areas', $2::text],
           (extra_attributes #> ARRAY['areas', $2::text]) || $3::jsonb) WHERE id = $1`,
        reservationId,
        sale.areaId,
        JSON.stringify(changes),
      );
    },

    /** Everything Postgres has of the area's sales, but for versions. */
    async projection(areaId: string): Promise<unknown> {
      const [row] = await sql(
        `SELECT
           (SELECT jsonb_object_agg(id, (extra_attributes #> ARRAY['areas', $1::text]) - 'version' || jsonb_build_object(
              'row_status', status)) FROM reservations WHERE extra_attributes #> ARRAY['areas', $1::text] IS NOT NULL) AS parts,
           (SELECT jsonb_object_agg(id, to_jsonb(ticket) - 'inventory_version') FROM reservation_units AS ticket
              WHERE area_id = $1::uuid AND status <> 'cancelled') AS tickets,
           (SELECT jsonb_object_agg(id, status) FROM units WHERE area_id = $1::uuid) AS units`,
        areaId,
      );
      return row;
    },

    /** The token of a fresh member of the organizer's team. */
    async signIn(role: string, profileOfAreaId: string): Promise<string> {
      const token = crypto.randomUUID();
      await sql(
        `WITH area AS (SELECT profile_id FROM areas WHERE id = $1),
           member AS (INSERT INTO users (email) VALUES ($2) RETURNING id),
           joined AS (INSERT INTO profile_members (profile_id, user_id, role) SELECT profile_id, member.id, $3 FROM area, member)
         INSERT INTO sessions (token_hash, user_id, profile_id, expires_at)
         SELECT $4, member.id, profile_id, now() + interval '1 hour' FROM area, member`,
        profileOfAreaId,
        `${token}@example.com`,
        role,
        createHash("sha256").update(token).digest("hex"),
      );
      return token;
    },
  };
}
