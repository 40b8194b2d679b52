/** The electrical side of the pins: modes, levels, and who drives whom. Levels here are those on the wire. */
import type { PinName } from "../../../boards/types.ts";
import type { Level } from "../hardware.ts";
import type { ChipFacts } from "./chips.ts";
import type { PinWire, Wires } from "./wires.ts";

export type PinMode =
  | "undefined" | "analog" | "input" | "input_pullup" | "input_pulldown" | "output" | "opendrain" | "opendrain_pullup"; // prettier-ignore

interface Pin {
  mode: PinMode;
  /** Output latch. */
  high: boolean;
  /** Mode set by `pinMode`: natives leave it alone. */
  manual: boolean;
  readonly wire: PinWire;
}

export class PinBank {
  readonly #pins = new Map<number, Pin>();
  readonly #chip: ChipFacts;
  /** A part moved a pin; set while the chip is powered. */
  onEdge: ((pin: number, level: 0 | 1) => void) | undefined;
  /** The program gave a pin a mode that drives it, or another. */
  onMode: ((pin: number, drives: boolean) => void) | undefined;
  readonly #used = new Set<Pin>();

  constructor(chip: ChipFacts, wires: Wires) {
    this.#chip = chip;
    for (const number of chip.pins) {
      const wire = wires.pin(`D${number}`);
      this.#pins.set(number, { mode: "undefined", high: false, manual: false, wire });
      wire.moved = (level) => this.onEdge?.(number, level);
    }
  }

  has(number: number): boolean {
    return this.#pins.has(number);
  }

  isNegated(number: number): boolean {
    return this.#chip.negatedPins.includes(number);
  }

  mode(number: number): PinMode {
    return this.#pins.get(number)?.mode ?? "undefined";
  }

  isManual(number: number): boolean {
    return this.#pins.get(number)?.manual ?? false;
  }

  setManual(number: number, manual: boolean): void {
    this.#at(number).manual = manual;
  }

  setMode(number: number, mode: PinMode): void {
    const pin = this.#at(number);
    pin.mode = mode;
    this.onMode?.(number, mode.startsWith("o"));
    this.#show(pin);
  }

  setHigh(number: number, high: boolean): void {
    const pin = this.#at(number);
    pin.high = high;
    this.#show(pin);
  }

  /** What the wire carries: a part's level, the output latch, or a pull resistor; a floating pin reads 0. */
  level(number: number): 0 | 1 {
    const pin = this.#at(number);
    const { driven } = pin.wire;
    if (pin.mode === "output") return pin.high ? 1 : 0;
    if (driven !== undefined && !(pin.mode.startsWith("opendrain") && !pin.high)) return driven;
    return this.#shown(pin) ?? 0;
  }

  /** What the parts on this pin see of the microcontroller. */
  #shown(pin: Pin): Level {
    switch (pin.mode) {
      case "output":
        return pin.high ? 1 : 0;
      case "opendrain":
        return pin.high ? undefined : 0;
      case "opendrain_pullup":
        return pin.high ? 1 : 0;
      case "input_pullup":
        return 1;
      case "input_pulldown":
        return 0;
      default:
        return undefined;
    }
  }

  /** Start of a boot: the interpreter pulls a list of pins up before anything else. */
  boot(): void {
    for (const number of this.#chip.bootPullUpPins) {
      const pin = this.#pins.get(number);
      // Nobody looks at most pins: those only get their mode.
      if (pin?.wire.targets.length) this.setMode(number, this.isNegated(number) ? "input_pulldown" : "input_pullup");
      else if (pin) pin.mode = "input_pullup";
    }
  }

  /** Sleep or power loss: nothing is driven any more. */
  release(): void {
    for (const pin of this.#used) {
      pin.mode = "undefined";
      pin.high = pin.manual = false;
      this.#show(pin);
    }
    this.#used.clear();
    for (const number of this.#chip.bootPullUpPins) {
      const pin = this.#pins.get(number);
      if (pin) pin.mode = "undefined";
    }
  }

  #show(pin: Pin): void {
    this.#used.add(pin);
    pin.wire.show(this.#shown(pin));
  }

  #at(number: number): Pin {
    const pin = this.#pins.get(number);
    if (!pin) throw new RangeError(`D${number}: the chip has no such pin`);
    return pin;
  }
}

export const pinName = (number: number): PinName => `D${number}`;
