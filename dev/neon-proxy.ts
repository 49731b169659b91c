// A Neon-compatible endpoint in front of an ordinary Postgres: POST /sql and WebSocket /v2. For this
// machine only: it listens on 127.0.0.1 and connects to the one database it was started for, whatever host
// a request names. Who may do what is decided by Postgres from the user and password of each request.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import pg from "pg";
import { WebSocketServer } from "ws";
import type { DatabaseTarget } from "./database-target.ts";
import { pipeToDatabase } from "./neon-pipe.ts";
import { rawText, runBatch, runStatement } from "./neon-sql.ts";
import { batchOptionsOf, errorBody, RequestError, statementsOf } from "./neon-wire.ts";

const connectionsPerUser = 20;
const bodyLimitBytes = 64 * 1024 * 1024;

/** A running endpoint. */
export interface NeonProxy {
  port: number;
  stop(): Promise<void>;
}

type Pools = Map<string, pg.Pool>;

function poolFor(
  pools: Pools,
  target: DatabaseTarget,
  header: string | string[] | undefined,
): pg.Pool {
  if (typeof header !== "string" || !URL.canParse(header)) {
    throw new RequestError(
      "The header Neon-Connection-String is missing or is no connection string.",
    );
  }
  const url = new URL(header);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const database = decodeURIComponent(url.pathname.slice(1));
  const key = JSON.stringify([user, password, database]);
  let pool = pools.get(key);
  if (pool === undefined) {
    pool = new pg.Pool({
      host: target.host,
      port: target.port,
      ssl: target.tls ?? false,
      user,
      password,
      database,
      max: connectionsPerUser,
      allowExitOnIdle: true,
      connectionTimeoutMillis: 10_000,
      pipeline: true,
      types: rawText,
    });
    // An idle connection that the database ends is replaced by the pool; there is nothing to do.
    pool.on("error", () => undefined);
    pools.set(key, pool);
  }
  return pool;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    sizeBytes += chunk.length;
    if (sizeBytes > bodyLimitBytes) throw new RequestError("The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

async function answer(
  pools: Pools,
  target: DatabaseTarget,
  request: IncomingMessage,
): Promise<unknown> {
  const pool = poolFor(pools, target, request.headers["neon-connection-string"]);
  const { statements, isBatch } = statementsOf(await readBody(request));
  const [first] = statements;
  if (isBatch)
    return { results: await runBatch(pool, statements, batchOptionsOf(request.headers)) };
  if (first === undefined) throw new RequestError("There is no query.");
  return runStatement(pool, first);
}

interface Reply {
  status: number;
  contentType: "application/json" | "text/plain";
  body: string;
}

function send(response: ServerResponse, { status, contentType, body }: Reply): void {
  response.writeHead(status, { "content-type": contentType });
  response.end(body);
}

async function replyTo(
  pools: Pools,
  target: DatabaseTarget,
  request: IncomingMessage,
): Promise<Reply> {
  if (request.method !== "POST" || request.url?.split("?")[0] !== "/sql") {
    const body = "Only POST /sql and WebSocket /v2 are here.";
    return { status: 404, contentType: "text/plain", body };
  }
  try {
    const body = JSON.stringify(await answer(pools, target, request));
    return { status: 200, contentType: "application/json", body };
  } catch (thrown) {
    const body = errorBody(thrown);
    if (body !== undefined) {
      return { status: 400, contentType: "application/json", body: JSON.stringify(body) };
    }
    const sentence = `The database cannot be reached: ${String(thrown)}`;
    return { status: 500, contentType: "text/plain", body: sentence };
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Starts the endpoint on 127.0.0.1; port 0 takes a free one. */
export async function startNeonProxy(options: {
  port: number;
  target: DatabaseTarget;
}): Promise<NeonProxy> {
  const pools: Pools = new Map();
  const server = createServer((request, response) => {
    void replyTo(pools, options.target, request).then((reply) => send(response, reply));
  });
  // The runtime reuses connections for longer than Node's usual 5 s; closing under it would fail a query.
  server.keepAliveTimeout = 120_000;
  const webSockets = new WebSocketServer({ server, path: "/v2" });
  webSockets.on("connection", (webSocket) => pipeToDatabase(webSocket, options.target));
  webSockets.on("error", () => undefined);
  const port = await listen(server, options.port);
  return {
    port,
    async stop() {
      for (const webSocket of webSockets.clients) webSocket.terminate();
      webSockets.close();
      server.close();
      server.closeAllConnections();
      await Promise.allSettled([...pools.values()].map((pool) => pool.end()));
    },
  };
}
