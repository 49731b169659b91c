/**
 * Reads the query string a shop sends to the Web Checkout and says, in Spanish and by name, everything
 * wrong with it (A2, A3). It may not look at past transactions: whether a reference is spent is asked
 * by the checkout itself.
 */
import { integritySignature } from "./signatures.ts";

export interface CheckoutRequest {
  reference: string;
  amountInCents: number;
  expirationTime: string | null;
  redirectUrl: string | null;
  customerEmail: string | null;
  customerData: Record<string, string> | null;
  shippingAddress: Record<string, string> | null;
  taxes: { type: string; amount_in_cents: number }[];
}

/** Problem texts by parameter name, in the order they were found. */
export type Problems = Record<string, string[]>;

export interface CheckoutKeys {
  publicKey: string;
  integritySecret: string;
}

// The official plugin refuses less than COP 1.500 (A6).
const MINIMUM_AMOUNT_IN_CENTS = 150_000;
const REFERENCE_LENGTH_MAX = 255;
const MANDATORY = ["public-key", "currency", "amount-in-cents", "reference", "signature:integrity"];
const CUSTOMER_FIELDS = [
  "full-name",
  "phone-number",
  "phone-number-prefix",
  "legal-id",
  "legal-id-type",
];
const LEGAL_ID_TYPES = ["CC", "CE", "NIT", "PP", "TI", "DNI", "RG", "OTHER"];
const ADDRESS_MANDATORY = ["address-line-1", "country", "city", "phone-number", "region"];
const ADDRESS_FIELDS = [...ADDRESS_MANDATORY, "address-line-2", "name", "postal-code"];
const TAXES = ["vat", "consumption"];
const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

type Checked = { request: CheckoutRequest } | { problems: Problems };

export function checkCheckoutRequest(query: URLSearchParams, keys: CheckoutKeys): Checked {
  const missing = MANDATORY.filter((name) => !query.get(name));
  if (missing.length > 0) {
    return {
      problems: Object.fromEntries(missing.map((name) => [name, ["Falta este parámetro."]])),
    };
  }
  const problems: Problems = {};
  for (const [name, text] of [
    ...mandatoryProblems(query, keys),
    ...expirationProblems(query.get("expiration-time")),
    ...optionalProblems(query),
  ]) {
    (problems[name] ??= []).push(text);
  }
  return Object.keys(problems).length > 0 ? { problems } : { request: read(query) };
}

type Problem = [name: string, text: string];

function mandatoryProblems(query: URLSearchParams, keys: CheckoutKeys): Problem[] {
  const text = (name: string): string => query.get(name) ?? "";
  const problems = [
    ...keyProblems(text("public-key"), keys),
    ...amountProblems(text("amount-in-cents")),
  ];
  if (text("currency") !== "COP") problems.push(["currency", "La única moneda aceptada es COP."]);
  if (text("reference").length > REFERENCE_LENGTH_MAX) {
    problems.push(["reference", "La referencia tiene más de 255 caracteres."]);
  }
  const signed = {
    reference: text("reference"),
    amountInCents: text("amount-in-cents"),
    currency: text("currency"),
    expirationTime: query.get("expiration-time"),
  };
  if (text("signature:integrity") !== integritySignature(signed, keys.integritySecret)) {
    problems.push(["signature:integrity", "La firma de integridad no corresponde a estos datos."]);
  }
  return problems;
}

function keyProblems(publicKey: string, keys: CheckoutKeys): Problem[] {
  if (publicKey === keys.publicKey) return [];
  return publicKey.startsWith("pub_prod_")
    ? [["public-key", "La llave proporcionada no corresponde a este ambiente."]]
    : [["public-key", "La llave pública no es de ningún comercio de este sandbox."]];
}

function amountProblems(amountInCents: string): Problem[] {
  if (!/^[1-9]\d{0,14}$/.test(amountInCents)) {
    return [["amount-in-cents", "Debe ser un entero positivo, en centavos."]];
  }
  return Number(amountInCents) < MINIMUM_AMOUNT_IN_CENTS
    ? [["amount-in-cents", "El monto mínimo es $ 1.500 COP (150000 centavos)."]]
    : [];
}

function expirationProblems(expirationTime: string | null): Problem[] {
  if (expirationTime === null) return [];
  const moment = ISO_UTC.test(expirationTime) ? Date.parse(expirationTime) : Number.NaN;
  if (Number.isNaN(moment)) {
    return [
      ["expiration-time", "Debe ser una fecha ISO 8601 en UTC, como 2023-06-09T20:28:50.000Z."],
    ];
  }
  return moment <= Date.now() ? [["expiration-time", "El tiempo para pagar ya venció."]] : [];
}

function optionalProblems(query: URLSearchParams): Problem[] {
  const problems: Problem[] = [];
  const together = (first: string, second: string): void => {
    if (query.has(first) !== query.has(second))
      problems.push([first, `Va siempre junto con ${second}.`]);
  };
  together("customer-data:phone-number", "customer-data:phone-number-prefix");
  together("customer-data:legal-id", "customer-data:legal-id-type");
  const legalIdType = query.get("customer-data:legal-id-type");
  if (legalIdType !== null && !LEGAL_ID_TYPES.includes(legalIdType)) {
    problems.push(["customer-data:legal-id-type", `Debe ser uno de ${LEGAL_ID_TYPES.join(", ")}.`]);
  }
  const redirectUrl = query.get("redirect-url");
  if (redirectUrl !== null && !/^https?:$/.test(URL.parse(redirectUrl)?.protocol ?? "")) {
    problems.push(["redirect-url", "Debe ser una dirección http o https completa."]);
  }
  return [...problems, ...addressProblems(query), ...taxProblems(query)];
}

function addressProblems(query: URLSearchParams): Problem[] {
  if (!ADDRESS_FIELDS.some((name) => query.has(`shipping-address:${name}`))) return [];
  return ADDRESS_MANDATORY.filter((name) => !query.get(`shipping-address:${name}`)).map((name) => [
    `shipping-address:${name}`,
    "Falta este parámetro de la dirección.",
  ]);
}

function taxProblems(query: URLSearchParams): Problem[] {
  return TAXES.filter((tax) => !/^\d{1,15}$/.test(query.get(`tax-in-cents:${tax}`) ?? "0")).map(
    (tax) => [`tax-in-cents:${tax}`, "Debe ser un entero, en centavos."],
  );
}

function read(query: URLSearchParams): CheckoutRequest {
  return {
    reference: query.get("reference") ?? "",
    amountInCents: Number(query.get("amount-in-cents")),
    expirationTime: query.get("expiration-time"),
    redirectUrl: query.get("redirect-url"),
    customerEmail: query.get("customer-data:email"),
    customerData: group(query, "customer-data", CUSTOMER_FIELDS),
    shippingAddress: group(query, "shipping-address", ADDRESS_FIELDS),
    // Informative: already inside the total, never added to it (A2).
    taxes: TAXES.filter((tax) => query.has(`tax-in-cents:${tax}`)).map((tax) => ({
      type: tax.toUpperCase(),
      amount_in_cents: Number(query.get(`tax-in-cents:${tax}`)),
    })),
  };
}

/** `customer-data:full-name` in the query becomes `full_name` in the transaction. */
function group(
  query: URLSearchParams,
  prefix: string,
  names: string[],
): Record<string, string> | null {
  const sent = names.flatMap((name): [string, string][] => {
    const value = query.get(`${prefix}:${name}`);
    return value === null ? [] : [[name.replaceAll("-", "_"), value]];
  });
  return sent.length > 0 ? Object.fromEntries(sent) : null;
}
