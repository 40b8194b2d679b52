/** LilyGO T-SIM7080G-S3 (schematic V1.0, 2024-03-29): ESP32-S3-WROOM-1 with a SIM7080G and the power manager AXP2101. */
import { usualConverter } from "./converter.ts";
import { espruinoEsp32s3 } from "./espruino-esp32s3.ts";
import type { Board, BoardFacts, BreakEven, Draw, Figure } from "./types.ts";

export default {
  id: "lilygo-t-sim7080g-s3",
  i2c: {
    /** The power manager is on it, at address 0x34. */
    power: { bus: "I2C1", sda: "D15", scl: "D7" },
    /** The camera's pins, free without a camera. */
    main: { bus: "I2C2", sda: "D2", scl: "D1" },
  },
  uart: { modem: { port: "Serial2", tx: "D5", rx: "D4" } },
  modem: { powerKey: "D41", keyPressed: 1, dtr: "D42" },
} as const satisfies Board;

const oneCore = (value: number): Figure => ({
  value,
  confidence: "datasheet",
  source: "ESP32-S3 data sheet v1.2, table 22: one core busy, peripheral clocks off; chip only, at 3.3 V",
});

export const breakEven: BreakEven = { idle: 0.5, light: 109.9 };

export const draw: Draw = { bootJoules: 0.084, awakeWatts: 0.169 };

export const facts = (): BoardFacts => ({
  ...espruinoEsp32s3,
  name: "LilyGO T-SIM7080G-S3",
  module: "ESP32-S3-WROOM-1, 16 MB flash, 8 MB octal PSRAM",
  // schematic pages 2 to 5, utilities.h; D33 to D37 belong to the PSRAM
  pins: {
    D0: "boot",
    D1: "camera SCL",
    D2: "camera SDA",
    D3: "modem RI",
    D4: "modem TXD",
    D5: "modem RXD",
    D6: "PMU IRQ",
    D7: "PMU SCL",
    D8: "camera XCLK",
    D9: "camera data",
    D10: "camera data",
    D11: "camera data",
    D12: "camera PCLK",
    D13: "camera data",
    D14: "camera data",
    D15: "PMU SDA",
    D16: "camera VSYNC",
    D17: "camera HREF",
    D18: "camera reset",
    D21: "camera data",
    D38: "card CLK",
    D39: "card CMD",
    D40: "card DATA0",
    D41: "modem PWRKEY",
    D42: "modem DTR",
    D47: "camera data",
    D48: "camera data",
  },
  power: {
    batteryVolts: [3.5, 4.2],
    railVolts: { value: 3.3, confidence: "datasheet", source: "AXP2101 DC1, schematic page 3" },
    regulator: {
      name: "AXP2101",
      kind: "buck",
      quiescentMicroamps: {
        value: 40,
        confidence: "datasheet",
        source: "AXP2101 data sheet V1.4, table 5-5: off, RTCLDO on; no figure with its rails on",
      },
      efficiency: usualConverter,
    },
    sleepFloorMicroamps: {
      value: 380,
      confidence: "reported",
      source:
        "0.38 to 0.6 mA tuned, 1.2 mA by the README; 240 µA with the board off (Xinyuan-LilyGO/LilyGo-T-SIM7080G issue 13)",
    },
    activeMilliamps: { ...oneCore(51.2), confidence: "inferred", source: oneCore(51.2).source },
    activeByClock: [
      { megahertz: 240, milliamps: oneCore(51.2) },
      { megahertz: 160, milliamps: oneCore(39.9) },
      { megahertz: 80, milliamps: oneCore(28.4) },
      { megahertz: 40, milliamps: oneCore(16.2) },
    ],
    bootMs: {
      value: 500,
      confidence: "inferred",
      source: "as the ESP32-C3: flash at 80 MHz, Espruino's fixed delay of 200 ms. No published measurement",
    },
    bootMilliamps: { value: 51.2, confidence: "inferred", source: "taken as the active current" },
  },
  modem: { part: "sim7080g", supply: "AXP2101 DC3, 3.0 V: off removes the modem, and its PSM with it" },
  switches: [
    { name: "DC3", feeds: "modem, 3.0 V", control: "AXP2101 over I2C" },
    { name: "BLDO1", feeds: "level shifter of the modem's UART, 3.3 V: off = no UART", control: "AXP2101 over I2C" },
    { name: "BLDO2", feeds: "GNSS antenna, 3.3 V", control: "AXP2101 over I2C" },
    { name: "ALDO3", feeds: "card, 3.3 V", control: "AXP2101 over I2C" },
  ],
  notes: [
    "No pin sees the battery: its voltage is in the AXP2101, over I2C. Espruino's S3 build has no analog input at all.",
    "DC1 feeds the chip: never change it.",
    "D12 to D15, D18, D21 and D38, D39 are pulled up at every boot.",
    "The AXP2101 charges only when its temperature input is disabled.",
  ],
});
