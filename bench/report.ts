// The figures as a table for people and as one JSON line for programs.

import type { Cost } from "./cost.ts";
import type { Comparison, SideSummary } from "./measure.ts";
import type { Lag, Verdict } from "./verify.ts";

export interface Figures {
  ceilingPerSecond: number;
  ceilingGeneratorCpu: number;
  comparisons: Comparison[];
  lag: Lag | null;
  costs: { alone: Cost; crowd: Cost };
  verdict: Verdict;
}

const LAG_TARGET = 1_000;
const USD_TARGET = 12;

export function printComparison(comparison: Comparison, log: (line: string) => void): void {
  const { target, min, median, max, cpuRatio } = comparison;
  log("");
  log(
    `${comparison.case}: ${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)}${target === null ? "" : `, target ${target}`}); by CPU of the runtime ${cpuRatio.toFixed(2)}`,
  );
  log(
    "                      per s      p50      p90      p99   runtime us  Postgres us  proxy us  load CPU",
  );
  for (const side of [comparison.subject, comparison.reference]) log(lineOf(side));
}

function lineOf(side: SideSummary): string {
  const cells = [
    side.name.padEnd(18),
    side.perSecond.toFixed(0).padStart(8),
    ...[side.p50, side.p90, side.p99].map((value) => value.toFixed(1).padStart(8)),
    side.workerdMicroseconds.toFixed(0).padStart(12),
    side.postgresMicroseconds.toFixed(0).padStart(12),
    side.proxyMicroseconds.toFixed(0).padStart(9),
    side.generatorCpu.toFixed(2).padStart(9),
  ];
  const faults = Object.entries(side.unexpected).map(
    ([status, times]) => `  ${times} x ${status}!`,
  );
  return `${cells.join(" ")}${faults.join("")}${side.isExhausted ? "  (ran out of work)" : ""}`;
}

export function printRest({ lag, costs, verdict }: Figures, log: (line: string) => void): void {
  const cost = (
    name: string,
    {
      tickets,
      rowsWrittenPerTicket,
      alarmsPerTicket,
      usdPerMillionTickets,
      usdWithQueueAndMedia,
    }: Cost,
  ) =>
    log(
      `${name} (${tickets} tickets): ${rowsWrittenPerTicket.toFixed(2)} rows written per ticket (${alarmsPerTicket.toFixed(2)} of them setAlarm), ` +
        `${usdPerMillionTickets.toFixed(2)} USD per million tickets (target ${USD_TARGET}), ${usdWithQueueAndMedia.toFixed(2)} with queue and QR storage`,
    );
  log("");
  if (lag !== null) {
    const { p50, p99, max, holds, flushes, batches } = lag;
    log(
      `projection lag: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (target ${LAG_TARGET}), ` +
        `max ${max.toFixed(0)} ms over ${holds} holds decided in ${batches} batches and brought by ${flushes} flushes`,
    );
  }
  cost("one buyer at a time", costs.alone);
  for (const { text, calls, rowsWritten } of costs.alone.statements.filter(
    (statement) => statement.rowsWritten > 0,
  )) {
    log(
      `    ${rowsWritten.toString().padStart(6)} rows ${calls.toString().padStart(6)} times  ${text}`,
    );
  }
  cost("64 buyers at a time", costs.crowd);
  log(
    `oversold ${verdict.oversold}, lost ${verdict.lost} of ${verdict.acknowledgedHolds} acknowledged holds and ${verdict.acknowledgedPurchases} purchases`,
  );
  for (const difference of verdict.differences) log(`DIFFERENCE ${difference}`);
}

/** One object; every ratio is the median and higher is better. */
export function jsonOf({ ceilingPerSecond, comparisons, lag, costs, verdict }: Figures): string {
  const ratios = Object.fromEntries(
    comparisons.map((comparison) => [comparison.case, comparison.median]),
  );
  const details = comparisons.map(
    ({ case: name, target, ratios: all, min, median, max, cpuRatio, subject, reference }) => ({
      case: name,
      target,
      ratios: all,
      min,
      median,
      max,
      cpu_ratio: cpuRatio,
      subject,
      reference,
    }),
  );
  return JSON.stringify({
    ...ratios,
    projection_lag_ms_p99: lag?.p99 ?? null,
    sql_rows_written_per_ticket: costs.alone.rowsWrittenPerTicket,
    sql_rows_written_per_ticket_at_load: costs.crowd.rowsWrittenPerTicket,
    usd_per_million_tickets: costs.alone.usdPerMillionTickets,
    usd_per_million_tickets_at_load: costs.crowd.usdPerMillionTickets,
    usd_per_million_tickets_with_queue_and_media: costs.alone.usdWithQueueAndMedia,
    oversold: verdict.oversold,
    lost: verdict.lost,
    load_ceiling_per_second: ceilingPerSecond,
    cases: details,
  });
}
