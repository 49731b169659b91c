// The one database an address names: host, port and whether to speak TLS. Pure; connects to nothing.

/** Where the database is. */
export interface DatabaseTarget {
  host: string;
  port: number;
  /** Undefined: plain text, for a database on this machine. */
  tls: { rejectUnauthorized: boolean } | undefined;
}

/** Reads the target from a connection string; `sslmode=no-verify` is TLS with any certificate. */
export function targetOf(databaseUrl: string): DatabaseTarget {
  const url = new URL(databaseUrl);
  const mode = url.searchParams.get("sslmode") ?? "disable";
  const speaksTls = ["no-verify", "require", "verify-ca", "verify-full"].includes(mode);
  return {
    host: decodeURIComponent(url.hostname.replace(/^\[|\]$/g, "")),
    port: url.port === "" ? 5432 : Number(url.port),
    tls: speaksTls ? { rejectUnauthorized: mode !== "no-verify" } : undefined,
  };
}

/** Neon has its own HTTP endpoint; every other Postgres needs the proxy in front. */
export function isNeon(databaseUrl: string): boolean {
  return new URL(databaseUrl).hostname.endsWith(".neon.tech");
}
