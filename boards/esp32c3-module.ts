/** A bare ESP32-C3 module (ESP32-C3-WROOM-02, -MINI-1) straight on a cell of 3.0 to 3.6 V: the lowest floor of all. */
import { esp32c3Active, espruinoEsp32c3 } from "./espruino-esp32c3.ts";
import type { Board, BoardFacts, BreakEven, Draw } from "./types.ts";

export default {
  id: "esp32c3-module",
  i2c: { main: { bus: "I2C1", sda: "D8", scl: "D9" } },
  uart: { second: { port: "Serial2", tx: "D21", rx: "D20" } },
  spi: { main: { bus: "SPI1", sck: "D6", miso: "D2", mosi: "D7" } },
} as const satisfies Board;

export const breakEven: BreakEven = { idle: 0.5, light: 92 };

export const draw: Draw = { bootJoules: 0.038, awakeWatts: 0.076 };

export const facts = (): BoardFacts => ({
  ...espruinoEsp32c3,
  name: "ESP32-C3 module, bare",
  module: "ESP32-C3-WROOM-02, 4 MB",
  pins: Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 19, 20, 21].map((gpio) => [
      `D${gpio}`,
      `IO${gpio}${gpio === 2 || gpio === 8 ? " (strapping)" : gpio === 9 ? " (boot)" : gpio > 17 && gpio < 20 ? " (USB)" : ""}`,
    ]),
  ),
  power: {
    ...esp32c3Active,
    batteryVolts: [3.0, 3.6],
    railVolts: {
      value: 3.3,
      confidence: "datasheet",
      source: "ESP32-C3-WROOM-02 data sheet v1.2, table 8: 3.0 to 3.6 V; nominal",
    },
    regulator: {
      name: "none",
      kind: "none",
      quiescentMicroamps: { value: 0, confidence: "datasheet", source: "there is none" },
    },
    sleepFloorMicroamps: {
      value: 5,
      confidence: "datasheet",
      source: "ESP32-C3 data sheet v1.4, table 19: deep sleep with RTC timer (ESP-IDF measured 4.8)",
    },
  },
  notes: [
    "The cell must give 0.5 A in peaks with the radios on; with them off, a capacitor across a Li-SOCl2 cell will do.",
    "Below 3.0 V the module is out of its range, below 2.51 V its brown-out detector resets it.",
  ],
});
