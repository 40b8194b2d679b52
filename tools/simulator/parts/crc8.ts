/** The checksum of Sensirion's parts: CRC-8, polynomial 0x31, initial value 0xFF, not reflected, no final XOR. */
export function crc8(bytes: ArrayLike<number>): number {
  let crc = 0xff;
  for (let index = 0; index < bytes.length; index++) crc = afterByte[crc ^ bytes[index]!]!;
  return crc;
}

/** The register after eight shifts, for each of its values. */
const afterByte = Uint8Array.from({ length: 256 }, (_, value) => {
  let crc = value;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? (crc << 1) ^ 0x31 : crc << 1;
  return crc & 0xff;
});
