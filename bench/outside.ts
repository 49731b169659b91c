// The companies outside, as small as they can be: Wompi answering for any transaction that it is approved, and a mail
// service that takes every mail. They keep nothing, so that they cost next to no CPU.

import { once } from "node:events";
import { createServer } from "node:http";

export interface Outside {
  port: number;
  counts: { transactions: number; mails: number };
  stop(): Promise<void>;
}

/** `{amount}-{reference}`: see the notices of the load. */
const transactionPath = /^\/v1\/transactions\/((\d+)-([0-9a-f-]{36}))$/;

function transactionBody([, id, amount, reference]: RegExpExecArray): string {
  return JSON.stringify({
    data: {
      id,
      reference,
      amount_in_cents: Number(amount),
      currency: "COP",
      status: "APPROVED",
      payment_method_type: "CARD",
    },
  });
}

export async function startOutside(): Promise<Outside> {
  const counts = { transactions: 0, mails: 0 };
  const server = createServer((request, response) => {
    request.resume();
    const transaction = transactionPath.exec(request.url ?? "");
    if (transaction === null) counts.mails += 1;
    else counts.transactions += 1;
    request.once("end", () => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(transaction === null ? '{"MessageId":"bench"}' : transactionBody(transaction));
    });
  });
  server.keepAliveTimeout = 120_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    port: address.port,
    counts,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
