// Reads a ticket's QR the way a scanner would: from the picture alone, with a decoder that is not the encoder's.

import decodeQR from "qr/decode.js";
import { rasterizeQr } from "../test/support/rasterize-qr.ts";

/** The text in the QR of this SVG. Throws when there is none to read. */
export function readQr(svg: string): string {
  return decodeQR(rasterizeQr(svg));
}
