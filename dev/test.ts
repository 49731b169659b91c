// `npm test`: runs every test once and ends with the line `N passed, N failed`. Words after `npm test --`
// choose files, as vitest's own filters do. Adds no test setting; those are in vitest.config.ts.

import { join } from "node:path";
import { startVitest, type TestModule, type Vitest } from "vitest/node";
import { sentenceFor } from "./problem.ts";
import { projectDirectory } from "./project.ts";

interface Count {
  passed: number;
  failed: number;
}

function countModule(module: TestModule): Count {
  const passed = [...module.children.allTests("passed")].length;
  const failed = [...module.children.allTests("failed")].length;
  // A file or a group whose setup broke has failed, even when no test case in it could say so.
  const brokenGroups = [...module.children.allSuites()].filter(
    (suite) => suite.errors().length > 0,
  ).length;
  return { passed, failed: failed + brokenGroups + (module.errors().length > 0 ? 1 : 0) };
}

function count(vitest: Vitest): Count {
  const counts = vitest.state.getTestModules().map(countModule);
  const passed = counts.reduce((sum, each) => sum + each.passed, 0);
  const failed = counts.reduce((sum, each) => sum + each.failed, 0);
  return { passed, failed: failed + vitest.state.getUnhandledErrors().length };
}

let result: Count = { passed: 0, failed: 1 };
try {
  const vitest = await startVitest(process.argv.slice(2), {
    run: true,
    watch: false,
    root: projectDirectory,
    config: join(projectDirectory, "vitest.config.ts"),
  });
  result = count(vitest);
  // A broken global setup, or no test found: vitest says so with its exit code alone.
  if (result.failed === 0 && Number(process.exitCode ?? 0) !== 0) result.failed = 1;
  await vitest.close();
} catch (thrown) {
  console.error(sentenceFor(thrown));
}
const isGood = result.failed === 0 && result.passed > 0;
// Exit only once the line is out: standard output may be a pipe.
process.stdout.write(`${result.passed} passed, ${result.failed} failed\n`, () =>
  process.exit(isGood ? 0 : 1),
);
