/**
 * Espruino on the ESP32, as far as firmware uses it. Globals that only some builds have are optional: test for them.
 * What several builds do differently, or wrongly, is said where it bites.
 */

type PinMode =
  | "analog"
  | "input"
  | "input_pullup"
  | "input_pulldown"
  | "output"
  | "opendrain"
  | "opendrain_pullup"
  | "af_output"
  | "af_opendrain";

/** A GPIO. At every boot of an ESP32 the pins 0, 12-15, 18, 19, 21, 22, 25-27 and 34-39 are pulled up. */
interface Pin {
  read(): boolean;
  set(): void;
  reset(): void;
  write(value: boolean | number): void;
  getMode(): PinMode;
  mode(mode: PinMode): void;
  toggle(): boolean;
  pulse(value: boolean, ms: number | number[]): void;
  analog(): number;
  pwm(value: number, options?: { freq?: number; soft?: boolean }): void;
  getInfo(): { port: string; num: number; [detail: string]: any } | undefined;
  toString(): string;
}
interface PinConstructor {
  /** From a number or a name, such as `new Pin("D21")`. */
  new (pin: number | PinArgument): Pin;
}
declare var Pin: PinConstructor;

// A classic ESP32 has D0 to D39, an ESP32-C3 D0 to D21, an ESP32-S3 D0 to D48.
declare const D0: Pin, D1: Pin, D2: Pin, D3: Pin, D4: Pin, D5: Pin, D6: Pin, D7: Pin, D8: Pin, D9: Pin;
declare const D10: Pin, D11: Pin, D12: Pin, D13: Pin, D14: Pin, D15: Pin, D16: Pin, D17: Pin, D18: Pin, D19: Pin;
declare const D20: Pin, D21: Pin, D22: Pin, D23: Pin, D24: Pin, D25: Pin, D26: Pin, D27: Pin, D28: Pin, D29: Pin;
declare const D30: Pin, D31: Pin, D32: Pin, D33: Pin, D34: Pin, D35: Pin, D36: Pin, D37: Pin, D38: Pin, D39: Pin;
declare const D40: Pin, D41: Pin, D42: Pin, D43: Pin, D44: Pin, D45: Pin, D46: Pin, D47: Pin, D48: Pin;

/** Wherever a pin is expected its name will do. */
type PinArgument = Pin | `D${number}`;

declare const HIGH: 1;
declare const LOW: 0;

/** 0..1, uncalibrated; NaN where the build has no ADC on the pin (every pin of an ESP32-S3). */
declare function analogRead(pin: PinArgument): number;
declare function analogWrite(pin: PinArgument, value: number, options?: { freq?: number; soft?: boolean }): void;
/** Returns at once: a timer ends the pulse. */
declare function digitalPulse(pin: PinArgument, value: boolean | number, ms: number | number[]): void;
declare function digitalRead(pin: PinArgument | PinArgument[]): number;
/** An array is written as one number whose lowest bit belongs to the last pin. */
declare function digitalWrite(pin: PinArgument | PinArgument[], value: boolean | number): void;
declare function pinMode(pin: PinArgument, mode: PinMode | undefined, automatic?: boolean): void;
declare function getPinMode(pin: PinArgument): PinMode;

interface WatchEvent {
  state: boolean;
  /** Seconds, as `getTime()`. */
  time: number;
  lastTime?: number;
  pin: Pin;
}
/** Turns the pin into an input with pull-up on the ESP32, whatever its mode was. Without `repeat` it fires once. */
declare function setWatch(
  callback: (event: WatchEvent) => void,
  pin: PinArgument,
  options?: { repeat?: boolean; edge?: "rising" | "falling" | "both" | 1 | -1 | 0; debounce?: number },
): number;
/** Without an argument clears every watch; `clearWatch(undefined)` throws. */
declare function clearWatch(id?: number): void;

/** A timer's id. */
type Timer = number;
/** What a callback throws is printed and lost. */
declare function setTimeout<A extends any[]>(callback: (...args: A) => void, ms?: number, ...args: A): Timer;
/** Catches up after a block: the next call is due one interval after the previous one was due. */
declare function setInterval<A extends any[]>(callback: (...args: A) => void, ms: number, ...args: A): Timer;
/** Without an argument clears every timer; `clearTimeout(undefined)` throws. */
declare function clearTimeout(id?: Timer): void;
declare function clearInterval(id?: Timer): void;
declare function changeInterval(id: Timer, ms: number): void;
/** Seconds, with a fraction. Goes on through deep sleep and restarts, starts at 0 after a power-on. */
declare function getTime(): number;
/** Seconds since 1970. Running timers keep their remaining time. */
declare function setTime(seconds: number): void;

