// One keep-alive HTTP/1.1 connection with one request on its way at a time. Reads just as much HTTP as the runtime
// writes: a status line, a length or chunks. Not a general client.

import { connect, type Socket } from "node:net";

export interface Answer {
  status: number;
  /** Headers and body as they came; chunk sizes are still in it. */
  text: string;
}

const headEnd = "\r\n\r\n";
const lastChunk = "\r\n0\r\n\r\n";

/** The bytes of a request. */
export function requestBytes(request: {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}): Buffer {
  const { method, path, headers = {}, body } = request;
  const lines = [`${method} ${path} HTTP/1.1`, "Host: localhost"];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== undefined) {
    lines.push("Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`);
  }
  return Buffer.from(`${lines.join("\r\n")}${headEnd}${body ?? ""}`);
}

/** The JSON text of an answer whose body is one object. */
export function jsonText({ text }: Answer): string {
  const start = text.indexOf("{", text.indexOf(headEnd));
  return text.slice(start, text.lastIndexOf("}") + 1);
}

function isWhole(text: string): boolean {
  const end = text.indexOf(headEnd);
  if (end < 0) return false;
  const head = text.slice(0, end).toLowerCase();
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  if (length !== undefined) return text.length - end - headEnd.length >= Number(length);
  if (head.includes("transfer-encoding: chunked")) return text.endsWith(lastChunk);
  return true;
}

export class Connection {
  readonly #socket: Socket;
  #received = "";
  #waiting: { resolve: (answer: Answer) => void; reject: (reason: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the connection was closed")));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new Connection(socket));
      });
    });
  }

  send(bytes: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(bytes);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    // Latin-1 keeps one character a byte, so that lengths are right.
    this.#received += chunk.toString("latin1");
    if (!isWhole(this.#received)) return;
    const text = this.#received;
    this.#received = "";
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ status: Number(text.slice(9, 12)), text });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
