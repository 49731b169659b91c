// CPU seconds the programs of the bench have used so far, from /proc. All zero where there is no /proc.

import { readFileSync, readdirSync } from "node:fs";

const TICKS_PER_SECOND = 100;

export interface CpuSeconds {
  workerd: number;
  postgres: number;
  /** This process: the Neon-compatible endpoint and the companies outside. */
  bench: number;
}

interface Process {
  id: number;
  parent: number;
  name: string;
  seconds: number;
}

function readProcess(id: number): Process[] {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    const nameEnd = text.lastIndexOf(")");
    const fields = text.slice(nameEnd + 2).split(" ");
    // Its own time and that of children it has waited for: a backend that ended is in its postmaster's.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const name = text.slice(text.indexOf("(") + 1, nameEnd);
    return [{ id, parent: Number(fields[1]), name, seconds: ticks / TICKS_PER_SECOND }];
  } catch {
    return [];
  }
}

function processes(): Process[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readProcess(Number(name)));
  } catch {
    return [];
  }
}

export function cpuSeconds(): CpuSeconds {
  const all = processes();
  const ours = new Set([process.pid]);
  // Parents have lower numbers than their children only mostly, so this goes on until nothing is added.
  for (let before = 0; before !== ours.size;) {
    before = ours.size;
    for (const { id, parent } of all) if (ours.has(parent)) ours.add(id);
  }
  const sum = (name: string) =>
    all
      .filter((each) => ours.has(each.id) && each.name === name)
      .reduce((total, each) => total + each.seconds, 0);
  const own = process.cpuUsage();
  return {
    workerd: sum("workerd"),
    postgres: sum("postgres"),
    bench: (own.user + own.system) / 1e6,
  };
}
