// SHA-256, and ids derived from it.

/** Lower-case hexadecimal SHA-256 of bytes, or of a text's in UTF-8. */
export async function sha256Hex(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = new Uint8Array(
    await crypto.subtle.digest(
      "SHA-256",
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    ),
  );
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A UUID that is always the same for the same text (RFC 9562, version 8), so that a repeated request repeats its ids. */
export async function derivedId(text: string): Promise<string> {
  const hex = await sha256Hex(text);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
