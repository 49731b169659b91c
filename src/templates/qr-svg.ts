// A ticket's QR as a stand-alone SVG. It may not know what the token means.

import QRCode from "qrcode-svg";

/** ISO/IEC 18004 asks for four light modules on every side. */
const quietZoneModules = 4;

/**
 * Throws when the token is empty or not printable ASCII: qrcode-svg writes other characters in a way scanners misread.
 * One module is one unit of the view box, and each run of dark modules one piece of the path: a tenth of the library's
 * own drawing.
 */
export function renderQrSvg(token: string): string {
  if (!/^[\x20-\x7e]+$/.test(token)) throw new Error("a QR token is printable ASCII");
  // Never H: the library fails on 192 to 217 bytes there.
  const { qrcode } = new QRCode({ content: token, ecl: "M" });
  const moduleCount = qrcode.getModuleCount();
  const size = moduleCount + 2 * quietZoneModules;
  const path = Array.from({ length: moduleCount }, (_, row) => rowPath(qrcode, row)).join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img" lang="es" shape-rendering="crispEdges">`,
    "<title>Código QR de tu boleta</title>",
    "<desc>Muéstralo en la entrada del evento para que lo escaneen. Admite un solo ingreso.</desc>",
    // Drawn, not left transparent, so that the code can be read on a dark page.
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/>`,
    `<path fill="#000" d="${path}"/>`,
    "</svg>",
  ].join("");
}

function rowPath(qrcode: QRCode.Model, row: number): string {
  let path = "";
  let column = 0;
  while (column < qrcode.getModuleCount()) {
    const start = column;
    while (column < qrcode.getModuleCount() && qrcode.isDark(row, column)) column += 1;
    const length = column - start;
    if (length > 0)
      path += `M${start + quietZoneModules} ${row + quietZoneModules}h${length}v1h-${length}z`;
    else column += 1;
  }
  return path;
}
