// What the readers of image files share: what they answer, and bytes read with a check of the bounds. Knows no format.

/** Why a file is not taken. `metadata_unsafe`: where it was taken cannot be removed without a doubt. */
export type ImageFault = "truncated" | "malformed" | "animated" | "metadata_unsafe";

export interface Size {
  width: number;
  height: number;
}

/** A file without anything but its picture: the bytes to keep, in order. */
export interface ImageParts {
  /** As it is seen, after turning. */
  shown: Size;
  /** Every size a decoder would have to make room for. */
  sizes: readonly Size[];
  parts: readonly Uint8Array[];
}

/** Pieces a file may be made of. No real picture comes near; one that does is made to use up memory. */
export const PIECES_MAX = 20_000;

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function asciiOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Bytes as letters, one each. */
export function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  return textOf(bytes.subarray(at, at + text.length)) === text;
}

/** Reads numbers one after the other. Past the end it reads zeros and says so. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at: number;
  isPast = false;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  /** Big-endian, of up to eight bytes. */
  number(bytes: number): number {
    let value = 0;
    for (const byte of this.bytes(bytes)) value = value * 256 + byte;
    return value;
  }

  littleEndian(bytes: number): number {
    let value = 0;
    for (const byte of this.bytes(bytes).toReversed()) value = value * 256 + byte;
    return value;
  }

  text(bytes: number): string {
    return textOf(this.bytes(bytes));
  }

  bytes(length: number): Uint8Array {
    const found = this.#bytes.subarray(this.#at, this.#at + length);
    if (found.length < length) this.isPast = true;
    this.#at += length;
    return found;
  }
}

/** Big-endian, as PNG, AVIF and JPEG write numbers. */
export function numberBytes(value: number, bytes: number): Uint8Array {
  return Uint8Array.from(
    { length: bytes },
    (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) & 0xff,
  );
}

export function littleEndianBytes(value: number, bytes: number): Uint8Array {
  return numberBytes(value, bytes).toReversed();
}
