// What was sold of areas, what is held, and money on its way: asked of the areas' objects, which decide, and of Postgres,
// which knows of payments, and of tickets should an object have lost its data.

import { countSales } from "../../db/deletions-repository.ts";
import type { Dependencies } from "../dependencies.ts";

/** Units or payments; a type and not an interface, so that it can be spread into a refusal. */
export type Sales = {
  sold: number;
  /** By buyers, or kept back by the organizer. */
  held: number;
  /** Whose money may still come, or has to go back. */
  payments: number;
};

/** Null when there is nothing of it. */
export async function findSales(
  { database, inventory }: Dependencies,
  profileId: string,
  { eventId, areaIds }: { eventId: string; areaIds: readonly string[] },
): Promise<Sales | null> {
  const [objects, told] = await Promise.all([
    Promise.all(areaIds.map((areaId) => inventory.area(areaId).availability())),
    countSales(database.asTenant(profileId), { eventId, areaIds }),
  ]);
  const total = (count: "sold" | "held") =>
    objects.reduce((sum, object) => sum + (object?.[count] ?? 0), 0);
  const sales = {
    sold: Math.max(total("sold"), told.sold),
    held: total("held"),
    payments: told.payments,
  };
  return sales.sold + sales.held + sales.payments === 0 ? null : sales;
}
