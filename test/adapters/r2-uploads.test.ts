// Presigned addresses for direct uploads, against Signature Version 4 written a second time.

import { expect, test } from "vitest";
import { createR2Uploads } from "../../src/adapters/r2-uploads.ts";
import { expectedQuerySignature } from "../support/signature-v4.ts";

const url = "https://account.r2.cloudflarestorage.com/media";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const uploads = createR2Uploads({ url, accessKeyId: "AKID", secretAccessKey });
const file = { contentType: "image/avif", sizeBytes: 12_345, seconds: 900 };

test("an upload's address is signed for one key, type and length, for a time", async () => {
  const upload = await uploads.allow("uploads/1b2c", file);
  const address = new URL(upload.url);
  expect(address.origin + address.pathname).toBe(`${url}/uploads/1b2c`);
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Expires": "900",
    "X-Amz-SignedHeaders": "content-length;content-type;host",
    "X-Amz-Credential": expect.stringMatching(/^AKID\/\d{8}\/auto\/s3\/aws4_request$/),
  });
  expect(upload.headers).toEqual({ "content-type": "image/avif", "content-length": "12345" });
  const signature = address.searchParams.get("X-Amz-Signature");
  const { headers } = upload;
  expect(signature).toBe(expectedQuerySignature("PUT", address, { headers, secretAccessKey }));
  // And for nothing else.
  const longer = { ...headers, "content-length": "12346" };
  expect(signature).not.toBe(
    expectedQuerySignature("PUT", address, { headers: longer, secretAccessKey }),
  );
  expect(signature).not.toBe(expectedQuerySignature("GET", address, { headers, secretAccessKey }));
});

test("neither the secret nor anything of the file but its kind is in it", async () => {
  const upload = await uploads.allow("uploads/1b2c", file);
  expect(JSON.stringify(upload)).not.toContain(secretAccessKey);
  expect(decodeURIComponent(upload.url)).not.toContain("wJalrX");
});
