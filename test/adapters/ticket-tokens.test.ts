// Ticket tokens: what is signed comes back, and nothing else does.

import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTicketTokens } from "../../src/adapters/ticket-tokens.ts";
import type { TicketClaims } from "../../src/ports/tokens.ts";

// The private key of RFC 8032, section 7.1, test 1, in PKCS #8; its public key is printed there.
const signingKey = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
const publicKeyHex = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const tokens = createTicketTokens({ signingKey });
const otherKey = () =>
  generateKeyPairSync("ed25519")
    .privateKey.export({ format: "der", type: "pkcs8" })
    .toString("base64");

const claims: TicketClaims = {
  reservationUnitId: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
  areaId: "11111111-2222-4333-8444-555555555555",
  serial: 3,
};
const anyClaims = fc.record({
  reservationUnitId: fc.uuid(),
  areaId: fc.uuid(),
  serial: fc.integer({ min: 0, max: 0xffff_ffff }),
});
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/** A token around any payload, signed with the real key: only the payload's own rules can refuse it. */
function signedAround(payload: Uint8Array, prefix = "W1."): string {
  const text = `${prefix}${Buffer.from(payload).toString("base64url")}`;
  const key = { key: Buffer.from(signingKey, "base64"), format: "der", type: "pkcs8" } as const;
  return `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
}

describe("a ticket token", () => {
  it("gives back its claims, and is always the same for the same ticket", async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, async (some) => {
        const token = await tokens.sign(some);
        expect(await tokens.verify(token)).toEqual(some);
        expect(await createTicketTokens({ signingKey }).sign(some)).toBe(token);
      }),
    );
  });

  it("is short and safe in an address and in a QR", async () => {
    expect(await tokens.sign(claims)).toMatch(/^W1\.[\w-]{50}\.[\w-]{86}$/);
  });

  it("has the layout scanners are told, byte by byte", async () => {
    const [, payload, signature] = (await tokens.sign(claims)).split(".");
    const hex = [
      "01",
      "0190a1b2c3d47e5f8a9b0c1d2e3f4a5b",
      "11111111222243338444555555555555",
      "00000003",
    ].join("");
    expect(Buffer.from(payload ?? "", "base64url").toString("hex")).toBe(hex);
    // Checked as a scanner would: with the public key alone, by another implementation.
    const x = await tokens.publicKey();
    expect(Buffer.from(x, "base64url").toString("hex")).toBe(publicKeyHex);
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    expect(
      verify(null, Buffer.from(`W1.${payload}`), key, Buffer.from(signature ?? "", "base64url")),
    ).toBe(true);
  });
});

describe("what is not one of our tokens", () => {
  it("any single changed character, at every place", async () => {
    const token = await tokens.sign(claims);
    const others = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ñ"];
    for (let place = 0; place < token.length; place += 1) {
      const wrong = others.filter((character) => character !== token[place]);
      const results = wrong.map((character) =>
        tokens.verify(token.slice(0, place) + character + token.slice(place + 1)),
      );
      expect(new Set(await Promise.all(results)), `place ${place}`).toEqual(new Set([null]));
    }
  });

  it("any single changed character, of any ticket", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyClaims,
        fc.nat(),
        fc.constantFrom(...ascii),
        async (some, where, character) => {
          const token = await tokens.sign(some);
          const place = where % token.length;
          fc.pre(token[place] !== character);
          expect(
            await tokens.verify(token.slice(0, place) + character + token.slice(place + 1)),
          ).toBeNull();
        },
      ),
    );
  });

  it("any text at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (text) => {
        expect(await tokens.verify(text)).toBeNull();
      }),
    );
  });

  it("one cut short, lengthened or surrounded by space", async () => {
    const token = await tokens.sign(claims);
    for (const text of [
      token.slice(0, -1),
      `${token}A`,
      ` ${token}`,
      `${token}\n`,
      `${token}=`,
      token.slice(3),
    ]) {
      expect(await tokens.verify(text)).toBeNull();
    }
  });

  it("one signed by another key", async () => {
    expect(
      await tokens.verify(await createTicketTokens({ signingKey: otherKey() }).sign(claims)),
    ).toBeNull();
  });

  it("the parts of two good ones, exchanged", async () => {
    const [first, second] = [
      await tokens.sign(claims),
      await tokens.sign({ ...claims, serial: 4 }),
    ];
    const exchanged = [...first.split(".").slice(0, 2), second.split(".")[2]].join(".");
    expect(await tokens.verify(exchanged)).toBeNull();
  });

  it("one we signed with another version, length or prefix", async () => {
    const payload = Buffer.concat([Buffer.from([1]), Buffer.alloc(36, 7)]);
    expect(await tokens.verify(signedAround(payload))).toMatchObject({ serial: 0x07070707 });
    expect(
      await tokens.verify(signedAround(Buffer.concat([Buffer.from([2]), payload.subarray(1)]))),
    ).toBeNull();
    expect(await tokens.verify(signedAround(payload.subarray(0, 36)))).toBeNull();
    expect(
      await tokens.verify(signedAround(Buffer.concat([payload, Buffer.from([0])]))),
    ).toBeNull();
    expect(await tokens.verify(signedAround(payload, "W2."))).toBeNull();
  });

  it("another spelling of the same bytes, even with a signature over it", async () => {
    const canonical = Buffer.concat([Buffer.from([1]), Buffer.alloc(36)]).toString("base64url");
    const spelling = `${canonical.slice(0, -1)}B`;
    expect(Buffer.from(spelling, "base64url")).toEqual(Buffer.from(canonical, "base64url"));
    const key = { key: Buffer.from(signingKey, "base64"), format: "der", type: "pkcs8" } as const;
    const signature = sign(null, Buffer.from(`W1.${spelling}`), key).toString("base64url");
    expect(await tokens.verify(`W1.${spelling}.${signature}`)).toBeNull();
  });
});

describe("claims that fit no token are bugs", () => {
  it.each([-1, 1.5, 2 ** 32, Number.NaN])("a serial of %d", async (serial) => {
    await expect(tokens.sign({ ...claims, serial })).rejects.toThrow(/serial/);
  });

  it.each(["", "not-a-uuid", claims.areaId.slice(1), claims.reservationUnitId.toUpperCase()])(
    "an id of %o",
    async (id) => {
      await expect(tokens.sign({ ...claims, reservationUnitId: id })).rejects.toThrow(/UUID/);
    },
  );
});

it("a key that is no Ed25519 key is found at the first use", async () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const wrong = rsa.export({ format: "der", type: "pkcs8" }).toString("base64");
  for (const key of [wrong, "", "AAAA", "no base64!"]) {
    await expect(createTicketTokens({ signingKey: key }).sign(claims)).rejects.toThrow(
      /not an Ed25519 key/,
    );
  }
});
