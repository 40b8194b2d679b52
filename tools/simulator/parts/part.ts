/** What every simulated part offers to the run that wires it to a board, and what it is given there. */
import type { Confidence, Figure } from "../../../boards/types.ts";
import type { OneWireTarget, SpiTarget } from "../espruino/wires.ts";
import type { AnalogSource, I2cTarget, PinLine, PinTarget, SerialLine, SerialTarget } from "../hardware.ts";
import type { Quantity } from "../world/units.ts";

export interface Part {
  /** Present on parts for an I2C bus. */
  readonly i2c?: I2cTarget;
  readonly serial?: SerialTarget;
  readonly spi?: SpiTarget;
  readonly oneWire?: OneWireTarget;
  readonly analog?: AnalogSource;
  /** What listens to pins of the microcontroller, by the name that the catalogue gives them. */
  readonly pins?: Readonly<Record<string, PinTarget>>;
  /** The part's supply goes on or off; a part starts with it on. Without supply it forgets everything and draws nothing. */
  power(on: boolean): void;
  /** The figures behind each cause under which the part books energy. */
  readonly causes: ReadonlyMap<string, readonly Figure[]>;
}

/** What is known of a part before it is wired. */
export interface PartFacts {
  readonly title: string;
  /** World quantities that the part asks for. */
  readonly quantities: readonly Quantity[];
  /** Faults that `--fault` can put on it. */
  readonly faults: readonly string[];
  /** Currents, times and tolerances, for tables. */
  readonly figures: Readonly<Record<string, Figure>>;
  /** Lowest and highest supply; absent on parts that need none. */
  readonly supplyVolts?: readonly [low: Figure, high: Figure] | undefined;
}

export interface I2cFacts extends PartFacts {
  /** The usual one first. */
  readonly addresses: readonly number[];
}

export interface Wired {
  /** Name of the sensor in the firmware; energy is booked as "sensor: NAME ...". */
  readonly name: string;
  /** Pins that the part drives besides its bus, where they are connected. */
  readonly lines?: Readonly<Record<string, PinLine | undefined>> | undefined;
}

export interface I2cWiring extends Wired {
  /** Without it, the part's usual address. */
  readonly address?: number | undefined;
}

export interface PinWiring extends Wired {
  readonly line: PinLine;
}

export interface SerialWiring extends Wired {
  readonly line: SerialLine;
}

/** Figures out of one document: `figure(0.08, "table 4")`. */
export const figuresFrom =
  (document: string) =>
  (value: number, where: string, confidence: Confidence = "datasheet"): Figure => ({
    value,
    confidence,
    source: `${document}, ${where}`,
  });

/** A pseudo-random constant of one part, within ± `bound`. */
export const within = (random: { next(): number }, bound: number): number => (2 * random.next() - 1) * bound;

export const between = (low: number, high: number, share: number): number => low + (high - low) * share;

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
