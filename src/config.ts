// The settings of one deployment, read once from the Worker's variables and secrets. Nothing else reads `env` for a
// setting. What is missing or wrong is said in one message that names every variable.

import * as z from "zod";
import type { LimitName } from "./ports/rate-limits.ts";

const text = z.string().min(1);
/** An empty variable is an absent one. */
const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === "" ? null : value));
/** Where Cloudflare can place an object. */
const locationHints = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;
const seconds = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Requests per minute; 0 is no limit. */
const perMinute = z.coerce.number().int().min(0).max(10_000_000);

/** By the name of its algorithm (RFC 8410, section 3): a key of another kind is found before anybody has paid for a ticket. */
function isEd25519(base64: string): boolean {
  try {
    return atob(base64).includes("\u0006\u0003\u002b\u0065\u0070");
  } catch {
    return false;
  }
}

const configSchema = z
  .object({
    ENVIRONMENT: z.enum(["development", "production"]),
    PUBLIC_BASE_URL: z.url(),
    /** Where the payer's browser comes back to; this API's own page when empty. */
    STOREFRONT_URL: optionalText,
    /** Where a sign-in link leads to on an organizer's site. */
    SIGN_IN_PATH: z
      .string()
      .regex(/^(?:\/[\w./~-]*)?$/, "must be a path such as /auth")
      .optional()
      .transform((value) => (value === undefined || value === "" ? "/auth" : value)),
    /** The site unknown hosts stand for. Never set it in production. */
    DEVELOPMENT_SITE: optionalText,
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must start with postgresql://"),
    /** A Neon-compatible SQL endpoint for a Postgres that is not Neon. */
    DATABASE_HTTP_ENDPOINT: optionalText,
    DATABASE_LOCATION_HINT: z.enum(locationHints),
    TICKET_SIGNING_KEY: z
      .string()
      .refine(isEd25519, "must be an Ed25519 private key in PKCS #8, base64"),
    RESERVATION_TOKEN_SECRET: z.string().min(32),
    WOMPI_API_URL: z.url(),
    WOMPI_CHECKOUT_URL: z.url(),
    WOMPI_PUBLIC_KEY: text,
    WOMPI_PRIVATE_KEY: text,
    WOMPI_EVENTS_SECRET: text,
    WOMPI_INTEGRITY_SECRET: text,
    AWS_ACCESS_KEY_ID: text,
    AWS_SECRET_ACCESS_KEY: text,
    AWS_REGION: text,
    /** Amazon's own address unless set. */
    SES_ENDPOINT: optionalText,
    EMAIL_FROM: z.email(),
    /** The media bucket's address in R2's S3 API; files are sent there directly when all three are set. */
    R2_UPLOAD_URL: optionalText,
    R2_ACCESS_KEY_ID: optionalText,
    R2_SECRET_ACCESS_KEY: optionalText,
    /** Whether this deployment may use Cloudflare Images. */
    IMAGE_RESIZING: z.enum(["on", "off"]).default("off"),
    HOLD_SECONDS: seconds(1, 3600),
    PAYMENT_WINDOW_SECONDS: seconds(1, 7200),
    SIGN_IN_PER_ADDRESS: perMinute,
    SIGN_IN_PER_IDENTITY: perMinute,
    HOLDS_PER_ADDRESS: perMinute,
    HOLDS_PER_IDENTITY: perMinute,
    SCANS_PER_ADDRESS: perMinute,
    SCANS_PER_IDENTITY: perMinute,
    QUOTES_PER_ADDRESS: perMinute,
    /** Whether Cloudflare's location counts as well; its quotas are in wrangler.toml. */
    RATE_LIMITS_BY_LOCATION: z.enum(["on", "off"]).default("on"),
  })
  .superRefine((vars, context) => {
    const names = ["R2_UPLOAD_URL", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY"] as const;
    const missing = names.filter((name) => vars[name] === null);
    if (missing.length === names.length) return;
    for (const name of missing)
      context.addIssue({
        code: "custom",
        path: [name],
        message: `missing beside the others of ${names.join(", ")}`,
      });
  });

export interface Config {
  environment: "development" | "production";
  /** Without a slash at the end, as every address here. */
  publicBaseUrl: string;
  storefrontUrl: string | null;
  signInPath: string;
  developmentSite: string | null;
  database: {
    url: string;
    httpEndpoint: string | null;
    locationHint: (typeof locationHints)[number];
  };
  ticketSigningKey: string;
  reservationTokenSecret: string;
  wompi: {
    apiUrl: string;
    checkoutUrl: string;
    publicKey: string;
    privateKey: string;
    eventsSecret: string;
    integritySecret: string;
  };
  mail: {
    accessKeyId: string;
    secretAccessKey: string;
    region: string;
    endpoint: string | null;
    from: string;
  };
  /** Null: files come through the Worker only. */
  uploads: { url: string; accessKeyId: string; secretAccessKey: string } | null;
  resizesImages: boolean;
  holdMs: number;
  paymentWindowMs: number;
  rateLimits: { quotas: Record<LimitName, number>; areByLocation: boolean };
}

/** Thrown for settings that cannot work; the message is for the operator. */
class ConfigError extends Error {}

/** Parses the Worker's variables. Throws `ConfigError` naming every variable that is missing or wrong, never its value. */
export function parseConfig(env: object): Config {
  const parsed = configSchema.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")} (${issue.message})`);
    throw new ConfigError(
      `Set these variables in .dev.vars or with \`wrangler secret put\`: ${faults.join(", ")}. See .dev.vars.example.`,
    );
  }
  const vars = parsed.data;
  return {
    environment: vars.ENVIRONMENT,
    publicBaseUrl: withoutSlash(vars.PUBLIC_BASE_URL),
    storefrontUrl: vars.STOREFRONT_URL === null ? null : withoutSlash(vars.STOREFRONT_URL),
    signInPath: vars.SIGN_IN_PATH,
    developmentSite: vars.ENVIRONMENT === "development" ? vars.DEVELOPMENT_SITE : null,
    database: {
      url: vars.DATABASE_URL,
      httpEndpoint: vars.DATABASE_HTTP_ENDPOINT,
      locationHint: vars.DATABASE_LOCATION_HINT,
    },
    ticketSigningKey: vars.TICKET_SIGNING_KEY,
    reservationTokenSecret: vars.RESERVATION_TOKEN_SECRET,
    wompi: {
      apiUrl: withoutSlash(vars.WOMPI_API_URL),
      checkoutUrl: vars.WOMPI_CHECKOUT_URL,
      publicKey: vars.WOMPI_PUBLIC_KEY,
      privateKey: vars.WOMPI_PRIVATE_KEY,
      eventsSecret: vars.WOMPI_EVENTS_SECRET,
      integritySecret: vars.WOMPI_INTEGRITY_SECRET,
    },
    mail: {
      accessKeyId: vars.AWS_ACCESS_KEY_ID,
      secretAccessKey: vars.AWS_SECRET_ACCESS_KEY,
      region: vars.AWS_REGION,
      endpoint: vars.SES_ENDPOINT,
      from: vars.EMAIL_FROM,
    },
    uploads: uploadsOf(vars),
    resizesImages: vars.IMAGE_RESIZING === "on",
    holdMs: vars.HOLD_SECONDS * 1000,
    paymentWindowMs: vars.PAYMENT_WINDOW_SECONDS * 1000,
    rateLimits: {
      quotas: {
        "sign-in-per-address": vars.SIGN_IN_PER_ADDRESS,
        "sign-in-per-identity": vars.SIGN_IN_PER_IDENTITY,
        "holds-per-address": vars.HOLDS_PER_ADDRESS,
        "holds-per-identity": vars.HOLDS_PER_IDENTITY,
        "scans-per-address": vars.SCANS_PER_ADDRESS,
        "scans-per-identity": vars.SCANS_PER_IDENTITY,
        "quotes-per-address": vars.QUOTES_PER_ADDRESS,
      },
      areByLocation: vars.RATE_LIMITS_BY_LOCATION === "on",
    },
  };
}

function uploadsOf(vars: z.infer<typeof configSchema>): Config["uploads"] {
  const { R2_UPLOAD_URL: url, R2_ACCESS_KEY_ID: accessKeyId } = vars;
  const { R2_SECRET_ACCESS_KEY: secretAccessKey } = vars;
  if (url === null || accessKeyId === null || secretAccessKey === null) return null;
  return { url: withoutSlash(url), accessKeyId, secretAccessKey };
}

function withoutSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}
