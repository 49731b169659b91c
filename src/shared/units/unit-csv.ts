// Units from a CSV file: row, number and, if they have their own, label. All lines are read before anything is said, and
// each that is wrong is named with its number and a stable reason. Knows no area.

import { type Result, ok, refused } from "../result.ts";
import { type CsvFault, type CsvRecord, decodeCsv, readCsv } from "./csv.ts";
import { rowOf } from "./row-names.ts";
import { UNITS_MAX } from "./unit-block.ts";

export interface ListedUnit {
  rowName: string;
  row: number;
  number: number;
  place: number;
  /** Null: made from the area's nomenclature. */
  label: string | null;
  /** Where it stands in the file. */
  line: number;
}

type LineFault =
  | CsvFault
  | "header_missing"
  | "header_unknown"
  | "header_twice"
  | "columns_wrong"
  | "row_invalid"
  | "number_invalid"
  | "label_invalid"
  | "unit_twice"
  | "label_twice"
  | "no_units";

export interface FaultyLine {
  line: number;
  column: Column | null;
  reason: LineFault;
}

export interface CsvRefusal {
  code: "csv_invalid";
  /** The first of them, in order. */
  lines: readonly FaultyLine[];
  lines_total: number;
}

/** In which steps neighbours are numbered: by twos where odd and even numbers have a side each. */
export type CsvNumbering = "consecutive" | "by_twos";

const FAULTS_SHOWN_MAX = 100;
const ROW_CHARACTERS_MAX = 20;
const LABEL_CHARACTERS_MAX = 60;
const NUMBER = /^[1-9]\d{0,6}$/;
const NUMBER_MAX = 1_000_000;
const ONE_LINE = /^[^\p{Cc}\p{Cs}]+$/u;

const columns = ["row", "number", "label"] as const;
type Column = (typeof columns)[number];
const names: ReadonlyMap<string, Column> = new Map([
  ["row", "row"],
  ["fila", "row"],
  ["number", "number"],
  ["numero", "number"],
  ["silla", "number"],
  ["asiento", "number"],
  ["label", "label"],
  ["etiqueta", "label"],
]);

/** All units of the file, in its order, or every line that is wrong. Reads no further than `UNITS_MAX` allows. */
export function readUnitCsv(
  bytes: Uint8Array,
  numbering: CsvNumbering,
): Result<ListedUnit[], CsvRefusal | { code: "units_too_many"; max: number }> {
  const faults: FaultyLine[] = [];
  const units: UnitLine[] = [];
  let places: ReadonlyMap<Column, number> | null = null;
  let lines = 0;
  for (const record of readCsv(decodeCsv(bytes))) {
    if (places === null) {
      places = readHeader(record, faults);
      if (places === null) return refusal(faults);
      continue;
    }
    lines += 1;
    if (lines > UNITS_MAX) return refused({ code: "units_too_many", max: UNITS_MAX });
    const unit = readUnit(record, places, faults);
    if (unit !== null) units.push(unit);
  }
  if (places === null) fault(faults, { line: 1, column: null, reason: "header_missing" });
  else if (lines === 0) fault(faults, { line: 1, column: null, reason: "no_units" });
  nameRepeated(units, faults);
  return faults.length > 0 ? refusal(faults) : ok(withPlaces(units, numbering));
}

function refusal(faults: readonly FaultyLine[]): { ok: false; refusal: CsvRefusal } {
  const lines = faults.toSorted((left, right) => left.line - right.line);
  return refused({
    code: "csv_invalid",
    lines: lines.slice(0, FAULTS_SHOWN_MAX),
    lines_total: lines.length,
  });
}

function fault(faults: FaultyLine[], found: FaultyLine): null {
  faults.push(found);
  return null;
}

function readHeader({ line, fields, fault: broken }: CsvRecord, faults: FaultyLine[]) {
  if (fields === null)
    return fault(faults, { line, column: null, reason: broken ?? "header_missing" });
  const before = faults.length;
  const places = new Map<Column, number>();
  for (const [place, field] of fields.entries()) {
    const column = names.get(plain(field));
    if (column === undefined) fault(faults, { line, column: null, reason: "header_unknown" });
    else if (places.has(column)) fault(faults, { line, column, reason: "header_twice" });
    else places.set(column, place);
  }
  for (const column of ["row", "number"] as const) {
    if (!places.has(column)) fault(faults, { line, column, reason: "header_missing" });
  }
  return faults.length > before ? null : places;
}

/** As people write a heading: in any case, with accents or without. */
function plain(heading: string): string {
  return heading.trim().toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "");
}

type UnitLine = Omit<ListedUnit, "place">;

function readUnit(
  { line, fields, fault: broken }: CsvRecord,
  places: ReadonlyMap<Column, number>,
  faults: FaultyLine[],
): UnitLine | null {
  if (fields === null)
    return fault(faults, { line, column: null, reason: broken ?? "columns_wrong" });
  if (fields.length !== places.size)
    return fault(faults, { line, column: null, reason: "columns_wrong" });
  const valueOf = (column: Column) => fields[places.get(column) ?? -1]?.trim() ?? "";
  const [rowName, numberText, label] = [valueOf("row"), valueOf("number"), valueOf("label")];
  const number = Number(numberText);
  const before = faults.length;
  // Row 0 is general admission.
  if (!isLine(rowName, ROW_CHARACTERS_MAX) || Number(rowName) === 0)
    fault(faults, { line, column: "row", reason: "row_invalid" });
  if (!NUMBER.test(numberText) || number > NUMBER_MAX)
    fault(faults, { line, column: "number", reason: "number_invalid" });
  if (label !== "" && !isLine(label, LABEL_CHARACTERS_MAX))
    fault(faults, { line, column: "label", reason: "label_invalid" });
  if (faults.length > before) return null;
  return { rowName, row: rowOf(rowName), number, label: label === "" ? null : label, line };
}

function isLine(text: string, charactersMax: number): boolean {
  return text.length <= charactersMax && ONE_LINE.test(text);
}

function nameRepeated(units: readonly UnitLine[], faults: FaultyLine[]): void {
  const known = new Set<string>();
  const labels = new Set<string>();
  for (const { rowName, number, label, line } of units) {
    const unit = `${number} ${rowName}`;
    if (known.has(unit)) fault(faults, { line, column: "number", reason: "unit_twice" });
    if (label !== null && labels.has(label))
      fault(faults, { line, column: "label", reason: "label_twice" });
    known.add(unit);
    if (label !== null) labels.add(label);
  }
}

/** Whoever follows in the file and in the numbering sits beside the one before; anybody else sits apart. */
function withPlaces(units: readonly UnitLine[], numbering: CsvNumbering): ListedUnit[] {
  const step = numbering === "by_twos" ? 2 : 1;
  let before: ListedUnit | null = null;
  return units.map((unit) => {
    const placed: ListedUnit = { ...unit, place: placeAfter(before, unit, step) };
    before = placed;
    return placed;
  });
}

function placeAfter(before: ListedUnit | null, unit: UnitLine, step: number): number {
  if (before === null || before.row !== unit.row) return unit.number;
  if (Math.abs(unit.number - before.number) <= step) return before.place + 1;
  // As long as they count alike, the number is its own place.
  const isAlike = before.place === before.number && unit.number > before.number;
  return isAlike ? unit.number : before.place + 2;
}
