/** A tray of boards: a CSV with a line of settings for each, and a record of those that are done. */
import { existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { UserError } from "../errors.ts";
import { withCloud } from "./cloud.ts";
import { checkSettings, NUMBERS, type Settings } from "./settings.ts";

export interface Device {
  readonly settings: Settings;
  /** Of the board that these settings are for, where the tray is sorted already. */
  readonly mac?: string | undefined;
}

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

const CLOUD = "cloud.";

/**
 * Columns `cloud.NAME` are parameters of a cloud's preset.
 * @param common settings that all devices share
 * @param cloud name of the preset
 * @param say hears what a person must know of it, once
 * Throws a UserError with the line that is wrong; never with a value.
 */
export function readBatch(file: string, common: object, cloud?: string, say?: (note: string) => void): Device[] {
  let rows: { record: Record<string, string>; info: { lines: number } }[];
  try {
    const text = readFileSync(file, "utf8");
    rows = parse(text, { columns: true, trim: true, bom: true, skip_empty_lines: true, info: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall) throw error;
    const line = (error as { lines?: number }).lines;
    throw new UserError("the CSV is broken", {
      where: line ? `${file}:${line}` : file,
      fix: "a header line with the names of settings, then a line for each device",
    });
  }
  if (!rows.length) throw new UserError("the CSV holds no device", { where: file, fix: "add a line for each device" });
  const seen = new Map<string, string>();
  const said = new Set<string>();
  return rows.map(({ record: { mac = "", ...fields }, info }) => {
    const where = `${file}:${info.lines}`;
    const given = Object.entries(fields).filter(([, value]) => value !== "");
    const parameters = given.flatMap(([name, value]) =>
      name.startsWith(CLOUD) ? [[name.slice(CLOUD.length), value] as const] : [],
    );
    const own = given.filter(([name]) => !name.startsWith(CLOUD));
    const shared = (common as { cloud?: object }).cloud;
    const worked = withCloud(
      {
        ...common,
        ...(parameters.length && { cloud: { ...shared, ...Object.fromEntries(parameters) } }),
        ...Object.fromEntries(own.map(([name, value]) => [name, NUMBERS.includes(name) ? Number(value) : value])),
      },
      where,
      cloud,
    );
    for (const note of worked.notes) if (!said.has(note)) say?.(note);
    worked.notes.forEach((note) => said.add(note));
    const settings = checkSettings(worked.settings, where);
    if (mac && !MAC.test(mac))
      throw new UserError("mac is no MAC address", { where, fix: "write it as aa:bb:cc:dd:ee:ff, or leave it empty" });
    for (const key of [`id ${settings.id}`, ...(mac ? [`mac ${mac.toLowerCase()}`] : [])]) {
      const before = seen.get(key);
      if (before) throw new UserError(`the same ${key} as in ${before}`, { where, fix: "give each device its own" });
      seen.set(key, where);
    }
    return { settings, ...(mac && { mac }) };
  });
}

/** Ids that a record of an earlier run names as done. */
export function doneBefore(record: string): Set<string> {
  if (!existsSync(record)) return new Set();
  const rows = parse(readFileSync(record, "utf8"), { columns: true }) as { id: string }[];
  return new Set(rows.map(({ id }) => id));
}

export const RECORD_HEADER = "id,mac,chip\n";
export const recordLine = (id: string, mac: string, chip: string): string => `${id},${mac},${chip}\n`;
