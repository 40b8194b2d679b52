/** `hibernode upload`: a firmware into a board that runs Espruino already, over its console. */
import { Command } from "commander";
import { UserError } from "../errors.ts";
import { SETTINGS_FILE } from "../flash/flash.ts";
import { findFirmware } from "../firmware.ts";
import type { Output } from "../terminal/output.ts";
import { firmwareFile } from "./board-firmware.ts";
import { secondsOf, withPort, type LineOptions } from "./board-options.ts";
import { progressBetweenSteps } from "./board-progress.ts";
import type { Verb } from "./verb.ts";

interface Options extends LineOptions {
  readonly wait?: string;
  readonly erase?: true;
  readonly settings?: string;
  readonly radios?: true;
}

/** Without --wait: a board answers at once, or after its reset. */
const AT_ONCE_S = 10;

export const uploadVerb: Verb = (run) =>
  withPort(
    new Command("upload")
      .description("put a firmware into the Storage of a board that runs Espruino already, over serial or TCP")
      .argument("<firmware>", "folder with a node.ts, or a .js file that is written as it is"),
  )
    .option("--wait <SECONDS>", "wait for a node to wake by itself, instead of resetting it")
    .option("--erase", "erase Storage first; the device's settings are put back")
    .option("--settings <FILE>", "settings of this device (JSON)")
    .option("--radios", "leave Wi-Fi and Bluetooth as they are, instead of off")
    .action(run(upload));

async function upload(output: Output, path: string, options: Options): Promise<boolean> {
  const waitSeconds = options.wait === undefined ? undefined : secondsOf(options.wait, "--wait");
  const firmware = findFirmware(path);
  const { chooseLine } = await import("../serial/ports.ts");
  const { readSettings } = await import("../provision/settings.ts");
  const settings = options.settings === undefined ? undefined : readSettings(options.settings);
  const line = await chooseLine(options.port);
  const { file, document } = await firmwareFile(output, firmware);
  const { takesUpdates } = await import("../update/image.ts");
  if (takesUpdates(Buffer.from(file.data).toString("latin1")))
    throw new UserError("the firmware takes updates: it needs slots and their loader", {
      where: path,
      fix: "write it with `hibernode flash`, later versions with `hibernode update`",
    });
  const { reachConsole } = await import("../console/console.ts");
  const { switchRadiosOff } = await import("../console/radios.ts");
  const { needsWifi } = await import("../build/on-board.ts");
  const { uploadFiles, writeSettings } = await import("../console/upload.ts");
  const bar = progressBetweenSteps(output);
  try {
    if (waitSeconds !== undefined) output.step("wait", `for the node to wake, up to ${waitSeconds} s`);
    let board = await reachConsole(line, {
      waitMs: (waitSeconds ?? AT_ONCE_S) * 1000,
      reset: waitSeconds === undefined,
    });
    bar.onStep("board", `Espruino ${board.version}, ${board.board}`);
    const off: string[] = [];
    if (!options.radios) {
      const again = async (): Promise<typeof board> => {
        await line.close();
        return reachConsole(line, { waitMs: AT_ONCE_S * 1000, reset: false });
      };
      const needed = needsWifi(file.data) ? "Wifi" : undefined;
      const found = await switchRadiosOff(board, again, needed);
      board = found.board;
      off.push(...found.off);
      if (off.length) bar.onStep("radios", `${off.join(" and ")} switched off; the board restarted`);
    }
    const keep = [SETTINGS_FILE];
    if (settings) {
      await writeSettings(board, settings);
      bar.onStep("write", "settings, verified");
    }
    const done = await uploadFiles(board, [file], { ...bar, erase: options.erase === true, keep });
    await board.type("load()");
    output.step("restart", done.writtenBytes ? "the firmware runs" : "nothing had changed; the firmware runs");
    output.result({
      port: line.name,
      espruino: board.version,
      board: board.board,
      firmware: document,
      radiosOff: off,
      ...done,
    });
    return true;
  } finally {
    bar.done();
    await line.close();
  }
}
