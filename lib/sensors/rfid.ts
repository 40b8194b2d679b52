/** A card's number as a reading: 4 or 7 bytes (ISO 14443-3) in two whole numbers. */

/** No card in the field. */
export const NO_CARD: readonly number[] = [0, 0];

/** cardHigh × 2^28 + cardLow, of 4 or 7 bytes from `at` on. */
export function cardNumber(bytes: { readonly [index: number]: number }, at: number, count: number): number[] {
  let high = 0;
  let low = 0;
  for (let i = 0; i < count; i++) {
    high = ((high << 8) | (low >> 20)) & 0xfffffff;
    low = ((low << 8) | bytes[at + i]!) & 0xfffffff;
  }
  return [high, low];
}
