/** LilyGO T-SIM7000G (20200415, schematic V1.6): ESP32-WROVER-B with a SIM7000G on board, 18650 holder, solar input. */
import { usualConverter } from "./converter.ts";
import { espruinoEsp32 } from "./espruino-esp32.ts";
import type { Board, BoardFacts, BreakEven, Draw } from "./types.ts";

export default {
  id: "lilygo-t-sim7000g",
  i2c: { main: { bus: "I2C1", sda: "D21", scl: "D22" } },
  uart: { modem: { port: "Serial3", tx: "D27", rx: "D26" } },
  spi: { card: { bus: "SPI1", sck: "D14", miso: "D2", mosi: "D15" } },
  modem: { powerKey: "D4", keyPressed: 1, dtr: "D25" },
  battery: { pin: "D35", ratio: 2 },
} as const satisfies Board;

export const breakEven: BreakEven = { idle: 0.7, light: 39.9 };

export const draw: Draw = { bootJoules: 0.104, awakeWatts: 0.149 };

export const facts = (): BoardFacts => ({
  ...espruinoEsp32,
  name: "LilyGO T-SIM7000G",
  module: "ESP32-WROVER-B, 4 MB flash, 8 MB PSRAM (not used by Espruino)",
  // schematic SIM7000G_20200415 pages 2 and 3, README; D16 and D17 belong to the PSRAM
  pins: {
    D0: "IO0 (boot)",
    D2: "card MISO",
    D4: "modem PWRKEY",
    D5: "IO5",
    D12: "LED, low = on (strapping)",
    D13: "card CS",
    D14: "card SCK",
    D15: "card MOSI",
    D18: "IO18",
    D19: "IO19",
    D21: "SDA",
    D22: "SCL",
    D23: "IO23",
    D25: "modem DTR",
    D26: "modem TXD",
    D27: "modem RXD",
    D32: "IO32",
    D33: "IO33",
    D34: "IO34",
    D35: "battery",
    D36: "solar",
    D39: "IO39",
  },
  power: {
    batteryVolts: [3.5, 4.2],
    railVolts: { value: 3.3, confidence: "datasheet", source: "schematic page 4: ME6217-3.3" },
    regulator: {
      name: "TCS9208 boost to 4.2 V, then ME6217-3.3",
      kind: "boost-ldo",
      quiescentMicroamps: {
        value: 0,
        confidence: "inferred",
        source: "no sheet of the TCS9208 at hand: what it takes for itself is in the sleep floor",
      },
      efficiency: usualConverter,
      boostVolts: { value: 4.2, confidence: "datasheet", source: "schematic page 4: 120 kΩ / 20 kΩ" },
    },
    resistors: [
      {
        name: "battery divider",
        ohms: { value: 200e3, confidence: "datasheet", source: "schematic page 2: 100 kΩ / 100 kΩ at the cell" },
        across: "battery",
      },
      {
        name: "boost feedback",
        ohms: { value: 140e3, confidence: "datasheet", source: "schematic page 4: 120 kΩ / 20 kΩ at 4.2 V" },
        across: "boost",
      },
      {
        name: "bleeder",
        ohms: { value: 100e3, confidence: "datasheet", source: "schematic page 4: R6 at 4.2 V" },
        across: "boost",
      },
    ],
    sleepFloorMicroamps: {
      value: 250,
      confidence: "reported",
      source: "230 to 300 µA in Xinyuan-LilyGO/LilyGO-T-SIM7000G issues 3 and 143; no card in its slot",
    },
    activeMilliamps: {
      value: 45,
      confidence: "inferred",
      source: "as FireBeetle 2 ESP32-E; the boost converter comes on top",
    },
    bootMs: {
      value: 700,
      confidence: "inferred",
      source: "as FireBeetle 2 ESP32-E: same chip, same image, no PSRAM test",
    },
    bootMilliamps: { value: 45, confidence: "inferred", source: "taken as the active current" },
  },
  modem: { part: "sim7000g", supply: "4.2 V rail, always on: only PWRKEY and AT+CPOWD switch it" },
  switches: [
    {
      name: "GNSS antenna",
      feeds: "active antenna, 3.3 V",
      control: "modem: AT+CGPIO=0,48,1,1 on, AT+CGPIO=0,48,1,0 off",
    },
  ],
  notes: [
    "Take the card out: a card left in the slot was seen to draw 17 mA in deep sleep (issue 257).",
    "D25 (DTR) is pulled up at every boot: a modem with AT+CSCLK=1 may sleep until it is driven low.",
    "The battery voltage cannot be read while USB is plugged in.",
    "Press PWRKEY for at least 1 s (SIM7000 Hardware Design V1.07, table 8), whatever the vendor's example does.",
  ],
});
