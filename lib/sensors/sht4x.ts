/** Sensirion SHT40, SHT41, SHT43, SHT45: temperature and humidity. Data sheet: "SHT4x", version 6.1, March 2023. */
import { i2cWords, type I2cWords } from "./i2c.ts";
import { HUMIDITY, TEMPERATURE } from "./quantities.ts";

export const part: I2cWords<"temperature" | "humidity"> = {
  address: 0x44, // SHT4x-A; -B 0x45, -C 0x46 (table 10)
  start: [0xfd], // high repeatability, no heater (table 8)
  waitMs: 9, // 8.3 ms at most, power-up included (table 5); an earlier read header is not acknowledged
  words: 2,
  quantities: [TEMPERATURE, HUMIDITY],
  // section 4.6; the part measures -40 to 125 °C, and humidity is to be cropped to 0 to 100 %
  decode(words) {
    const celsius = (words[0]! * 175) / 65535 - 45;
    const percent = (words[1]! * 125) / 65535 - 6;
    return [celsius < -40 || celsius > 125 ? NaN : celsius, percent < 0 ? 0 : percent > 100 ? 100 : percent];
  },
};

/** @param bus one of the board's I2C buses @param options `address` for the variants B (0x45) and C (0x46) */
export const sht4x = /* @__PURE__ */ i2cWords(part);
