/**
 * What device code needs of the chip, as small interfaces. Each has exactly the shape of Espruino's own object
 * (`I2C1`, `Serial3`, `require("Flash")`), so that on the device nothing stands between; unit tests hand in twins.
 * Strings hold one byte per character, as on the ESP32 builds of Espruino.
 */
import type { PinName } from "../../boards/types.ts";

export interface I2cPort {
  /** Throws an Error when the address or a byte is not acknowledged. */
  writeTo(address: number, data: readonly number[] | string): void;
  /** Throws an Error when the address is not acknowledged. */
  readFrom(address: number, count: number): Uint8Array;
  /** Writes the register's number and reads from it after a repeated start. Throws as the others do. */
  readReg(address: number, register: number, count: number): Uint8Array;
}

export interface SpiPort {
  /** As many bytes as were sent, while the chip select is low. */
  send(data: readonly number[], select: PinName): Uint8Array;
}

export interface OneWirePort {
  /** Whether a part answers. */
  reset(): boolean;
  /** Resets, then addresses one part by the 16 hexadecimal digits of its ROM. */
  select(rom: string): void;
  /** After a reset: addresses all parts. */
  skip(): void;
  /** @param powered holds the line high afterwards, for a part that lives on it */
  write(data: readonly number[], powered?: boolean): void;
  read(count: number): Uint8Array;
}

export interface SerialPort {
  write(data: string): void;
  /** Takes what has arrived while nobody listened. */
  read(): string | undefined;
  on(event: "data", listener: (data: string) => void): void;
  removeAllListeners(event: "data"): void;
}

export interface FlashPort {
  read(length: number, address: number): Uint8Array;
  /** NOR flash: bits only clear. */
  write(data: string | Uint8Array, address: number): void;
  /** Erases the 4096-byte page that holds `address`. */
  erasePage(address: number): void;
  /** Sum of the bytes: with it, one native call tells whether a stretch is erased. */
  sum(bytes: Uint8Array): number;
  /** The bytes as a string, one character each. */
  text(bytes: Uint8Array): string;
  /** CRC-32 (ISO-HDLC, as zlib). */
  crc32(data: Uint8Array | string): number;
}

/** What the ESP32 builds have of `require("crypto")`. Strings hold one byte per character. */
export interface CryptoPort {
  /** AES-128, encryption of whole blocks; CBC starts from zeros. */
  aes(blocks: string, key: string, mode: "CBC" | "ECB"): ArrayBuffer;
  /** 32 bytes. */
  sha256(message: string): string;
  /** A buffer that may be written to, with these bytes. */
  buffer(text: string): ArrayBuffer;
  text(bytes: Uint8Array): string;
}

/** Espruino's three modules for the chip's own radio. */
export interface RadioPort {
  readonly wifi: {
    /** `done` gets nothing once there is an address, else why there is none. */
    connect(ssid: string, options: { readonly password: string }, done: (error?: unknown) => void): void;
    disconnect(): void;
  };
  readonly net: {
    /** Stands still until it is connected; throws when the name is unknown or nobody answers. */
    connect(to: { readonly host: string; readonly port: number }, connected: () => void): StreamSocket;
  };
  readonly dgram: { createSocket(kind: "udp4"): DatagramSocket };
}

export interface StreamSocket {
  on(event: "data", listener: (bytes: string) => void): void;
  on(event: "close" | "error", listener: () => void): void;
  write(bytes: string): void;
  end(): void;
}

export interface DatagramSocket {
  on(event: "message", listener: (bytes: string) => void): void;
  send(bytes: string, port: number, host: string): void;
  close(): void;
}

/** Seconds since an arbitrary start; grows through deep sleep and restarts, starts at 0 after a power-on. */
export type Now = () => number;

/** Ends one asynchronous step: 0 when it went well, otherwise a code of `lib/faults.ts`. */
export type Done = (fault: number) => void;
