// The least a Durable Object can do: what every hold is measured against, and what the floors call.

import { DurableObject } from "cloudflare:workers";
import type { AreaInventoryCalls, Outcome } from "../../durable-objects/area-inventory/contract.ts";

const ID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

const held: Outcome<"place-hold"> = {
  ok: true,
  reservationId: ID,
  profileId: ID,
  expiresAtMs: 1_795_000_000_000,
  currency: "COP",
  units: [0, 1].map((position) => ({
    reservationUnitId: ID,
    unitId: ID,
    position,
    label: `A-1-${position}`,
    priceInCents: 9_500_000,
    serviceInCents: 500_000,
  })),
};
const admitted: Outcome<"admit-ticket"> = {
  ok: true,
  reservationUnitId: ID,
  label: "A-1-1",
  admittedAtMs: 1_795_000_000_000,
};
const answers = { held: JSON.stringify(held), admitted: JSON.stringify(admitted) };

export class EmptyObject extends DurableObject implements AreaInventoryCalls {
  empty(): null {
    return null;
  }

  /** One answer for all holds and one for all scans, made beforehand. */
  execute(text: string): Promise<string> {
    return Promise.resolve(text.includes('"place-hold"') ? answers.held : answers.admitted);
  }

  read(): Promise<string> {
    return Promise.resolve("null");
  }
}
