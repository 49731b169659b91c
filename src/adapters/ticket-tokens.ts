// Ticket tokens: what a ticket's QR says, signed with Ed25519 so that scanners can check it offline with the public key.
// It may not know whether a ticket is still good: the area's object decides admission.
//
//   W1.<payload>.<signature>   140 ASCII characters, base64url
//   payload    1 byte 0x01 · 16 bytes reservation unit id · 16 bytes area id · 4 bytes serial, big-endian
//   signature  Ed25519 over the ASCII characters `W1.<payload>`

import * as z from "zod";
import type { TicketClaims, TicketTokens } from "../ports/tokens.ts";
import { fromBase64, fromBase64url, toBase64url } from "../shared/base64url.ts";
import { isSameText } from "../shared/constant-time.ts";

export interface SignedTicketTokens extends TicketTokens {
  /** What a scanner needs to check tickets offline: 32 raw bytes, base64url. */
  publicKey(): Promise<string>;
}

const payloadVersion = 1;
const payloadLengthBytes = 37;
const tokenPattern = /^(W1\.([\w-]{50}))\.([\w-]{86})$/;
const serialMax = 0xffff_ffff;
const publicJwkSchema = z.object({ x: z.string() });

/** `signingKey`: PKCS #8, base64. A key that is not Ed25519 makes every call throw, `verify` included. */
export function createTicketTokens(settings: { signingKey: string }): SignedTicketTokens {
  let memoized: ReturnType<typeof importKeys> | undefined;
  const keys = () => (memoized ??= importKeys(settings.signingKey));

  return {
    async sign(claims) {
      const { privateKey } = await keys();
      const signed = `W1.${toBase64url(encodeClaims(claims))}`;
      return `${signed}.${await signatureOf(signed, privateKey)}`;
    },

    // By signing again: Ed25519 gives one signature per key and message (RFC 8032, section 5.1.6), so a ticket has one token,
    // and signing takes a third of the time of verifying. Only canonical base64url is read.
    async verify(token) {
      const { privateKey } = await keys();
      const [, signed, payloadText, signature] = tokenPattern.exec(token) ?? [];
      if (signed === undefined || payloadText === undefined || signature === undefined) return null;
      const payload = fromBase64url(payloadText);
      if (payload?.length !== payloadLengthBytes || payload[0] !== payloadVersion) return null;
      return isSameText(await signatureOf(signed, privateKey), signature)
        ? decodeClaims(payload)
        : null;
    },

    async publicKey() {
      return (await keys()).publicKey;
    },
  };
}

type PrivateKey = Awaited<ReturnType<typeof importPrivateKey>>;

async function signatureOf(text: string, privateKey: PrivateKey): Promise<string> {
  const signature = await crypto.subtle.sign("Ed25519", privateKey, new TextEncoder().encode(text));
  return toBase64url(new Uint8Array(signature));
}

/** WebCrypto gives no public key for a private one, but the private key's JWK carries it as `x` (RFC 8037, section 2). */
async function importKeys(signingKey: string) {
  const privateKey = await importPrivateKey(signingKey);
  const { x } = publicJwkSchema.parse(await crypto.subtle.exportKey("jwk", privateKey));
  return { privateKey, publicKey: x };
}

async function importPrivateKey(signingKey: string) {
  try {
    return await crypto.subtle.importKey("pkcs8", fromBase64(signingKey), "Ed25519", true, [
      "sign",
    ]);
  } catch (error) {
    throw new Error("the ticket signing key is not an Ed25519 key in PKCS #8, base64", {
      cause: error,
    });
  }
}

/** Throws on claims that fit no token: those are bugs, not input. */
function encodeClaims({ reservationUnitId, areaId, serial }: TicketClaims): Uint8Array {
  if (!Number.isInteger(serial) || serial < 0 || serial > serialMax)
    throw new Error(`not a ticket serial: ${serial}`);
  const payload = new Uint8Array(payloadLengthBytes);
  payload[0] = payloadVersion;
  payload.set(uuidToBytes(reservationUnitId), 1);
  payload.set(uuidToBytes(areaId), 17);
  new DataView(payload.buffer).setUint32(33, serial);
  return payload;
}

function decodeClaims(payload: Uint8Array<ArrayBuffer>): TicketClaims {
  return {
    reservationUnitId: bytesToUuid(payload.subarray(1, 17)),
    areaId: bytesToUuid(payload.subarray(17, 33)),
    serial: new DataView(payload.buffer).getUint32(33),
  };
}

function uuidToBytes(uuid: string): Uint8Array {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid))
    throw new Error(`not a lower-case UUID: ${uuid}`);
  const pairs = uuid.replaceAll("-", "").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function bytesToUuid(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += hexOfByte[byte] ?? "";
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
