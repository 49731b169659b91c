// A real HTTP server on 127.0.0.1 that records requests and answers as told: the other end for adapters under test.

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";

export interface RecordedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface TestServer {
  url: string;
  requests: RecordedRequest[];
  stop(): Promise<void>;
}

/** `answer` returning null leaves the request unanswered until the server stops. */
export async function startTestServer(
  answer: (request: RecordedRequest) => Answer | null,
): Promise<TestServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request = {
        method: incoming.method ?? "",
        path: incoming.url ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      requests.push(request);
      const { status = 200, headers = {}, body = "" } = answer(request) ?? { status: 0 };
      if (status !== 0) outgoing.writeHead(status, headers).end(body);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
