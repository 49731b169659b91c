// Sells tickets for the gate's case without payers: holds of ten, committed at once, through the object's own methods.

import { methodsOver } from "../../src/adapters/area-inventory-methods.ts";
import type { BenchEnv } from "./bench-env.ts";

export interface SellInput {
  eventId: string;
  areaId: string;
  reservations: number;
}

const UNITS_PER_RESERVATION = 10;

/** Ids of the sold tickets. */
export async function sell(
  env: BenchEnv,
  { eventId, areaId, reservations }: SellInput,
): Promise<string[]> {
  const area = methodsOver((ask) => ask(env.AREA_INVENTORY.getByName(areaId)));
  const sold = await Promise.all(
    Array.from({ length: reservations }, async () => {
      const reservationId = crypto.randomUUID();
      const held = await area.placeHold({
        reservationId,
        eventId,
        selection: { kind: "best-available", quantity: UNITS_PER_RESERVATION },
        firstUnitIndex: 0,
        holdMs: 3_600_000,
      });
      if (!held.ok) throw new Error(`cannot hold: ${held.refusal.code}`);
      const committed = await area.commitHold({ reservationId, paymentId: crypto.randomUUID() });
      if (!committed.ok) throw new Error(`cannot commit: ${committed.refusal.code}`);
      return committed.units.map((unit) => unit.reservationUnitId);
    }),
  );
  return sold.flat();
}
