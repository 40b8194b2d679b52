/** The only file that names Espruino's globals. Everything else is handed what it needs. */
import type { I2cBus, PinName, SpiBus, Uart } from "../../boards/types.ts";
import type { CryptoPort, FlashPort, I2cPort, OneWirePort, RadioPort, SerialPort, SpiPort } from "./ports.ts";

/** Raw seconds: kept over deep sleep and restarts, 0 after a power-on, drifting with the chip's oscillator. */
export function now(): number {
  return getTime();
}

export function after(ms: number, run: () => void): number {
  return setTimeout(run, ms);
}

export const cancel: (timer: number) => void = clearTimeout;

export function i2c(bus: I2cBus): I2cPort {
  const port = bus.bus === "I2C2" ? I2C2 : I2C1;
  port.setup({ sda: bus.sda, scl: bus.scl });
  return port;
}

export function spi(bus: SpiBus): SpiPort {
  const port = bus.bus === "SPI2" ? SPI2 : SPI1;
  port.setup({ sck: bus.sck, miso: bus.miso, mosi: bus.mosi, baud: bus.baud || 1000000 });
  return port;
}

export function oneWire(pin: PinName): OneWirePort {
  return new OneWire(pin);
}

export function serial(uart: Uart, baud: number): SerialPort {
  const port = uart.port === "Serial2" ? Serial2 : Serial3;
  port.setup(baud, { tx: uart.tx, rx: uart.rx });
  return port;
}

/** As `serial`. Two functions, because a key that is never used would stay in every bundle. */
export function serialWithParity(uart: Uart, baud: number, parity: "even" | "odd" | undefined): SerialPort {
  const port = uart.port === "Serial2" ? Serial2 : Serial3;
  port.setup(baud, { tx: uart.tx, rx: uart.rx, parity });
  return port;
}

export function setPin(pin: PinName, level: 0 | 1): void {
  digitalWrite(pin, level);
}

/** Lets the pin float: no current through whatever holds it. */
export function releasePin(pin: PinName): void {
  // automatic: otherwise the pin stays an input, whatever is written to it later
  pinMode(pin, "input", true);
}

/** High and low again within one call: some microseconds, where two calls would take a hundred. */
export function pulsePin(pin: PinName): void {
  // of an array the last pin is written first, with the lowest bit
  digitalWrite([pin, pin], 1);
}

export function pullUpPin(pin: PinName): void {
  pinMode(pin, "input_pullup");
}

export function readPin(pin: PinName): 0 | 1 {
  return digitalRead(pin) ? 1 : 0;
}

/** Calls `run` at each edge that lasts. The ESP32 turns its pull-up on. Returns what ends it. */
export function watchPin(pin: PinName, edge: "rising" | "falling", debounceMs: number, run: () => void): () => void {
  const watch = setWatch(run, pin, { repeat: true, edge, debounce: debounceMs });
  return () => clearWatch(watch);
}

/** 0 to 1 of the converter's full scale; NaN where the pin has no converter. */
export function readAnalog(pin: PinName): number {
  return analogRead(pin);
}

/** Natively. */
export function sum(bytes: ArrayLike<number>): number {
  return E.sum(bytes);
}

export function openFlash(): FlashPort {
  // the natives themselves, which ask for no `this`: one call less in the deepest chains
  const flash = require("Flash");
  return {
    read: flash.read,
    write: flash.write,
    erasePage: flash.erasePage,
    sum: E.sum,
    text: E.toString as (bytes: Uint8Array) => string,
    crc32: E.CRC32,
  };
}

/** Undefined where the build has no `crypto`: Espruino's IDF 4 build for the classic ESP32. */
export function openCrypto(): CryptoPort | undefined {
  try {
    const chip = require("crypto");
    return {
      aes: (blocks, key, mode) => chip.AES.encrypt(blocks, key, { mode }),
      sha256: (message) => E.toString(new Uint8Array(chip.SHA256(message)))!,
      buffer: (bytes) => E.toArrayBuffer(bytes),
      text: E.toString as (bytes: Uint8Array) => string,
    };
  } catch (e) {
    return undefined;
  }
}

/** Settings from a file in Storage, for a board that no `hibernode provision` has seen; undefined when there is none. */
export function settings(): Record<string, string | number> | undefined {
  return require("Storage").readJSON("settings", true);
}

/** Part of a file in Storage, where it lies in flash: no copy. Undefined when there is no such file. */
export function storedPart(name: string, at: number, length: number): string | undefined {
  return require("Storage").read(name, at, length);
}

/** As after a reset. */
export function restart(): void {
  ESP32.reboot();
}

/**
 * 32 bits of the chip's noise, from the register that ESP-IDF's esp_random() reads; not `E.hwRand()`, which on these chips begins
 * with the same number at every start (Espruino's src/jsutils.c, rand).
 */
export function random32(): number {
  const chip = process.env.BOARD[5];
  return peek32(chip === "C" ? 0x600260b0 : chip === "S" ? 0x6003507c : 0x3ff75144) >>> 0;
}

/** Why the chip started: 0 after power-on, reset, brown-out or watchdog; 2 a pin, 4 the timer after a deep sleep. */
export function wakeCause(): number {
  return ESP32.getWakeupCause();
}

/** Restarts the chip when the interpreter has not been idle for that long: an endless loop must not drain the cell. */
export function watchdog(seconds: number): void {
  E.enableWatchdog(seconds, true);
}

/** Stops the processor for a while; memory, pins and the clock go on. False = this build of Espruino cannot. */
export function lightSleep(ms: number): boolean {
  if (!ESP32.lightSleep) return false;
  ESP32.lightSleep(ms);
  return true;
}

/** Longest sleep that the interpreter's `int` of microseconds carries: 35 min 47 s. A longer argument never wakes. */
export const LONGEST_SLEEP_S = 2147;

/** Ends this wake: everything but flash and the clock is lost, and the bundle starts again. */
export function deepSleep(seconds: number): void {
  ESP32.deepSleep(Math.round(Math.min(seconds, LONGEST_SLEEP_S) * 1e6));
}

/** Sleeps until the pin has that level, and no timer ends it. Returns only when the chip cannot be woken by that pin. */
export function deepSleepUntil(pin: PinName, level: 0 | 1): void {
  try {
    ESP32.deepSleepExt0(pin, level);
  } catch (e) {
    // not a wake pin
  }
}

/** The chip's radio: `Wifi`, TCP and UDP. On builds that have it, and boards on which it is not switched off. */
export function openRadio(): RadioPort {
  return { wifi: require("Wifi"), net: require("net"), dgram: require("dgram") };
}
