// The pages under /v1/docs: Swagger UI over /v1/openapi.json from this origin's own files, and the list of problem codes.

import { escapeHtml } from "./escape-html.ts";

export function renderDocsPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>WaRo Tickets API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/initialize.js"></script>
</body>
</html>
`;
}

interface FieldEntry {
  code: string;
  es: string;
  en: string;
}

interface ProblemEntry extends FieldEntry {
  status: number;
}

export function renderProblemsPage(
  problems: readonly ProblemEntry[],
  fields: readonly FieldEntry[],
): string {
  const rows = problems
    .toSorted((left, right) => left.code.localeCompare(right.code))
    .map(
      ({ code, status, es, en }) =>
        `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(es)}</td><td lang="en">${escapeHtml(en)}</td></tr>`,
    )
    .join("\n");
  const fieldRows = fields
    .toSorted((left, right) => left.code.localeCompare(right.code))
    .map(
      ({ code, es, en }) =>
        `<tr id="field-${code}"><td><code>${code}</code></td><td>${escapeHtml(es)}</td><td lang="en">${escapeHtml(en)}</td></tr>`,
    )
    .join("\n");
  return `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Códigos de error · WaRo Tickets</title>
<style>
  body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1d1b16; font: 16px/1.5 system-ui, sans-serif; }
  table { border-collapse: collapse; width: 100%; }
  td, th { padding: .4rem .6rem; border-bottom: 1px solid #ddd6c8; text-align: left; vertical-align: top; }
  tr:target { background: #fff3c4; }
</style>
</head>
<body>
<h1>Códigos de error / Problem codes</h1>
<table>
<thead><tr><th>code</th><th>status</th><th>Español</th><th>English</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
<h2>Códigos de un campo / Codes of a field</h2>
<p><code>errors[].code</code>: estos, o la clase de error de zod (<code>invalid_type</code>, <code>too_small</code>, …). /
<span lang="en">These, or zod's kind of issue.</span></p>
<table>
<thead><tr><th>code</th><th>Español</th><th>English</th></tr></thead>
<tbody>
${fieldRows}
</tbody>
</table>
</body>
</html>
`;
}
