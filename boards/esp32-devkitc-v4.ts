/** Espressif ESP32-DevKitC V4: the usual development board. Not for batteries: regulator and USB bridge never sleep. */
import { espruinoEsp32 } from "./espruino-esp32.ts";
import type { Board, BoardFacts, BreakEven, Draw } from "./types.ts";

export default {
  id: "esp32-devkitc-v4",
  i2c: { main: { bus: "I2C1", sda: "D21", scl: "D22" } },
  uart: { second: { port: "Serial3", tx: "D17", rx: "D16" } },
} as const satisfies Board;

export const breakEven: BreakEven = { idle: 0.7, light: 37.2 };

export const draw: Draw = { bootJoules: 0.097, awakeWatts: 0.139 };

export const facts = (): BoardFacts => ({
  ...espruinoEsp32,
  name: "ESP32-DevKitC V4",
  module: "ESP32-WROOM-32E, 4 MB",
  pins: Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 25, 26, 27, 32, 33, 34, 35, 36, 39].map((gpio) => [
      `D${gpio}`,
      `IO${gpio}`,
    ]),
  ),
  power: {
    batteryVolts: [4.75, 5.25],
    railVolts: { value: 3.3, confidence: "datasheet", source: "AMS1117-3.3 data sheet" },
    regulator: {
      name: "AMS1117-3.3",
      kind: "ldo",
      quiescentMicroamps: {
        value: 5000,
        confidence: "datasheet",
        source: "AMS1117 data sheet: 5 mA typical, 11 mA maximum",
      },
    },
    sleepFloorMicroamps: {
      value: 3800,
      confidence: "reported",
      source: "measured by lucidar.me; below the regulator's own typical current, so boards differ",
    },
    activeMilliamps: {
      value: 42,
      confidence: "reported",
      source:
        "FireBeetle ESP32 awake, lucidar.me; the same chip (ESP32 data sheet v4.5 table 3-2: 20 to 68 mA by clock and cores)",
    },
    bootMs: { value: 700, confidence: "inferred", source: "as FireBeetle 2 ESP32-E: same chip, same image" },
    bootMilliamps: { value: 42, confidence: "inferred", source: "taken as the active current" },
  },
  notes: ["Fed from USB or the 5 V pin. Deep sleep saves little on this board: choose another one for a battery."],
});
