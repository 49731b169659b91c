// A small HTTP client for tests against a running stack. Asserts nothing.

export interface CallOptions {
  token?: string;
  /** Sent as JSON; text is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  /** Parsed JSON; the text where the answer is none. */
  body: unknown;
  headers: Headers;
}

export type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>;

/** Calls of one API; paths start with `/v1`. */
export function createClient(apiUrl: string): Call {
  return async (method, path, { token, body, headers } = {}) => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text), headers: response.headers };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
