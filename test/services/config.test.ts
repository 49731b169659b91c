// Settings that only make sense together.

import { generateKeyPairSync } from "node:crypto";
import { describe, expect, inject, test } from "vitest";
import { parseConfig } from "../../src/config.ts";

const settings = {
  DATABASE_LOCATION_HINT: "enam",
  HOLD_SECONDS: "600",
  PAYMENT_WINDOW_SECONDS: "900",
  ...inject("workerVariables"),
};
const uploads = {
  R2_UPLOAD_URL: "https://account.r2.cloudflarestorage.com/media/",
  R2_ACCESS_KEY_ID: "id-of-the-key",
  R2_SECRET_ACCESS_KEY: "secret-of-the-key",
};

describe("direct uploads", () => {
  test("are on with an address and both keys", () => {
    expect(parseConfig({ ...settings, ...uploads }).uploads).toEqual({
      url: "https://account.r2.cloudflarestorage.com/media",
      accessKeyId: "id-of-the-key",
      secretAccessKey: "secret-of-the-key",
    });
  });

  test("are off without all three", () => {
    const none = { R2_UPLOAD_URL: "", R2_ACCESS_KEY_ID: "", R2_SECRET_ACCESS_KEY: undefined };
    expect(parseConfig({ ...settings, ...none }).uploads).toBeNull();
  });

  test.each(Object.keys(uploads))("half set up are an error that names %s and no value", (name) => {
    const half = { ...settings, ...uploads, [name]: "" };
    expect(() => parseConfig(half)).toThrow(name);
    expect(() => parseConfig(half)).not.toThrow(/of-the-key/);
  });
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
test.each([
  ["no key", "zzz"],
  ["nothing", ""],
  ["a key of another kind", rsa.export({ format: "der", type: "pkcs8" }).toString("base64")],
])("a ticket signing key that is %s is said by name and not shown", (_what, key) => {
  const wrong = { ...settings, TICKET_SIGNING_KEY: key };
  expect(() => parseConfig(wrong)).toThrow(/TICKET_SIGNING_KEY.*Ed25519/);
  expect(() => parseConfig(wrong)).not.toThrow(key === "" ? "undefined" : key);
});

test("images are resized only where that is said", () => {
  expect(parseConfig({ ...settings, IMAGE_RESIZING: "on" }).resizesImages).toBe(true);
  expect(parseConfig({ ...settings, IMAGE_RESIZING: undefined }).resizesImages).toBe(false);
  expect(() => parseConfig({ ...settings, IMAGE_RESIZING: "yes" })).toThrow("IMAGE_RESIZING");
});
