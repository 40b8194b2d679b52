/** What Espruino's build for the ESP32-S3 fixes for every board with that chip. Source: espruino/Espruino, 2v29 and master. */
import type { BoardFacts, PinName } from "./types.ts";

const pins = (...gpios: number[]): PinName[] => gpios.map((gpio): PinName => `D${gpio}`);

export const espruinoEsp32s3 = {
  chip: "esp32s3",
  // boards/ESP32S3_IDF4.py declares no converter: analogRead gives NaN on every pin
  adcPins: pins(),
  // esp_sleep_is_valid_wakeup_gpio of ESP-IDF: the RTC pins
  deepSleepWakePins: pins(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21),
  // targets/esp32/jshardware.c, jshPinDefaultPullup: the list of the ESP32
  bootPullUpPins: pins(0, 12, 13, 14, 15, 18, 19, 21, 22, 25, 26, 27, 34, 35, 36, 37, 38, 39),
  // targets/esp32/IDF4/partitions.csv: the partition "flash"
  journalFlash: { address: 0x310000, pages: 16 },
  flashWriteMilliamps: {
    value: 20,
    confidence: "memory",
    source: "Winbond W25Q32JV: page program and sector erase 20 mA typical, 25 maximum; boards carry other makes too",
  },
  lightSleepExtraMilliamps: {
    value: 0.233,
    confidence: "computed",
    source: "ESP32-S3 data sheet v1.2, tables 20 to 22: 240 µA less the 7 µA of deep sleep; PSRAM comes on top",
  },
} as const satisfies Partial<BoardFacts>;
