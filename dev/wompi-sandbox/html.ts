/**
 * HTML that escapes everything put into it. A page may be built only with `html`: the one way to print
 * text unescaped is to have written it as a template in this code.
 */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Printable = string | number | Html | readonly Html[];

export function html(parts: TemplateStringsArray, ...values: Printable[]): Html {
  const printed = values.map((value, index) => print(value) + (parts[index + 1] ?? ""));
  return new Html((parts[0] ?? "") + printed.join(""));
}

function print(value: Printable): string {
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map((item) => item.text).join("");
  return escapeText(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? "");
