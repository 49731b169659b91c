// The stack's ports: from the environment, free ones for test runs, and whether they can be used.
// Opens a port only for the moment it takes to try it.

import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode, Problem } from "./problem.ts";

/** One port for each program of the stack. */
export interface Ports {
  api: number;
  postgres: number;
  databaseHttp: number;
  wompi: number;
  mail: number;
}

const variables: Record<keyof Ports, { variable: string; fallback: number }> = {
  api: { variable: "PORT", fallback: 8787 },
  postgres: { variable: "POSTGRES_PORT", fallback: 54329 },
  databaseHttp: { variable: "DATABASE_HTTP_PORT", fallback: 54330 },
  wompi: { variable: "WOMPI_PORT", fallback: 8788 },
  mail: { variable: "MAIL_PORT", fallback: 8005 },
};

/** Ports of 0: startStack picks free ones. For test runs. */
export const freePorts: Ports = { api: 0, postgres: 0, databaseHttp: 0, wompi: 0, mail: 0 };

/** The ports named in the environment, else the usual ones. */
export function portsFromEnvironment(environment: NodeJS.ProcessEnv): Ports {
  const read = (name: keyof Ports): number => {
    const { variable, fallback } = variables[name];
    const text = environment[variable]?.trim() ?? "";
    if (text === "") return fallback;
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new Problem(
        `${variable} is "${text}", which is no port; set it to a number from 1 to 65535.`,
      );
    }
    return port;
  };
  return {
    api: read("api"),
    postgres: read("postgres"),
    databaseHttp: read("databaseHttp"),
    wompi: read("wompi"),
    mail: read("mail"),
  };
}

async function tryPort(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(errorCode(error) ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function reasonNotUsable(port: number): Promise<string | undefined> {
  // A program on ::1 alone would answer what people type as "localhost"; no IPv6 at all is fine.
  if ((await tryPort(port, "::1")) === "EADDRINUSE") return "EADDRINUSE";
  return tryPort(port, "127.0.0.1");
}

async function pickFreePort(taken: Set<number>): Promise<number> {
  // Below the range systems use for outgoing connections, so that none can grab it before its server does.
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(20_000, 32_000);
    if (taken.has(port)) continue;
    taken.add(port);
    if ((await reasonNotUsable(port)) === undefined) return port;
  }
  throw new Problem(
    "No free port was found between 20000 and 32000; stop some of the programs that use them.",
  );
}

/**
 * Replaces every 0 by a free port and makes sure the others can be used.
 * `patienceMilliseconds`: how long a killed stack may still need to let go of its ports.
 */
export async function claimPorts(
  ports: Ports,
  names: (keyof Ports)[],
  patienceMilliseconds: number,
): Promise<Ports> {
  const claimed = { ...ports };
  const seen = new Map<number, string>();
  for (const name of names) {
    const port = ports[name];
    const { variable } = variables[name];
    const other = seen.get(port);
    if (port !== 0 && other !== undefined) {
      throw new Problem(
        `Port ${port} is set twice, as ${other} and ${variable}; give each its own.`,
      );
    }
    seen.set(port, variable);
  }
  const taken = new Set(seen.keys());
  const patienceEnds = Date.now() + patienceMilliseconds;
  for (const name of names) {
    const port = ports[name];
    if (port === 0) {
      claimed[name] = await pickFreePort(taken);
      continue;
    }
    let reason = await reasonNotUsable(port);
    while (reason === "EADDRINUSE" && Date.now() < patienceEnds) {
      await sleep(100);
      reason = await reasonNotUsable(port);
    }
    const { variable } = variables[name];
    if (reason === "EADDRINUSE") {
      throw new Problem(
        `Port ${port} (${variable}) is taken; stop the program that uses it or set ${variable}=… to another one.`,
      );
    }
    if (reason !== undefined) {
      throw new Problem(
        `Port ${port} (${variable}) cannot be used (${reason}); set ${variable}=… to another one.`,
      );
    }
  }
  return claimed;
}
