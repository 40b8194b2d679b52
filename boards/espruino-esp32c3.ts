/** What Espruino's build for the ESP32-C3 fixes for every board with that chip. Source: espruino/Espruino, 2v29 and master. */
import type { BoardFacts, Figure, PinName } from "./types.ts";

const pins = (...gpios: number[]): PinName[] => gpios.map((gpio): PinName => `D${gpio}`);

const typical = (value: number): Figure => ({
  value,
  confidence: "datasheet",
  source: "ESP32-C3 data sheet v1.4, table 18: running, peripheral clocks off",
});

export const espruinoEsp32c3 = {
  chip: "esp32c3",
  // boards/ESP32C3_IDF4.py: D5 belongs to the second converter, which Espruino does not use
  adcPins: pins(0, 1, 2, 3, 4),
  // targets/esp32/jswrap_esp32.c, deepSleepExt0 and deepSleepExt1
  deepSleepWakePins: pins(0, 1, 2, 3, 4, 5),
  // targets/esp32/jshardware.c, jshPinDefaultPullup: none on this chip
  bootPullUpPins: pins(),
  // targets/esp32/IDF4/partitions.csv: the partition "flash"
  journalFlash: { address: 0x310000, pages: 16 },
  flashWriteMilliamps: {
    value: 20,
    confidence: "memory",
    source: "Winbond W25Q32JV: page program and sector erase 20 mA typical, 25 maximum; boards carry other makes too",
  },
  lightSleepExtraMilliamps: {
    value: 0.125,
    confidence: "computed",
    source: "ESP32-C3 data sheet v1.4, table 19: 130 µA less the 5 µA of deep sleep",
  },
} as const satisfies Partial<BoardFacts>;

export const esp32c3Active = {
  activeMilliamps: typical(23),
  activeByClock: [
    { megahertz: 160, milliamps: typical(23) },
    { megahertz: 80, milliamps: typical(17) },
  ],
  bootMs: {
    value: 500,
    confidence: "inferred",
    source:
      "ROM 20 + image check 150 (flash at 80 MHz, half of the ESP32's) + start 50 + Espruino's fixed delay 200 + lexing 80. No published measurement",
  },
  bootMilliamps: { value: 23, confidence: "inferred", source: "taken as the active current" },
} as const satisfies Partial<BoardFacts["power"]>;
