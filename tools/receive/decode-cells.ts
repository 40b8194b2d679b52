/** The bits of a version 2 message (lib/encode/telemetry.cddl, "body"): Rice codes, column after column. */

/** One cell: a whole number, the code of a fault, or `null` where nothing was sampled. */
export type Cell = { readonly value: number } | { readonly fault: number } | null;

/** What the fault codes leave free says that nothing was sampled. */
const ABSENT = 255;
const CONSTANT = 15;
const ESCAPE = 9;
const FIRST = 12;

class Bits {
  #at = 0;
  readonly #bytes: Uint8Array;
  readonly #refuse: (what: string) => never;

  constructor(bytes: Uint8Array, refuse: (what: string) => never) {
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

function readColumn(bits: Bits, count: number, first: number, refuse: (what: string) => never): Cell[] {
  const flagged = bits.take(1) === 1;
  const usual = bits.take(4);
  if (flagged && usual === CONSTANT) refuse("a column that is constant and has faults");
  const cells: Cell[] = [];
  let fault = ABSENT;
  let last = 0;
  let parameter = first;
  while (cells.length < count) {
    if (flagged && bits.take(1)) {
      if (bits.take(1)) fault = bits.take(8);
      cells.push(fault === ABSENT ? null : { fault });
      continue;
    }
    let quotient = 0;
    while (quotient < ESCAPE && bits.take(1)) quotient++;
    if (quotient === ESCAPE) last = bits.take(32) | 0;
    else {
      const change = quotient * 2 ** parameter + bits.take(parameter);
      last += change % 2 ? -(change + 1) / 2 : change / 2;
    }
    if (last < -(2 ** 31) || last >= 0x7f000000) refuse(`a cell of ${last}`);
    cells.push({ value: last });
    if (usual === CONSTANT) while (cells.length < count) cells.push({ value: last });
    parameter = usual;
  }
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
  refuse: (what: string) => never,
): { jitter: number[]; columns: Cell[][] } {
  const bits = new Bits(body, refuse);
  if (!count) {
    bits.end();
    return { jitter: [], columns: Array.from({ length: width }, () => []) };
  }
  const jitter = readColumn(bits, count, 0, refuse).map((cell) =>
    cell && "value" in cell ? cell.value : refuse("a reading without a time"),
  );
  const columns = Array.from({ length: width }, () => readColumn(bits, count, FIRST, refuse));
  bits.end();
  return { jitter, columns };
}
