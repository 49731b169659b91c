// What the Worker is told in the local stack. Pure: decides values, writes nothing.

import type { Ports } from "./ports.ts";
import { parseConfig } from "../src/config.ts";
import { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";

/** From what the values follow. */
export interface WorkerValueOptions {
  ports: Ports;
  settings: Settings;
  /** As the role of the Worker. */
  databaseUrl: string;
  /** Undefined for Neon, whose address the driver finds itself. */
  databaseHttp: string | undefined;
}

const rateLimitNames = [
  "SIGN_IN_PER_ADDRESS",
  "SIGN_IN_PER_IDENTITY",
  "HOLDS_PER_ADDRESS",
  "HOLDS_PER_IDENTITY",
  "SCANS_PER_ADDRESS",
  "SCANS_PER_IDENTITY",
  "QUOTES_PER_ADDRESS",
];

/** The Worker's variables and secrets. What .dev.vars sets beyond the secrets wins, addresses of the stack do not move. */
export function workerValues(options: WorkerValueOptions): Record<string, string> {
  const { ports, settings } = options;
  const api = `http://localhost:${ports.api}`;
  return {
    ENVIRONMENT: "development",
    PUBLIC_BASE_URL: api,
    STOREFRONT_URL: "",
    DEVELOPMENT_SITE: "localhost",
    WOMPI_API_URL: `http://127.0.0.1:${ports.wompi}/v1`,
    WOMPI_CHECKOUT_URL: `http://127.0.0.1:${ports.wompi}/p/`,
    AWS_REGION: "us-east-1",
    EMAIL_FROM: "boletas@warotickets.com",
    // The runtime's own S3 door to the local bucket; its keys are in wrangler.toml.
    R2_UPLOAD_URL: `${api}/cdn-cgi/local/r2/s3/waro-tickets-media`,
    R2_ACCESS_KEY_ID: "local",
    R2_SECRET_ACCESS_KEY: "local",
    IMAGE_RESIZING: "on",
    // Everybody who calls a local stack has one address, and a test or a benchmark calls more often than a crowd may.
    ...Object.fromEntries(rateLimitNames.map((name) => [name, "1000000"])),
    RATE_LIMITS_BY_LOCATION: "off",
    ...settings.others,
    ...settings.required,
    SES_ENDPOINT: `http://127.0.0.1:${ports.mail}`,
    DATABASE_URL: options.databaseUrl,
    ...(options.databaseHttp === undefined
      ? {}
      : { DATABASE_HTTP_ENDPOINT: `${options.databaseHttp}/sql` }),
  };
}

/** What `[vars]` of wrangler.toml sets and nothing here does. */
const setElsewhere = {
  DATABASE_LOCATION_HINT: "enam",
  HOLD_SECONDS: "600",
  PAYMENT_WINDOW_SECONDS: "900",
};

/** Refuses what the Worker would refuse at its first request, in one sentence, before anything is started. */
export function checkWorkerVariables(values: Record<string, string>): void {
  try {
    parseConfig({ ...setElsewhere, ...values });
  } catch (thrown) {
    throw new Problem(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
