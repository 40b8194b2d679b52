/**
 * Whether the board can do what the firmware asks of its pins. The bundle lives through its first minutes on a chip without
 * parts: what it then does with each pin is compared with the board's facts.
 */
import { readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { Chip, PinName } from "../../boards/types.ts";
import { loadBoards } from "../boards.ts";
import { packageFolder } from "../package-folder.ts";
import { loadTypeScript } from "../scenario-file.ts";
import { Clock } from "../simulator/clock.ts";
import { Device } from "../simulator/device.ts";
import { guarded } from "../simulator/espruino/guard.ts";
import type { PinUse } from "../simulator/espruino/machine.ts";
import { Wires } from "../simulator/espruino/wires.ts";
import { checkBoard, checkPin } from "../simulator/pin-check.ts";
import { checkSupplies } from "./supplies.ts";
import type { BoardModule } from "../simulator/scenario.ts";

/** Long enough for every sensor, and for a modem that does not answer. */
const LIVES_US = 10 * 60e6;
/** A program that computes for longer hangs: then what it did so far is what is known. */
const LIMIT_MS = 3000;
const figures = { bootMs: 500, bootAmps: 0, activeAmps: 0, sleepAmps: 0, lightSleepAmps: 0 };
/** As a device has them when it was flashed, so that the way to the modem is gone as well. */
const settings = { id: "dry-run", broker: "broker.invalid", apn: "dry-run", key: "00".repeat(16) };
/** Of the device's code: seals, hashes. */
export const NEEDS_CRYPTO = /\brequire\("crypto"\)/;
/** Whether a file for the board's Storage, one byte a character, reports by the chip's own Wi-Fi. */
export const needsWifi = (file: Uint8Array): boolean =>
  /\brequire\("Wifi"\)/.test(Buffer.from(file).toString("latin1"));

/**
 * What was found out, in words. Throws a UserError when the board cannot do it. @param files all modules of the bundle
 * @param entry the firmware's source, for the supplies of the sensors that it declares
 */
export async function checkOnBoard(code: string, files: readonly string[], entry?: string): Promise<string> {
  const board = await boardOf(files);
  if (!board) return "no board file: pins are not checked";
  const facts = board.facts();
  checkBoard(board.default, facts);
  if (entry) await checkSupplies(entry, facts);
  const uses = usesOf(code, facts.chip);
  const kinds = { analog: "analog", wake: "wake", drive: "output", read: "input" } as const;
  for (const [name, found] of uses)
    for (const use of found)
      checkPin({ name, use: kinds[use], where: placeOf(name, files) ?? `board ${board.default.id}` }, facts);
  const crypto =
    facts.chip === "esp32" && NEEDS_CRYPTO.test(code)
      ? "; seals need `crypto`: flash Espruino's release for the ESP32, its IDF 4 build has none"
      : "";
  return `${uses.size} pins of the ${facts.name} used as they can be${crypto}`;
}

/** The first board file in the bundle: one of the package's, or the author's own. */
export async function boardOf(files: readonly string[]): Promise<BoardModule | undefined> {
  const boards = await loadBoards();
  for (const file of files) {
    if (dirname(file) === join(packageFolder, "boards")) {
      const name = basename(file, ".ts");
      if (Object.hasOwn(boards, name)) return boards[name];
    } else if (isOwn(file) && /\bBoardFacts\b/.test(readFileSync(file, "utf8"))) {
      const module = (await loadTypeScript(file, "board")) as Partial<BoardModule>;
      if (module.default && module.facts) return module as BoardModule;
    }
  }
  return undefined;
}

function usesOf(code: string, chip: Chip): Map<PinName, Set<PinUse>> {
  const uses = new Map<PinName, Set<PinUse>>();
  const clock = new Clock();
  const device = new Device({
    clock,
    chip,
    figures,
    wires: new Wires(),
    meter: { set: () => {}, pulse: () => {} },
    random: { next: () => 0.5, normal: () => 0 },
    bundle: code,
    settings,
    pinUse(pin, use) {
      const name: PinName = `D${pin}`;
      uses.set(name, (uses.get(name) ?? new Set()).add(use));
    },
  });
  device.powerOn();
  guarded([device], () => clock.runUntil(LIVES_US), LIMIT_MS);
  device.powerCut();
  return uses;
}

const isOwn = (file: string): boolean => !file.startsWith(join(packageFolder, "lib")) && !file.includes("node_modules");

/** Where the author names a pin: file and line. */
function placeOf(pin: PinName, files: readonly string[]): string | undefined {
  for (const file of files.filter(isOwn)) {
    const lines = readFileSync(file, "utf8").split("\n");
    const line = lines.findIndex((text) => new RegExp(`["'\`]${pin}["'\`]`).test(text));
    if (line >= 0) return `${relative("", file)}:${line + 1}:${lines[line]!.indexOf(pin)}`;
  }
  return undefined;
}
