// `npm run check`: everything that can be known without running the product. All checks run, each in one line; what a
// failing one printed follows. Changes nothing.

import { spawn } from "node:child_process";
import { projectDirectory } from "./project.ts";

const checks: readonly [name: string, command: string][] = [
  ["types", "tsc -p ."],
  ["types of the core", "tsc -p durable-objects/area-inventory/core"],
  ["types of dev", "tsc -p dev"],
  ["types of the tests", "tsc -p test"],
  ["types of the benchmark", "tsc -p bench"],
  ["types of the benchmark's Worker", "tsc -p bench/worker"],
  ["types of the runtime tests", "tsc -p test/durable-objects"],
  ["lint and layers", "oxlint --type-aware --deny-warnings -c .oxlintrc.jsonc"],
  ["format", "oxfmt --check"],
  ["unused code", "knip"],
  ["binding types", "npm run --silent types -- --check"],
];

function run(command: string): Promise<{ passed: boolean; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
    const child = spawn(command, { cwd: projectDirectory, shell: true, env });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    child.on("error", (error) => resolve({ passed: false, output: error.message }));
    child.on("close", (code) =>
      resolve({ passed: code === 0, output: Buffer.concat(output).toString() }),
    );
  });
}

let failures = 0;
for (const [name, command] of checks) {
  const startedAt = performance.now();
  const { passed, output } = await run(command);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${passed ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (passed) continue;
  failures += 1;
  console.log(`${command}\n${output}`);
}
console.log(
  failures === 0 ? "All checks passed." : `${failures} of ${checks.length} checks failed.`,
);
process.exitCode = failures === 0 ? 0 : 1;
