/** `require("Storage")` and the files that `open` gives: 4064-byte chunks that are appended in place. */
import { crc32 } from "./crc32.ts";
import { latin1, memoryOf, toInt } from "./data.ts";
import { adopt } from "./events.ts";
import type { FlashDriver } from "./flash-driver.ts";
import type { Machine } from "./machine.ts";
import { toDeviceText } from "./print.ts";
import { dataOf, type Entry, STORAGE_FILE, Storage, StorageError } from "./storage.ts";

const CHUNK_BYTES = 4064;
const LAST_CHUNK = 255;
/** The chunk number takes the name's 28th character at the latest. */
const MAX_NAME = 27;

interface OpenFile {
  readonly name: string;
  mode: "r" | "w" | "a" | "failed";
  chunk: number;
  offset: number;
}

export function storageModule(
  machine: Machine,
  storage: Storage,
  driver: FlashDriver,
): Record<string, unknown> & { StorageFile: unknown } {
  const { realm } = machine;
  const nameOf = (name: unknown): string => (name === undefined ? "undefined" : String(name));
  const refused = (error: unknown): unknown => (error instanceof StorageError ? new realm.Error(error.message) : error);

  function write(name: string, data: Uint8Array, offset: number, size: number, flags: number): boolean {
    machine.check();
    try {
      return storage.write(name, data, offset, size, flags);
    } catch (error) {
      throw refused(error);
    }
  }

  function read(name: unknown, offset = 0, length = 0): string | undefined {
    machine.spendCpu();
    const entry = storage.find(nameOf(name));
    if (!entry) return undefined;
    const from = Math.min(Math.max(offset, 0), entry.size);
    const count = Math.min(length > 0 ? length : entry.size, entry.size - from);
    return count > 0 ? storage.text(entry, from, count) : "";
  }

  const matches = (pattern: unknown, name: string): boolean =>
    pattern === undefined ||
    (typeof pattern === "string" ? name.includes(pattern) : name.match(pattern as RegExp) !== null);

  /** Of a StorageFile only the first chunk is listed, with its number unless such files were asked for. */
  function listed(pattern: unknown, filter: unknown): { name: string; entry: Entry }[] {
    const only = typeof filter === "object" && filter !== null ? (filter as { sf?: unknown }).sf : undefined;
    const found: { name: string; entry: Entry }[] = [];
    for (const entry of storage.list()) {
      let name = storage.name(entry);
      const chunked = entry.flags === STORAGE_FILE;
      if (only !== undefined && chunked !== Boolean(only)) continue;
      if (chunked && !name.endsWith("\x01")) continue;
      if (chunked && only) name = name.slice(0, -1);
      if (matches(pattern, name)) found.push({ name, entry });
    }
    return found;
  }

  const open = new WeakMap<object, OpenFile>();
  const fileOf = (self: unknown): OpenFile => {
    const file = open.get(self as object);
    if (!file) throw new realm.Error("not a StorageFile");
    return file;
  };
  const chunkName = ({ name }: OpenFile, chunk: number): string => name.slice(0, MAX_NAME) + String.fromCharCode(chunk);
  /** Bytes used in a chunk: its data ends at the first erased byte. */
  const used = (entry: Entry): number => {
    const end = storage.text(entry).indexOf("\xff");
    return end < 0 ? entry.size : end;
  };

  function readFile(self: unknown, length: number, line: boolean): string | undefined {
    const file = fileOf(self);
    if (file.mode !== "r") throw new realm.Error("Can't read in this mode");
    let result: string | undefined;
    for (;;) {
      const entry = storage.find(chunkName(file, file.chunk));
      if (!entry) return result;
      if (file.offset >= entry.size) {
        if (file.chunk === LAST_CHUNK) return result;
        file.chunk++;
        file.offset = 0;
        continue;
      }
      const rest = storage.text(entry, file.offset, used(entry) - file.offset);
      const end = line ? rest.indexOf("\n") + 1 : 0;
      const piece = rest.slice(0, line ? end || undefined : length - (result?.length ?? 0));
      if (!piece) return result;
      result = (result ?? "") + piece;
      file.offset += piece.length;
      if (end || (!line && result.length >= length)) return result;
    }
  }

  const StorageFile = {
    read(this: unknown, length: unknown) {
      return toInt(length) > 0 ? readFile(this, toInt(length), false) : undefined;
    },
    readLine(this: unknown) {
      return readFile(this, 0, true);
    },
    getLength(this: unknown) {
      const file = fileOf(this);
      let length = 0;
      for (let chunk = 1; chunk <= LAST_CHUNK; chunk++) {
        const entry = storage.find(chunkName(file, chunk));
        if (!entry) break;
        length += used(entry);
        if (used(entry) < entry.size) break;
      }
      return length;
    },
    write(this: unknown, value: unknown) {
      const file = fileOf(this);
      if (file.mode !== "w" && file.mode !== "a") throw new realm.Error("Can't write in this mode");
      const data = latin1(String(value));
      if (!data.length) return;
      const entry = storage.find(chunkName(file, file.chunk));
      const start = (piece: Uint8Array): void => {
        try {
          write(chunkName(file, file.chunk), piece, 0, CHUNK_BYTES, STORAGE_FILE);
          file.offset = piece.length;
        } catch (error) {
          file.mode = "failed";
          throw error;
        }
      };
      if (!entry) return start(data);
      const room = entry.size - file.offset;
      driver.write(dataOf(entry) + file.offset, data.subarray(0, room));
      file.offset += Math.min(room, data.length);
      if (data.length < room) return;
      if (file.chunk === LAST_CHUNK) throw new realm.Error("File too big!");
      file.chunk++;
      file.offset = 0;
      if (data.length > room) start(data.subarray(room));
    },
    erase(this: unknown) {
      const file = fileOf(this);
      if (file.mode === "r") throw new realm.Error("Can't erase in this mode");
      for (let chunk = 1; chunk <= LAST_CHUNK && storage.find(chunkName(file, chunk)); chunk++)
        storage.erase(chunkName(file, chunk));
    },
    pipe(this: unknown, to: unknown) {
      const sink = to as { write: (data: string) => void; end?: () => void };
      for (let piece = readFile(this, 64, false); piece; piece = readFile(this, 64, false)) sink.write(piece);
      sink.end?.();
    },
  };
  const prototype = adopt(machine, StorageFile);

  return adopt(machine, {
    StorageFile: prototype,
    read: (name: unknown, offset?: unknown, length?: unknown) => read(name, toInt(offset), toInt(length)),
    readJSON(name: unknown, quiet?: unknown) {
      const text = read(name);
      if (text === undefined) return undefined;
      try {
        return realm.JSON.parse(text);
      } catch (error) {
        if (quiet) return undefined;
        throw error;
      }
    },
    readArrayBuffer(name: unknown) {
      const text = read(name);
      return text === undefined ? undefined : realm.bytes(latin1(text)).buffer;
    },
    write(name: unknown, data: unknown, offset?: unknown, size?: unknown) {
      const plain =
        typeof data === "object" &&
        data !== null &&
        !Array.isArray(data) &&
        !ArrayBuffer.isView(data) &&
        !(data instanceof realm.ArrayBuffer);
      if (plain) return write(nameOf(name), latin1(realm.JSON.stringify(data)), 0, 0, 0);
      const bytes = memoryOf(data, realm);
      if (!bytes) throw new realm.Error("Can't get pointer to data to write");
      return write(nameOf(name), bytes, toInt(offset), toInt(size), 0);
    },
    writeJSON: (name: unknown, data: unknown) => write(nameOf(name), latin1(toDeviceText(data)), 0, 0, 0),
    list: (pattern?: unknown, filter?: unknown) => realm.array(listed(pattern, filter).map(({ name }) => name)),
    hash(pattern?: unknown) {
      let hash = 0xabcddcba;
      for (const { name, entry } of listed(pattern, { sf: false })) {
        hash = ((hash << 1) | (hash >>> 31)) ^ entry.address ^ crc32(latin1(name));
      }
      return hash | 0;
    },
    erase(name: unknown) {
      machine.check();
      storage.erase(nameOf(name));
    },
    eraseAll() {
      machine.check();
      storage.eraseAll();
    },
    compact() {
      machine.check();
      storage.compact();
    },
    optimise() {
      machine.check();
    },
    debug() {
      for (const entry of storage.list()) machine.print(`${storage.name(entry)}\t${entry.size}\n`);
    },
    getFree: () => storage.stats().freeBytes,
    getStats: () => adopt(machine, storage.stats()),
    open(name: unknown, mode: unknown) {
      machine.check();
      if (mode !== "r" && mode !== "w" && mode !== "a") throw new realm.Error(`Invalid mode ${JSON.stringify(mode)}`);
      const self = Object.create(prototype) as typeof StorageFile;
      const file: OpenFile = { name: nameOf(name), mode, chunk: 1, offset: 0 };
      open.set(self, file);
      if (mode === "w") self.erase();
      if (mode === "a") {
        let entry = storage.find(chunkName(file, 1));
        while (entry && used(entry) === entry.size && file.chunk < LAST_CHUNK)
          entry = storage.find(chunkName(file, ++file.chunk));
        file.offset = entry ? used(entry) : 0;
      }
      return self;
    },
  }) as Record<string, unknown> & { StorageFile: unknown };
}