declare function print(...values: any[]): void;
declare const console: {
  log(...values: any[]): void;
  debug(...values: any[]): void;
  info(...values: any[]): void;
  warn(...values: any[]): void;
  error(...values: any[]): void;
  trace(...values: any[]): void;
};
declare function trace(root?: any): void;
declare function load(file?: string): void;
declare function save(): void;
declare function reset(clearFlash?: boolean): void;
declare function getSerial(): string;
declare function peek8(address: number): number;
declare function peek32(address: number): number;
declare function poke8(address: number, value: number): void;
declare function poke32(address: number, value: number): void;
declare function shiftOut(pins: Pin | Pin[], options: { clk?: Pin; repeat?: number }, data: EspruinoBytes): void;
/** The global object. Assigning a global that Espruino itself defines needs this prefix. */
declare var global: { [name: string]: any };

/**
 * What writing functions accept. Hand them a string, a plain array or a Uint8Array: of wider typed arrays some
 * functions write only `length` bytes.
 */
type EspruinoBytes = number | string | ArrayBuffer | Uint8Array | readonly (number | string)[];

interface I2C {
  setup(options: { scl?: PinArgument; sda?: PinArgument; bitrate?: number }): void;
  /** Nothing is sent when there is no data: a bus cannot be probed with it. Throws when not acknowledged. */
  writeTo(address: number | { address: number; stop: boolean }, ...data: EspruinoBytes[]): void;
  /** Throws when the address is not acknowledged. */
  readFrom(address: number | { address: number; stop: boolean }, count: number): Uint8Array;
  readReg(address: number, register: number, count: number): Uint8Array;
}
interface I2CConstructor {
  /** Software I2C: a missing acknowledge is never reported. */
  new (): I2C;
  readonly prototype: I2C;
}
declare var I2C: I2CConstructor;
declare const I2C1: I2C;
declare const I2C2: I2C;

interface SPI {
  setup(options: {
    sck?: PinArgument;
    miso?: PinArgument;
    mosi?: PinArgument;
    baud?: number;
    mode?: 0 | 1 | 2 | 3;
    /** Ignored by the ESP32 builds. */
    order?: "msb" | "lsb";
    bits?: number;
  }): void;
  send(data: number, select?: PinArgument): number;
  send(data: string, select?: PinArgument): string;
  send(data: ArrayBuffer | Uint8Array | readonly number[], select?: PinArgument): Uint8Array;
  /** A Pin as last argument is the chip select. */
  write(...data: (EspruinoBytes | Pin)[]): void;
}
interface SPIConstructor {
  new (): SPI;
  readonly prototype: SPI;
}
declare var SPI: SPIConstructor;
declare const SPI1: SPI;
declare const SPI2: SPI;

interface OneWire {
  reset(): boolean;
  /** The device's address as 16 hexadecimal digits; resets the bus first. */
  select(address: string): void;
  skip(): void;
  write(data: number | readonly number[], leavePowered?: boolean): void;
  read(): number;
  read(count: number): Uint8Array;
  search(command?: number): string[];
}
interface OneWireConstructor {
  new (pin: PinArgument): OneWire;
  readonly prototype: OneWire;
}
declare var OneWire: OneWireConstructor;

interface Serial {
  setup(
    baud: number,
    options?: {
      rx?: PinArgument;
      tx?: PinArgument;
      bytesize?: 7 | 8;
      parity?: "none" | "odd" | "even" | null;
      stopbits?: 1 | 2;
      flow?: "none" | "xon" | null;
    },
  ): void;
  unsetup(): void;
  print(text: string): void;
  println(text: string): void;
  write(...data: EspruinoBytes[]): void;
  /** Chunks break anywhere. Before the first listener up to 512 characters are kept, the rest is dropped. */
  on(event: "data", listener: (data: string) => void): void;
  removeListener(event: "data", listener: (data: string) => void): void;
  removeAllListeners(event?: "data"): void;
  available(): number;
  read(count?: number): string | undefined;
  inject(...data: EspruinoBytes[]): void;
  setConsole(force?: boolean): void;
}
interface SerialConstructor {
  readonly prototype: Serial;
}
declare var Serial: SerialConstructor;
/** The console. */
declare const Serial1: Serial;
declare const Serial2: Serial;
declare const Serial3: Serial;

