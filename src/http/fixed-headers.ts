// What every answer says besides itself. Which pages may read it, origins.ts says.

const EXPOSED_HEADERS = ["X-Request-Id", "Retry-After", "ETag", "RateLimit", "RateLimit-Policy"];

/** Nothing may be guessed, framed or leaked. */
export const fixedHeaders: readonly [name: string, value: string][] = [
  ["Access-Control-Expose-Headers", EXPOSED_HEADERS.join(",")],
  ["Cross-Origin-Resource-Policy", "cross-origin"],
  ["Referrer-Policy", "no-referrer"],
  ["Strict-Transport-Security", "max-age=15552000; includeSubDomains"],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "SAMEORIGIN"],
];
