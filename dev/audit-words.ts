// An area's audit as the API answers it, and what a person reads of each difference. Calls nothing.

import { z } from "zod";

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

export const auditShape = z.object({
  reservations: z.number(),
  units: z.number(),
  in_flight: z.number(),
  outbox: z.object({ batches: z.number(), oldest_at: z.string().nullable() }).nullable(),
  differences: z.array(differenceShape),
  next_cursor: z.string().nullable(),
});

export type Difference = z.infer<typeof differenceShape>;

const sentences: Record<string, string> = {
  object_lost: "the area's object knows nothing of it, or not all yet",
  pool_lost: "a quantity that areas share is not known where it is counted",
  settings_behind: "the area's object has older settings",
  settings_different: "the area's object has other settings under the same version",
  counts_different: "the counts of the area's object do not add up",
  capacity_different: "the area's capacity is not the number of its units",
  unit_missing_in_object: "a unit is missing in the object",
  unit_missing_in_postgres: "a unit is missing in Postgres",
  unit_different: "a unit differs",
  unit_sold_twice: "a unit has more than one living ticket",
  ticket_elsewhere: "a unit has a living ticket of another area",
  reservation_missing_in_object: "a reservation is missing in the object",
  reservation_missing_in_postgres: "a reservation is missing in Postgres",
  part_different: "a reservation differs",
  ticket_missing: "a ticket is missing in Postgres",
  ticket_extra: "Postgres has a ticket that the object never sold",
  ticket_different: "a ticket differs",
};

/** One line. */
export function describeDifference(found: Difference, isRepairing: boolean): string {
  const about = [
    ["reservation", found.reservation_id],
    ["ticket", found.reservation_unit_id],
    ["unit", found.unit_id],
  ].flatMap(([name, id]) => (id === null ? [] : [`${name} ${id}`]));
  const sides = [
    ...(found.fields.length > 0 ? [`in ${found.fields.join(", ")}`] : []),
    ...(found.in_object === null ? [] : [`object: ${found.in_object}`]),
    ...(found.in_postgres === null ? [] : [`Postgres: ${found.in_postgres}`]),
  ];
  // A newer API may know a kind more.
  const what = [sentences[found.kind] ?? found.kind, ...about, ...sides].join("; ");
  return `${what} — ${fateOf(found, isRepairing)}`;
}

function fateOf({ is_repaired: isRepaired, remedy }: Difference, isRepairing: boolean): string {
  if (isRepaired) return "repaired";
  if (remedy === "person") return "for a person to decide";
  return isRepairing ? "not repaired; run it again" : "--repair would mend it";
}
