/** Melexis MLX90614 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Melexis MLX90614, rev. 13 (September 2019)");

export const facts = {
  title: "Melexis MLX90614, infrared thermometer",
  addresses: [0x5a],
  quantities: ["temperature", "objectTemperature"],
  faults: ["nak", "crc", "stuck"],
  supplyVolts: [
    figure(2.6, "electrical characteristics, 3 V versions"),
    figure(3.6, "electrical characteristics, 3 V versions"),
  ],
  figures: {
    measuringMicroamps: figure(1300, "supply current"),
    writingMicroamps: figure(1500, "supply current, EEPROM access"),
    sleepMicroamps: figure(2.5, "sleep current, 3 V versions"),
    startUpMs: figure(250, "time to valid data"),
    writeMs: figure(5, "EEPROM write or erase"),
    wakeMs: figure(33, "wake request, SDA low"),
    accuracyCelsius: figure(0.5, "accuracy around room temperature"),
    resolutionCelsius: figure(0.02, "resolution"),
  },
} as const satisfies I2cFacts;
