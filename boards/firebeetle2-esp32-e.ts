/**
 * DFRobot FireBeetle 2 ESP32-E (DFR0654): ESP32-WROOM-32E, 4 MB flash, cell on a PH2.0 socket.
 * Espruino's Dn is GPIO n: the silk-screen labels Dn of this board are other numbers (see `facts().pins`).
 */
import { espruinoEsp32 } from "./espruino-esp32.ts";
import type { Board, BoardFacts, BreakEven, Draw } from "./types.ts";

export default {
  id: "firebeetle2-esp32-e",
  i2c: { main: { bus: "I2C1", sda: "D21", scl: "D22" } },
  uart: { second: { port: "Serial3", tx: "D17", rx: "D16" } },
  battery: { pin: "D34", ratio: 2 },
} as const satisfies Board;

export const breakEven: BreakEven = { idle: 0.7, light: 39.9 };

export const draw: Draw = { bootJoules: 0.104, awakeWatts: 0.149 };

export const facts = (): BoardFacts => ({
  ...espruinoEsp32,
  name: "FireBeetle 2 ESP32-E",
  module: "ESP32-WROOM-32E, 4 MB",
  // arduino-esp32, variants/dfrobot_firebeetle2_esp32e/pins_arduino.h
  pins: {
    D3: "D0/RX (console)",
    D1: "D1/TX (console)",
    D25: "D2",
    D26: "D3",
    D27: "D4",
    D0: "D5 (boot)",
    D14: "D6",
    D13: "D7",
    D5: "D8 (RGB LED)",
    D2: "D9 (blue LED)",
    D17: "D10/TX2",
    D16: "D11/RX2",
    D4: "D12",
    D12: "D13",
    D36: "A0",
    D39: "A1",
    D34: "A2 (battery)",
    D35: "A3",
    D15: "A4",
    D21: "SDA",
    D22: "SCL",
    D18: "SCK",
    D19: "MISO",
    D23: "MOSI",
  },
  power: {
    batteryVolts: [3.5, 4.2],
    railVolts: { value: 3.3, confidence: "datasheet", source: "wiki.dfrobot.com/dfr0654" },
    regulator: {
      name: "RT9080-3.3 (part number unverified)",
      kind: "ldo",
      quiescentMicroamps: { value: 2, confidence: "memory", source: "Richtek DS9080-00, if that is the part fitted" },
    },
    resistors: [
      {
        name: "battery divider",
        ohms: {
          value: 2e6,
          confidence: "reported",
          source:
            "1 MΩ / 1 MΩ, always on (antoinecellerier/firebeetle-esp32-e-thermometer, src/Thermometer.cpp and notes)",
        },
        across: "battery",
      },
    ],
    sleepFloorMicroamps: {
      value: 14,
      confidence: "reported",
      source:
        "measured on one bare board with the low-power pad cut (antoinecellerier/firebeetle-esp32-e-thermometer, docs/notes.md); 490 µA with the pad intact",
    },
    activeMilliamps: {
      value: 45,
      confidence: "reported",
      source: "measured at 4 V (antoinecellerier/firebeetle-esp32-e-thermometer, docs/notes.md)",
    },
    bootMs: {
      value: 700,
      confidence: "inferred",
      source:
        "ROM 20 + image check 250 to 350 + start 50 + Espruino's fixed delay 200 + lexing; 600 to 800 with the radios off. No published measurement",
    },
    bootMilliamps: { value: 45, confidence: "inferred", source: "taken as the active current" },
  },
  notes: [
    "Cut the low-power pad: otherwise the RGB LED's supply draws about 0.5 mA in deep sleep.",
    "The 1 MΩ / 1 MΩ battery divider is always on (2 µA).",
  ],
});
