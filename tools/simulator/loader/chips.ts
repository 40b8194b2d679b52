/**
 * What a chip's registers and its security information say about it, for ESP32, ESP32-C3 and ESP32-S3.
 * From the technical reference manuals and Espressif's description of the serial protocol.
 */
import type { Chip } from "../../../boards/types.ts";

export interface LoaderChipFacts {
  /** Answer of GET_SECURITY_INFO; the classic ESP32 does not know that command. */
  readonly chipId: number | undefined;
  /** Registers that do not change: address to value. */
  readonly registers: Readonly<Record<number, number>>;
  /** Where the loader's host reads the MAC address: low word, high half-word. */
  readonly mac: readonly [low: number, high: number];
  /** Registers of the flash's SPI controller. */
  readonly spi: { readonly base: number; readonly usr2: number; readonly w0: number };
}

const spiOfTheNewerChips = { base: 0x60002000, usr2: 0x20, w0: 0x58 };
const MAGIC = 0x40001000;

export const loaderChips: Readonly<Record<Chip, LoaderChipFacts>> = {
  esp32: {
    chipId: undefined,
    registers: {
      [MAGIC]: 0x00f01d83,
      // UART_CLKDIV: 40 MHz of crystal at 115,200 baud
      0x3ff40014: 0x15b,
    },
    mac: [0x3ff5a004, 0x3ff5a008],
    spi: { base: 0x3ff42000, usr2: 0x24, w0: 0x80 },
  },
  esp32c3: {
    chipId: 5,
    registers: { [MAGIC]: 0x1b31506f },
    mac: [0x60008844, 0x60008848],
    spi: spiOfTheNewerChips,
  },
  esp32s3: {
    chipId: 9,
    registers: { [MAGIC]: 0x00000009 },
    mac: [0x60007044, 0x60007048],
    spi: spiOfTheNewerChips,
  },
};
