// Units from CSV as people and Excel write it, and every way a line can be wrong.

import { describe, expect, test } from "vitest";
import { type CsvNumbering, readUnitCsv } from "../../src/shared/units/unit-csv.ts";

const read = (file: string | Uint8Array, numbering: CsvNumbering = "consecutive") =>
  readUnitCsv(typeof file === "string" ? new TextEncoder().encode(file) : file, numbering);

function unitsOf(file: string | Uint8Array, numbering?: CsvNumbering) {
  const result = read(file, numbering);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

const shown = (file: string | Uint8Array) =>
  unitsOf(file).map(({ rowName, number, label }) => [rowName, number, label]);
const places = (file: string, numbering?: CsvNumbering) =>
  unitsOf(file, numbering).map(({ place }) => place);

const two = [
  ["A", 1, null],
  ["A", 2, null],
];

describe("a file", () => {
  test.each([
    ["commas and line feeds", "row,number\nA,1\nA,2\n"],
    ["semicolons and CRLF, as Excel in Spanish", "fila;silla\r\nA;1\r\nA;2\r\n"],
    ["tabs", "row\tnumber\nA\t1\nA\t2"],
    ["a BOM", "\uFEFFFila;Número\r\nA;1\r\nA;2\r\n"],
    ["Excel's own line about the separator", "sep=;\r\nfila;silla\r\nA;1\r\nA;2\r\n"],
    ["carriage returns alone", "row,number\rA,1\rA,2\r"],
    ["empty lines and spaces", "row , number\n\n A , 1 \n\nA,2\n\n"],
    ["quotes around everything", '"row","number"\n"A","1"\n"A","2"'],
    ["the columns the other way round", "number,row\n1,A\n2,A"],
    ["an empty column of labels", "row,number,label\nA,1,\nA,2,"],
  ])("may have %s", (_what, file) => {
    expect(shown(file)).toEqual(two);
  });

  test("may have labels with quotes, delimiters and any alphabet in them", () => {
    const file = 'row,number,label\nA,1,"Mesa ""Ñandú"", 1"\nPalco 2,7,桌\n';
    expect(shown(file)).toEqual([
      ["A", 1, 'Mesa "Ñandú", 1'],
      ["Palco 2", 7, "桌"],
    ]);
  });

  test("that Excel wrote without UTF-8 is read by Windows' alphabet", () => {
    const text = "fila;número;etiqueta\r\nA;1;Butaca señorial\r\n";
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect(shown(bytes)).toEqual([["A", 1, "Butaca señorial"]]);
  });

  test("tells each unit's line, also behind a quoted line break in another record's way", () => {
    expect(unitsOf("row,number\n\nA,1\nA,2\n").map(({ line }) => line)).toEqual([3, 4]);
  });
});

describe("who sits beside whom", () => {
  test.each<[string, string, CsvNumbering, number[]]>([
    ["numbers that rise", "A,1\nA,2\nA,3", "consecutive", [1, 2, 3]],
    ["numbers that fall", "A,3\nA,2\nA,1", "consecutive", [3, 4, 5]],
    ["a gap", "A,1\nA,2\nA,5\nA,6", "consecutive", [1, 2, 5, 6]],
    ["a gap among numbers that fall", "A,9\nA,8\nA,4\nA,3", "consecutive", [9, 10, 12, 13]],
    ["by twos", "A,1\nA,3\nA,5", "by_twos", [1, 2, 3]],
    ["by twos, not said", "A,1\nA,3\nA,5", "consecutive", [1, 3, 5]],
    ["from the middle", "A,5\nA,3\nA,1\nA,2\nA,4", "by_twos", [5, 6, 7, 8, 9]],
    ["another row", "A,1\nB,2\nA,2", "consecutive", [1, 2, 2]],
  ])("%s", (_what, lines, numbering, expected) => {
    expect(places(`row,number\n${lines}`, numbering)).toEqual(expected);
  });
});

describe("what is wrong is named by its line", () => {
  const faults = (file: string) => {
    const result = read(file);
    if (result.ok || result.refusal.code !== "csv_invalid") throw new Error("was not refused");
    return result.refusal.lines.map(({ line, column, reason }) => [line, column, reason]);
  };

  test.each<[string, string, unknown[]]>([
    ["nothing at all", "", [[1, null, "header_missing"]]],
    ["no units", "row,number\n", [[1, null, "no_units"]]],
    [
      "no header",
      "A,1\nA,2",
      [
        [1, null, "header_unknown"],
        [1, null, "header_unknown"],
        [1, "row", "header_missing"],
        [1, "number", "header_missing"],
      ],
    ],
    ["a header without numbers", "fila;etiqueta\nA;x", [[1, "number", "header_missing"]]],
    ["a column twice", "row,fila,number\nA,A,1", [[1, "row", "header_twice"]]],
    ["a column nobody knows", "row,number,price\nA,1,5", [[1, null, "header_unknown"]]],
    ["a column too many", "row,number\nA,1\nA,2,3", [[3, null, "columns_wrong"]]],
    ["a column too few", "row,number\nA", [[2, null, "columns_wrong"]]],
    ["another delimiter further down", "row,number\nA,1\nA;2", [[3, null, "columns_wrong"]]],
    ["no row", "row,number\n,1", [[2, "row", "row_invalid"]]],
    [
      "row 0, which is general admission",
      "row,number\n0,1\n00,1",
      [
        [2, "row", "row_invalid"],
        [3, "row", "row_invalid"],
      ],
    ],
    [
      "a row's name that is too long",
      `row,number\n${"A".repeat(21)},1`,
      [[2, "row", "row_invalid"]],
    ],
    [
      "numbers that are none",
      "row,number\nA,0\nA,-1\nA,1.5\nA,x\nA,\nA,1e3\nA,1000001\nA,٣",
      [2, 3, 4, 5, 6, 7, 8, 9].map((line) => [line, "number", "number_invalid"]),
    ],
    [
      "a label that is too long",
      `row,number,label\nA,1,${"x".repeat(61)}`,
      [[2, "label", "label_invalid"]],
    ],
    [
      "a control character in a label",
      'row,number,label\nA,1,"a\nb"\nA,2,x',
      [[2, "label", "label_invalid"]],
    ],
    ["a NUL", "row,number,label\nA,1,a\0b", [[2, "label", "label_invalid"]]],
    ["the same unit twice", "row,number\nA,1\nA,2\nA,1", [[4, "number", "unit_twice"]]],
    ["the same label twice", "row,number,label\nA,1,x\nA,2,x", [[3, "label", "label_twice"]]],
    ["a quote in the middle", 'row,number\nA"B,1\nA,1', [[2, null, "quote_misplaced"]]],
    ["text behind a quote", 'row,number\n"A"B,1\nA,1', [[2, null, "quote_misplaced"]]],
    ["a quote nobody closes", 'row,number\nA,1\n"A,2\nA,3\n', [[3, null, "quote_open"]]],
    [
      "several in one line",
      "row,number\n,x",
      [
        [2, "row", "row_invalid"],
        [2, "number", "number_invalid"],
      ],
    ],
  ])("%s", (_what, file, expected) => {
    expect(faults(file)).toEqual(expected);
  });

  test("behind a quoted line break lines are counted on", () => {
    expect(faults('row,number,label\nA,1,"a\r\nb"\nA,x,\n')).toEqual([
      [2, "label", "label_invalid"],
      [4, "number", "number_invalid"],
    ]);
  });

  test("a hundred of them, and how many there are", () => {
    const result = read(`row,number\n${"A,x\n".repeat(250)}`);
    expect(result).toMatchObject({ ok: false, refusal: { lines_total: 250 } });
    if (result.ok || result.refusal.code !== "csv_invalid") throw new Error("was not refused");
    expect(result.refusal.lines).toHaveLength(100);
    expect(result.refusal.lines.at(-1)?.line).toBe(101);
  });

  test("more lines than units may be are not read to the end", () => {
    const file = `row,number\n${"A,x\n".repeat(100_001)}`;
    expect(read(file)).toEqual({ ok: false, refusal: { code: "units_too_many", max: 100_000 } });
  });
});
