// What a load is made of, as the bench tells it to the load process. Types only.

export interface Request {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One operation of a load: a request, or a purchase of several. */
export type Traffic =
  /** The same request again and again. */
  | { kind: "same"; request: Request; expect: number; keepIds: boolean }
  /** Each body once, in order; the load ends with them. */
  | { kind: "bodies"; request: Request; bodies: string[]; expect: number; keepIds: boolean }
  /** The same request to one area after another, so many times each. */
  | {
      kind: "areas";
      bodies: string[];
      timesEach: number;
      request: Request;
      expect: number;
      keepIds: boolean;
    }
  /** Hold, payment and the gateway's notice. */
  | { kind: "purchase"; holdBody: string; eventsSecret: string };

export interface Slice {
  port: number;
  connections: number;
  milliseconds: number;
  /** At most this many operations. */
  operationsMax?: number;
}

export type Order =
  | { order: "define"; name: string; traffic: Traffic }
  | { order: "run"; name: string; slice: Slice }
  | { order: "ids"; name: string };

export interface SliceResult {
  operations: number;
  seconds: number;
  /** Answers that were not the expected one, by status. */
  unexpected: Record<string, number>;
  /** Of every expected answer, sorted. */
  latencies: Float64Array;
  /** CPU the load process itself used. */
  cpuSeconds: number;
  /** There was nothing left to send. */
  isExhausted: boolean;
}

export type Reply =
  | { reply: "done" }
  | { reply: "slice"; result: SliceResult }
  | { reply: "ids"; ids: string[] };
