// Turns the SVG of a QR into pixels by reading only its text: view box, and rectangles drawn as `M x y h w v 1 h -w z`.
// It may not import the code that drew it, so that a drawing mistake cannot agree with itself.

export interface Pixels {
  width: number;
  height: number;
  /** RGBA. */
  data: Uint8ClampedArray;
}

export function rasterizeQr(svg: string, pixelsPerModule = 4): Pixels {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const [background, dark] = [...svg.matchAll(/<path fill="#(fff|000)" d="([^"]*)"\/>/g)];
  if (background?.[1] !== "fff" || background[2] !== `M0 0h${size}v${size}H0z` || dark?.[1] !== "000") {
    throw new Error("not a dark code on a full light background");
  }
  const width = size * pixelsPerModule;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const { column, row, length } of rectangles(dark[2] ?? "")) {
    if (column + length > size || row >= size) throw new Error("drawn outside the view box");
    for (let y = row * pixelsPerModule; y < (row + 1) * pixelsPerModule; y += 1) {
      for (let x = column * pixelsPerModule; x < (column + length) * pixelsPerModule; x += 1) {
        data.set([0, 0, 0], (y * width + x) * 4);
      }
    }
  }
  return { width, height: width, data };
}

export function rectangles(path: string): { column: number; row: number; length: number }[] {
  const found = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)];
  if (found.map(([text]) => text).join("") !== path) throw new Error("the path holds something else than rectangles");
  return found.map(([, column, row, length]) => ({ column: Number(column), row: Number(row), length: Number(length) }));
}
