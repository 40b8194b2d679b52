/** Writes a device's settings into the Storage of a board that has Espruino, and nothing else. */
import { checkOwnTable, readFiles, SETTINGS_FILE } from "../flash/flash.ts";
import { buildStorageImage, STORAGE_ADDRESS } from "../flash/storage-image.ts";
import { writeRegions, type WriteOptions, type Written } from "../flash/write.ts";
import { UserError } from "../errors.ts";
import type { Line } from "../serial/line.ts";
import { settingsBytes, type Settings } from "./settings.ts";

export interface ProvisionOptions extends Pick<WriteOptions, "bauds" | "reset" | "onStep" | "onProgress"> {
  /** MAC address of the board that these settings are for; any board without it. */
  readonly mac?: string | undefined;
}

/** The board starts again with its new settings. Throws a UserError: what is wrong, what was written, what to do. */
export async function provisionBoard(line: Line, settings: Settings, options: ProvisionOptions): Promise<Written> {
  return writeRegions(
    line,
    {
      ...options,
      plan: async (loader) => {
        if (options.mac !== undefined && options.mac.toLowerCase() !== loader.mac) {
          throw new UserError(
            `this is the board ${loader.mac}, the settings of ${settings.id} are for ${options.mac}`,
            {
              where: line.name,
              fix: "connect the right board; nothing was written",
            },
          );
        }
        await checkOwnTable(loader);
        const others = (await readFiles(loader)).filter(({ name }) => name !== SETTINGS_FILE);
        const files = [{ name: SETTINGS_FILE, data: settingsBytes(settings) }, ...others];
        return [{ name: "settings", address: STORAGE_ADDRESS, data: buildStorageImage(files) }];
      },
    },
    (loader) => loader.restart(),
  ).finally(() => line.close().catch(() => undefined));
}
