// Two loads in turn, slice by slice, and what came of it. The machine may be busy with other things, so only the ratio
// of neighbouring slices is worth something; the CPU a request cost says the same with less noise.

import { type CpuSeconds, cpuSeconds } from "./cpu.ts";
import type { Generator } from "./load/generator.ts";
import type { SliceResult } from "./load/traffic.ts";

export const CONNECTIONS = 64;

export interface Side {
  /** The traffic's name in the load process. */
  name: string;
  /** Runs after each slice, so that its leftovers do not burden the next one. */
  settle?: () => Promise<void>;
}

export interface Plan {
  slices: number;
  sliceMilliseconds: number;
  warmUpMilliseconds: number;
}

export interface SideSummary {
  name: string;
  operations: number;
  perSecond: number;
  p50: number;
  p90: number;
  p99: number;
  /** CPU microseconds of the runtime for one operation, settling included. */
  workerdMicroseconds: number;
  postgresMicroseconds: number;
  /** The Neon-compatible endpoint. */
  proxyMicroseconds: number;
  /** Of one core, while the slices ran. */
  generatorCpu: number;
  unexpected: Record<string, number>;
  perSecondOfSlices: number[];
  isExhausted: boolean;
}

export interface Comparison {
  case: string;
  target: number | null;
  subject: SideSummary;
  reference: SideSummary;
  ratios: number[];
  min: number;
  median: number;
  max: number;
  /** The reference's CPU for one operation over the subject's. */
  cpuRatio: number;
}

interface Measured {
  slice: SliceResult;
  cpu: CpuSeconds;
}

interface Place {
  generator: Generator;
  port: number;
}

async function runSide(
  { generator, port }: Place,
  side: Side,
  milliseconds: number,
): Promise<Measured> {
  const before = cpuSeconds();
  const slice = await generator.run(side.name, { port, connections: CONNECTIONS, milliseconds });
  await side.settle?.();
  const after = cpuSeconds();
  const cpu = {
    workerd: after.workerd - before.workerd,
    postgres: after.postgres - before.postgres,
    bench: after.bench - before.bench,
  };
  return { slice, cpu };
}

export async function compare(
  place: Place,
  plan: Plan,
  wanted: { case: string; target: number | null; subject: Side; reference: Side },
): Promise<Comparison> {
  for (const side of [wanted.reference, wanted.subject])
    await runSide(place, side, plan.warmUpMilliseconds);
  const subjects: Measured[] = [];
  const references: Measured[] = [];
  for (let slice = 0; slice < plan.slices; slice += 1) {
    references.push(await runSide(place, wanted.reference, plan.sliceMilliseconds));
    subjects.push(await runSide(place, wanted.subject, plan.sliceMilliseconds));
  }
  const subject = summarize(wanted.subject.name, subjects);
  const reference = summarize(wanted.reference.name, references);
  const ratios = subject.perSecondOfSlices.map(
    (rate, index) => rate / (reference.perSecondOfSlices[index] ?? Number.NaN),
  );
  const sorted = ratios.toSorted((left, right) => left - right);
  return {
    case: wanted.case,
    target: wanted.target,
    subject,
    reference,
    ratios,
    min: sorted.at(0) ?? Number.NaN,
    median: quantile(sorted, 0.5),
    max: sorted.at(-1) ?? Number.NaN,
    cpuRatio: reference.workerdMicroseconds / subject.workerdMicroseconds,
  };
}

function summarize(name: string, measured: readonly Measured[]): SideSummary {
  const total = (of: (each: Measured) => number) =>
    measured.reduce((sum, each) => sum + of(each), 0);
  const latencies = Float64Array.from(measured.flatMap(({ slice }) => [...slice.latencies])).sort();
  const operations = total(({ slice }) => slice.operations);
  const seconds = total(({ slice }) => slice.seconds);
  const unexpected: Record<string, number> = {};
  for (const { slice } of measured) {
    for (const [status, times] of Object.entries(slice.unexpected))
      unexpected[status] = (unexpected[status] ?? 0) + times;
  }
  const microseconds = (of: (cpu: CpuSeconds) => number) =>
    (total(({ cpu }) => of(cpu)) / operations) * 1e6;
  return {
    name,
    operations,
    perSecond: operations / seconds,
    p50: quantile(latencies, 0.5),
    p90: quantile(latencies, 0.9),
    p99: quantile(latencies, 0.99),
    workerdMicroseconds: microseconds((cpu) => cpu.workerd),
    postgresMicroseconds: microseconds((cpu) => cpu.postgres),
    proxyMicroseconds: microseconds((cpu) => cpu.bench),
    generatorCpu: total(({ slice }) => slice.cpuSeconds) / seconds,
    unexpected,
    perSecondOfSlices: measured.map(({ slice }) => slice.operations / slice.seconds),
    isExhausted: measured.some(({ slice }) => slice.isExhausted),
  };
}

/** Of sorted values: the smallest one that is not below the share `q` of them. */
function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  return (
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * q) - 1))] ?? Number.NaN
  );
}
