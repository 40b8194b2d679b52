/** What a firmware keeps in RAM on the interpreter, in JsVars: after load, at the most, and what it was doing then. */
import type { Message } from "./process.ts";

/** JsVars that the firmware uses, the prelude's not counted. */
export interface MemoryUse {
  /** After the boot code of the latest boot. */
  readonly loaded: number;
  /** The most at any native call and at the end of any turn, garbage not counted. */
  readonly peak: number;
  /** The most in use altogether, the prelude counted. */
  readonly highest: number;
  readonly peakAt: {
    /** Since the start of the run. */
    readonly seconds: number;
    /** The native that was called, for instance "Serial3.write". */
    readonly native: string;
    /** The firmware's functions on the stack, innermost first, each with line:column of the bundle. */
    readonly stack: readonly string[];
  };
  /** Lists of all variables as `E.dumpVariables` prints them. Only with `heapAt`. */
  readonly heaps: { readonly before: string; readonly loaded: string; readonly peak: string } | undefined;
}

/**
 * What the prelude's own frames hold when it measures inside a native call (measured: 24 without arguments, about 6 for each;
 * for a timer 33, less the 10 that the timer itself is about to take).
 */
const FRAMES = 24;
const PER_ARGUMENT = 6;
const TIMER_FRAMES = 23;
const DUMP = "ref,size,flags,name,links";

export class MemoryMeter {
  /** Also counts what is not the firmware's. */
  highest = 0;
  readonly #now: () => number;
  readonly #heapAt: number | undefined;
  #before = 0;
  #isLoading = false;
  #loaded = 0;
  #peak = 0;
  #peakAt: MemoryUse["peakAt"] = { seconds: 0, native: "", stack: [] };
  #heaps = { before: "", loaded: "", peak: "" };

  constructor(now: () => number, heapAt: number | undefined) {
    this.#now = now;
    this.#heapAt = heapAt;
  }

  get listsHeap(): boolean {
    return this.#heapAt !== undefined;
  }

  get use(): MemoryUse {
    return {
      loaded: this.#loaded,
      peak: this.#peak,
      highest: this.highest,
      peakAt: this.#peakAt,
      heaps: this.listsHeap ? this.#heaps : undefined,
    };
  }

  measured(jsVars: number, stack: string, [kind, ...rest]: Message, printed: string): void {
    const heap = printed.includes(DUMP) ? printed.slice(printed.lastIndexOf(DUMP)) : "";
    if (kind === "b") {
      this.#before = jsVars;
      this.#isLoading = true;
      if (heap) this.#heaps.before = heap;
      return;
    }
    if (kind === "t" && this.#isLoading) {
      this.#isLoading = false;
      this.#loaded = jsVars - this.#before;
      if (heap) this.#heaps.loaded = heap;
    } else if (heap) this.#heaps.peak = heap;
    const isCall = kind === "c" || kind === "v" || kind === "o";
    const frames = isCall ? FRAMES + PER_ARGUMENT * (rest.length - 2) : kind === "s" ? TIMER_FRAMES : 0;
    const used = jsVars - this.#before - frames;
    this.highest = Math.max(this.highest, jsVars);
    if (used <= this.#peak) return;
    this.#peak = used;
    if (!stack) return;
    const native = isCall
      ? `${String(rest[0])}.${String(rest[1])}`.replace(/^\./, "")
      : (natives[kind as string] ?? "");
    this.#peakAt = { seconds: this.#now(), native, stack: firmwareFrames(stack) };
  }
}

const natives: Readonly<Record<string, string>> = { s: "setTimeout", w: "setWatch", p: "print", m: "require" };

/** Frames of the stored bundle; the prelude's own have no file. */
function firmwareFrames(stack: string): string[] {
  return stack.split(/\r?\n/).flatMap((line) => {
    const found = /^ +at ([\w$]*).*\(\.bootcde:(\d+:\d+)\)/.exec(line);
    return found ? [`${found[1] === "function" ? "" : found[1]} ${found[2]}`.trim()] : [];
  });
}
