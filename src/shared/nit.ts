// The tax number of a Colombian organization or person (NIT), and the check digit the DIAN gives it (Orden Administrativa 4
// of 1989): each digit from the right has a prime as its weight, and the sum counts modulo 11.

const WEIGHTS = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71];

/** Digits, maybe with dots between thousands, then the check digit behind a dash. */
const NIT = /^(\d{5,15}|\d{1,3}(?:\.\d{3}){1,4})-(\d)$/;

/** From the digits without their check digit. */
function checkDigitOf(digits: string): number {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, place) => total + Number(digit) * (WEIGHTS[place] ?? 0), 0);
  const rest = sum % 11;
  return rest < 2 ? rest : 11 - rest;
}

/** As it is kept, `900123456-8`; null when it is none, or its check digit is another. */
export function readNit(text: string): string | null {
  const [, written = "", checkDigit = ""] = NIT.exec(text) ?? [];
  const digits = written.replaceAll(".", "");
  if (digits === "" || digits.startsWith("0")) return null;
  return checkDigitOf(digits) === Number(checkDigit) ? `${digits}-${checkDigit}` : null;
}
