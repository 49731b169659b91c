/**
 * The payment methods the sandbox can pretend to be paid with, and what Wompi shows of each. Never a real
 * card or phone: the numbers are the ones Wompi publishes for its sandbox (A6).
 */
export const METHODS = ["CARD", "NEQUI", "PSE"] as const;
export type Method = (typeof METHODS)[number];

export interface PaymentMethod {
  type: Method;
  extra: Record<string, string>;
  installments: number | null;
}

const EXTRAS: Readonly<Record<Method, Record<string, string>>> = {
  CARD: { name: "VISA-4242", brand: "VISA", last_four: "4242", card_type: "CREDIT" },
  NEQUI: { phone_number: "3991111111" },
  PSE: { financial_institution_code: "1", user_type: "PERSON" },
};

export const paymentMethod = (type: Method): PaymentMethod => ({
  type,
  extra: { ...EXTRAS[type] },
  installments: type === "CARD" ? 1 : null,
});
