// Carries the Postgres protocol of one WebSocket to the database and back, as Neon's /v2 does. The target
// is fixed by whoever starts it: the address the client asks for is ignored. It reads none of the traffic.

import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { once } from "node:events";
import type { RawData, WebSocket } from "ws";
import type { DatabaseTarget } from "./database-target.ts";

// Length 8 and the number 80877103: "may I speak TLS?"; the server answers with one byte.
const tlsRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

async function open(target: DatabaseTarget): Promise<Socket> {
  const plain = connect({ host: target.host, port: target.port, noDelay: true });
  await once(plain, "connect");
  if (target.tls === undefined) return plain;
  plain.write(tlsRequest);
  const [answer]: unknown[] = await once(plain, "data");
  if (!Buffer.isBuffer(answer) || answer.toString() !== "S") {
    plain.destroy();
    throw new Error("the database does not offer TLS");
  }
  // A name is for choosing a certificate; an address is none.
  const name = isIP(target.host) === 0 ? { servername: target.host } : {};
  const secured = connectTls({ socket: plain, ...name, ...target.tls });
  await once(secured, "secureConnect");
  return secured;
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** Joins the WebSocket and a new connection to the database until either ends. */
export function pipeToDatabase(webSocket: WebSocket, target: DatabaseTarget): void {
  // The client speaks first and at once; what comes before the database is there has to wait.
  const early: Buffer[] = [];
  let socket: Socket | undefined;
  webSocket.on("message", (data) => {
    const chunk = toBuffer(data);
    if (socket === undefined) early.push(chunk);
    else socket.write(chunk);
  });
  webSocket.on("close", () => socket?.destroy());
  webSocket.on("error", () => socket?.destroy());
  open(target).then(
    (opened) => {
      if (webSocket.readyState !== webSocket.OPEN) {
        opened.destroy();
        return;
      }
      socket = opened;
      for (const chunk of early) opened.write(chunk);
      opened.on("data", (chunk: Buffer) => webSocket.send(chunk));
      opened.on("close", () => webSocket.close());
      opened.on("error", () => webSocket.close());
    },
    () => webSocket.close(1011, "database unreachable"),
  );
}
