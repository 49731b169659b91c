// Requests to a server that may be killed at any moment: each ends answered, or with an outcome nobody knows.

import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MILLISECONDS = 10_000;
const PAUSE_MILLISECONDS = 250;

export interface Question {
  method: "GET" | "POST" | "DELETE";
  address: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Answer {
  status: number;
  body: unknown;
}

/**
 * Undefined when the outcome is unknown: no answer, half an answer, or a server error, after which a part may have
 * been done.
 */
export async function ask({
  method,
  address,
  headers,
  body,
}: Question): Promise<Answer | undefined> {
  try {
    const response = await fetch(address, {
      method,
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 500) return undefined;
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  } catch {
    return undefined;
  }
}

/** The same request again and again until it is answered or `patienceMilliseconds` are over. */
export async function askUntilAnswered(
  question: Question,
  patienceMilliseconds = 60_000,
): Promise<Answer | undefined> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    const answer = await ask(question);
    if (answer !== undefined || Date.now() > deadline) return answer;
    await sleep(PAUSE_MILLISECONDS);
  }
}
