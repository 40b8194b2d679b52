/** `hibernode calibrate`: measures a board and writes its figures to a board file of the user's own. */
import { existsSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { loadBoards } from "../boards.ts";
import { UserError } from "../errors.ts";
import { unknownName } from "../suggest.ts";
import type { Output } from "../terminal/output.ts";
import { secondsOf, withPort, type LineOptions } from "./board-options.ts";
import type { Verb } from "./verb.ts";

interface Options extends LineOptions {
  readonly out: string;
  readonly sleep: string;
  readonly batteryVolts?: string;
}

export const calibrateVerb: Verb = (run) =>
  withPort(
    new Command("calibrate")
      .description("measure a board (speed, boot time, clock, battery divider) and write a board file with its figures")
      .argument("<board>", "which board it is: hibernode boards"),
  )
    .requiredOption("--out <FILE>", "board file to write, for instance my-board.ts")
    .option("--sleep <SECONDS>", "length of the deep sleep over which its clock is compared", "120")
    .option("--battery-volts <VOLTS>", "what a meter shows at the battery, to measure the divider")
    .action(run(calibrate));

async function calibrate(output: Output, name: string, options: Options): Promise<boolean> {
  const boards = await loadBoards();
  if (!Object.hasOwn(boards, name)) throw unknownName("board", name, Object.keys(boards));
  const sleepSeconds = secondsOf(options.sleep, "--sleep");
  if (sleepSeconds < 10) throw new UserError("too short to compare clocks", { where: "--sleep", fix: "at least 10 s" });
  if (existsSync(options.out))
    throw new UserError("the file exists already", {
      where: options.out,
      fix: "choose another name: nothing is overwritten",
    });
  const battery = batteryOf(options.batteryVolts, boards[name]!.default.battery?.pin);
  const { chooseLine } = await import("../serial/ports.ts");
  const { reachConsole } = await import("../console/console.ts");
  const { measure } = await import("../calibrate/measure.ts");
  const { boardFile } = await import("../calibrate/board-file.ts");
  const line = await chooseLine(options.port);
  try {
    const board = await reachConsole(line, { waitMs: 10_000, reset: true });
    output.step("board", `Espruino ${board.version}, ${board.board}; it sleeps for ${sleepSeconds} s now`);
    const measured = await measure(board, { sleepSeconds, battery, now: () => performance.now() });
    const date = new Date().toISOString().slice(0, 10);
    writeFileSync(options.out, boardFile({ board: name, measured, date, espruino: board.version }));
    output.fact("loop", `${measured.loopMicroseconds.toFixed(1)} µs a turn`);
    output.fact("boot", measured.bootMs === undefined ? "not seen" : `${measured.bootMs} ms`);
    output.fact("clock", `${measured.driftPpm} ppm fast, ± ${measured.driftErrorPpm} ppm`);
    if (measured.batteryRatio !== undefined) output.fact("battery", `divider ${measured.batteryRatio.toFixed(4)}`);
    output.fact("written", options.out);
    output.result({ board: name, ...measured, file: options.out });
    return true;
  } finally {
    await line.close();
  }
}

function batteryOf(text: string | undefined, pin: `D${number}` | undefined) {
  if (text === undefined) return undefined;
  const volts = Number(text);
  if (!(volts > 0.5 && volts < 60))
    throw new UserError(`"${text}" is no voltage`, { where: "--battery-volts", fix: "volts, for instance 3.91" });
  if (!pin)
    throw new UserError("this board has no divider at its battery", { where: "--battery-volts", fix: "leave it out" });
  return { volts, pin };
}
