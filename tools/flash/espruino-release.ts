/** The images of an Espruino release for an ESP32 (bootloader, partition table, application): read from its archive, checked. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseTarGzip } from "nanotar";
import type { Chip } from "../../boards/types.ts";
import { UserError } from "../errors.ts";
import { checkAppImage, chipNames, espruinoVersion } from "./app-image.ts";
import { NVS_ADDRESS } from "./nvs-image.ts";
import { readPartitionTable, TABLE_ADDRESS } from "./partition-table.ts";
import { STORAGE_ADDRESS, STORAGE_BYTES } from "./storage-image.ts";
import type { Region } from "./write.ts";

export interface EspruinoRelease {
  readonly chip: Chip;
  /** As in `2v29` or `2v29.277`. */
  readonly version: string;
  /** The IDF 4 build for the classic ESP32 has no `require("crypto")`. */
  readonly hasCrypto: boolean;
  /** In the order of writing: the bootloader last, so that a half-written board starts nothing. */
  readonly regions: readonly Region[];
}

/** The version whose behaviour the simulation was checked against. */
export const CHECKED_VERSION = "2v29";
/** targets/esp32/README_flash*.txt of the release. */
const BOOTLOADER: Readonly<Record<Chip, number>> = { esp32: 0x1000, esp32c3: 0, esp32s3: 0 };
const APPLICATION = 0x10000;

const wanted = {
  bootloader: /^bootloader\.bin$/,
  "partition table": /^partition(s_espruino|-table)\.bin$/,
  application: /^espruino[-_]esp32(c3|s3)?\.bin$/,
} as const;
type Part = keyof typeof wanted;

/** @param path the release's .tgz, or the folder that it unpacks to. Throws a UserError for anything that must not be flashed. */
export async function readEspruinoRelease(path: string): Promise<EspruinoRelease> {
  const files = await filesOf(path);
  const take = (part: Part): { name: string; data: Uint8Array } => {
    const found = files.filter(({ name }) => wanted[part].test(name));
    if (found.length === 1) return found[0]!;
    throw new UserError(`the release holds ${found.length ? "more than one" : "no"} ${part}`, {
      where: path,
      fix: "name the archive espruino_VERSION_esp32*.tgz of an Espruino release, or the folder with its files",
    });
  };
  const [bootloader, table, application] = [take("bootloader"), take("partition table"), take("application")];
  const inFile = (name: string): string => join(path, name);
  const chip = checkAppImage(application.data, inFile(application.name));
  const bootsChip = checkAppImage(bootloader.data, inFile(bootloader.name));
  if (bootsChip !== chip) {
    throw new UserError(
      `the application is for the ${chipNames[chip]}, the bootloader for the ${chipNames[bootsChip]}`,
      {
        where: path,
        fix: "use the files of one release, for one chip",
      },
    );
  }
  checkTable(table.data, application.data.length, inFile(table.name));
  const version = espruinoVersion(application.data);
  if (!version) {
    throw new UserError("the application is not Espruino: its version is nowhere in it", {
      where: inFile(application.name),
      fix: "use an Espruino release",
    });
  }
  return {
    chip,
    version,
    hasCrypto: !Buffer.from(application.data).includes("\0ESP32_IDF4\0"),
    regions: [
      { name: "Espruino", address: APPLICATION, data: application.data },
      { name: "partition table", address: TABLE_ADDRESS, data: table.data },
      { name: "bootloader", address: BOOTLOADER[chip], data: bootloader.data },
    ],
  };
}

async function filesOf(path: string): Promise<{ name: string; data: Uint8Array }[]> {
  if (!existsSync(path))
    throw new UserError("no such file or folder", {
      where: path,
      fix: "name an Espruino release: a .tgz, or its folder",
    });
  if (statSync(path).isDirectory()) {
    const names = readdirSync(path).filter((name) => name.endsWith(".bin"));
    return names.map((name) => ({ name, data: Uint8Array.from(readFileSync(join(path, name))) }));
  }
  try {
    const entries = await parseTarGzip(readFileSync(path));
    return entries.flatMap(({ name, data }) => (data ? [{ name: basename(name), data }] : []));
  } catch {
    throw new UserError("this is no .tgz archive, or it is damaged", {
      where: path,
      fix: "download the Espruino release again",
    });
  }
}

/** Storage and NVS are written at fixed addresses: Espruino has them compiled in. */
export function checkTable(table: Uint8Array, applicationBytes: number, where: string): void {
  const partitions = readPartitionTable(table, where);
  const refuse = (message: string): UserError =>
    new UserError(message, { where, fix: "use the unchanged files of an Espruino release for boards with 4 MB" });
  const storage = partitions.find(({ label }) => label === "storage");
  if (storage?.address !== STORAGE_ADDRESS || storage.bytes < STORAGE_BYTES)
    throw refuse(
      `the partition table has no Storage of ${STORAGE_BYTES >> 10} KB at 0x${STORAGE_ADDRESS.toString(16)}`,
    );
  if (!partitions.some(({ address }) => address === NVS_ADDRESS))
    throw refuse("the partition table has no NVS at 0x9000");
  const application = partitions.find(({ address }) => address === APPLICATION);
  if (!application || application.bytes < applicationBytes)
    throw refuse(`the application of ${applicationBytes.toLocaleString("en")} bytes does not fit its partition`);
}
