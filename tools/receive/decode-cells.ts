/** The bits of a version 2 message (lib/encode/telemetry.cddl, "body"): Rice codes, column after column. */

/** One cell: a whole number, the code of a fault, or `null` where nothing was sampled. */
export type Cell = { readonly value: number } | { readonly fault: number } | null;

/** What the fault codes leave free says that nothing was sampled. */
const ABSENT = 255;
const ESCAPE = 9;
/** What an escaped cell counts as. */
const ESCAPED = 16;
const HIGHEST = 119;

type Refuse = (what: string) => never;

class Bits {
  #at = 0;
  readonly #bytes: Uint8Array;
  readonly #refuse: Refuse;

  constructor(bytes: Uint8Array, refuse: Refuse) {
    this.#bytes = bytes;
    this.#refuse = refuse;
  }

  /** An unsigned number of up to 32 bits, most significant first. */
  take(count: number): number {
    let value = 0;
    for (; count > 0; count--) {
      const byte = this.#bytes[this.#at >> 3] ?? this.#refuse("the body ends in the middle of a column");
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at++;
    }
    return value;
  }

  /** Only zeros may be left, and less than a byte of them. */
  end(): void {
    const left = this.#bytes.length * 8 - this.#at;
    if (left > 7) this.#refuse(`${left} bits follow the last column`);
    if (this.take(left)) this.#refuse("the body's last bits are not zero");
  }
}

/** @param first parameter of the first cell  @param eighths of the cells after it, before any of them has a say */
function readColumn(bits: Bits, count: number, first: number, start: number, refuse: Refuse): Cell[] {
  const flagged = bits.take(1) === 1;
  const constant = bits.take(1) === 1;
  const cells: Cell[] = [];
  let fault = ABSENT;
  let last = 0;
  let parameter = first;
  let eighths = start;
  const cell = (): Cell => {
    if (flagged && bits.take(1)) {
      if (bits.take(1)) fault = bits.take(8);
      return fault === ABSENT ? null : { fault };
    }
    let quotient = 0;
    while (quotient < ESCAPE && bits.take(1)) quotient++;
    if (quotient === ESCAPE) {
      last = bits.take(32) | 0;
      quotient = ESCAPED;
    } else {
      const change = quotient * 2 ** parameter + bits.take(parameter);
      last += change % 2 ? -(change + 1) / 2 : change / 2;
    }
    if (last < -(2 ** 31) || last >= 0x7f000000) refuse(`a cell of ${last}`);
    if (quotient === 0) eighths = Math.max(0, eighths - 2);
    else if (quotient > 1) eighths = Math.min(HIGHEST, eighths + quotient);
    parameter = Math.floor(eighths / 8);
    return { value: last };
  };
  while (cells.length < count) cells.push(constant && cells.length ? cells[0]! : cell());
  return cells;
}

/**
 * @param width columns beside the times
 * @returns the times' deviations from an even step, then the cells of each column
 */
export function readBody(
  body: Uint8Array,
  count: number,
  width: number,
  refuse: Refuse,
): { jitter: number[]; columns: Cell[][] } {
  const bits = new Bits(body, refuse);
  if (!count) {
    bits.end();
    return { jitter: [], columns: Array.from({ length: width }, () => []) };
  }
  const jitter = readColumn(bits, count, 0, 0, refuse).map((cell) =>
    cell && "value" in cell ? cell.value : refuse("a reading without a time"),
  );
  const columns = Array.from({ length: width }, () => readColumn(bits, count, 12, 34, refuse));
  bits.end();
  return { jitter, columns };
}
