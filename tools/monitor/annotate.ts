/** A board's console for people: lines with their time, stack traces in TypeScript, numbers in words. */
import { faultWords } from "../../lib/faults.ts";
import type { MapLine } from "./stack-trace.ts";

/** ROM codes, from esp_rom_sys.h / rtc.h: the same numbers on ESP32, C3 and S3 where they exist. */
const resets: Readonly<Record<number, string>> = {
  0x1: "power-on",
  0x3: "restarted by software",
  0x5: "woke from deep sleep",
  0x7: "watchdog: the interpreter was busy too long",
  0x8: "watchdog",
  0x9: "watchdog while starting or asleep",
  0xc: "restarted by software",
  0xf: "brown-out: the supply broke down",
  0x10: "watchdog while starting or asleep",
  0x15: "reset through USB",
};

const RESET = /rst:0x([0-9a-f]+)/i;

/** Why the chip started, in words; undefined for a line that is not about that. */
export function resetCause(line: string): string | undefined {
  const code = RESET.exec(line)?.[1];
  return code && (resets[parseInt(code, 16)] ?? `for the reason ${code}`);
}

const meanings: readonly (readonly [RegExp, (match: RegExpExecArray) => string | undefined])[] = [
  [RESET, ([, code]) => resets[parseInt(code!, 16)]],
  [/\bfault\b["']?\s*[:=]?\s*(\d+)/i, ([, code]) => faultText(Number(code))],
  [/Storage is corrupt/, () => "Espruino erases it: the firmware is gone, flash the board again"],
  [/Brownout detector/, () => "the supply breaks down under load"],
  [/\bFIFO_FULL\b/, () => "bytes of a serial port or events of a pin were lost"],
  [/\b(LOW_MEMORY|MEMORY)\b.*|Out of Memory/i, () => "no JsVars left: hibernode ram shows what takes them"],
  [/waiting for download/, () => "the board is in its loader: press RESET"],
];

function faultText(code: number): string | undefined {
  const words = faultWords[code];
  return words && `fault ${code} is ${words[0]}: ${words[1]}`;
}

/** What a line means, where it says so by a number or in passing. */
export function explain(line: string): string | undefined {
  for (const [pattern, say] of meanings) {
    const match = pattern.exec(line);
    const words = match && say(match);
    if (words) return words;
  }
  return undefined;
}

/** Console text comes in pieces: lines go out whole. */
export class Annotator {
  readonly #print: (text: string) => void;
  readonly #mapLine: MapLine;
  readonly #heard: (line: string, time: string) => void;
  #rest = "";

  /** @param heard told each line as it came, with its time */
  constructor(
    print: (text: string) => void,
    mapLine: MapLine,
    heard: (line: string, time: string) => void = () => undefined,
  ) {
    this.#print = print;
    this.#mapLine = mapLine;
    this.#heard = heard;
  }

  /** @param time as it is shown in front of the line */
  receive(text: string, time: string): void {
    const lines = (this.#rest + text).split(/\r?\n/);
    // a prompt that waits for input ends without a line's end
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(line, time);
  }

  /** What was left without its end, as when the board falls asleep. */
  flush(time: string): void {
    if (this.#rest.trim()) this.#line(this.#rest, time);
    this.#rest = "";
  }

  #line(raw: string, time: string): void {
    // colours, cursor movements, and a prompt in front
    const line = raw.replace(/\x1b\[[\d;?]*[A-Za-z]|\r/g, "").replace(/^>(?=.)/, "");
    if (!line.trim() || line === ">") return;
    this.#heard(line, time);
    this.#print(`${time}  ${this.#mapLine(line)}`);
    const words = explain(line);
    if (words) this.#print(`${" ".repeat(time.length)}  = ${words}`);
  }
}
