// `node bench/profile.ts [traffic] [seconds]`: where the runtime's time goes under one of the bench's loads, by function,
// from V8's own CPU profile. Prints shares of the busy time; the garbage collector and native code have names of V8's.
// Traffics: ok, empty, hold, units hold, validate, public read, purchase, hold floor, scan floor, hold in Postgres (plain).

import { WebSocket } from "ws";
import { z } from "zod";
import { Api } from "./api.ts";
import { defineTraffic } from "./cases.ts";
import { startGenerator } from "./load/generator.ts";
import { CONNECTIONS } from "./measure.ts";
import { quickSizes } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { startBenchStack } from "./stack.ts";

const INSPECTOR_PORT = 19_229;
const SHOWN = 45;

const targetsShape = z.array(z.object({ title: z.string(), webSocketDebuggerUrl: z.string() }));
const profileShape = z.object({
  profile: z.object({
    nodes: z.array(
      z.object({
        id: z.number(),
        callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
        children: z.array(z.number()).optional(),
      }),
    ),
    samples: z.array(z.number()),
    timeDeltas: z.array(z.number()),
  }),
});
type Profile = z.infer<typeof profileShape>["profile"];

async function openInspector(): Promise<{
  ask(method: string, params?: object): Promise<unknown>;
  close(): void;
}> {
  const listing = await fetch(`http://127.0.0.1:${INSPECTOR_PORT}/json`);
  const targets = targetsShape.parse(await listing.json());
  const target = targets.find(({ title }) => title.includes("waro-tickets")) ?? targets[0];
  if (target === undefined) throw new Error("the runtime shows no inspector target");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const waiting = new Map<number, (result: unknown) => void>();
  const replyShape = z.object({ id: z.number().optional(), result: z.unknown().optional() });
  socket.on("message", (data: Buffer) => {
    const { id, result } = replyShape.parse(JSON.parse(data.toString()));
    if (id !== undefined) waiting.get(id)?.(result);
  });
  let last = 0;
  return {
    ask: (method, params = {}) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        socket.send(JSON.stringify({ id: last, method, params }));
      }),
    close: () => socket.close(),
  };
}

/** The module of every line of the bundle: esbuild writes its path above each. */
function modulesByLine(bundle: string): string[] {
  let current = "runtime";
  return bundle.split("\n").map((line) => {
    const path = /^\/\/ (\S+\.[cm]?[jt]s)$/.exec(line)?.[1];
    if (path !== undefined)
      current = path.replace(/^.*node_modules\//, "").replace(/^(\.\.\/)+/, "");
    return current;
  });
}

function byFunction({ nodes, samples, timeDeltas }: Profile, modules: string[]) {
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  const parentOf = new Map(
    nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)),
  );
  const self = new Map<string, number>();
  const total = new Map<string, number>();
  const module = new Map<string, number>();
  let busy = 0;
  const nameOf = (id: number): string => {
    const frame = nodeOf.get(id)?.callFrame;
    if (frame === undefined) return "?";
    return `${frame.functionName || "(anonymous)"} ${moduleOf(id)}:${frame.lineNumber + 1}`;
  };
  const moduleOf = (id: number): string => {
    const frame = nodeOf.get(id)?.callFrame;
    if (frame === undefined || frame.url === "")
      return frame?.functionName.startsWith("(") === true ? frame.functionName : "runtime";
    return modules[frame.lineNumber] ?? "?";
  };
  const pathTo = (id: number): number[] => {
    const path: number[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parentOf.get(at)) path.push(at);
    return path;
  };
  samples.forEach((id, index) => {
    const spent = timeDeltas[index] ?? 0;
    const name = nameOf(id);
    if (name.startsWith("(idle)") || name.startsWith("(root)")) return;
    const add = (times: Map<string, number>, key: string) =>
      times.set(key, (times.get(key) ?? 0) + spent);
    const path = pathTo(id);
    busy += spent;
    add(self, name);
    // What the runtime's own functions take belongs to whoever called them.
    add(module, moduleOf(path.find((each) => moduleOf(each) !== "runtime") ?? id));
    for (const each of new Set(path.map(nameOf))) add(total, each);
  });
  return { self, total, module, busy };
}

function print(
  title: string,
  times: Map<string, number>,
  { busy, operations }: { busy: number; operations: number },
): void {
  console.log(`\n${title}`);
  const rows = [...times].toSorted(([, left], [, right]) => right - left).slice(0, SHOWN);
  for (const [name, spent] of rows) {
    console.log(
      `${((spent / busy) * 100).toFixed(1).padStart(6)} % ${(spent / operations).toFixed(1).padStart(8)} us  ${name}`,
    );
  }
}

const traffic = process.argv[2] ?? "hold";
const milliseconds = Number(process.argv[3] ?? "5") * 1000;
const stack = await startBenchStack({ inspectorPort: INSPECTOR_PORT });
const generator = startGenerator();
try {
  const api = new Api(stack);
  const sizes = { ...quickSizes, smallAreas: 1, largeUnits: 1_000 };
  const prepared = await prepare(stack, api, sizes);
  await defineTraffic({ stack, api, generator, prepared, sizes, log: console.log });
  if (traffic === "purchase") await api.switchEffects("on");
  const slice = { port: stack.apiPort, connections: CONNECTIONS };
  await generator.run(traffic, { ...slice, milliseconds: 2_000 });
  const inspector = await openInspector();
  await inspector.ask("Profiler.enable");
  await inspector.ask("Profiler.setSamplingInterval", { interval: 200 });
  await inspector.ask("Profiler.start");
  const { operations, seconds } = await generator.run(traffic, { ...slice, milliseconds });
  const { profile } = profileShape.parse(await inspector.ask("Profiler.stop"));
  inspector.close();
  const { self, total, module, busy } = byFunction(profile, modulesByLine(stack.bundle));
  console.log(
    `${traffic}: ${(operations / seconds).toFixed(0)} per s, JavaScript busy ${(busy / seconds / 1e4).toFixed(0)} % of the time`,
  );
  print("by module, with the runtime's functions it calls", module, { busy, operations });
  print("self", self, { busy, operations });
  print("with what it calls", total, { busy, operations });
} finally {
  await generator.stop();
  await stack.stop();
}
