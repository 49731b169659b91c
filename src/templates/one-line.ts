// Makes somebody's text fit on one line of a mail.

/** A line break in a name would forge another line of the mail or its subject. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
}
