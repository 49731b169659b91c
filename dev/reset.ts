// `npm run reset`: forgets everything the local stack keeps. Leaves .dev.vars and a Postgres of one's own
// alone. Never runs beside a running stack.

import { existsSync, rmSync } from "node:fs";
import { lockData } from "./data-lock.ts";
import { removeOutsideData } from "./postgres-place.ts";
import { sentenceFor } from "./problem.ts";
import { defaultDataDirectory } from "./project.ts";

function reset(): string {
  if (!existsSync(defaultDataDirectory)) {
    removeOutsideData(defaultDataDirectory);
    return "There is no local data.";
  }
  const lock = lockData(defaultDataDirectory);
  if (lock === undefined) {
    process.exitCode = 1;
    return "The stack is running; stop it with Ctrl-C before you reset its data.";
  }
  removeOutsideData(defaultDataDirectory);
  rmSync(defaultDataDirectory, { recursive: true, force: true });
  lock.release();
  return "The local data is gone; the next `npm start` begins afresh.";
}

try {
  console.log(reset());
} catch (thrown) {
  console.error(sentenceFor(thrown));
  process.exitCode = 1;
}
