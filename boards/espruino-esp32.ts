/** What Espruino's build for the classic ESP32 fixes for every board with that chip. Source: espruino/Espruino, 2v29. */
import type { BoardFacts, PinName } from "./types.ts";

const pins = (...gpios: number[]): PinName[] => gpios.map((gpio): PinName => `D${gpio}`);

export const espruinoEsp32 = {
  chip: "esp32",
  // boards/ESP32.py: only the first converter
  adcPins: pins(32, 33, 34, 35, 36, 37, 38, 39),
  // targets/esp32/jswrap_esp32.c, valid wake pins of ext0 and ext1
  deepSleepWakePins: pins(0, 2, 4, 12, 13, 14, 15, 25, 26, 27, 32, 33, 34, 35, 36, 37, 39),
  // targets/esp32/jshardware.c, jshPinDefaultPullup
  bootPullUpPins: pins(0, 12, 13, 14, 15, 18, 19, 21, 22, 25, 26, 27, 34, 35, 36, 37, 38, 39),
  // targets/esp32 partition tables: the partition "flash"; everything else that Flash.getFree() lists is in use
  journalFlash: { address: 0x310000, pages: 16 },
  flashWriteMilliamps: {
    value: 20,
    confidence: "memory",
    source: "Winbond W25Q32JV: page program and sector erase 20 mA typical, 25 maximum; boards carry other makes too",
  },
  lightSleepExtraMilliamps: {
    value: 0.79,
    confidence: "computed",
    source: "ESP32 data sheet v4.5, table 3-2: 0.8 mA less the 10 µA of deep sleep",
  },
} as const satisfies Partial<BoardFacts>;
