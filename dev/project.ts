// Where things are in this project. Knows paths only; reads and writes nothing.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's own folder, whatever the working directory is. */
export const projectDirectory = dirname(dirname(fileURLToPath(import.meta.url)));

/** Everything `npm start` keeps between starts. */
export const defaultDataDirectory = join(projectDirectory, ".data");

/** Whether a module was named on the command line rather than imported. */
export function isMain(moduleUrl: string): boolean {
  const entry = process.argv[1];
  return entry !== undefined && fileURLToPath(moduleUrl) === entry;
}
