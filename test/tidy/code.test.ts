// Rules of the code that lint cannot say. A message names the file and the line.

import { expect, test } from "vitest";
import { type SourceFile, filesUnder } from "./files.ts";

const objects = filesUnder("durable-objects", ".ts");
const product = [...filesUnder("src", ".ts"), ...objects];
const shells = [
  "durable-objects/area-inventory/area-inventory.ts",
  "durable-objects/area-watch/area-watch.ts",
];

const lineCount = ({ text }: SourceFile) => text.trimEnd().split("\n").length;

/** `path:line` of every line of code that matches; comments may say what they like. */
function linesWith(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const code = line.replace(/\/\/.*|^\s*\/?\*.*/, "");
      return pattern.test(code) ? [`${path}:${index + 1}`] : [];
    }),
  );
}

test("there are files to look at", () => {
  expect(product.length).toBeGreaterThan(50);
  expect(objects.map(({ path }) => path)).toEqual(expect.arrayContaining(shells));
});

test("what decides and what stores is synchronous", () => {
  const files = objects.filter(({ path }) =>
    /\/core\/|\/(?:(?:\w+-)?store|batch|group-commit|flush|rows|schema)\.ts$/.test(path),
  );
  expect(files.length).toBeGreaterThan(15);
  expect(linesWith(files, /\b(?:await|async|Promise)\b|\.then\(/)).toEqual([]);
});

test("the core has no clock and no randomness", () => {
  const files = objects.filter(({ path }) => path.includes("/core/"));
  expect(
    linesWith(
      files,
      /\bDate\b|\bMath\.random\b|\bcrypto\b|\bperformance\b|\bset(?:Timeout|Interval)\b/,
    ),
  ).toEqual([]);
});

test("only its shell touches an object's storage and its alarm", () => {
  const others = product.filter(({ path }) => !shells.includes(path));
  expect(
    linesWith(others, /\bctx\.storage\b|\bDurableObjectStorage\b|\bsetAlarm\b|\bgetAlarm\b/),
  ).toEqual([]);
});

test("only stores, schema.ts and migrate.ts speak SQL in an object", () => {
  const others = objects.filter(
    ({ path }) => !/\/(?:(?:\w+-)?store|schema|migrate|storage)\.ts$/.test(path),
  );
  expect(linesWith(others, /\.exec\b|\b(?:SELECT|INSERT|UPDATE|DELETE)\b/)).toEqual([]);
});

test("a shell is at most 150 lines", () => {
  const long = objects.filter((file) => shells.includes(file.path) && lineCount(file) > 150);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test("no file is over 250 lines of code", () => {
  const codeLines = ({ text }: SourceFile) =>
    text.split("\n").filter((line) => !/^\s*(?:$|\/\/|\/?\*)/.test(line)).length;
  expect(product.filter((file) => codeLines(file) > 250).map(({ path }) => path)).toEqual([]);
});

test("product code has no hooks for tests", () => {
  expect(linesWith(product, /__test|forTest|NODE_ENV|\bvitest\b|\bimport\.meta\.env\b/i)).toEqual(
    [],
  );
});

test("every file starts by saying what it is", () => {
  expect(product.filter(({ text }) => !text.startsWith("// ")).map(({ path }) => path)).toEqual([]);
});

test("a schema says what is wrong by the code of a rule, which has a text in both languages", () => {
  const contracts = product.filter(({ path }) => path.startsWith("src/contracts/"));
  expect(contracts.length).toBeGreaterThan(15);
  expect(linesWith(contracts, /\bmessage: ["'`]|\.(?:regex|refine)\(.*, ["'`]/)).toEqual([]);
});
