// The load process: runs one slice of load after another as the bench tells it, each for a bounded time, and answers
// with exact latencies. Ends with the bench.

import { Connection } from "./connection.ts";
import { type Operations, operationsOf } from "./operations.ts";
import type { Order, Reply, Slice, SliceResult } from "./traffic.ts";

const defined = new Map<string, Operations>();

function operationsNamed(name: string): Operations {
  const operations = defined.get(name);
  if (operations === undefined) throw new Error(`no traffic is named ${name}`);
  return operations;
}

async function runSlice(operations: Operations, slice: Slice): Promise<SliceResult> {
  const latencies: number[] = [];
  const unexpected: Record<string, number> = {};
  let left = slice.operationsMax ?? Number.POSITIVE_INFINITY;
  let isExhausted = false;
  const connections = await Promise.all(
    Array.from({ length: slice.connections }, () => Connection.open(slice.port)),
  );
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + slice.milliseconds;

  const work = async (connection: Connection): Promise<void> => {
    while (left > 0 && performance.now() < endsAt) {
      left -= 1;
      const operation = operations.next();
      if (operation === null) {
        isExhausted = true;
        return;
      }
      const sentAt = performance.now();
      const status = await operation(connection);
      if (status === null) latencies.push(performance.now() - sentAt);
      else unexpected[status] = (unexpected[status] ?? 0) + 1;
    }
  };
  await Promise.all(connections.map(work));

  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  for (const connection of connections) connection.close();
  return {
    operations: latencies.length,
    seconds,
    unexpected,
    latencies: Float64Array.from(latencies).sort(),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    isExhausted,
  };
}

async function carryOut(order: Order): Promise<Reply> {
  switch (order.order) {
    case "define":
      defined.set(order.name, operationsOf(order.traffic));
      return { reply: "done" };
    case "run":
      return { reply: "slice", result: await runSlice(operationsNamed(order.name), order.slice) };
    case "ids":
      return { reply: "ids", ids: operationsNamed(order.name).ids };
    default:
      return order satisfies never;
  }
}

process.on("message", (order: Order) => {
  carryOut(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
