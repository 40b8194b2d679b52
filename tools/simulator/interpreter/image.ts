/**
 * The interpreter's flash file: the device's Storage, byte for byte, where the program expects it. For the moment of
 * starting it also holds a loader for the prelude behind the last file; then it is erased again.
 */
import fs from "node:fs";
import path from "node:path";
import { UserError } from "../../errors.ts";
import { rawFlash } from "../espruino/flash-driver.ts";
import { type Flash, PAGE_BYTES, STORAGE_END, STORAGE_START } from "../espruino/flash.ts";
import { Storage } from "../espruino/storage.ts";

const LOADER_NAME = ".bootPowerOn";
const LOADER = `eval(E.openFile("prelude","r").read(65000))()`;
const HEADER = 32;

export class FlashFile {
  readonly #file: number;
  readonly #flash: Flash;
  readonly #storage: Storage;
  /** Where Storage begins in the file. */
  readonly #start: number;
  /** What the file holds. */
  readonly #copy: Buffer;
  #version = -1;
  #loaderAt: number | undefined;

  constructor(folder: string, flash: Flash, start: number) {
    this.#flash = flash;
    this.#start = start;
    this.#storage = new Storage(flash, rawFlash(flash), () => {});
    this.#copy = Buffer.alloc(STORAGE_END - STORAGE_START, 0xff);
    this.#file = fs.openSync(path.join(folder, "espruino.flash"), "w");
    fs.writeSync(this.#file, Buffer.alloc(start + this.#copy.length, 0xff));
  }

  /** Brings the file up to date with the flash. */
  sync(): void {
    if (this.#version === this.#flash.storageVersion) return;
    this.#version = this.#flash.storageVersion;
    const image = this.#flash.storageImage;
    for (let at = 0; at < image.length; at += PAGE_BYTES) this.#put(at, image.subarray(at, at + PAGE_BYTES));
  }

  addLoader(): void {
    const size = HEADER + LOADER.length;
    const { totalBytes, freeBytes } = this.#storage.stats();
    const problem = this.#storage.find(LOADER_NAME)
      ? `holds a ${LOADER_NAME}`
      : freeBytes < size
        ? `has less than ${size} bytes left`
        : undefined;
    if (problem) {
      throw new UserError(`the device's Storage ${problem}: the second engine needs that place at boot`, {
        fix: "simulate this firmware with the fast engine",
      });
    }
    const entry = Buffer.alloc(size);
    entry.writeUInt32LE(LOADER.length, 0);
    entry.write(LOADER_NAME, 4, "latin1");
    entry.write(LOADER, HEADER, "latin1");
    this.#loaderAt = totalBytes - freeBytes;
    this.#put(this.#loaderAt, entry);
  }

  removeLoader(): void {
    if (this.#loaderAt === undefined) return;
    this.#put(
      this.#loaderAt,
      this.#flash.storageImage.subarray(this.#loaderAt, this.#loaderAt + HEADER + LOADER.length),
    );
    this.#loaderAt = undefined;
  }

  close(): void {
    fs.closeSync(this.#file);
  }

  #put(at: number, bytes: Uint8Array): void {
    if (this.#copy.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0) return;
    this.#copy.set(bytes, at);
    fs.writeSync(this.#file, bytes, 0, bytes.length, this.#start + at);
  }
}
