// The tokens of sign-in links: the same for the same link, and nothing that another secret or another use of it gives.

import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { createBuyerIds } from "../../src/adapters/buyer-ids.ts";
import { createMagicLinkTokens } from "../../src/adapters/magic-link-tokens.ts";

const secret = "a secret of thirty-two characters";
const linkId = "0b9f6a2e-6c0e-4d8b-9a51-6f2f7d1c9a10";
const tokens = createMagicLinkTokens({ secret });

test("a link's token has 256 bits and is always the same", async () => {
  const token = await tokens.of(linkId);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(await createMagicLinkTokens({ secret }).of(linkId)).toBe(token);
});

test("is that of no other link and of no other secret", async () => {
  const token = await tokens.of(linkId);
  expect(await tokens.of(linkId.replace("0", "1"))).not.toBe(token);
  expect(await createMagicLinkTokens({ secret: `${secret}.` }).of(linkId)).not.toBe(token);
});

test("is nothing that the secret gives for another purpose", async () => {
  const token = await tokens.of(linkId);
  // What a reservation token is signed over begins with R1; a MAC over the bare id is what a careless use would give.
  for (const text of [linkId, `R1.${linkId}`])
    expect(createHmac("sha256", secret).update(text).digest("base64url")).not.toBe(token);
  const document = { documentType: "CC", documentNumber: linkId } as const;
  const buyerId = await createBuyerIds({ secret }).of("magic-link", document);
  expect(token.startsWith(buyerId)).toBe(false);
});

test("an empty secret is refused", () => {
  expect(() => createMagicLinkTokens({ secret: "" })).toThrow(/empty/);
});
