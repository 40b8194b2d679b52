/**
 * Seeed Studio XIAO ESP32-C3: 4 MB flash, cell on two pads under the board.
 * Espruino's Dn is GPIO n: the silk-screen labels Dn of this board are other numbers (see `facts().pins`).
 */
import { esp32c3Active, espruinoEsp32c3 } from "./espruino-esp32c3.ts";
import type { Board, BoardFacts, BreakEven, Draw } from "./types.ts";

export default {
  id: "xiao-esp32c3",
  i2c: { main: { bus: "I2C1", sda: "D6", scl: "D7" } },
  uart: { second: { port: "Serial2", tx: "D21", rx: "D20" } },
  spi: { main: { bus: "SPI1", sck: "D8", miso: "D9", mosi: "D10" } },
} as const satisfies Board;

export const breakEven: BreakEven = { idle: 0.5, light: 92 };

export const draw: Draw = { bootJoules: 0.038, awakeWatts: 0.076 };

export const facts = (): BoardFacts => ({
  ...espruinoEsp32c3,
  name: "Seeed Studio XIAO ESP32-C3",
  module: "ESP32-C3, 4 MB",
  // arduino-esp32, variants/XIAO_ESP32C3/pins_arduino.h
  pins: {
    D2: "D0/A0 (strapping)",
    D3: "D1/A1",
    D4: "D2/A2",
    D5: "D3/A3 (second converter: not usable)",
    D6: "D4/SDA",
    D7: "D5/SCL",
    D21: "D6/TX",
    D20: "D7/RX",
    D8: "D8/SCK (strapping)",
    D9: "D9/MISO (boot)",
    D10: "D10/MOSI",
  },
  power: {
    ...esp32c3Active,
    batteryVolts: [3.5, 4.2],
    railVolts: { value: 3.3, confidence: "datasheet", source: "Seeed wiki, XIAO ESP32C3 getting started" },
    regulator: {
      name: "XC6210",
      kind: "ldo",
      quiescentMicroamps: {
        value: 35,
        confidence: "reported",
        source: "schematic read in forum.seeedstudio.com 276444 and 274859 (40 typical, 67 maximum)",
      },
    },
    sleepFloorMicroamps: {
      value: 45.1,
      confidence: "reported",
      source:
        "measured at 3.8 V on the battery pads (forum.seeedstudio.com 276444); vendor: 43 µA. 230 µA on the 5 V pin",
    },
  },
  notes: [
    "No battery sense on the board: add 200 kΩ / 200 kΩ to D2 (10 µA), or a divider behind a switch.",
    "Charges with 370 mA, fixed: too much for cells below 400 mAh.",
    "USB is the console; Serial1 is not free.",
  ],
});
