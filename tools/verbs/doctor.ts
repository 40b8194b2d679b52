/** `hibernode doctor`: what is missing between this computer and a node that reports, line by line. */
import { Command } from "commander";
import pc from "picocolors";
import type { Board } from "../../boards/types.ts";
import type { Facts } from "../doctor/checks.ts";
import { UserError } from "../errors.ts";
import { findFirmware } from "../firmware.ts";
import type { Output } from "../terminal/output.ts";
import { secondsOf, withPort, type LineOptions } from "./board-options.ts";
import type { Verb } from "./verb.ts";

interface Options extends LineOptions {
  readonly wait: string;
  readonly broker?: string;
  readonly modem?: string;
}

export const doctorVerb: Verb = (run) =>
  withPort(
    new Command("doctor")
      .description("check this computer, the board, its modem and the broker; every line that fails says what to do")
      .argument("[firmware]", "also check that it builds and fits"),
  )
    .option("--wait <SECONDS>", "how long to wait for the board to answer", "10")
    .option("--modem <BOARD>", "also ask the modem, with the pins of this board (hibernode boards)")
    .option("--broker <HOST:PORT>", "also check that this broker takes connections")
    .action(run(doctor));

const MARKS = { good: pc.green("✓"), mind: pc.yellow("!"), bad: pc.red("✗") };

async function doctor(output: Output, path: string | undefined, options: Options): Promise<boolean> {
  const waitMs = secondsOf(options.wait, "--wait") * 1000;
  const broker = brokerOf(options.broker);
  const firmware = path === undefined ? undefined : findFirmware(path);
  const { lookAtBroker, lookAtPorts } = await import("../doctor/look.ts");
  const { diagnose } = await import("../doctor/checks.ts");
  const ports = await lookAtPorts();
  const facts: Facts = {
    nodeVersion: process.version,
    ports,
    ...(options.port !== undefined || ports.length === 1 ? await lookAtDevice(options, waitMs) : {}),
    ...(broker && {
      broker: { address: `${broker.host}:${broker.port}`, problem: await lookAtBroker(broker.host, broker.port) },
    }),
    ...(firmware && { bundle: await lookAtBundle(firmware.entry) }),
  };
  const findings = diagnose(facts);
  for (const { line, state, text, remedy } of findings) {
    output.fact(`${MARKS[state]} ${line}`.padEnd(12 + MARKS[state].length - 1), text);
    if (remedy) output.fact("", remedy);
  }
  output.result({ findings });
  return findings.every(({ state }) => state !== "bad");
}

async function lookAtDevice(options: Options, waitMs: number): Promise<Pick<Facts, "board" | "modem">> {
  const { chooseLine } = await import("../serial/ports.ts");
  const { reachConsole } = await import("../console/console.ts");
  const { lookAtBoard, lookAtModem } = await import("../doctor/look.ts");
  const pins = options.modem === undefined ? undefined : await boardNamed(options.modem);
  const line = await chooseLine(options.port);
  try {
    const board = await reachConsole(line, { waitMs, reset: true });
    return { board: await lookAtBoard(board), modem: pins && (await lookAtModem(board, pins)) };
  } catch (error) {
    if (error instanceof UserError) return { board: { silent: `${line.name}: ${error.message}` } };
    throw error;
  } finally {
    await line.close();
  }
}

async function boardNamed(id: string): Promise<Board> {
  const { loadBoards } = await import("../boards.ts");
  const { unknownName } = await import("../suggest.ts");
  const boards = await loadBoards();
  if (!Object.hasOwn(boards, id)) throw unknownName("board", id, Object.keys(boards), "--modem");
  return boards[id]!.default;
}

async function lookAtBundle(entry: string): Promise<NonNullable<Facts["bundle"]>> {
  const { buildFirmware } = await import("../build/build.ts");
  try {
    const { bytes, budgetBytes } = (await buildFirmware({ entry })).manifest;
    return { bytes, budgetBytes };
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message.split("\n")[0]! };
    throw error;
  }
}

function brokerOf(text: string | undefined): { host: string; port: number } | undefined {
  if (text === undefined) return undefined;
  const found = /^(?:mqtts?:\/\/)?([^:/\s]+)(?::(\d+))?\/?$/.exec(text);
  if (found) return { host: found[1]!, port: Number(found[2] ?? 1883) };
  throw new UserError("this is no address of a broker", { where: "--broker", fix: "write HOST or HOST:PORT" });
}
