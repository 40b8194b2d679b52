/**
 * What device code needs of the chip, as small interfaces. Each has exactly the shape of Espruino's own object
 * (`I2C1`, `Serial3`, `require("Flash")`), so that on the device nothing stands between; unit tests hand in twins.
 * Strings hold one byte per character, as on the ESP32 builds of Espruino.
 */
export interface I2cPort {
  /** Throws an Error when the address or a byte is not acknowledged. */
  writeTo(address: number, data: readonly number[] | string): void;
  /** Throws an Error when the address is not acknowledged. */
  readFrom(address: number, count: number): Uint8Array;
}

export interface SerialPort {
  write(data: string): void;
  on(event: "data", listener: (data: string) => void): void;
  removeAllListeners(event: "data"): void;
}

export interface FlashPort {
  read(length: number, address: number): Uint8Array;
  /** NOR flash: bits only clear. */
  write(data: string, address: number): void;
  /** Erases the 4096-byte page that holds `address`. */
  erasePage(address: number): void;
  /** Sum of the bytes: with it, one native call tells whether a stretch is erased. */
  sum(bytes: Uint8Array): number;
  /** The bytes as a string, one character each. */
  text(bytes: Uint8Array): string;
  /** CRC-32 (ISO-HDLC, as zlib). */
  crc32(data: Uint8Array | string): number;
}

/** Seconds since an arbitrary start; grows through deep sleep and restarts, starts at 0 after a power-on. */
export type Now = () => number;

/** Ends one asynchronous step: 0 when it went well, otherwise a code of `lib/faults.ts`. */
export type Done = (fault: number) => void;
