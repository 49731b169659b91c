// What came of a spike: a table for people, one JSON line for programs, and whether it is as promised.

import type { Spike, Outcome } from "./run.ts";

const SHOWN_FINDINGS_MAX = 10;

const whole = new Intl.NumberFormat("en-US");
const pesos = new Intl.NumberFormat("es-CO", {
  style: "currency",
  currency: "COP",
  maximumFractionDigits: 0,
});
const inPesos = (cents: number): string => pesos.format(cents / 100);

export function figuresOf({ buyers, seats, areas }: Spike, outcome: Outcome) {
  const { holdMilliseconds } = outcome.sale.ledger;
  return {
    buyers,
    seats,
    areas,
    sold: outcome.sold,
    oversold: outcome.oversold.length,
    lost: outcome.lost.length,
    unaccounted_in_cents: outcome.money.unaccounted,
    refunded: outcome.refunds.all,
    seconds_to_sell_out:
      outcome.secondsToSellOut === null ? null : rounded(outcome.secondsToSellOut),
    hold_ms_p50: rounded(percentile(holdMilliseconds, 0.5)),
    hold_ms_p99: rounded(percentile(holdMilliseconds, 0.99)),
  };
}

export type Figures = ReturnType<typeof figuresOf>;

/** Every seat sold once, nothing lost, and every peso found. */
export function isAsPromised({
  seats,
  sold,
  oversold,
  lost,
  unaccounted_in_cents,
}: Figures): boolean {
  return sold === seats && oversold === 0 && lost === 0 && unaccounted_in_cents === 0;
}

export function printTable(figures: Figures, outcome: Outcome, log: (line: string) => void): void {
  const { sale, money, refunds } = outcome;
  const { ledger } = sale;
  const refusals = [...ledger.refusals].sort(([, left], [, right]) => right - left);
  const row = (name: string, ...cells: string[]) => log(`${name.padEnd(22)} ${cells.join(", ")}`);
  log("");
  row(
    "buyers",
    `${whole.format(figures.buyers)} for ${whole.format(figures.seats)} seats in ${figures.areas} areas`,
  );
  row("holds", whole.format(ledger.holds), `${whole.format(ledger.releases)} given back`);
  row(
    "hold requests",
    `${whole.format(ledger.holdMilliseconds.length)} answered`,
    `p50 ${figures.hold_ms_p50} ms`,
    `p99 ${figures.hold_ms_p99} ms`,
    `${ledger.unknownOutcomes} without an answer`,
  );
  row("refusals", ...refusals.map(([code, times]) => `${code} ${whole.format(times)}`));
  row(
    "paid",
    `${whole.format(ledger.approvals.length)} transactions`,
    `${ledger.declines} declined before`,
    `${ledger.latePayments} late`,
  );
  row("sold", `${whole.format(figures.sold)} seats`);
  row("refunds", whole.format(refunds.all), `${refunds.byHand} of them for a person to send`);
  row(
    "money",
    `${inPesos(money.taken)} taken = ${inPesos(money.tickets)} tickets + ${inPesos(money.returned)} back`,
  );
  row("seconds to sell out", String(figures.seconds_to_sell_out ?? "never"));
  const showAll = (name: string, count: number | string, findings: readonly string[]) => {
    row(name, String(count));
    for (const finding of findings.slice(0, SHOWN_FINDINGS_MAX)) log(`  ${finding}`);
    if (findings.length > SHOWN_FINDINGS_MAX) log("  …");
  };
  showAll("oversold", figures.oversold, outcome.oversold);
  showAll("lost", figures.lost, outcome.lost);
  showAll(
    "unaccounted",
    inPesos(money.unaccounted),
    money.astray.map(({ what }) => what),
  );
  if (outcome.givenUp !== null) log(outcome.givenUp);
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
