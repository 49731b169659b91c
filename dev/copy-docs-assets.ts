// Copies Swagger UI's script and style sheet from the installed package to public/docs, where the Worker
// serves them. wrangler's build command: runs before every start and deploy, possibly several at once.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { projectDirectory } from "./project.ts";

const names = ["swagger-ui-bundle.js", "swagger-ui.css"];

const source = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const target = join(projectDirectory, "public", "docs");
mkdirSync(target, { recursive: true });
for (const name of names) {
  const wanted = readFileSync(join(source, name));
  const path = join(target, name);
  // Unchanged files keep their time: wrangler watches the folder and would reload.
  if (existsSync(path) && readFileSync(path).equals(wanted)) continue;
  const aside = join(target, `.${name}.${process.pid}`);
  writeFileSync(aside, wanted);
  renameSync(aside, path);
}
