/** What every simulated part offers to the run that wires it to a board. */
import type { Figure } from "../../../boards/types.ts";
import type { I2cTarget, PinLine } from "../hardware.ts";

export interface Part {
  /** Present on parts for an I2C bus. */
  readonly i2c?: I2cTarget;
  /** The part's supply goes on or off; a part starts with it on. Without supply it forgets everything and draws nothing. */
  power(on: boolean): void;
  /** The figures behind each cause under which the part books energy. */
  readonly causes: ReadonlyMap<string, readonly Figure[]>;
}

export interface I2cWiring {
  /** Name of the sensor in the firmware; energy is booked as "sensor: NAME ...". */
  readonly name: string;
  /** Without it, the part's usual address. */
  readonly address?: number | undefined;
}

export interface PinWiring {
  readonly name: string;
  readonly line: PinLine;
}
