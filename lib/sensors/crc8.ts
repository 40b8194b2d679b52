/** CRC-8, not reflected. */

/** @param polynomial with its ninth bit, for instance 0x131 @param crc start value */
export function crc8(
  bytes: { readonly [index: number]: number },
  from: number,
  end: number,
  polynomial: number,
  crc: number,
): number {
  while (from < end) {
    crc ^= bytes[from++]!;
    for (let bit = 8; bit; bit--) crc = crc & 0x80 ? (crc << 1) ^ polynomial : crc << 1;
  }
  return crc;
}
