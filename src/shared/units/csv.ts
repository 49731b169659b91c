// Reads CSV as RFC 4180 has it and as Excel writes it in Spanish: comma, semicolon or tab, any line ending, a BOM. Strict:
// what has two readings is an error with its line. Our own, because the parsers on npm either guess where this must refuse or
// do not say on which line a record began. Knows no column.

export type CsvFault = "quote_misplaced" | "quote_open";

export interface CsvRecord {
  /** Where it begins; the first line is 1. */
  line: number;
  /** Null where the fault is. */
  fields: string[] | null;
  fault: CsvFault | null;
}

const DELIMITERS = [";", ",", "\t"] as const;
const BOM = "\uFEFF";
/** The line by which Excel is told the delimiter. */
const SEPARATOR_LINE = /^sep=([;,\t])(?:\r\n|\r|\n|$)/i;

/** UTF-8, or what Excel writes without it: Windows' western alphabet. */
export function decodeCsv(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The records of a file, without empty lines. The delimiter is the one its first line has. */
export function* readCsv(file: string): Generator<CsvRecord> {
  const text = file.startsWith(BOM) ? file.slice(BOM.length) : file;
  const told = SEPARATOR_LINE.exec(text);
  const start = told === null ? 0 : told[0].length;
  const scanner = new Scanner(text, start, told === null ? 1 : 2);
  const delimiter = told?.[1] ?? delimiterOf(text);
  while (!scanner.isAtEnd()) {
    const record = scanner.record(delimiter);
    const isEmpty = record.fields?.length === 1 && record.fields[0]?.trim() === "";
    if (!isEmpty) yield record;
  }
}

function delimiterOf(text: string): string {
  const [firstLine = ""] = text.split(/[\r\n]/, 1);
  return DELIMITERS.find((delimiter) => firstLine.includes(delimiter)) ?? ",";
}

class Scanner {
  readonly #text: string;
  #at: number;
  #line: number;

  constructor(text: string, start: number, line: number) {
    this.#text = text;
    this.#at = start;
    this.#line = line;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  record(delimiter: string): CsvRecord {
    const line = this.#line;
    const fields: string[] = [];
    for (;;) {
      const field = this.#peek() === '"' ? this.#quoted() : this.#plain(delimiter);
      if (field.fault !== null) {
        this.#toNextLine();
        return { line, fields: null, fault: field.fault };
      }
      fields.push(field.text);
      if (this.#peek() === delimiter) {
        this.#at += 1;
      } else if (this.#atLineEnd()) {
        this.#toNextLine();
        return { line, fields, fault: null };
      } else {
        this.#toNextLine();
        return { line, fields: null, fault: "quote_misplaced" };
      }
    }
  }

  #plain(delimiter: string): { text: string; fault: CsvFault | null } {
    const start = this.#at;
    while (!this.#atLineEnd() && this.#peek() !== delimiter) this.#at += 1;
    const text = this.#text.slice(start, this.#at);
    return { text, fault: text.includes('"') ? "quote_misplaced" : null };
  }

  #quoted(): { text: string; fault: CsvFault | null } {
    let text = "";
    let start = this.#at + 1;
    for (;;) {
      const end = this.#text.indexOf('"', start);
      if (end === -1) {
        this.#at = this.#text.length;
        return { text, fault: "quote_open" };
      }
      const part = this.#text.slice(start, end);
      this.#line += lineBreaksIn(part);
      text += part;
      this.#at = end + 1;
      // Two of them stand for one.
      if (this.#peek() !== '"') return { text, fault: null };
      text += '"';
      start = this.#at + 1;
    }
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #atLineEnd(): boolean {
    const next = this.#peek();
    return next === "" || next === "\n" || next === "\r";
  }

  #toNextLine(): void {
    while (!this.#atLineEnd()) this.#at += 1;
    this.#at += this.#text.startsWith("\r\n", this.#at) ? 2 : 1;
    this.#line += 1;
  }
}

function lineBreaksIn(text: string): number {
  return text.split(/\r\n|\r|\n/).length - 1;
}
