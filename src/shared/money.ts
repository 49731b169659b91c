// Money is an integer number of minor units (cents) everywhere but in Postgres, where it is numeric(14,2).

/** `1234.50` from 123450. Exact: no floating point. */
export function centsToDecimal(cents: number): string {
  if (!Number.isSafeInteger(cents)) throw new Error("money must be a whole number of cents");
  const sign = cents < 0 ? "-" : "";
  const digits = Math.abs(cents).toString().padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** 123450 from `1234.50`, `1234.5` or `1234`. Throws on anything a numeric(14,2) cannot be. */
export function decimalToCents(decimal: string): number {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(decimal);
  if (match === null) throw new Error(`not an amount of money: ${decimal}`);
  const [, sign = "", whole = "0", fraction = ""] = match;
  const cents = Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
  if (!Number.isSafeInteger(cents)) throw new Error(`too much money: ${decimal}`);
  return sign === "-" ? -cents : cents;
}
