/**
 * ESP-IDF's key-value partition (NVS) with the two flags that keep Espruino from starting the radios. At run time they are
 * set by ESP32.enableBLE(false) and enableWifi(false), which delete the boot code: in an image they cost nothing.
 *
 * Layout from ESP-IDF's nvs_flash/README.rst and nvs_partition_gen.py.
 */
import type { Chip } from "../../boards/types.ts";

export const NVS_ADDRESS = 0x9000;
/** Of the partition tables that Espruino's builds carry. */
const NVS_BYTES: Readonly<Record<Chip, number>> = { esp32: 0x3000, esp32c3: 0x6000, esp32s3: 0x6000 };

const PAGE_ACTIVE = 0xfffffffe;
/** Version 2 = 0xfe. The classic ESP32's build is of IDF 3.1, which erases pages of a version that it does not know. */
const VERSION: Readonly<Record<Chip, number>> = { esp32: 0xff, esp32c3: 0xfe, esp32s3: 0xfe };
const PAGE_BYTES = 4096;
const ENTRIES = 126;
const ENTRY_BYTES = 32;
const FIRST_ENTRY = 64;
const TYPE_U8 = 0x01;
const TYPE_U32 = 0x04;

/** CRC-32 with the usual polynomial, but started with a register of 0. */
function sum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** @returns the whole partition, both radios off; or Bluetooth only, for a node that reports by Wi-Fi */
export function radiosOffImage(chip: Chip, except?: "wifi"): Uint8Array {
  const image = new Uint8Array(NVS_BYTES[chip]).fill(0xff);
  const view = new DataView(image.buffer);
  view.setUint32(0, PAGE_ACTIVE, true);
  view.setUint32(4, 0, true);
  image[8] = VERSION[chip];
  view.setUint32(28, sum(image.subarray(4, 28)), true);

  const entries: readonly [namespace: number, type: number, key: string, value: number][] = [
    [0, TYPE_U8, "nvs", 1],
    [1, TYPE_U32, "bleStatus", 0],
    [1, TYPE_U32, "wifiStatus", except ? 1 : 0],
  ];
  entries.forEach(([namespace, type, key, value], index) => {
    const at = FIRST_ENTRY + index * ENTRY_BYTES;
    image.set([namespace, type, 1, 0xff], at);
    image.fill(0, at + 8, at + 24);
    image.set(Buffer.from(key, "latin1"), at + 8);
    if (type === TYPE_U8) image[at + 24] = value;
    else view.setUint32(at + 24, value, true);
    view.setUint32(at + 4, sum(Uint8Array.of(...image.subarray(at, at + 4), ...image.subarray(at + 8, at + 32))), true);
    // two bits an entry, lowest first: 10 = written
    image[FIRST_ENTRY / 2 + (index >> 2)]! &= ~(1 << (2 * (index & 3)));
  });
  return image;
}

/** Whether they are off already, whatever else the partition has come to hold. */
export function radiosAreOff(partition: Uint8Array, except?: "wifi"): boolean {
  const view = new DataView(partition.buffer, partition.byteOffset, partition.byteLength);
  const flags = new Map<string, number>();
  for (let page = 0; page + PAGE_BYTES <= partition.length; page += PAGE_BYTES) {
    for (let index = 0; index < ENTRIES; index++) {
      const at = page + FIRST_ENTRY + index * ENTRY_BYTES;
      const written = ((partition[page + FIRST_ENTRY / 2 + (index >> 2)]! >> (2 * (index & 3))) & 3) === 2;
      if (!written || partition[at + 1] !== TYPE_U32) continue;
      const key = Buffer.from(partition.subarray(at + 8, at + 24))
        .toString("latin1")
        .replace(/\0.*$/s, "");
      flags.set(key, view.getUint32(at + 24, true));
    }
  }
  return flags.get("bleStatus") === 0 && flags.get("wifiStatus") === (except ? 1 : 0);
}
