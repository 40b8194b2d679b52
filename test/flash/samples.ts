/** Small images in the formats of Espruino's releases, made here: the real ones are not ours to ship. */
import { createHash } from "node:crypto";
import { createTarGzip } from "nanotar";
import type { Chip } from "../../boards/types.ts";

const ids: Readonly<Record<Chip, number>> = { esp32: 0, esp32c3: 5, esp32s3: 9 };

export interface AppOptions {
  readonly bytes?: number;
  readonly version?: string;
  /** In place of the chip's. */
  readonly id?: number;
  /** Espruino's name of the board. */
  readonly board?: string;
}

/** One segment with Espruino's words in it and noise behind them, checksum and hash. */
export function appImage(
  chip: Chip,
  { bytes = 3000, version = "2v29.277", id = ids[chip], board = chip.toUpperCase() }: AppOptions = {},
): Uint8Array {
  const body = Buffer.alloc(bytes & ~3);
  let state = 12345;
  for (let i = 0; i < body.length; i++) body[i] = (state = Math.imul(state, 1103515245) + 12345) >> 16;
  if (version) body.write(`\0Espruino ${version}\0 ${version} (c) 2026 G.Williams\0${board}\0`, 64, "latin1");
  const header = Buffer.alloc(24);
  header.set([0xe9, 1, 2, 0x2f, 0, 0, 0x38, 0x40, 0xee]);
  header.writeUInt16LE(id, 12);
  header[23] = 1;
  const segment = Buffer.alloc(8);
  segment.writeUInt32LE(0x3c000020, 0);
  segment.writeUInt32LE(body.length, 4);
  const length = header.length + segment.length + body.length;
  const padding = Buffer.alloc(16 - (length % 16));
  padding[padding.length - 1] = body.reduce((sum, byte) => sum ^ byte, 0xef);
  const image = Buffer.concat([header, segment, body, padding]);
  return Buffer.concat([image, createHash("sha256").update(image).digest()]);
}

type Row = readonly [label: string, type: number, subtype: number, address: number, bytes: number];

export const classicTable: readonly Row[] = [
  ["nvs", 1, 2, 0x9000, 0x3000],
  ["otadata", 1, 0, 0xc000, 0x2000],
  ["free", 1, 0x40, 0xe000, 0x2000],
  ["factory", 0, 0, 0x10000, 0x180000],
  ["ota_0", 0, 0x10, 0x190000, 0x180000],
  ["flash", 1, 0x40, 0x310000, 0x10000],
  ["storage", 1, 0x41, 0x320000, 0xe0000],
];
export const newerTable: readonly Row[] = [
  ["nvs", 1, 2, 0x9000, 0x6000],
  ["phy_init", 1, 1, 0xf000, 0x1000],
  ["factory", 0, 0, 0x10000, 0x1f4000],
  ["flash", 1, 0x40, 0x310000, 0x10000],
  ["storage", 1, 6, 0x320000, 0xe0000],
];

export function partitionTable(rows: readonly Row[]): Uint8Array {
  const table = Buffer.alloc(0xc00, 0xff);
  rows.forEach(([label, type, subtype, address, bytes], index) => {
    const at = index * 32;
    table.fill(0, at, at + 32);
    table.set([0xaa, 0x50, type, subtype], at);
    table.writeUInt32LE(address, at + 4);
    table.writeUInt32LE(bytes, at + 8);
    table.write(label, at + 12, "latin1");
  });
  const end = rows.length * 32;
  table.set([0xeb, 0xeb], end);
  table.set(createHash("md5").update(table.subarray(0, end)).digest(), end + 16);
  return table;
}

export type ReleaseFiles = Record<string, Uint8Array>;

export function releaseFiles(chip: Chip, app: AppOptions = {}): ReleaseFiles {
  const classic = chip === "esp32";
  return {
    "bootloader.bin": appImage(chip, { bytes: 20_000, version: "" }),
    [classic ? "partitions_espruino.bin" : "partition-table.bin"]: partitionTable(classic ? classicTable : newerTable),
    [`espruino${classic ? "_" : "-"}${chip}.bin`]: appImage(chip, app),
  };
}

export const archive = (folder: string, files: ReleaseFiles): Promise<Uint8Array> =>
  createTarGzip(Object.entries(files).map(([name, data]) => ({ name: `${folder}/${name}`, data })));