declare const E: {
  /** `undefined` when a part cannot be turned into bytes. */
  toString(...parts: EspruinoBytes[]): string | undefined;
  toUint8Array(...parts: EspruinoBytes[]): Uint8Array;
  toArrayBuffer(text: string): ArrayBuffer;
  /** For the console only: this is not JSON. */
  toJS(value: any): string;
  sum(values: ArrayLike<number>): number;
  /** The sum of squared differences from `mean`, not divided by the length. */
  variance(values: ArrayLike<number>, mean: number): number;
  /** The dot product. An empty second array crashes the chip. */
  convolve(first: ArrayLike<number>, second: ArrayLike<number>, offset?: number): number;
  FFT(real: Float32Array | number[], imaginary?: Float32Array | number[], inverse?: boolean): void;
  mapInPlace(
    from: ArrayLike<number>,
    to: ArrayLike<number>,
    map?: ArrayLike<number> | ((value: number, index: number) => number),
    bits?: number,
  ): void;
  clip(value: number, min: number, max: number): number;
  reverseByte(byte: number): number;
  CRC32(data: string | ArrayBuffer | Uint8Array | readonly number[]): number;
  hwRand(): number;
  srand(seed: number): void;
  /** Whole seconds. Not kept through deep sleep. */
  enableWatchdog(seconds: number, automatic?: boolean): void;
  kickWatchdog(): void;
  getErrorFlags(): string[];
  getFlags(): Record<string, number>;
  setFlags(flags: Record<string, number | boolean>): void;
  getSizeOf(value: any, depth?: number): number;
  /** Reaches Storage only: read other flash with `require("Flash")`. */
  memoryArea(address: number, length: number): string;
  setConsole(port: Serial | "Serial1" | null, options?: { force?: boolean }): void;
  getConsole(): string;
  setTimeZone(hours: number): void;
  on(event: "init" | "kill", listener: () => void): void;
  on(event: "errorFlag", listener: (flags: string[]) => void): void;
  lookupNoCase(within: any, name: string): any;
  dumpStr(): string;
  reboot(): void;
};

declare const ESP32: {
  /**
   * Never returns: the chip restarts from the beginning with an empty heap. More than 2147483647 µs (35 min 47 s)
   * overflows: up to twice that the board never wakes, beyond it wakes far too early. 0, NaN and undefined sleep for
   * no time at all. Chain shorter sleeps.
   */
  deepSleep(microseconds: number): void;
  /** Sleeps at once until `pin` has `level`; no timer wakes the chip then. */
  deepSleepExt0(pin: PinArgument, level: 0 | 1): void;
  /** Mode 0: until all pins are low; 1: until any is high. No timer wakes the chip then. */
  deepSleepExt1(pins: PinArgument | PinArgument[], mode: 0 | 1): void;
  /** 0 power-on or reset, 2 ext0, 3 ext1, 4 timer, 7 a pin of an ESP32-C3. */
  getWakeupCause(): number;
  getWakeupPin?(): Pin | undefined;
  /** Not in release 2v29. RAM stays; pending timers are put off by the time slept, incoming serial data is lost. */
  lightSleep?(ms: number): void;
  getState(): Record<string, any>;
  /** Full scale in mV: 1000, 1340, 2000 or 3600. Prints a line. */
  setAtten(pin: PinArgument, millivolts: number): void;
  reboot(): void;
  /** Restarts the chip and deletes `.bootcde`. */
  enableBLE(enabled: boolean): void;
  /** Restarts the chip and deletes `.bootcde`. */
  enableWifi(enabled: boolean): void;
};

declare const process: {
  readonly version: string;
  readonly env: { BOARD: string; VERSION: string; RAM: number; FLASH: number; SERIAL: string; [name: string]: any };
  /** Runs a garbage collection. Counts are in JsVars of `blocksize` bytes. */
  memory(collect?: boolean): { free: number; usage: number; total: number; blocksize: number; [name: string]: number };
  on(event: "uncaughtException", listener: (reason: any) => void): void;
};

