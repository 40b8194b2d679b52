/**
 * CBOR writer (RFC 8949), just the part that telemetry needs: each function returns the item's bytes as a byte string.
 * Heads are always the shortest possible, so the output is deterministic (RFC 8949 section 4.2.1).
 */
const bytesOf = String.fromCharCode;

function u32(value: number): string {
  return bytesOf((value >> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255);
}

/** An item's first bytes. `major` is the major type already in place: 0x00, 0x20 … 0xe0. */
function head(major: number, value: number): string {
  if (value < 24) return bytesOf(major + value);
  if (value < 256) return bytesOf(major + 24, value);
  if (value < 65536) return bytesOf(major + 25, value >> 8, value & 255);
  if (value < 4294967296) return bytesOf(major + 26) + u32(value);
  // shifts take the lowest 32 bits
  return bytesOf(major + 27) + u32(value / 4294967296) + u32(value);
}

/** A whole number of at most 53 bits and a sign. */
export function int(value: number): string {
  return value < 0 ? head(0x20, -1 - value) : head(0, value);
}

export function bytes(value: string): string {
  return head(0x40, value.length) + value;
}

/** `value` holds UTF-8, one byte per character. */
export function text(value: string): string {
  return head(0x60, value.length) + value;
}

/** Head of an array: `count` items follow. */
export function array(count: number): string {
  return head(0x80, count);
}

/** Head of a map: `count` pairs of key and value follow. */
export function map(count: number): string {
  return head(0xa0, count);
}
