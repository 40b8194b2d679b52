/** What differs between the chips that run Espruino: pins, defaults and the serial task. Source: boards/ESP32*.py and targets/esp32 of Espruino 2v29. */
import type { Chip } from "../../../boards/types.ts";

export interface ChipFacts {
  readonly board: string;
  readonly pins: readonly number[];
  /** Read and written inverted: the boot button. */
  readonly negatedPins: readonly number[];
  readonly bootPullUpPins: readonly number[];
  readonly adcPins: readonly number[];
  readonly dacPins: readonly number[];
  readonly wakePins: readonly number[];
  /** Wake cause of ext0 and ext1. */
  readonly pinWakeCauses: readonly [ext0: number, ext1: number];
  readonly i2c: Readonly<Record<string, readonly [sda: number, scl: number]>>;
  readonly spi: readonly string[];
  /** Undefined pins: the console, which is not on the header. */
  readonly serial: Readonly<Record<string, readonly [tx: number, rx: number]>>;
  readonly jsVars: number;
  /** The noise: WDEV_RND_REG of ESP-IDF (soc/wdev_reg.h); the S3's is reported, not from its manual. */
  readonly randomRegister: number;
  /** The serial task looks for bytes every `busyMs`, and every `idleMs` once `idleAfterMs` have passed without any. */
  readonly serialPoll: { readonly busyMs: number; readonly idleMs: number; readonly idleAfterMs: number };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** jshPinDefaultPullup in targets/esp32/jshardware.c. */
const pulledUpAtBoot = [0, ...range(12, 15), 18, 19, 21, 22, ...range(25, 27), ...range(34, 39)];

export const chips: Readonly<Record<Chip, ChipFacts>> = {
  esp32: {
    board: "ESP32",
    randomRegister: 0x3ff75144,
    pins: range(0, 39),
    negatedPins: [0],
    bootPullUpPins: pulledUpAtBoot,
    adcPins: range(32, 39),
    dacPins: [25, 26],
    wakePins: [0, 2, 4, ...range(12, 15), ...range(25, 27), ...range(32, 37), 39],
    pinWakeCauses: [2, 3],
    i2c: { I2C1: [21, 22], I2C2: [17, 16] },
    spi: ["SPI1", "SPI2"],
    serial: { Serial1: [1, 3], Serial2: [4, 5], Serial3: [17, 16] },
    jsVars: 16383,
    // pollSerialDevices: 5 ms reads; the counter of empty reads must pass 5000 before they become 100 ms.
    serialPoll: { busyMs: 5, idleMs: 100, idleAfterMs: 25_000 },
  },
  esp32c3: {
    board: "ESP32C3_IDF4",
    randomRegister: 0x600260b0,
    pins: range(0, 21),
    negatedPins: [],
    bootPullUpPins: [],
    adcPins: range(0, 4),
    dacPins: [],
    wakePins: range(0, 5),
    pinWakeCauses: [7, 7],
    i2c: { I2C1: [8, 9] },
    spi: ["SPI1"],
    serial: { Serial1: [21, 20], Serial2: [4, 5] },
    jsVars: 4095,
    // At 100 ticks a second 5 ms are no wait at all: 5000 empty reads pass at once (inferred: 20 µs each).
    serialPoll: { busyMs: 1, idleMs: 100, idleAfterMs: 100 },
  },
  esp32s3: {
    board: "ESP32S3_IDF4",
    randomRegister: 0x6003507c,
    pins: [...range(0, 21), ...range(26, 48)],
    negatedPins: [],
    bootPullUpPins: pulledUpAtBoot,
    adcPins: [],
    dacPins: [],
    wakePins: range(0, 21),
    pinWakeCauses: [2, 3],
    i2c: { I2C1: [8, 9], I2C2: [18, 19] },
    spi: ["SPI1", "SPI2"],
    // the board file names D17 and D18 for Serial2, but initSerial in jshardwareUart.c takes these on every chip
    serial: { Serial1: [43, 44], Serial2: [4, 5], Serial3: [17, 16] },
    jsVars: 16383,
    serialPoll: { busyMs: 5, idleMs: 100, idleAfterMs: 25_000 },
  },
};
