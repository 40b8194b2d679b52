/** `E`: the interpreter's own helpers, those of an ESP32 build. */
import { crc32 } from "./crc32.ts";
import { bytesOf, bytesToRead, fromLatin1, isBuffer, latin1, toFloat, toInt } from "./data.ts";
import type { Clockwork } from "./date.ts";
import { adopt } from "./events.ts";
import { startGenerator } from "./generator.ts";
import { fft } from "./fft.ts";
import { inOrder } from "./key-order.ts";
import type { Machine, Peripheral } from "./machine.ts";
import { type Map as MapTable, mapInPlace } from "./map-in-place.ts";
import { toConsole, toDeviceText } from "./print.ts";
import type { Storage } from "./storage.ts";
import { StorageError } from "./storage.ts";
import type { Watchdog } from "./watchdog.ts";

export function espruino(
  machine: Machine,
  dates: Clockwork,
  storage: Storage,
  watchdog: Watchdog,
  restart: () => never,
): Peripheral {
  const { realm } = machine;
  let flags: Record<string, unknown> = {};
  let consoleDevice: unknown = "Serial1";
  const generator = startGenerator();

  const isList = (value: unknown): value is ArrayLike<number> =>
    typeof value === "string" || Array.isArray(value) || ArrayBuffer.isView(value);
  /** Numbers of an array, or the bytes of a string. Its natives read 32 bits without a sign as if they had one. */
  const numbers = (value: unknown): ArrayLike<number> => {
    if (typeof value === "string") return latin1(value);
    if (Object.prototype.toString.call(value) !== "[object Uint32Array]") return value as ArrayLike<number>;
    const { buffer, byteOffset, length } = value as Uint32Array;
    return new Int32Array(buffer, byteOffset, length);
  };
  const list = (value: unknown, error: string): ArrayLike<number> => {
    if (isList(value) || isBuffer(value)) return isBuffer(value) ? new Uint8Array(value) : numbers(value);
    throw new realm.Error(`${error}, not ${typeof value === "object" ? "Object" : String(typeof value)}`);
  };
  const buffered = (value: unknown): Uint8Array | undefined =>
    ArrayBuffer.isView(value) ? (value as Uint8Array) : isBuffer(value) ? new Uint8Array(value) : undefined;
  const notSimulated = (name: string) => (): never => {
    throw new realm.Error(`E.${name}: not simulated`);
  };

  const E = adopt(machine, {
    getTemperature() {
      // The classic chip returns a raw byte that means no temperature; the others have nothing.
      if (machine.chip.board === "ESP32") return 128;
      machine.print("Internal temperature sensor not implemented\n");
      return NaN;
    },
    getAnalogVRef() {
      machine.print(">> jshReadVRef Not implemented\n");
      return NaN;
    },
    clip: realm.Math["clip" as "max"],
    sum(values: unknown) {
      let sum = 0;
      if (values instanceof realm.Uint8Array) {
        const bytes = values as Uint8Array;
        for (let i = 0; i < bytes.length; i++) sum += bytes[i]!;
        return sum;
      }
      const items = list(values, "First argument must be Array");
      for (let i = 0; i < items.length; i++) sum += toFloat(items[i]);
      return sum;
    },
    /** Sum of the squared distances to `mean`; not divided by the count. */
    variance(values: unknown, mean: number) {
      const items = list(values, "First argument must iterable");
      let sum = 0;
      for (let i = 0; i < items.length; i++) sum += (toFloat(items[i]) - mean) ** 2;
      return sum;
    },
    convolve(first: unknown, second: unknown, offset?: unknown) {
      const a = list(first, "Expecting first 2 arguments to be iterable");
      const b = list(second, "Expecting first 2 arguments to be iterable");
      // The interpreter divides by the length of the second array: an empty one crashes the chip.
      if (b.length === 0) return restart();
      let at = toInt(offset) % b.length;
      if (at < 0) at += b.length;
      let sum = 0;
      if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b) && at === 0 && a.length <= b.length) {
        for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
        return sum;
      }
      for (let i = 0; i < a.length; i++) {
        sum += toFloat(a[i]) * toFloat(b[at]);
        if (++at === b.length) at = 0;
      }
      return sum;
    },
    FFT: (real: unknown, imaginary?: unknown, inverse?: unknown) =>
      fft(real as number[], imaginary as number[] | undefined, Boolean(inverse)),
    mapInPlace(from: unknown, to: unknown, map?: unknown, bits?: unknown) {
      const [source, target] = [buffered(from), buffered(to)];
      if (!source || !target) throw new realm.Error("First 2 arguments should be array buffers");
      if (map !== undefined && map !== null && typeof map !== "function" && !Array.isArray(map) && !buffered(map))
        throw new realm.Error("Third argument should be a function or array");
      const table = typeof map === "function" || Array.isArray(map) ? map : map ? buffered(map) : undefined;
      mapInPlace(source, target as never, target.length, table as MapTable, toInt(bits));
    },
    toString(...data: unknown[]) {
      return fromLatin1(bytesToRead(data, realm));
    },
    toUint8Array: (...data: unknown[]) => realm.bytes(bytesOf(data, realm)),
    toArrayBuffer: (text: unknown) => realm.bytes(latin1(String(text))).buffer,
    toFlatString: (...data: unknown[]) => fromLatin1(bytesOf(data, realm)),
    toJS: (value: unknown) => toDeviceText(value),
    asUTF8: (text: unknown) => String(text),
    fromUTF8: (text: unknown) => String(text),
    isUTF8: () => false,
    decodeUTF8: (text: unknown, lookup?: unknown[], replacement?: unknown) =>
      [...Buffer.from(latin1(String(text))).toString("utf8")]
        .map((c) => (c < "\x80" ? c : ((lookup?.[c.codePointAt(0)!] ?? replacement ?? "") as string)))
        .join(""),
    CRC32: (data: unknown) => crc32(typeof data === "string" ? data : bytesToRead([data], realm)),
    reverseByte(value: unknown) {
      let out = 0;
      for (let bit = 0; bit < 8; bit++) if ((toInt(value) >> bit) & 1) out |= 0x80 >> bit;
      return out;
    },
    hwRand: generator.next,
    srand: (seed: unknown) => generator.seed(toInt(seed)),
    lookupNoCase(haystack: object, needle: unknown, keyOnly?: unknown) {
      const key = Object.keys(inOrder(haystack)).find((name) => name.toLowerCase() === String(needle).toLowerCase());
      return key === undefined ? undefined : keyOnly ? key : (haystack as Record<string, unknown>)[key];
    },
    HSBtoRGB: notSimulated("HSBtoRGB"),
    getSizeOf: notSimulated("getSizeOf"),
    getAddressOf: () => 0,
    memoryArea(address: unknown, length: unknown) {
      const at = toInt(address);
      if (at < 0x320000 || at >= 0x400000) throw new realm.Error("memoryArea outside Storage: not simulated");
      return machine.flash.text(at, toInt(length));
    },
    nativeCall: notSimulated("nativeCall"),
    compiledC: notSimulated("compiledC"),
    asm: notSimulated("asm"),
    setBootCode(code?: unknown, always?: unknown) {
      try {
        for (const name of [".bootcde", ".bootrst"]) storage.erase(name);
        if (code !== undefined) storage.write(always ? ".bootrst" : ".bootcde", latin1(String(code)));
      } catch (error) {
        throw error instanceof StorageError ? new realm.Error(error.message) : error;
      }
    },
    enableWatchdog: (seconds: unknown, auto?: unknown) =>
      watchdog.enable(toFloat(seconds), auto === undefined || Boolean(auto)),
    kickWatchdog: () => watchdog.kick(),
    reboot: () => restart(),
    getErrorFlags: () => realm.array<string>([]),
    getFlags: () => adopt(machine, { deepSleep: 0, pretokenise: 0, unsafeFlash: 0, unsyncFiles: 0, ...flags }),
    setFlags: (given: object) => void Object.assign(flags, given),
    setConsole: (device: unknown) => void (consoleDevice = device),
    getConsole: () => (consoleDevice === null ? undefined : toConsole(consoleDevice)),
    lockConsole: notSimulated("lockConsole"),
    setPassword: notSimulated("setPassword"),
    setTimeZone: (hours: unknown) => dates.setTimeZone(toFloat(hours)),
    setDST: notSimulated("setDST"),
    setClock() {
      machine.print("ERROR: >> jshSetSystemClock Not implemented\n");
      return 0;
    },
    getPowerUsage: () => adopt(machine, { device: adopt(machine, { CPU: 20_000 }), total: 20_000 }),
    stopEventPropagation: notSimulated("stopEventPropagation"),
    defrag() {
      machine.check();
    },
    pipe: notSimulated("pipe"),
  });
  return {
    globals: { E },
    drop() {
      flags = {};
      consoleDevice = "Serial1";
    },
  };
}
