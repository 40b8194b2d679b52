/** Writes a device's settings into their flash pages on a board that has Espruino, and nothing else. */
import { checkOwnTable } from "../flash/flash.ts";
import { writeRegions, type WriteOptions, type Written } from "../flash/write.ts";
import { UserError } from "../errors.ts";
import type { Line } from "../serial/line.ts";
import { settingsImage, SETTINGS_ADDRESS } from "./settings-pages.ts";
import type { Settings } from "./settings.ts";

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
        return [{ name: "settings", address: SETTINGS_ADDRESS, data: settingsImage(settings) }];
      },
    },
    (loader) => loader.restart(),
  ).finally(() => line.close().catch(() => undefined));
}
