/**
 * How sure a figure is. `measured`: on the user's own board. `memory` and `inferred` figures are unverified: reports name
 * them as such.
 */
export type Confidence = "measured" | "datasheet" | "paper" | "reported" | "computed" | "inferred" | "memory";

/** One figure with its origin. The unit is in the name of the property that holds it. */
export interface Figure {
  readonly value: number;
  readonly confidence: Confidence;
  /** Document and table or page. */
  readonly source: string;
}

/**
 * Pins that end a deep sleep (Espruino targets/esp32/jswrap_esp32.c): on a classic ESP32 0, 2, 4, 12 to 15, 25 to 27, 32 to
 * 37 and 39; on an S3 0 to 21 (the RTC pins of ESP-IDF); on a C3 0 to 5. `build` refuses what the board does not have.
 */
export type WakePin =
  `D${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 25 | 26 | 27 | 32 | 33 | 34 | 35 | 36 | 37 | 39}`;

export type PinName = `D${number}`;

export interface I2cBus {
  /** Espruino's object. */
  readonly bus: "I2C1" | "I2C2";
  readonly sda: PinName;
  readonly scl: PinName;
}

export interface SpiBus {
  /** Espruino's object. */
  readonly bus: "SPI1" | "SPI2";
  readonly sck: PinName;
  readonly miso: PinName;
  readonly mosi: PinName;
  /** Bits per second. Default 1000000. */
  readonly baud?: number;
}

export interface Uart {
  /** Espruino's object. */
  readonly port: "Serial2" | "Serial3";
  readonly tx: PinName;
  readonly rx: PinName;
}

/**
 * Gaps in seconds from which deep sleep costs less than staying awake: boot charge / (current awake - asleep), with the
 * processor running and in light sleep. A board exports it beside its wiring; it follows from the figures in `facts()`.
 */
export interface BreakEven {
  readonly idle: number;
  readonly light: number;
}

/** What the chip takes from the rail, for estimates on the device. It follows from the figures in `facts()`. */
export interface Draw {
  readonly bootJoules: number;
  /** With the processor running and the radios off. */
  readonly awakeWatts: number;
}

/** What the firmware needs of a board: this part is bundled, so it stays small. */
export interface Board {
  readonly id: string;
  readonly i2c: Readonly<Record<string, I2cBus>>;
  readonly uart: Readonly<Record<string, Uart>>;
  readonly spi?: Readonly<Record<string, SpiBus>>;
  /** A modem on the board: hand its pins to the modem, with the UART `uart.modem`. */
  readonly modem?: {
    readonly powerKey: PinName;
    /** Level that presses it: 1 through a transistor. */
    readonly keyPressed: 0 | 1;
    /** High lets the modem sleep, where it listens to that. */
    readonly dtr?: PinName;
  };
  /** Analog pin behind a divider: battery voltage = pin voltage × ratio. */
  readonly battery?: { readonly pin: PinName; readonly ratio: number };
}

/** What turns the battery's voltage into the rail's. */
export interface Regulator {
  readonly name: string;
  /**
   * `ldo`: battery current = rail current + quiescent current. `buck`: power divided by the efficiency. `boost-ldo`: a
   * boost converter to `boostVolts`, then an LDO. `none`: the battery is the rail.
   */
  readonly kind: "ldo" | "buck" | "boost-ldo" | "none";
  readonly quiescentMicroamps: Figure;
  /**
   * Of the switching converter, 0 to 1, by the current at its output (rising): straight lines over its logarithm, flat outside.
   * Without the quiescent current, which is counted apart.
   */
  readonly efficiency?: readonly { readonly milliamps: number; readonly share: Figure }[];
  /** Between boost converter and LDO; what the modem is fed with. */
  readonly boostVolts?: Figure;
}

/** A divider, bleeder or pull-up that always draws, apart from the sleep floor's other currents. */
export interface Resistor {
  readonly name: string;
  readonly ohms: Figure;
  /** What it hangs on. */
  readonly across: "battery" | "boost";
}

/** A supply that the board can switch off. */
export interface SupplySwitch {
  readonly name: string;
  readonly feeds: string;
  /** Pin or register, and what switches it on. */
  readonly control: string;
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
  /** What the flash chip takes while it writes or erases, on top of the awake chip. */
  readonly flashWriteMilliamps: Figure;
  /** What light sleep, which only some builds of Espruino have, draws more than deep sleep. */
  readonly lightSleepExtraMilliamps: Figure;
  readonly power: {
    /** Lowest and highest voltage at the board's battery input. */
    readonly batteryVolts: readonly [low: number, high: number];
    /** Output of the regulator that feeds chip and parts. */
    readonly railVolts: Figure;
    readonly regulator: Regulator;
    /** Always on. */
    readonly resistors?: readonly Resistor[];
    /** Whole board in deep sleep, without parts and modem, regulator and resistors included. */
    readonly sleepFloorMicroamps: Figure;
    /** Chip awake, radios off. */
    readonly activeMilliamps: Figure;
    /** The same at other clocks than Espruino's own, where the chip's data sheet tells. */
    readonly activeByClock?: readonly { readonly megahertz: number; readonly milliamps: Figure }[];
    /** From wake or reset to the first line of the bundle, radios off. */
    readonly bootMs: Figure;
    readonly bootMilliamps: Figure;
  };
  /** Modem on the board, and from where it is fed. */
  readonly modem?: { readonly part: string; readonly supply: string };
  readonly switches?: readonly SupplySwitch[];
  /** Raw flash that neither Espruino nor Storage uses. */
  readonly journalFlash: { readonly address: number; readonly pages: number };
  readonly notes: readonly string[];
}
