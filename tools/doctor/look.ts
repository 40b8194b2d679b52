/** Finds out what `hibernode doctor` reports on: ports, the board's console, its modem, the broker. */
import { access, constants } from "node:fs/promises";
import { connect } from "node:net";
import type { Board } from "../../boards/types.ts";
import type { Console } from "../console/console.ts";
import { SETTINGS_EXPRESSION } from "../provision/settings-pages.ts";
import { listPorts, type Port } from "../serial/ports.ts";
import type { BoardFacts, Facts, ModemFacts } from "./checks.ts";

export async function lookAtPorts(list: () => Promise<Port[]> = listPorts): Promise<Facts["ports"]> {
  const ports = await list();
  return Promise.all(
    ports.map(async (port) => {
      const refused = await access(port.path, constants.R_OK | constants.W_OK).catch((error: unknown) => error);
      return { ...port, allowed: refused === undefined };
    }),
  );
}

/** Numbers and words of one expression each: what Espruino prints of objects is no JSON. */
export async function lookAtBoard(board: Console): Promise<BoardFacts> {
  const json = async (expression: string): Promise<unknown> =>
    JSON.parse(JSON.parse(await board.evaluate(`JSON.stringify(${expression})`)) as string);
  const before = Number(await board.evaluate("getTime()"));
  const modules = (await json('(process.env.MODULES||"").split(",")')) as string[];
  const [freeBytes, trashBytes] = (await json('(s=>[s.freeBytes,s.trashBytes])(require("Storage").getStats())')) as [
    number,
    number,
  ];
  // names only: values may be secrets
  const settings = (await json(`(s=>s?Object.keys(s):0)(${SETTINGS_EXPRESSION})`)) as string[] | 0;
  const after = Number(await board.evaluate("getTime()"));
  return {
    version: board.version,
    board: board.board,
    modules,
    storage: { freeBytes, trashBytes },
    secondsSinceStart: after,
    clockRuns: after > before,
    settings: settings || undefined,
  };
}

/** Milliseconds that a modem takes at most to answer what is asked here. */
const ANSWER_MS = 2500;
/** What the drivers of the library set; the modems follow the first AT. */
const MODEM_BAUD = 57600;
/** SIM7000 and SIM7080 hardware design, power key: at least 1 s switches on, at least 1.2 s off. */
const KEY_MS = 1300;
/** From the key to the first answer; the slowest of the families say 10 s. */
const BOOT_MS = 12_000;
/** A modem that was off must find its network first. */
const REGISTER_MS = 60_000;
const STEP_MS = 200;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks the modem through the board; one that is off is switched on for that. Undefined where the board has none. */
export async function lookAtModem(console: Console, board: Board): Promise<ModemFacts | undefined> {
  const uart = board.uart["modem"];
  if (!uart) return undefined;
  /** Espruino takes two lines that arrive at once for one that is not yet whole. */
  const say = async (line: string): Promise<void> => {
    await console.type(line);
    await wait(STEP_MS);
  };
  await say(
    `${uart.port}.setup(${MODEM_BAUD},{tx:${uart.tx},rx:${uart.rx}});var hb="";${uart.port}.on("data",d=>hb+=d)`,
  );
  const ask = async (command: string): Promise<string> => {
    await console.type(`hb="";${uart.port}.print("${command}\\r")`);
    const until = Date.now() + ANSWER_MS;
    for (;;) {
      await wait(STEP_MS);
      const answer = JSON.parse(await console.evaluate("JSON.stringify(hb)")) as string;
      const text = JSON.parse(answer) as string;
      if (/\r\n(OK|ERROR|\+CM. ERROR.*)\r\n/.test(text) || Date.now() > until) return text;
    }
  };
  const answers = async (): Promise<boolean> => /OK/.test(await ask("AT"));
  // the first AT lets it find the speed
  let on = (await answers()) || (await answers());
  const key = board.modem;
  const wasOff = !on && key !== undefined;
  const press = async (): Promise<void> => {
    await say(`digitalWrite(${key!.powerKey},${key!.keyPressed})`);
    await wait(KEY_MS);
    await say(`digitalWrite(${key!.powerKey},${1 - key!.keyPressed});pinMode(${key!.powerKey},"auto")`);
  };
  if (wasOff) {
    await press();
    for (const until = Date.now() + BOOT_MS; !on && Date.now() < until;) on = await answers();
  }
  if (!on) return { name: undefined, wasOff, sim: undefined, registration: undefined, psm: undefined };
  const name = (await ask("AT+CGMM")).split(/\r?\n/).find((line) => /^[\w.-]*\d[\w.-]*$/.test(line.trim()));
  const sim = /\+CPIN: ?(.*?)\r/.exec(await ask("AT+CPIN?"))?.[1];
  await ask("AT+CEREG=4");
  const registered = async (): Promise<string[]> =>
    /\+CEREG: ?(.*?)\r/
      .exec(await ask("AT+CEREG?"))?.[1]
      ?.split(",")
      .map((field) => field.replaceAll('"', "")) ?? [];
  let fields = await registered();
  for (const until = Date.now() + REGISTER_MS; wasOff && sim === "READY" && Date.now() < until;) {
    if (["1", "3", "5"].includes(fields[1] ?? "")) break;
    await wait(ANSWER_MS);
    fields = await registered();
  }
  const [active, periodic] = fields.filter((field) => /^[01]{8}$/.test(field));
  if (wasOff) await press();
  return {
    name: name?.trim() ?? "answers",
    wasOff,
    sim,
    registration: fields[1] === undefined ? undefined : Number(fields[1]),
    psm: active && periodic ? [periodic, active] : undefined,
  };
}

const CONNECT_MS = 5000;

/** Opens a connection and closes it again. @returns why it could not be opened */
export function lookAtBroker(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (problem?: string): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end(`no answer within ${CONNECT_MS / 1000} s`));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
