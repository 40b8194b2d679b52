/** Words of flash as strings, four bytes each, lowest first: the chip's own order, in which `Int32Array` reads them. */

/** A word that holds nothing and never will. */
export const VOID = "\0\0\0\0";

export function le32(value: number): string {
  return String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
}

export function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** Signed. */
export function i16(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) << 16) >> 16;
}
