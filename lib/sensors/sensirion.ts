/** What Sensirion's parts share: words of 16 bits, each followed by its CRC, and the temperature formula. */
import { CRC } from "../faults.ts";
import { crc8 } from "./crc8.ts";
import { be16 } from "./i2c.ts";
import { within } from "./sensor.ts";

/** The words of an answer, or a fault. CRC-8: polynomial 0x31, start 0xFF (SHT4x data sheet v6.1, table 7). */
export function checkedWords(answer: Uint8Array): number[] | number {
  const out: number[] = [];
  for (let i = 0; i < answer.length; i += 3) {
    // over a word and its own CRC it is zero
    if (crc8(answer, i, i + 3, 0x131, 0xff)) return CRC;
    out.push(be16(answer, i));
  }
  return out;
}

/** All of them measure -40 to 125 °C; a degree more for what a part is off at the ends. */
export function celsius(word: number): number {
  return within((word * 175) / 65535 - 45, -41, 126);
}
