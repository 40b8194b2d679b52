/**
 * What `uplink.seal` of `node()` is: a wrapper around the outbox, imported only by the firmware that seals. The key is
 * the device's own: settings `key` (16 bytes in hexadecimal) and `keyId` (1 to 255; 1 when it is missing).
 */
import type { Settings } from "../modems/modem.ts";
import type { Outbox } from "../outbox.ts";

/**
 * @param kept the numbers that extensions keep
 * @param save makes them durable; false when the flash refused
 * @returns undefined when the settings hold no fitting key: nothing is sent then
 */
export type Seal = (outbox: Outbox, settings: Settings, kept: number[][], save: () => boolean) => Outbox | undefined;

/** 16 bytes as a string, or "" when the settings hold no such key. */
export function keyOf(settings: Settings): string {
  const hex = "" + settings["key"];
  let key = "";
  if (hex.length === 32) for (let i = 0; i < 32; i += 2) key += String.fromCharCode(parseInt(hex.substr(i, 2), 16));
  return key;
}

export function keyIdOf(settings: Settings): number {
  return +(settings["keyId"] || 1);
}
