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
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toBase64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Null when the text is not base64url, or not the spelling `toBase64url` gives: `atob` ignores the unused bits of the
 * last character, so without this check one token would have up to sixteen spellings.
 */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  return toBase64url(bytes) === text ? bytes : null;
}
