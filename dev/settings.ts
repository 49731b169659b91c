// The local stack's secrets and options: .dev.vars, made from .dev.vars.example by the first start. A value
// that is there is never overwritten. May not print a secret.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Problem } from "./problem.ts";
import { projectDirectory } from "./project.ts";

const requiredNames = [
  "TICKET_SIGNING_KEY",
  "RESERVATION_TOKEN_SECRET",
  "WOMPI_PUBLIC_KEY",
  "WOMPI_PRIVATE_KEY",
  "WOMPI_EVENTS_SECRET",
  "WOMPI_INTEGRITY_SECRET",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
] as const;

/** A variable without which the stack does not start. */
export type RequiredName = (typeof requiredNames)[number];

/** What a stack is started with. */
export interface Settings {
  required: Record<RequiredName, string>;
  /** Everything else that is set in .dev.vars; handed to the Worker as it is. */
  others: Record<string, string>;
  /** Owner of a Postgres of one's own; undefined starts the embedded one. */
  databaseUrl: string | undefined;
}

const generated: Partial<Record<string, () => string>> = {
  TICKET_SIGNING_KEY: () =>
    generateKeyPairSync("ed25519")
      .privateKey.export({ format: "der", type: "pkcs8" })
      .toString("base64"),
  RESERVATION_TOKEN_SECRET: () => randomBytes(32).toString("base64url"),
};

function withSecrets(text: string): string {
  const present = parseEnv(text);
  let filled = text;
  for (const [name, make] of Object.entries(generated)) {
    if (make === undefined || present[name]) continue;
    const emptyLine = new RegExp(`^${name}=.*$`, "m");
    const line = `${name}=${make()}`;
    filled = emptyLine.test(filled)
      ? filled.replace(emptyLine, () => line)
      : `${filled.trimEnd()}\n${line}\n`;
  }
  return filled;
}

function writePrivately(path: string, text: string): void {
  // Renamed into place: a start that is killed here leaves the old file or the new one, never half of it.
  const aside = `${path}.new`;
  writeFileSync(aside, text, { mode: 0o600 });
  chmodSync(aside, 0o600);
  renameSync(aside, path);
}

function readDevVars(folder: string): Record<string, string> {
  const path = join(folder, ".dev.vars");
  const example = join(folder, ".dev.vars.example");
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const after = withSecrets(before ?? readFileSync(example, "utf8"));
  if (after !== before) writePrivately(path, after);
  return nonEmpty(after);
}

function nonEmpty(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (value !== undefined && value !== "") values[name] = value;
  }
  return values;
}

function settingsFrom(values: Record<string, string>, databaseUrl: string | undefined): Settings {
  const need = (name: RequiredName): string => {
    const value = values[name];
    if (value !== undefined) return value;
    throw new Problem(`${name} is not set in .dev.vars; copy its line from .dev.vars.example.`);
  };
  const required: Settings["required"] = {
    TICKET_SIGNING_KEY: need("TICKET_SIGNING_KEY"),
    RESERVATION_TOKEN_SECRET: need("RESERVATION_TOKEN_SECRET"),
    WOMPI_PUBLIC_KEY: need("WOMPI_PUBLIC_KEY"),
    WOMPI_PRIVATE_KEY: need("WOMPI_PRIVATE_KEY"),
    WOMPI_EVENTS_SECRET: need("WOMPI_EVENTS_SECRET"),
    WOMPI_INTEGRITY_SECRET: need("WOMPI_INTEGRITY_SECRET"),
    AWS_ACCESS_KEY_ID: need("AWS_ACCESS_KEY_ID"),
    AWS_SECRET_ACCESS_KEY: need("AWS_SECRET_ACCESS_KEY"),
  };
  const taken = new Set<string>([
    ...requiredNames,
    "DATABASE_URL",
    "DATABASE_HTTP_ENDPOINT",
    "SES_ENDPOINT",
  ]);
  const others = Object.fromEntries(Object.entries(values).filter(([name]) => !taken.has(name)));
  return { required, others, databaseUrl };
}

/** Checks that an address is one of Postgres; `where` names the variable it came from. */
export function checkDatabaseUrl(text: string, where: string): string {
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)) return text;
  throw new Problem(
    `${where} is no Postgres address; it looks like postgresql://user:password@host:port/database.`,
  );
}

/** Reads .dev.vars, making it first where it is missing. DATABASE_URL of the environment wins. */
export function loadSettings(
  environment: NodeJS.ProcessEnv,
  folder: string = projectDirectory,
): Settings {
  const values = readDevVars(folder);
  const databaseUrl = environment["DATABASE_URL"]?.trim() || values["DATABASE_URL"];
  if (databaseUrl !== undefined) checkDatabaseUrl(databaseUrl, "DATABASE_URL");
  return settingsFrom(values, databaseUrl);
}

/** Settings with fresh secrets that touch no file, for test runs. */
export function freshSettings(folder: string = projectDirectory): Settings {
  const example = readFileSync(join(folder, ".dev.vars.example"), "utf8");
  return settingsFrom(nonEmpty(withSecrets(example)), undefined);
}