/** `require("Flash")`: the flash as it is. */
export function flashModule(machine: Machine, driver: FlashDriver): Record<string, unknown> {
  const { realm } = machine;
  return adopt(machine, {
    read(length: unknown, address: unknown) {
      const count = toInt(length);
      return count > 0 ? realm.bytes(driver.read(toInt(address) >>> 0, count)) : undefined;
    },
    write(data: unknown, address: unknown) {
      const bytes = memoryOf(data, realm);
      if (!bytes) throw new realm.Error("Data is not defined");
      driver.write(toInt(address) >>> 0, bytes);
    },
    erasePage(address: unknown) {
      if (typeof address !== "number" || !Number.isInteger(address))
        throw new realm.Error(`Address should be an integer, got ${typeof address}`);
      driver.erasePage(address);
    },
    getPage(address: unknown) {
      const at = toInt(address) >>> 0;
      return at < machine.flash.bytes.length ? adopt(machine, { addr: at - (at % 4096), length: 4096 }) : undefined;
    },
    // The port's own list, with two areas that must not be used: one lies over the settings, one inside Storage.
    getFree: () =>
      realm.array(
        [
          [0xe000, 0x2000],
          [0x310000, 0x10000],
          [0x360000, 0xa0000],
        ].map(([addr, length]) => adopt(machine, { addr, length })),
      ),
  });
}
