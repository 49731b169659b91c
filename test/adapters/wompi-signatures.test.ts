// Wompi's two signatures against every worked example we know (test/fixtures/vectors.json, most from Wompi's own
// documentation), and against what a forger would try. The PayU examples of that file are not covered yet.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  eventChecksum,
  isSignedByWompi,
  wompiEventSchema,
  type WompiEvent,
} from "../../src/adapters/wompi/event-checksum.ts";
import { integritySignature } from "../../src/adapters/wompi/integrity-signature.ts";
import allVectors from "../fixtures/vectors.json" with { type: "json" };

const vectors = z
  .array(
    z.object({
      provider: z.string(),
      kind: z.string(),
      secret: z.string(),
      inputs: z.record(z.string(), z.unknown()),
      expected: z.string(),
      recomputed_ok: z.boolean(),
    }),
  )
  .parse(allVectors)
  .filter(({ provider }) => provider === "wompi");

const ofKind = (pattern: RegExp) => vectors.filter(({ kind }) => pattern.test(kind));
const secret = "prod_events_OcHnIzeBl5socpwByQ4hA52Em3USQ93Z";
const rightChecksum = "5a18ec5e8fdb7df463e9f94774cba8f583ba21bd04a09ceff2ea68a4bc0aefbe";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** The event of Wompi's documentation, with the checksum it should have shown. */
function documentedEvent(changes: Partial<WompiEvent> = {}): WompiEvent {
  const [documented] = ofKind(/^event_checksum$/);
  const event = wompiEventSchema.parse(documented?.inputs);
  return { ...event, signature: { ...event.signature, checksum: rightChecksum }, ...changes };
}

/** Signed by whoever holds the secret, so that only the rule under test can refuse it. */
function signedEvent(
  data: unknown,
  properties: string[],
  values: string,
  event = "something.updated",
): WompiEvent {
  const checksum = sha256(`${values}1530291411${secret}`);
  return { event, data, timestamp: 1530291411, signature: { properties, checksum } };
}

const tampered = (changes: Record<string, unknown>) => {
  const data = z.object({ transaction: z.looseObject({}) }).parse(documentedEvent().data);
  return documentedEvent({ data: { transaction: { ...data.transaction, ...changes } } });
};

const isGenuine = (event: WompiEvent, header: string | null = null) =>
  isSignedByWompi(event, header, secret);

it("covers every Wompi example", () => {
  expect(vectors.map(({ kind }) => kind)).toEqual([
    "integrity_signature",
    "integrity_signature_with_expiration",
    "event_checksum",
    "event_checksum",
    "event_checksum_missing_property_as_empty",
    "event_checksum_nequi_token_shape_synthetic",
  ]);
});

describe("the integrity signature", () => {
  it.each(ofKind(/^integrity/))("agrees with the documented $kind", async (vector) => {
    const inputs = z
      .object({
        reference: z.string(),
        amount_in_cents: z.int(),
        currency: z.string(),
        expiration_time: z.string().nullable().default(null),
      })
      .parse(vector.inputs);
    const signed = {
      reference: inputs.reference,
      amountInCents: inputs.amount_in_cents,
      currency: inputs.currency,
      expirationTime: inputs.expiration_time,
    };
    expect(await integritySignature(signed, vector.secret)).toBe(vector.expected);
  });
});

describe("the checksum of an event", () => {
  it.each(ofKind(/^event_checksum(_nequi.*)?$/).filter((vector) => vector.recomputed_ok))(
    "agrees with $kind, $expected",
    async ({ inputs, secret: itsSecret, expected }) => {
      const bare = z.looseObject({ signature: z.looseObject({}) }).parse(inputs);
      const event = wompiEventSchema.parse({
        ...bare,
        signature: { ...bare.signature, checksum: expected },
      });
      expect(await eventChecksum(event, itsSecret)).toBe(expected.toLowerCase());
      expect(await isSignedByWompi(event, null, itsSecret)).toBe(true);
    },
  );

  it("refuses the digest Wompi's documentation prints, which is not of the text it prints", async () => {
    const [printed] = ofKind(/^event_checksum$/).filter((vector) => !vector.recomputed_ok);
    const event = wompiEventSchema.parse(printed?.inputs);
    expect(event.signature.checksum).toBe(
      "3476DDA50F64CD7CBD160689640506FEBEA93239BC524FC0469B2C68A3CC8BD0",
    );
    expect(await isGenuine(event)).toBe(false);
  });

  // One SDK takes a missing property for an empty text. Then whoever sends an event chooses which values count as signed,
  // so we refuse it although the digest fits: fail closed.
  it("refuses an event that lacks a property it says it signed, though the digest fits", async () => {
    const [vector] = ofKind(/missing_property/);
    const bare = z.looseObject({ signature: z.looseObject({}) }).parse(vector?.inputs);
    const signature = { ...bare.signature, checksum: vector?.expected };
    const event = wompiEventSchema.parse({ ...bare, event: "something.updated", signature });
    expect(sha256("APPROVED1530291411test_events_key")).toBe(vector?.expected);
    expect(await eventChecksum(event, "test_events_key")).toBeNull();
    expect(await isSignedByWompi(event, null, "test_events_key")).toBe(false);
  });

  it("is compared without regard to case, in the body and in the header", async () => {
    const upper = rightChecksum.toUpperCase();
    const signature = { ...documentedEvent().signature, checksum: upper };
    expect(await isGenuine(documentedEvent({ signature }), rightChecksum)).toBe(true);
    expect(await isGenuine(documentedEvent(), upper)).toBe(true);
  });

  it("takes the timestamp from the signature where an event has none of its own", async () => {
    const { signature, timestamp } = documentedEvent();
    const inside = { ...signature, timestamp };
    expect(await isGenuine(documentedEvent({ timestamp: null, signature: inside }))).toBe(true);
    expect(await isGenuine(documentedEvent({ timestamp: null }))).toBe(false);
  });

  it("takes the timestamp of the event before the one of the signature", async () => {
    const signature = { ...documentedEvent().signature, timestamp: 1 };
    expect(await isGenuine(documentedEvent({ signature }))).toBe(true);
  });
});

