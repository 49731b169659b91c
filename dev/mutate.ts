// `npm run mutate [-- --json] [-- --fresh] [-- FILE...]`: changes the core of the inventory in a thousand small ways, one at
// a time, and runs test/core against each. A change that no test notices is a survivor, and is printed. Ends with one line
// `{"mutants":…,"killed":…,"survived":…,"score":…}`, and with 1 below 90 percent.
//   FILE      only these files of the core, such as quotas.ts
//   --fresh   forgets what earlier runs found; else only what changed since is tried
//   --json    without progress and survivors
// Everything it writes is below .data/mutation.

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { readArguments } from "./arguments.ts";
import { Stryker } from "@stryker-mutator/core";
import { defaultDataDirectory, projectDirectory } from "./project.ts";

const SCORE_MIN = 90;
const CORE = "durable-objects/area-inventory/core";
const kept = relative(projectDirectory, join(defaultDataDirectory, "mutation"));

type Mutant = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

const { values: asked, positionals } = readArguments({
  allowPositionals: true,
  options: {
    fresh: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

process.chdir(projectDirectory);
if (asked.fresh) await rm(kept, { recursive: true, force: true });
const files = positionals.length === 0 ? ["*.ts"] : positionals;
const unknown = positionals.find((file) => !existsSync(join(CORE, file)));
if (unknown !== undefined) {
  console.error(`There is no ${unknown} in ${CORE}/.`);
  process.exit(2);
}
const stryker = new Stryker({
  mutate: files.map((file) => `${CORE}/${file}`),
  // What the tests of the core need; the rest is not copied.
  ignorePatterns: ["/*", "!/durable-objects", "!/test", "!/package.json", "!/tsconfig.base.json"],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/core/vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  concurrency: 2,
  // On a busy machine a change that is merely slow must not count as one that runs for ever.
  timeoutMS: 20_000,
  incremental: true,
  incrementalFile: `${kept}/known.json`,
  tempDirName: `${kept}/copies`,
  reporters: asked.json ? ["html"] : ["html", "progress-append-only"],
  htmlReporter: { fileName: `${kept}/report.html` },
  // TypeScript 7 cannot be called to rewrite one, and nothing here reads one.
  tsconfigFile: "none.json",
});

const mutants = (await stryker.runMutationTest()).filter(({ status }) => status !== "Ignored");
const survivors = mutants.filter(({ status }) => status === "Survived" || status === "NoCoverage");
if (!asked.json) for (const line of survivors.map(describe).toSorted()) console.log(line);
const killed = mutants.length - survivors.length;
const score = mutants.length === 0 ? 0 : Math.floor((1000 * killed) / mutants.length) / 10;
console.log(JSON.stringify({ mutants: mutants.length, killed, survived: survivors.length, score }));
process.exitCode = score < SCORE_MIN ? 1 : 0;

function describe({ fileName, location, mutatorName, replacement, status }: Mutant): string {
  const place = `${relative(projectDirectory, fileName)}:${location.start.line}:${location.start.column}`;
  const how = status === "NoCoverage" ? "no test comes here" : mutatorName;
  return `${place} ${how}: ${(replacement ?? "").replaceAll(/\s+/g, " ")}`;
}
