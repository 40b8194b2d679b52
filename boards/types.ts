/** How sure a figure is. `memory` and `inferred` figures are unverified: reports name them as such. */
export type Confidence = "datasheet" | "paper" | "reported" | "computed" | "inferred" | "memory";

/** One figure with its origin. The unit is in the name of the property that holds it. */
export interface Figure {
  readonly value: number;
  readonly confidence: Confidence;
  /** Document and table or page. */
  readonly source: string;
}

export type PinName = `D${number}`;

export interface I2cBus {
  /** Espruino's object. */
  readonly bus: "I2C1" | "I2C2";
  readonly sda: PinName;
  readonly scl: PinName;
}

export interface Uart {
  /** Espruino's object. */
  readonly port: "Serial2" | "Serial3";
  readonly tx: PinName;
  readonly rx: PinName;
}

/** What the firmware needs of a board: this part is bundled, so it stays small. */
export interface Board {
  readonly id: string;
  readonly i2c: Readonly<Record<string, I2cBus>>;
  readonly uart: Readonly<Record<string, Uart>>;
  /** Analog pin behind a divider: battery voltage = pin voltage × ratio. */
  readonly battery?: { readonly pin: PinName; readonly ratio: number };
}

export type Chip = "esp32" | "esp32c3" | "esp32s3";

/** What only the laptop needs of a board. Each board exports it as a function `facts`, which no bundle then contains. */
export interface BoardFacts {
  readonly name: string;
  readonly chip: Chip;
  readonly module: string;
  /** Pins on the board's headers, by Espruino name (= GPIO number), with the silk-screen label. */
  readonly pins: Readonly<Record<PinName, string>>;
  readonly adcPins: readonly PinName[];
  readonly deepSleepWakePins: readonly PinName[];
  /** Pulled up by Espruino at every boot: a load switch there closes for the whole boot. */
  readonly bootPullUpPins: readonly PinName[];
  readonly power: {
    /** Lowest and highest voltage at the board's battery input. */
    readonly batteryVolts: readonly [low: number, high: number];
    /** Output of the regulator that feeds chip and parts. */
    readonly railVolts: Figure;
    readonly regulator: { readonly name: string; readonly kind: "ldo"; readonly quiescentMicroamps: Figure };
    /** Whole board in deep sleep, without parts and modem, regulator included. */
    readonly sleepFloorMicroamps: Figure;
    /** Chip awake, radios off. */
    readonly activeMilliamps: Figure;
    /** From wake or reset to the first line of the bundle, radios off. */
    readonly bootMs: Figure;
    readonly bootMilliamps: Figure;
  };
  /** Raw flash that neither Espruino nor Storage uses. */
  readonly journalFlash: { readonly address: number; readonly pages: number };
  readonly notes: readonly string[];
}
