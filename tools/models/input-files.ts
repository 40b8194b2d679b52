/** Real inputs for a model from files: sounds (.wav), rows of numbers (.csv), or int8 values as they are (.bin). */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { UserError } from "../errors.ts";
import { spectrogram } from "./audio.ts";
import type { Input } from "./on-device.ts";

/** @param length how many values the model takes. Throws a UserError that names the file and the line. */
export function readInputs(file: string, length: number, isReal: boolean): Input[] {
  const bytes = readFileSync(file);
  switch (extname(file).toLowerCase()) {
    case ".wav":
      return [shaped(spectrogram(bytes, file), length, file)];
    case ".csv":
      return rows(bytes.toString("utf8"), length, file, isReal);
    case ".bin":
      return raw(bytes, length, file);
  }
  throw new UserError("cannot tell what this file holds", { where: file, fix: "name a .wav, .csv or .bin file" });
}

function shaped(values: Int8Array, length: number, where: string): Int8Array {
  if (values.length === length) return values;
  throw new UserError(`a sound gives 49 frames of 40 bands, ${values.length} values; the model takes ${length}`, {
    where,
    fix: "compute the model's own input and give it as .csv or .bin",
  });
}

function rows(text: string, length: number, where: string, isReal: boolean): Input[] {
  const lines = text.split(/\r?\n/).map((line, index) => ({ cells: line.split(/[,;\t]/), number: index + 1 }));
  const filled = lines.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  // a first line of words is a header
  if (filled[0]?.cells.some((cell) => Number.isNaN(Number(cell)))) filled.shift();
  return filled.map(({ cells, number }) => {
    const at = `${where}:${number}`;
    if (cells.length !== length)
      throw new UserError(`expected ${length} values, got ${cells.length}`, {
        where: at,
        fix: "write one input a line",
      });
    const values = cells.map(Number);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new UserError(`value ${wrong + 1} is "${cells[wrong]}", expected a number`, { where: at });
    if (isReal) return Float32Array.from(values);
    if (values.some((value) => !Number.isInteger(value) || value < -128 || value > 127))
      throw new UserError("the model takes int8 values, whole numbers from -128 to 127", { where: at });
    return Int8Array.from(values);
  });
}

function raw(bytes: Uint8Array, length: number, where: string): Int8Array[] {
  if (bytes.length === 0 || bytes.length % length)
    throw new UserError(`expected a multiple of ${length} bytes, got ${bytes.length}`, { where });
  return Array.from({ length: bytes.length / length }, (_, index) =>
    Int8Array.from(bytes.subarray(index * length, (index + 1) * length), (byte) => (byte << 24) >> 24),
  );
}
