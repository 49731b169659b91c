// base64url without padding (RFC 4648, section 5), and the plain base64 it is made from. Written here because Node 24,
// where the tests run, lacks Uint8Array.prototype.toBase64. Reads only the one canonical spelling of given bytes.

/** Standard base64, padded, of any number of bytes. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The bytes of standard base64. Throws on text that is not. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

export function toBase64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The last characters a canonical text can end with when it stands for one byte, or two, beyond groups of three. */
const LAST_OF_ONE_BYTE = /[AQgw]$/;
const LAST_OF_TWO_BYTES = /[AEIMQUYcgkosw048]$/;

/**
 * Null when the text is not base64url, or not the spelling `toBase64url` gives: `atob` ignores the unused bits of the
 * last character, so without this check one token would have up to sixteen spellings.
 */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  const beyond = text.length % 4;
  if (!/^[\w-]*$/.test(text) || beyond === 1) return null;
  if (beyond === 2 && !LAST_OF_ONE_BYTE.test(text)) return null;
  if (beyond === 3 && !LAST_OF_TWO_BYTES.test(text)) return null;
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
}
