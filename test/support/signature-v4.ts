// AWS Signature Version 4, written a second time with node:crypto, to check what the product signed. It may not use
// aws4fetch. Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import { createHash, createHmac } from "node:crypto";
import type { RecordedRequest } from "./http-server.ts";

const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
const hmac = (key: string | Buffer, text: string) =>
  createHmac("sha256", key).update(text, "utf8").digest();

/** What the request's Authorization header should be. Its path must need no encoding, and it must have no query. */
export function expectedAuthorization(
  request: RecordedRequest,
  credentials: { accessKeyId: string; secretAccessKey: string; region: string; service: string },
): string {
  const { accessKeyId, secretAccessKey, region, service } = credentials;
  const signedHeaders =
    /SignedHeaders=([^,]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const canonicalRequest = [
    request.method,
    request.path,
    "",
    ...signedHeaders.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}`),
    "",
    signedHeaders,
    sha256(request.body),
  ].join("\n");
  const moment = String(request.headers["x-amz-date"]);
  const scope = [moment.slice(0, 8), region, service, "aws4_request"];
  const stringToSign = ["AWS4-HMAC-SHA256", moment, scope.join("/"), sha256(canonicalRequest)].join(
    "\n",
  );
  const signature = signed(secretAccessKey, scope, stringToSign);
  const credential = `${accessKeyId}/${scope.join("/")}`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

/** What X-Amz-Signature of a presigned address should be, for whoever sends these headers. */
export function expectedQuerySignature(
  method: string,
  address: URL,
  { headers, secretAccessKey }: { headers: Record<string, string>; secretAccessKey: string },
): string {
  const parameters = [...address.searchParams].filter(([name]) => name !== "X-Amz-Signature");
  const names = (address.searchParams.get("X-Amz-SignedHeaders") ?? "").split(";");
  const all = new Map(Object.entries({ ...headers, host: address.host }));
  const canonicalRequest = [
    method,
    address.pathname,
    parameters
      .map((pair) => pair.map(encodeURIComponent).join("="))
      .toSorted()
      .join("&"),
    ...names.map((name) => `${name}:${all.get(name)}`),
    "",
    names.join(";"),
    "UNSIGNED-PAYLOAD",
  ].join("\n");
  const moment = address.searchParams.get("X-Amz-Date") ?? "";
  const scope = (address.searchParams.get("X-Amz-Credential") ?? "").split("/").slice(1);
  const stringToSign = ["AWS4-HMAC-SHA256", moment, scope.join("/"), sha256(canonicalRequest)];
  return signed(secretAccessKey, scope, stringToSign.join("\n"));
}

function signed(secretAccessKey: string, scope: readonly string[], stringToSign: string): string {
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, stringToSign).toString("hex");
}
