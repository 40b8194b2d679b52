/** CRC-32 (IEEE 802.3, reflected), as `E.CRC32` computes it. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** @param data bytes, or a string of one byte a character */
export function crc32(data: Uint8Array | string): number {
  let crc = 0xffffffff;
  if (typeof data === "string") {
    for (let i = 0; i < data.length; i++) crc = table[(crc ^ data.charCodeAt(i)) & 255]! ^ (crc >>> 8);
  } else {
    for (let i = 0; i < data.length; i++) crc = table[(crc ^ data[i]!) & 255]! ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
