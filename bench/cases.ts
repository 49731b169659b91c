// The cases: which load is measured against which, in which order. Every case names its target, if it has one.

import { type Api, type Area, until } from "./api.ts";
import type { Generator } from "./load/generator.ts";
import type { Request } from "./load/traffic.ts";
import { type Comparison, type Side, compare } from "./measure.ts";
import type { Sizes } from "./plan.ts";
import { type Prepared, holdBody } from "./prepare.ts";
import type { BenchStack } from "./stack.ts";

export interface CaseTools {
  stack: BenchStack;
  api: Api;
  generator: Generator;
  prepared: Prepared;
  sizes: Sizes;
  log: (line: string) => void;
}

const holdRequest: Request = { method: "POST", path: "/v1/reservations" };
/** Of a small area's thousand units: none is asked for when too few are left. */
const SMALL_AREA_FILLED = 0.96;

export async function defineTraffic({
  generator,
  prepared,
  sizes,
  stack,
}: CaseTools): Promise<void> {
  const { hold, large, small, purchase, gate } = prepared;
  const same = (name: string, request: Request, options: { expect: number; keepIds: boolean }) =>
    generator.define(name, { kind: "same", request, ...options });
  const holds = (name: string, area: Area) =>
    same(name, { ...holdRequest, body: holdBody(area) }, { expect: 201, keepIds: true });

  await defineReferences({ generator, prepared });
  await holds("hold", hold);
  await holds("hold (large)", large);
  await generator.define("hold (small)", {
    kind: "areas",
    request: holdRequest,
    bodies: small.map(holdBody),
    timesEach: Math.floor((sizes.smallUnits * SMALL_AREA_FILLED) / 2),
    expect: 201,
    keepIds: true,
  });
  for (const tables of ["indexed", "plain"] as const) {
    const area = prepared[tables];
    await holds(`hold (${tables})`, area);
    const body = JSON.stringify({ areaId: area.areaId, quantity: 2, tables });
    await same(
      `hold in Postgres (${tables})`,
      { method: "POST", path: "/bench/hold-in-postgres", body },
      { expect: 201, keepIds: false },
    );
  }
  await generator.define("units hold", {
    kind: "bodies",
    request: holdRequest,
    bodies: prepared.namedHolds,
    expect: 201,
    keepIds: true,
  });
  await generator.define("validate", {
    kind: "bodies",
    request: {
      method: "POST",
      path: "/v1/qr/validate",
      headers: { Authorization: `Bearer ${stack.organizerToken}` },
    },
    bodies: prepared.scans,
    expect: 200,
    keepIds: false,
  });
  const { slug, areaId } = gate;
  const path = `/v1/public/events/${slug}/areas/${areaId}/availability`;
  await same("public read", { method: "GET", path }, { expect: 200, keepIds: false });
  const eventsSecret = stack.settings.required.WOMPI_EVENTS_SECRET;
  await generator.define("purchase", {
    kind: "purchase",
    holdBody: holdBody(purchase),
    eventsSecret,
  });
}

/** What the product is measured against, and the least it could cost. */
async function defineReferences({
  generator,
  prepared: { hold, scans },
}: Pick<CaseTools, "generator" | "prepared">): Promise<void> {
  const [firstScan] = scans;
  if (firstScan === undefined) throw new Error("no ticket was sold");
  const define = (name: string, request: Request, expect: number) =>
    generator.define(name, { kind: "same", request, expect, keepIds: false });
  const post = (path: string, body: string): Request => ({ method: "POST", path, body });
  await define("ok", { method: "GET", path: "/bench/ok" }, 200);
  await define("empty", post("/bench/empty", holdBody(hold)), 200);
  await define("hold floor", post("/bench/hold-floor", holdBody(hold)), 201);
  await define("scan floor", post("/bench/scan-floor", firstScan), 200);
}

/** Waits until Postgres has everything these areas decided. */
export function settled(api: Api, areas: readonly Area[]): () => Promise<void> {
  return async () => {
    for (const { areaId } of areas)
      await until("the outbox to empty", async () => (await api.outboxRows(areaId)) === 0);
  };
}

type Case = {
  case: string;
  target: number | null;
  subject: Side;
  reference: Side;
  isLong?: boolean;
};

export function casesOf({ api, prepared, stack }: CaseTools): Case[] {
  const { hold, indexed, plain, large, small, named, purchase, gate } = prepared;
  const empty: Side = { name: "empty" };
  const ok: Side = { name: "ok" };
  return [
    {
      case: "hold_vs_empty",
      target: 0.8,
      subject: { name: "hold", settle: settled(api, [hold]) },
      reference: empty,
    },
    // Not targets: what is left of 1 when the object has nothing to do.
    {
      case: "hold_floor_vs_empty",
      target: null,
      subject: { name: "hold floor" },
      reference: empty,
    },
    {
      case: "scan_floor_vs_empty",
      target: null,
      subject: { name: "scan floor" },
      reference: empty,
    },
    {
      case: "units_hold_vs_empty",
      target: null,
      subject: { name: "units hold", settle: settled(api, [named]) },
      reference: empty,
    },
    { case: "public_read_vs_ok", target: 0.7, subject: { name: "public read" }, reference: ok },
    {
      case: "large_vs_small",
      target: 0.9,
      subject: { name: "hold (large)", settle: settled(api, [large]) },
      reference: { name: "hold (small)", settle: settled(api, small) },
    },
    {
      case: "validate_vs_empty",
      target: 0.8,
      subject: { name: "validate", settle: settled(api, [gate]) },
      reference: empty,
    },
    {
      case: "hold_vs_indexed_postgres",
      target: null,
      subject: { name: "hold (indexed)", settle: settled(api, [indexed]) },
      reference: { name: "hold in Postgres (indexed)" },
      isLong: true,
    },
    {
      case: "hold_vs_postgres",
      target: 5,
      subject: { name: "hold (plain)", settle: settled(api, [plain]) },
      reference: { name: "hold in Postgres (plain)" },
      isLong: true,
    },
    {
      case: "purchase_vs_empty",
      target: null,
      subject: {
        name: "purchase",
        settle: async () => {
          await settled(api, [purchase])();
          await until("the tickets to be delivered", () => areEffectsDone(stack));
        },
      },
      reference: empty,
    },
  ];
}

/** Whether every purchase's tickets are rendered and mailed. */
async function areEffectsDone({ database }: BenchStack): Promise<boolean> {
  const { rows } = await database.query<{ waiting: boolean }>(
    `SELECT EXISTS (SELECT FROM payments WHERE status = 'settled' AND NOT EXISTS (
       SELECT FROM effect_log WHERE effect_id = 'deliver-tickets:' || payments.reservation_id
         AND completed_at IS NOT NULL)) AS waiting`,
  );
  return rows[0]?.waiting === false;
}

export async function runCase(tools: CaseTools, wanted: Case): Promise<Comparison> {
  const { generator, stack, api, sizes } = tools;
  await api.switchEffects(wanted.case === "purchase_vs_empty" ? "on" : "off");
  const place = { generator, port: stack.apiPort };
  return compare(place, wanted.isLong === true ? sizes.longPlan : sizes.plan, wanted);
}
