// Starts a program under guard.ts and follows its output. Knows nothing about which program it is.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

const guardPath = fileURLToPath(new URL("./guard.ts", import.meta.url));
const keptLines = 30;
const running = new Set<Child>();

/** How to start a program. */
export interface ChildOptions {
  command: string;
  arguments: string[];
  environment?: NodeJS.ProcessEnv;
  workingDirectory?: string;
  /** The signal that asks the program to finish; its group is killed when that takes too long. */
  gentleSignal?: "SIGINT" | "SIGTERM";
  patienceMilliseconds?: number;
  userId?: number;
  groupId?: number;
  onLine?: (line: string) => void;
}

/** A running program. */
export interface Child {
  /** Settles when the program has ended, with its exit code. Never rejects. */
  exited: Promise<number>;
  hasExited(): boolean;
  /** The last lines the program wrote, for error messages. */
  lastLines(): string[];
  /** Asks the program to finish and waits until its whole process group is gone. */
  stop(): Promise<void>;
  /** kill -9 for the whole process group. */
  kill(): Promise<void>;
}

/** Starts a program in its own process group, tied to the life of this process. */
export function startChild(options: ChildOptions): Child {
  const guardArguments = [
    guardPath,
    options.gentleSignal ?? "SIGTERM",
    String(options.patienceMilliseconds ?? 5000),
    String(options.userId ?? ""),
    String(options.groupId ?? ""),
    options.command,
    ...options.arguments,
  ];
  // Detached: a Ctrl-C at the terminal reaches the starter alone, which then stops things in order.
  const guard = spawn(process.execPath, guardArguments, {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: options.environment ?? process.env,
    cwd: options.workingDirectory,
  });
  const lines: string[] = [];
  const follow = (line: string): void => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
    options.onLine?.(line);
  };
  createInterface({ input: guard.stdout }).on("line", follow);
  createInterface({ input: guard.stderr }).on("line", follow);
  guard.stdin.on("error", () => undefined);

  let ended = false;
  const exited = new Promise<number>((resolve) => {
    const finish = (code: number): void => {
      ended = true;
      running.delete(child);
      resolve(code);
    };
    guard.on("error", (error) => {
      follow(error.message);
      finish(127);
    });
    guard.on("close", (code) => finish(code ?? 1));
  });
  const child: Child = {
    exited,
    hasExited: () => ended,
    lastLines: () => [...lines],
    async stop() {
      guard.stdin.end();
      await exited;
    },
    async kill() {
      if (!ended) guard.kill("SIGUSR2");
      await exited;
    },
  };
  running.add(child);
  return child;
}

/** Asks every program to finish and waits for them: for leaving while a stack is only half started. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()));
}

/** kill -9 for every program and its group. */
export async function killAllChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.kill()));
}
