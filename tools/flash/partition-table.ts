/** ESP-IDF's partition table (0x8000): where the application, NVS and Espruino's Storage lie. Format: gen_esp32part.py. */
import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";

export const TABLE_ADDRESS = 0x8000;
export const TABLE_BYTES = 0xc00;
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const SUM_MAGIC = 0xebeb;

export interface Partition {
  readonly label: string;
  readonly address: number;
  readonly bytes: number;
}

/** @returns the partitions. Throws a UserError for anything that is no intact table. */
export function readPartitionTable(table: Uint8Array, where: string): Partition[] {
  const bytes = Buffer.from(table.buffer, table.byteOffset, table.byteLength);
  const partitions: Partition[] = [];
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const magic = bytes.readUInt16LE(at);
    if (magic === SUM_MAGIC) {
      const sum = createHash("md5").update(bytes.subarray(0, at)).digest();
      if (!sum.equals(bytes.subarray(at + 16, at + 32))) throw damaged(where);
      break;
    }
    // tables of ESP-IDF before 3.2 end without a sum
    if (magic === 0xffff) break;
    if (magic !== ENTRY_MAGIC) throw damaged(where);
    partitions.push({
      label: bytes.toString("latin1", at + 12, at + 28).replace(/\0.*$/s, ""),
      address: bytes.readUInt32LE(at + 4),
      bytes: bytes.readUInt32LE(at + 8),
    });
  }
  if (!partitions.length) throw damaged(where);
  return partitions;
}

const damaged = (where: string): UserError =>
  new UserError("this is no intact partition table", {
    where,
    fix: "use the files of an Espruino release for ESP32, unchanged",
  });
