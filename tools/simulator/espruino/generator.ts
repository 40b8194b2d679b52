/** Espruino's generator of Math.random() and E.hwRand() (src/jsutils.c). Nothing seeds it on an ESP32: every start begins it anew. */

const MOST = 0x7fffffff;

export interface Generator {
  /** 31 bits. */
  readonly next: () => number;
  /** 0 to 1, without 1. */
  readonly ratio: () => number;
  readonly seed: (seed: number) => void;
}

export function startGenerator(): Generator {
  let low = 0xdeadbeef;
  let high = 0xcafebabe;
  const step = (factor: number, state: number): number => (Math.imul(factor, state & 0xffff) + (state >>> 16)) >>> 0;
  const next = (): number => {
    high = step(36969, high);
    low = step(18000, low);
    return ((high << 16) + low) & MOST;
  };
  return {
    next,
    ratio: () => next() / (MOST + 1),
    seed(seed) {
      low = ((seed & 0xffff) | (seed << 16)) >>> 0;
      high = ((seed & 0xffff0000) | (seed >>> 16)) >>> 0;
    },
  };
}
