/** The interpreter's natives for whole arrays, and the reading of stored files without a copy: what classifying is made of. */

/** The sum of products, exact for 8-bit values; `second` starts again when it is the shorter one. */
export const convolve = E.convolve;
/** to[i] = map[from[i]]: a look-up, and just as well a gathering of scattered bytes. Signed bytes count as 0 to 255. */
export const gather = E.mapInPlace;
export const sum = E.sum;
/** The sum of squared differences from a mean. */
export const squares = E.variance;
export const crc32 = E.CRC32;
/** In place; with one argument it leaves the magnitudes. */
export const fft = E.FFT;

/** Bytes of a file in Storage, in flash where they are; undefined when there is no such file. */
export function storedBytes(file: string, at: number, length: number): ArrayBuffer | undefined {
  const text = require("Storage").read(file, at, length);
  return text === undefined ? undefined : E.toArrayBuffer(text);
}

/** The same of a text that holds a byte in each character. */
export function textBytes(text: string, at: number, length: number): ArrayBuffer {
  return E.toArrayBuffer(text.substr(at, length));
}

/** Bytes that variables can still take. */
export function freeBytes(): number {
  const { free, blocksize } = process.memory(false);
  return free * blocksize;
}

/** Runs once the loop is idle: whatever else is due comes first. */
export function soon(run: () => void): void {
  setTimeout(run, 0);
}

/** TensorFlow Lite Micro in C, which no build for the ESP32 has. */
export interface Tensorflow {
  create(arenaBytes: number, model: string): { getInput(): Int8Array; getOutput(): Int8Array; invoke(): void };
}

/** Undefined where the build has none. */
export function tensorflow(): Tensorflow | undefined {
  try {
    return require("tensorflow") as Tensorflow;
  } catch {
    return undefined;
  }
}

/** A whole file of Storage. */
export function storedText(file: string): string | undefined {
  return require("Storage").read(file);
}