interface EspruinoStorageFile {
  read(count: number): string | undefined;
  readLine(): string | undefined;
  getLength(): number;
  /** Not for binary data: the first 0xFF counts as the end of the file. */
  write(data: string): void;
  erase(): void;
}
/** Do not rewrite or delete files in the field: a power cut while Storage is compacted loses everything in it. */
interface EspruinoStorage {
  read(name: string, offset?: number, length?: number): string | undefined;
  readArrayBuffer(name: string): ArrayBuffer | undefined;
  readJSON(name: string, quiet?: boolean): any;
  /** Names above 28 characters are cut. Typed arrays wider than a byte are written incompletely. */
  write(name: string, data: string | ArrayBuffer | Uint8Array, offset?: number, size?: number): boolean;
  erase(name: string): void;
  eraseAll(): void;
  list(filter?: RegExp): string[];
  hash(filter?: RegExp): number;
  getFree(): number;
  getStats(): { totalBytes: number; freeBytes: number; trashBytes: number; fileBytes: number; [name: string]: number };
  open(name: string, mode: "r" | "w" | "a"): EspruinoStorageFile;
}
interface EspruinoFlash {
  /** Addresses of an ESP32 that overlap settings and Storage are listed too: only 0x310000..0x31FFFF is free. */
  getFree(area?: any): { addr: number; length: number }[];
  getPage(address: number): { addr: number; length: number } | undefined;
  erasePage(address: number): void;
  /** Bits only clear. Nothing protects Espruino's own flash. */
  write(data: string | ArrayBuffer | Uint8Array | readonly number[], address: number): void;
  read(length: number, address: number): Uint8Array;
}
/** Absent from the ESP32_IDF4 build. */
interface EspruinoCrypto {
  SHA1(message: string): ArrayBuffer;
  SHA224(message: string): ArrayBuffer;
  SHA256(message: string): ArrayBuffer;
  SHA384(message: string): ArrayBuffer;
  SHA512(message: string): ArrayBuffer;
  PBKDF2(
    passphrase: string,
    salt: string,
    options?: { keySize?: number; iterations?: number; hasher?: string },
  ): ArrayBuffer;
  readonly AES: {
    encrypt(data: EspruinoBytes, key: EspruinoBytes, options?: EspruinoAesOptions): ArrayBuffer;
    decrypt(data: EspruinoBytes, key: EspruinoBytes, options?: EspruinoAesOptions): ArrayBuffer;
  };
}
interface EspruinoAesOptions {
  iv?: EspruinoBytes;
  mode?: "CBC" | "CFB" | "CTR" | "ECB";
}
interface EspruinoSocket {
  write(data: string): boolean;
  end(data?: string): void;
  on(event: "data", listener: (data: string) => void): void;
  on(event: "close", listener: (failed: boolean) => void): void;
  on(event: "error", listener: (details: { code: number; message: string }) => void): void;
  on(event: "drain" | "end", listener: () => void): void;
}
interface EspruinoNet {
  connect(options: { host: string; port: number }, connected: (this: EspruinoSocket) => void): EspruinoSocket;
}
interface EspruinoDatagramSocket {
  send(data: string, port: number, host: string): void;
  close(): void;
  on(event: "message", listener: (data: string, from: { address: string; port: number; size: number }) => void): void;
}
interface EspruinoWifi {
  connect(ssid: string, options: { password?: string }, done?: (error: string | null) => void): void;
  disconnect(done?: () => void): void;
  stopAP(done?: () => void): void;
}
interface EspruinoHeatshrink {
  compress(data: EspruinoBytes): ArrayBuffer;
  decompress(data: EspruinoBytes): ArrayBuffer;
}
declare function require(module: "Storage"): EspruinoStorage;
declare function require(module: "Flash"): EspruinoFlash;
declare function require(module: "crypto"): EspruinoCrypto;
declare function require(module: "net"): EspruinoNet;
declare function require(module: "dgram"): { createSocket(kind: "udp4"): EspruinoDatagramSocket };
declare function require(module: "Wifi"): EspruinoWifi;
declare function require(module: "heatshrink"): EspruinoHeatshrink;
/** Any other module: one of the firmware, a file in Storage of that name. Throws when there is none. */
declare function require(module: string): any;
declare const Modules: {
  addCached(name: string, module: string | (() => void)): void;
  getCached(): string[];
  removeCached(name: string): void;
  removeAllCached(): void;
};
