/**
 * What a handler may answer, and the error envelopes of A5. No handler touches node's response object:
 * `server.ts` alone writes it.
 */
import type { Html } from "./html.ts";

export interface Reply {
  status: number;
  body: { json: unknown } | { page: Html } | { location: string };
}

/** A request as the handlers see it; the body is already read and held under the limit. */
export interface SandboxRequest {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export const json = (value: unknown, status = 200): Reply => ({ status, body: { json: value } });
export const page = (html: Html, status = 200): Reply => ({ status, body: { page: html } });
/** 303, so that the browser follows with GET whatever method brought it here. */
export const seeOther = (location: string): Reply => ({ status: 303, body: { location } });

/** A5: `{"data": …, "meta": {}}`. */
export const data = (value: unknown, status = 200): Reply =>
  json({ data: value, meta: {} }, status);

const failure = (status: number, error: Record<string, unknown>): Reply => json({ error }, status);

export const notFound = (): Reply =>
  failure(404, { type: "NOT_FOUND_ERROR", reason: "La entidad solicitada no existe" });

export const invalidToken = (reason: string): Reply =>
  failure(401, { type: "INVALID_ACCESS_TOKEN", reason });

/** A1: the sentence Wompi answers to a production key in the sandbox. */
export const wrongEnvironment = (): Reply =>
  invalidToken("La llave proporcionada no corresponde a este ambiente.");

export const invalidInput = (messages: Record<string, string[]>): Reply =>
  failure(422, { type: "INPUT_VALIDATION_ERROR", messages });

export const accepts = (request: SandboxRequest, mediaType: string): boolean =>
  (request.headers["accept"] ?? "").includes(mediaType);

/** A script sends JSON, a page sends a form; both become one flat object for zod to judge. */
export function bodyFields(request: SandboxRequest): unknown {
  if (request.body.trim() === "") return {};
  if ((request.headers["content-type"] ?? "").includes("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(request.body));
  }
  try {
    return JSON.parse(request.body);
  } catch {
    return null;
  }
}
