// Turns the SVG of a QR into pixels by reading only its text: view box, and rectangles drawn as `M x y h w v 1 h -w z`.
// It may not import the code that drew it, so that a drawing mistake cannot agree with itself.

export interface Pixels {
  width: number;
  height: number;
  /** RGBA. */
  data: Uint8ClampedArray;
}

export interface Rectangle {
  column: number;
  row: number;
  /** In modules; every rectangle is one module high. */
  length: number;
}

const drawing =
  /viewBox="0 0 (\d+) \1".*<path fill="#fff" d="M0 0h\1v\1H0z"\/><path fill="#000" d="([^"]*)"\/><\/svg>$/s;

/** Throws unless the SVG is a light background over the whole view box and one dark path upon it. */
export function rasterizeQr(svg: string, pixelsPerModule = 4): Pixels {
  const { size, dark } = readDrawing(svg);
  const width = size * pixelsPerModule;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const { column, row, length } of dark) {
    for (let y = row * pixelsPerModule; y < (row + 1) * pixelsPerModule; y += 1) {
      for (let x = column * pixelsPerModule; x < (column + length) * pixelsPerModule; x += 1) {
        data.set([0, 0, 0], (y * width + x) * 4);
      }
    }
  }
  return { width, height: width, data };
}

/** The side of the view box in modules, and the dark rectangles. */
export function readDrawing(svg: string): { size: number; dark: Rectangle[] } {
  const [, size, path] = drawing.exec(svg) ?? [];
  if (size === undefined || path === undefined)
    throw new Error("not a dark code on a full light background");
  const found = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)];
  if (found.map(([text]) => text).join("") !== path)
    throw new Error("the path holds something else than rectangles");
  const dark = found.map(([, column, row, length]) => ({
    column: Number(column),
    row: Number(row),
    length: Number(length),
  }));
  const isInside = dark.every(
    ({ column, row, length }) => column + length <= Number(size) && row < Number(size),
  );
  if (!isInside) throw new Error("drawn outside the view box");
  return { size: Number(size), dark };
}
