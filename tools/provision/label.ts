/** A label for a device: its id as a QR code and in words, as SVG. It holds no secret. */
import { encode } from "uqr";

const MODULE_MM = 0.6;
const TEXT_MM = 4;

/** @param mac printed small under the id, where it is known */
export function labelSvg(id: string, mac?: string): string {
  const { data, size } = encode(id, { ecc: "M", border: 4 });
  const dots = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  const width = size * MODULE_MM;
  const height = width + TEXT_MM * (mac ? 2 : 1);
  const text = (content: string, y: number, mm: number): string =>
    `<text x="${(width / 2).toFixed(1)}" y="${y.toFixed(1)}" font-size="${mm}" font-family="monospace" text-anchor="middle" textLength="${Math.min(width, content.length * mm * 0.6).toFixed(1)}">${escape(content)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width.toFixed(1)}mm" height="${height.toFixed(1)}mm" viewBox="0 0 ${width.toFixed(1)} ${height.toFixed(1)}">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<path transform="scale(${MODULE_MM})" d="${dots}"/>`,
    text(id, width + TEXT_MM * 0.6, 3),
    ...(mac ? [text(mac, width + TEXT_MM * 1.5, 2)] : []),
    "</svg>\n",
  ].join("\n");
}

const escape = (text: string): string => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
