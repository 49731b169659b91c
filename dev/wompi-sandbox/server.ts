/**
 * A local Wompi for tests and demos: the Web Checkout, the REST calls and the events that Wompi documents
 * (protocol facts A1 to A6), on 127.0.0.1 only. It imports nothing from `src/`, so that the product and
 * its counterpart never share a mistake. The control calls under `/sandbox/` and the page at `/` are not
 * part of Wompi; `control.ts` lists them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { findTransactions, readMerchant, readTransaction, voidTransaction } from "./api.ts";
import { openCheckout, pay } from "./checkout.ts";
import { finishTransaction, indexPage, listEvents, resendEvent } from "./control.ts";
import { Events } from "./events.ts";
import { CONTENT_SECURITY_POLICY } from "./layout.ts";
import { json, notFound, type Reply, type SandboxRequest } from "./replies.ts";
import { Transactions } from "./transactions.ts";

export interface WompiSandboxOptions {
  /** 0 takes any free port. */
  port: number;
  publicKey: string;
  privateKey: string;
  eventsSecret: string;
  integritySecret: string;
  eventsUrl: string;
  /** From the first attempt. Wompi's own are 30 min, 3 h and 24 h (A4). */
  redeliveryDelaysMilliseconds?: number[];
}

export interface WompiSandbox {
  port: number;
  stop(): Promise<void>;
}

const BODY_LENGTH_MAX_BYTES = 64 * 1024;
const REDELIVERY_DELAYS_MILLISECONDS = [1_000, 3_000, 9_000];

export async function startWompiSandbox(options: WompiSandboxOptions): Promise<WompiSandbox> {
  const transactions = new Transactions();
  const events = new Events({
    eventsUrl: options.eventsUrl,
    eventsSecret: options.eventsSecret,
    redeliveryDelaysMilliseconds:
      options.redeliveryDelaysMilliseconds ?? REDELIVERY_DELAYS_MILLISECONDS,
  });
  const route = routes(options, transactions, events);
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing, route));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("El sandbox no tiene puerto");
  return {
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        events.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Route = (request: SandboxRequest) => Reply;
type Handler = (request: SandboxRequest, id: string) => Reply;

function routes(options: WompiSandboxOptions, transactions: Transactions, events: Events): Route {
  const { publicKey, privateKey, integritySecret } = options;
  const checkout = { keys: { publicKey, integritySecret }, transactions, events };
  const api = { publicKey, privateKey, transactions, events };
  const control = { transactions, events };
  const table: [method: string, path: RegExp, handler: Handler][] = [
    ["GET", /^\/p\/$/, (request) => openCheckout(request, checkout)],
    ["POST", /^\/p\/$/, (request) => pay(request, checkout)],
    ["GET", /^\/v1\/transactions$/, (request) => findTransactions(request, api)],
    ["GET", /^\/v1\/transactions\/([^/]+)$/, (request, id) => readTransaction(request, id, api)],
    [
      "POST",
      /^\/v1\/transactions\/([^/]+)\/void$/,
      (request, id) => voidTransaction(request, id, api),
    ],
    ["GET", /^\/v1\/merchants\/info$/, (request) => readMerchant(request, api)],
    ["GET", /^\/$/, () => indexPage(control)],
    ["GET", /^\/sandbox\/events$/, () => listEvents(control)],
    [
      "POST",
      /^\/sandbox\/transactions\/([^/]+)\/finish$/,
      (request, id) => finishTransaction(request, id, control),
    ],
    [
      "POST",
      /^\/sandbox\/transactions\/([^/]+)\/resend$/,
      (request, id) => resendEvent(request, id, control),
    ],
  ];
  return (request) => {
    for (const [method, path, handler] of table) {
      const match = method === request.method ? path.exec(request.url.pathname) : null;
      if (match !== null) return handler(request, match[1] ?? "");
    }
    return notFound();
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  route: Route,
): Promise<void> {
  try {
    const body = await readBody(incoming);
    const url = URL.parse(`http://127.0.0.1${incoming.url ?? "/"}`);
    const failure = (type: string): Reply => json({ error: { type } }, body === null ? 413 : 400);
    if (body === null) send(outgoing, failure("PAYLOAD_TOO_LARGE"));
    else if (url === null) send(outgoing, failure("BAD_REQUEST"));
    else
      send(
        outgoing,
        route({ method: incoming.method ?? "", url, headers: headersOf(incoming), body }),
      );
  } catch (error) {
    // A request broken off by the caller ends here too, and then there is nobody to answer.
    if (!outgoing.headersSent && !outgoing.destroyed) {
      send(outgoing, json({ error: { type: "SANDBOX_ERROR", reason: String(error) } }, 500));
    }
  }
}

/** Null when it is over the limit; the rest is read and dropped, so that the caller gets the answer. */
async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length <= BODY_LENGTH_MAX_BYTES) chunks.push(bytes);
  }
  return length > BODY_LENGTH_MAX_BYTES ? null : Buffer.concat(chunks).toString("utf8");
}

const headersOf = (incoming: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value ?? "")]),
  );

function send(outgoing: ServerResponse, reply: Reply): void {
  const common = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
  if ("location" in reply.body) {
    outgoing.writeHead(reply.status, { ...common, Location: reply.body.location }).end();
  } else if ("page" in reply.body) {
    const type = "text/html; charset=utf-8";
    outgoing
      .writeHead(reply.status, {
        ...common,
        "Content-Type": type,
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
      })
      .end(reply.body.page.text);
  } else {
    const type = "application/json; charset=utf-8";
    outgoing
      .writeHead(reply.status, { ...common, "Content-Type": type })
      .end(JSON.stringify(reply.body.json));
  }
}
