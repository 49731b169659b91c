// The bench's end of the load process: tells it what to send and waits for its answers. One order at a time.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Order, Reply, Slice, SliceResult, Traffic } from "./traffic.ts";

export interface Generator {
  define(name: string, traffic: Traffic): Promise<void>;
  run(name: string, slice: Slice): Promise<SliceResult>;
  /** Ids of everything this traffic was told was made. */
  ids(name: string): Promise<string[]>;
  stop(): Promise<void>;
}

export function startGenerator(): Generator {
  const child = fork(fileURLToPath(new URL("./process.ts", import.meta.url)), {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const give = (order: Order) => ask(child, order);
  return {
    async define(name, traffic) {
      await give({ order: "define", name, traffic });
    },
    async run(name, slice) {
      const reply = await give({ order: "run", name, slice });
      if (reply.reply !== "slice") throw new Error("the load process answered something else");
      return reply.result;
    },
    async ids(name) {
      const reply = await give({ order: "ids", name });
      if (reply.reply !== "ids") throw new Error("the load process answered something else");
      return reply.ids;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

function ask(child: ChildProcess, order: Order): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const died = () => reject(new Error("the load process ended"));
    child.once("exit", died);
    child.once("message", (reply: Reply) => {
      child.off("exit", died);
      resolve(reply);
    });
    child.send(order);
  });
}
