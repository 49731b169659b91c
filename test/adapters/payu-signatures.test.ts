// PayU's published signatures, one test a vector; the one that is wrong in PayU's own documents is a negative.

import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type PayuDigest,
  isPayuConfirmation,
  payuConfirmationSign,
  payuFormSignature,
  payuResponseSignature,
} from "../../src/adapters/payu/signatures.ts";
import vectors from "../fixtures/vectors.json" with { type: "json" };

const vectorShape = z.object({
  kind: z.string(),
  algorithm: z.enum(["md5", "sha1", "sha256", "hmac-sha256"]),
  secret: z.string(),
  hmac_key: z.string().optional(),
  inputs: z.record(z.string(), z.string()),
  expected: z.string(),
  recomputed_ok: z.boolean(),
});

const payuVectors = z
  .array(vectorShape)
  .parse(vectors.filter((vector) => vector.provider === "payu"));

function digestOf(vector: z.infer<typeof vectorShape>): PayuDigest {
  const { algorithm, hmac_key: key } = vector;
  if (algorithm !== "hmac-sha256") return { algorithm };
  if (key === undefined) throw new Error("an HMAC vector without a key");
  return { algorithm, key };
}

function signatureOf(vector: z.infer<typeof vectorShape>): string {
  const { kind, secret: apiKey, inputs } = vector;
  const field = (name: string): string => {
    const value = inputs[name];
    if (value === undefined) throw new Error(`a vector without ${name}`);
    return value;
  };
  const currency = field("currency");
  switch (kind) {
    case "webcheckout_form_signature":
      return payuFormSignature(digestOf(vector), {
        apiKey,
        currency,
        merchantId: field("merchantId"),
        referenceCode: field("referenceCode"),
        amount: field("amount"),
      });
    case "confirmation_sign":
      return payuConfirmationSign(digestOf(vector), {
        apiKey,
        currency,
        merchantId: field("merchant_id"),
        referenceSale: field("reference_sale"),
        value: field("value"),
        statePol: field("state_pol"),
      });
    case "response_url_signature":
      return payuResponseSignature(digestOf(vector), {
        apiKey,
        currency,
        merchantId: field("merchantId"),
        referenceCode: field("referenceCode"),
        txValue: field("TX_VALUE"),
        transactionState: field("transactionState"),
      });
    default:
      throw new Error(`no such signature: ${kind}`);
  }
}

describe("PayU's published signatures", () => {
  expect(payuVectors.length).toBeGreaterThan(10);
  const named = payuVectors.map((vector): [string, z.infer<typeof vectorShape>] => [
    `${vector.kind} ${vector.algorithm} of ${Object.values(vector.inputs).join(" ")}`,
    vector,
  ]);
  it.each(named.filter(([, vector]) => vector.recomputed_ok))("%s is as printed", (_, vector) => {
    expect(signatureOf(vector)).toBe(vector.expected);
  });
  it.each(named.filter(([, vector]) => !vector.recomputed_ok))(
    "%s is not what a document prints by mistake",
    (_, vector) => {
      expect(signatureOf(vector)).not.toBe(vector.expected);
    },
  );
});

describe("a confirmation", () => {
  const digest: PayuDigest = { algorithm: "md5" };
  const confirmation = {
    apiKey: "4Vj8eK4rloUd272L48hsrarnUA",
    merchantId: "508029",
    referenceSale: "TestPayU04",
    value: "150.00",
    currency: "USD",
    statePol: "4",
  };
  const sign = "b607a2c2fa100e0947b206d41864fb86";

  it("is PayU's with the right sign, in either case", () => {
    expect(isPayuConfirmation(digest, confirmation, sign)).toBe(true);
    expect(isPayuConfirmation(digest, confirmation, sign.toUpperCase())).toBe(true);
  });

  it.each([
    ["another state", { ...confirmation, statePol: "6" }],
    ["another amount", { ...confirmation, value: "150.01" }],
    ["another reference", { ...confirmation, referenceSale: "TestPayU05" }],
    ["another merchant", { ...confirmation, merchantId: "508030" }],
  ])("is not PayU's with %s", (_, forged) => {
    expect(isPayuConfirmation(digest, forged, sign)).toBe(false);
  });

  it("is not PayU's with a sign of another length", () => {
    expect(isPayuConfirmation(digest, confirmation, "")).toBe(false);
    expect(isPayuConfirmation(digest, confirmation, `${sign}0`)).toBe(false);
  });
});
