/**
 * The two flash pages that hold a device's settings, as the device itself would have written them. They win over a file
 * `settings` in Storage, which only boards have that were set up by hand; a change in the field goes into the next slot.
 */
import { crc32 } from "node:zlib";
import { PAGE } from "../../lib/journal/slots.ts";
import { openState } from "../../lib/journal/state.ts";
import { SETTINGS_BYTES } from "../../lib/memory.ts";
import type { FlashPort } from "../../lib/platform/ports.ts";
import { UserError } from "../errors.ts";

export const SETTINGS_ADDRESS = 0x312000;

type Settings = Readonly<Record<string, string | number>>;

/** Flash in memory, whose first byte has the address `base`. */
function flashOf(bytes: Uint8Array, base: number): FlashPort {
  return {
    read: (length, address) => bytes.slice(address - base, address - base + length),
    write: (data, address) => bytes.set(typeof data === "string" ? Buffer.from(data, "latin1") : data, address - base),
    erasePage: (address) => bytes.fill(0xff, address - base, address - base + PAGE),
    sum: (data) => data.reduce((total, byte) => total + byte, 0),
    text: (data) => Buffer.from(data).toString("latin1"),
    crc32: (data) => crc32(typeof data === "string" ? Buffer.from(data, "latin1") : data),
  };
}

const storeOf = (bytes: Uint8Array) =>
  openState<Settings>(flashOf(bytes, SETTINGS_ADDRESS), SETTINGS_ADDRESS, SETTINGS_BYTES, false);

/** 8,192 bytes for `SETTINGS_ADDRESS`. Throws a UserError when the settings are too long. */
export function settingsImage(settings: Settings): Uint8Array {
  const bytes = new Uint8Array(2 * PAGE).fill(0xff);
  if (!storeOf(bytes).save(settings))
    throw new UserError(`the settings take more than ${SETTINGS_BYTES - 12} bytes`, {
      where: "settings",
      fix: "leave some out",
    });
  return bytes;
}

/** The settings that such pages hold, or undefined. */
export const readSettingsImage = (bytes: Uint8Array): Settings | undefined => storeOf(Uint8Array.from(bytes)).load();

/** JavaScript for a board's console: the newest settings that check out, else those of the file in Storage. */
export const SETTINGS_EXPRESSION = `(f=>{let c=-1,s;for(let i=0;i<8;i++){const a=${SETTINGS_ADDRESS}+i*${SETTINGS_BYTES},w=new Int32Array(f.read(12,a).buffer),n=w[2]-65536;if(n>0&&n<${SETTINGS_BYTES - 11}&&w[1]>c){const t=E.toString(f.read(n+8,a+4));if((E.CRC32(t)|0)==w[0]){c=w[1];s=JSON.parse(t.substr(8))}}}return s||require("Storage").readJSON("settings",1)})(require("Flash"))`;
