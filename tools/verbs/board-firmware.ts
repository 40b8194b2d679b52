/** The file of a firmware in a board's Storage, built or as it is, with the source map of its stack traces. */
import { readFileSync } from "node:fs";
import type { SourceMap } from "../build/findings.ts";
import type { Firmware } from "../firmware.ts";
import type { StorageFile } from "../flash/storage-image.ts";
import type { Output } from "../terminal/output.ts";

/** Espruino runs it at every start. */
export const BOOT_FILE = ".bootcde";

export interface FirmwareFile {
  readonly file: StorageFile;
  readonly map: SourceMap | undefined;
  /** For the JSON document. */
  readonly document: object;
}

export async function firmwareFile(output: Output, { script, entry, name }: Firmware): Promise<FirmwareFile> {
  if (script) {
    const data = readFileSync(entry);
    output.step("script", `${data.length} bytes, as it is`);
    return { file: { name: BOOT_FILE, data }, map: undefined, document: { name, bytes: data.length } };
  }
  // the compiler takes half a second to load
  const { buildFirmware } = await import("../build/build.ts");
  const built = await buildFirmware({ entry, onStep: ({ name, detail, ms }) => output.step(name, detail, ms) });
  const { bytes, sha256 } = built.manifest;
  return {
    file: { name: BOOT_FILE, data: Buffer.from(built.bundle, "latin1") },
    map: built.map,
    document: { name, bytes, sha256 },
  };
}
