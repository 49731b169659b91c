// A ticket's QR, read back by a decoder that shares nothing with the encoder.

import fc from "fast-check";
import decodeQR from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { renderQrSvg } from "../../src/templates/qr-svg.ts";
import { rasterizeQr, readDrawing } from "../support/rasterize-qr.ts";

// The decoder's retries are limited by time unless told otherwise, which a slow machine must not turn into a failure.
const scan = (svg: string) => decodeQR(rasterizeQr(svg), { timeLimit: 60_000 });

const base64url = (length: number) =>
  fc.string({
    unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
    minLength: length,
    maxLength: length,
  });

describe("a ticket's QR", () => {
  it("is read as the very token it was drawn from", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(base64url(50), base64url(86), (payload, signature) => {
        const token = `W1.${payload}.${signature}`;
        expect(scan(renderQrSvg(token))).toBe(token);
      }),
      { numRuns: 60 },
    );
  });

  it(
    "is read at every length, also where other error correction levels of the library fail",
    { timeout: 60_000 },
    () => {
      const lengths = [...Array.from({ length: 40 }, (_, index) => 1 + index * 7), 192, 204, 217];
      for (const length of lengths) {
        const token = "W1.-_aZ9".repeat(60).slice(0, length);
        expect(scan(renderQrSvg(token)), `length ${length}`).toBe(token);
      }
    },
  );

  it("keeps four light modules on every side", () => {
    const { size, dark: drawn } = readDrawing(renderQrSvg("W1.token"));
    expect(Math.min(...drawn.map(({ column }) => column))).toBe(4);
    expect(Math.min(...drawn.map(({ row }) => row))).toBe(4);
    expect(Math.max(...drawn.map(({ column, length }) => column + length))).toBe(size - 4);
    expect(Math.max(...drawn.map(({ row }) => row + 1))).toBe(size - 4);
  });

  it("is small, sharp, and says in Spanish what it is to those who cannot see it", () => {
    const svg = renderQrSvg(`W1.${"a".repeat(50)}.${"b".repeat(86)}`);
    expect(svg.length).toBeLessThan(12_000);
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*shape-rendering="crispEdges"[^>]*><title>/,
    );
    expect(svg).toContain('role="img" lang="es"');
    expect(svg).toContain("<title>Código QR de tu boleta</title>");
    expect(svg).toMatch(/<desc>Muéstralo en la entrada/);
  });

  it("loads nothing, runs nothing and does not spell the token out", () => {
    const svg = renderQrSvg("W1.secret-token");
    expect(svg.replace("http://www.w3.org/2000/svg", "")).not.toMatch(
      /href|url\(|<script|on\w+=|https?:|secret-token/,
    );
  });
});

it.each(["", "año", "😀", "a\nb", "\u0000"])(
  "%o is no token: scanners would read something else",
  (token) => {
    expect(() => renderQrSvg(token)).toThrow(/ASCII/);
  },
);
