// Reservation tokens: what is signed comes back until it expires, and a forged one never does.

import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReservationTokens } from "../../src/adapters/reservation-tokens.ts";
import type { ReservationClaims } from "../../src/ports/tokens.ts";

const secret = "a secret of more than thirty-two characters";
const tokens = createReservationTokens({ secret });
const claims: ReservationClaims = {
  reservationId: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
  profileId: "11111111-2222-4333-8444-555555555555",
  eventId: "22222222-2222-4333-8444-555555555555",
  areaIds: ["33333333-2222-4333-8444-555555555555"],
  poolIds: [],
  expiresAtMs: 1_000_000,
};
const anyClaims = fc.record({
  reservationId: fc.uuid(),
  profileId: fc.uuid(),
  eventId: fc.uuid(),
  areaIds: fc.array(fc.uuid(), { maxLength: 5 }),
  poolIds: fc.array(fc.uuid(), { maxLength: 2 }),
  expiresAtMs: fc.integer({ min: 1, max: 8_640_000_000_000_000 }),
});

/** A token around any text, with a good MAC: only the text's own rules can refuse it. */
function signedAround(text: string): string {
  const signed = `R1.${Buffer.from(text).toString("base64url")}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

describe("a reservation token", () => {
  it("gives back its claims while it lasts", async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, async (some) => {
        const token = await tokens.sign(some);
        expect(token).toMatch(/^R1\.[\w-]+\.[\w-]{43}$/);
        expect(await tokens.verify(token, some.expiresAtMs - 1)).toEqual(some);
      }),
    );
  });

  it("expires at its expiry, not after it", async () => {
    const token = await tokens.sign(claims);
    expect(await tokens.verify(token, 999_999)).toEqual(claims);
    expect(await tokens.verify(token, 1_000_000)).toBe("expired");
    expect(await tokens.verify(token, 1_000_001)).toBe("expired");
  });

  it("is understood by everyone who has the secret", async () => {
    const token = await tokens.sign(claims);
    expect(await createReservationTokens({ secret }).verify(token, 0)).toEqual(claims);
  });
});

describe("a forged reservation token", () => {
  it("is any with a single changed character", async () => {
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    await fc.assert(
      fc.asyncProperty(
        anyClaims,
        fc.nat(),
        fc.constantFrom(...printable),
        async (some, where, character) => {
          const token = await tokens.sign(some);
          const place = where % token.length;
          fc.pre(token[place] !== character);
          expect(
            await tokens.verify(token.slice(0, place) + character + token.slice(place + 1), 0),
          ).toBe("forged");
        },
      ),
    );
  });

  it("is any whose last character is spelled differently", async () => {
    const token = await tokens.sign(claims);
    for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
      if (token.endsWith(character)) continue;
      expect(await tokens.verify(token.slice(0, -1) + character, 0)).toBe("forged");
    }
  });

  it("is any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (text) => {
        expect(await tokens.verify(text, 0)).toBe("forged");
      }),
    );
  });

  it("is one signed with another secret", async () => {
    const token = await createReservationTokens({ secret: `${secret}!` }).sign(claims);
    expect(await tokens.verify(token, 0)).toBe("forged");
  });

  it("is called forged even when it would have expired too", async () => {
    const token = await tokens.sign(claims);
    expect(await tokens.verify(`${token.slice(0, -3)}AAA`, 2_000_000)).toBe("forged");
  });

  it.each([
    "null",
    "[]",
    "{}",
    '{"r":"a","p":"b","e":"c","a":"d","x":9}',
    '{"r":1,"p":"b","e":"c","a":[],"x":9}',
    "{",
  ])("is one we signed around %s", async (text) => {
    expect(
      await tokens.verify(signedAround('{"r":"a","p":"b","e":"c","a":[],"x":9}'), 0),
    ).toMatchObject({
      eventId: "c",
    });
    expect(await tokens.verify(signedAround(text), 0)).toBe("forged");
  });
});

it("an empty secret, with which anybody could sign, is refused", () => {
  expect(() => createReservationTokens({ secret: "" })).toThrow(
    "the reservation token secret is empty",
  );
});
