/** Switches Wi-Fi and Bluetooth off on a board that runs Espruino. It restarts for each, and loses its boot code: before an upload. */
import { UserError } from "../errors.ts";
import type { Console } from "./console.ts";

const RESTART_MS = 500;
/** Names as in `ESP32.getState()`, and what switches each off; Espruino keeps that in NVS. */
const radios = { BLE: "enableBLE", Wifi: "enableWifi" } as const;
type Radio = keyof typeof radios;
const names: Readonly<Record<Radio, string>> = { BLE: "Bluetooth", Wifi: "Wi-Fi" };

/** Those that are on and that the build can switch off; none on a build without `ESP32`. */
const RADIOS_ON = `(e=>{if(!e||!e.getState)return"";var s=e.getState();return[${Object.entries(radios)
  .map(([name, call]) => `s.${name}&&e.${call}?"${name}":""`)
  .join()}].join(" ")})(typeof ESP32=="undefined"?0:ESP32)`;

/**
 * @param again finds the board after its restart; the console given before is of no use then
 * @param needed what the firmware reports by: it stays as it is
 * @returns the console to go on with, and what was switched off
 */
export async function switchRadiosOff(
  board: Console,
  again: () => Promise<Console>,
  needed?: Radio,
): Promise<{ board: Console; off: string[] }> {
  const off: string[] = [];
  for (let console = board; ;) {
    const on = (JSON.parse(await console.evaluate(RADIOS_ON)) as string).split(" ").filter(Boolean) as Radio[];
    const next = on.find((radio) => radio !== needed);
    if (!next) return { board: console, off };
    if (off.includes(names[next])) {
      throw new UserError(`${names[next]} does not stay off`, {
        where: "the board",
        fix: "hibernode flash switches it off in the flash; --radios leaves it as it is",
      });
    }
    off.push(names[next]);
    await console.type(`ESP32.${radios[next]}(false)`);
    // what is still on its way to the old program must not reach the new one
    await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
    console = await again();
  }
}