describe("a forger gets nowhere", () => {
  it.each([{ id: "1234-1610641025-49202" }, { status: "DECLINED" }, { amount_in_cents: 4490001 }])(
    "by changing %o",
    async (changes) => {
      expect(await isGenuine(tampered({}))).toBe(true);
      expect(await isGenuine(tampered(changes))).toBe(false);
    },
  );

  it("by changing the time, the secret or one character of the checksum", async () => {
    const signature = {
      ...documentedEvent().signature,
      checksum: `${rightChecksum.slice(0, -1)}f`,
    };
    expect(await isGenuine(documentedEvent({ timestamp: 1530291412 }))).toBe(false);
    expect(await isSignedByWompi(documentedEvent(), null, "prod_events_other")).toBe(false);
    expect(await isGenuine(documentedEvent({ signature }))).toBe(false);
  });

  it.each([
    ["shorter", rightChecksum.slice(0, 63)],
    ["longer", `${rightChecksum}0`],
    ["empty", ""],
  ])("with a checksum that is %s", async (_, checksum) => {
    expect(
      await isGenuine(documentedEvent({ signature: { ...documentedEvent().signature, checksum } })),
    ).toBe(false);
  });

  it("with a header that differs from the body, or is empty", async () => {
    expect(await isGenuine(documentedEvent(), rightChecksum.replace("5", "6"))).toBe(false);
    expect(await isGenuine(documentedEvent(), "")).toBe(false);
  });

  it("with no signed properties at all", async () => {
    expect(await isGenuine(signedEvent({}, [], ""))).toBe(false);
  });

  it.each(["transaction.id", "transaction.status", "transaction.amount_in_cents"])(
    "with a transaction whose %s is not signed",
    async (left) => {
      const transaction: Record<string, string> = {
        id: "1-2-3",
        status: "APPROVED",
        amount_in_cents: "5000",
      };
      const data = { transaction };
      const properties = ["transaction.id", "transaction.status", "transaction.amount_in_cents"];
      const values = (paths: string[]) =>
        paths.map((path) => transaction[path.split(".")[1] ?? ""]).join("");
      const some = properties.filter((path) => path !== left);
      const updated = "transaction.updated";
      expect(await isGenuine(signedEvent(data, properties, values(properties), updated))).toBe(
        true,
      );
      expect(await isGenuine(signedEvent(data, some, values(some), updated))).toBe(false);
    },
  );

  it.each([
    ["an object", { thing: {} }, "[object Object]"],
    ["a list", { thing: ["a"] }, "a"],
    ["null", { thing: null }, "null"],
    ["null, taken for empty", { thing: null }, ""],
  ])("with a property that is %s", async (_, data, values) => {
    expect(await isGenuine(signedEvent(data, ["thing"], values))).toBe(false);
  });

  it.each([
    "constructor.name",
    "__proto__.constructor.name",
    "toString.name",
    "text.length",
    "text.constructor.name",
  ])("with %s, which no event carries", async (path) => {
    const data = { text: "four" };
    const values = { "text.length": "4", "toString.name": "toString" }[path] ?? "Object";
    expect(await isGenuine(signedEvent(data, [path], values))).toBe(false);
  });

  it("with a value that is only inherited", async () => {
    const data: unknown = Object.create({ inherited: "value" });
    expect(await isGenuine(signedEvent({ inherited: "value" }, ["inherited"], "value"))).toBe(true);
    expect(await isGenuine(signedEvent(data, ["inherited"], "value"))).toBe(false);
  });

  it("with an own __proto__, which is read as the plain name it is in JSON", async () => {
    const data: unknown = JSON.parse('{"__proto__": {"name": "plain"}}');
    expect(await isGenuine(signedEvent(data, ["__proto__.name"], "plain"))).toBe(true);
    expect(await isGenuine(signedEvent(data, ["__proto__.constructor.name"], "Object"))).toBe(
      false,
    );
  });
});
