// An area's parts of reservations, as the area told them: documents in `reservations.extra_attributes`.

import * as z from "zod";
import type { ProjectedReservation } from "../../durable-objects/area-inventory/contract.ts";
import type { DatabaseScope } from "../ports/database.ts";

const passageShape = z.object({
  direction: z.enum(["in", "out"]),
  scanId: z.string(),
  gate: z.string(),
  atMs: z.int(),
});

const partShape = z.object({
  version: z.int(),
  state: z.enum(["held", "sold", "released", "expired", "refund-due", "cancelled"]),
  selection: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("best-available"),
      quantity: z.int(),
      together: z.boolean().default(false),
    }),
    z.object({ kind: z.literal("units"), unitIds: z.array(z.string()) }),
    z.object({ kind: z.literal("pool"), quantity: z.int() }),
  ]),
  holdExpiresAtMs: z.int(),
  expiresAtMs: z.int(),
  paymentId: z.string().nullable(),
  unitsReplaced: z.boolean(),
  units: z.array(
    z.object({
      reservationUnitId: z.uuid(),
      unitId: z.uuid(),
      position: z.int(),
      label: z.string(),
      priceInCents: z.int(),
      serviceInCents: z.int(),
      baseInCents: z.int().exactOptional(),
      stageId: z.uuid().exactOptional(),
      promotionId: z.uuid().exactOptional(),
      discountInCents: z.int().exactOptional(),
    }),
  ),
  tickets: z.array(
    z.object({
      reservationUnitId: z.uuid(),
      serial: z.int(),
      admittedAtMs: z.int().nullable(),
      scanId: z.string().nullable(),
      gate: z.string().nullable(),
      passages: z.array(passageShape).exactOptional(),
      cancelledAtMs: z.int().exactOptional(),
    }),
  ),
  terms: z
    .object({
      buyerId: z.string().exactOptional(),
      stageId: z.string().exactOptional(),
      promotionCode: z.string().exactOptional(),
      totalInCents: z.int().exactOptional(),
    })
    .exactOptional(),
  uses: z.array(z.object({ key: z.string(), quantity: z.int() })).exactOptional(),
  pools: z
    .array(
      z.object({
        poolId: z.uuid(),
        quantity: z.int(),
        stageId: z.uuid().exactOptional(),
        promotionCode: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  peoplePerUnit: z.int().exactOptional(),
});

const partRow = z
  .object({ id: z.uuid(), part: partShape })
  .transform(({ id, part }): ProjectedReservation => ({ ...part, reservationId: id }));

export interface PartsPlace {
  /** Of an area, or of a pool. */
  areaId: string;
  /** Null: reservations of any event of the organizer. */
  eventId: string | null;
}

/** The parts of an area or a pool in order of reservation, after the given one. */
export async function findReservationParts(
  tenant: DatabaseScope,
  { areaId, eventId }: PartsPlace,
  page: { afterId: string; limit: number },
): Promise<ProjectedReservation[]> {
  // Only what a statement says itself can use an index.
  const ofEvent = eventId === null ? "profile_id = (SELECT waro_profile_id())" : "cluster_id = $4";
  const rows = await tenant.query(
    `SELECT id, extra_attributes #> ARRAY['areas', $1::text] AS part FROM reservations
     WHERE ${ofEvent} AND id > $2 AND extra_attributes #> ARRAY['areas', $1::text] IS NOT NULL
     ORDER BY id LIMIT $3`,
    [areaId, page.afterId, page.limit, ...(eventId === null ? [] : [eventId])],
  );
  return z.array(partRow).parse(rows);
}

/** A part as it was read elsewhere; null when it is not one that an area ever told. */
export function readPart(reservationId: string, part: unknown): ProjectedReservation | null {
  const parsed = partShape.safeParse(part);
  return parsed.success ? { ...parsed.data, reservationId } : null;
}
