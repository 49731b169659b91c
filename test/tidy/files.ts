// The project's own files, for tests that read them.

import { readFileSync, readdirSync } from "node:fs";

export interface SourceFile {
  /** From the project's folder, with slashes. */
  path: string;
  text: string;
}

/** Every file under `folder` whose name ends with `ending`, in order of path. */
export function filesUnder(folder: string, ending: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(ending) && !path.includes("/node_modules/"))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}
