/** What the options of `simulate` stand for: a recording in the world, a server, modules. All of it is checked before the work. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import { createSink } from "../simulator/network/sink.ts";
import type { RunOptions } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { trace } from "../simulator/world/sources.ts";

export interface TraceOptions {
  readonly trace?: string;
  readonly column?: string;
  readonly unit?: string;
  readonly timeColumn?: string;
  readonly from?: string;
}

/** The scenario with the recording of the command line in the place that the scenario names. */
export function traced(scenario: Scenario, { trace: file, column, unit, timeColumn, from }: TraceOptions): Scenario {
  if (file === undefined) {
    const lonely = { "--column": column, "--unit": unit, "--time-column": timeColumn, "--from": from };
    for (const [flag, value] of Object.entries(lonely)) {
      if (value !== undefined)
        throw new UserError("says something about a recording, and there is none", {
          where: flag,
          fix: "add --trace FILE",
        });
    }
    return scenario;
  }
  if (column === undefined || unit === undefined) {
    throw new UserError("a recording needs its column and its unit", {
      where: "--trace",
      fix: `add ${[column === undefined && "--column NAME", unit === undefined && "--unit UNIT"].filter(Boolean).join(" and ")}`,
    });
  }
  const [place = "", quantity = ""] = (scenario.traced ?? "").split(".");
  if (!scenario.world[place] || !quantity) {
    throw new UserError("the scenario does not say which quantity a recording replaces", {
      where: "scenario, traced",
      fix: `add traced: "PLACE.QUANTITY" (places: ${Object.keys(scenario.world).join(", ")})`,
    });
  }
  const source = trace({ file, column, unit, timeColumn, from, after: "hold" });
  const { trace: found, from: start } = source.recording!();
  const span = found.seconds[found.seconds.length - 1]! - start;
  return {
    ...scenario,
    // as long as the recording, unless --for says otherwise
    lasts: `${Math.max(1, Math.floor(span))}s`,
    world: { ...scenario.world, [place]: { ...scenario.world[place], [quantity]: source } },
  };
}

export interface ServerOptions {
  readonly broker?: string;
  readonly listen?: string;
  readonly sink?: boolean;
}

type Create = RunOptions["server"];

/** A server that is there already, for one run, which closes it. */
export interface OpenServer {
  readonly server: Create;
  /** Where there is no run after all. */
  close(): Promise<void>;
}

/**
 * Connects or listens at once, so that what is wrong with that is known before the work.
 * @param listening told the port on which other programs reach the broker in this process
 */
export async function openServer(options: ServerOptions, listening: (port: number) => void): Promise<OpenServer> {
  let nowUs = (): number => 0;
  let onMessage: Parameters<Create>[1] = () => undefined;
  const create = serverOf(options, listening);
  const server = await create(
    () => nowUs(),
    (message) => onMessage(message),
  );
  return {
    server(now, received) {
      nowUs = now;
      onMessage = received;
      return server;
    },
    close: () => server.close(),
  };
}

function serverOf({ broker, listen, sink }: ServerOptions, listening: (port: number) => void): Create {
  const chosen = [broker !== undefined && "--broker", listen !== undefined && "--listen", sink && "--sink"].filter(
    Boolean,
  );
  if (chosen.length > 1) {
    throw new UserError(`${chosen.join(" and ")} exclude each other`, {
      where: String(chosen[0]),
      fix: "choose one of them",
    });
  }
  if (sink) return (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false });
  if (broker !== undefined) {
    return async (nowUs, onMessage) => {
      const { createRemoteBroker } = await import("../simulator/network/remote-broker.ts");
      return at("--broker", createRemoteBroker({ url: broker, topics: "#", nowUs, onMessage }));
    };
  }
  const listenPort = listen === undefined ? undefined : portOf(listen);
  return async (nowUs, onMessage) => {
    const { createEmbeddedBroker } = await import("../simulator/network/embedded-broker.ts");
    if (listenPort === undefined) return createEmbeddedBroker({ nowUs, onMessage });
    const server = await at("--listen", createEmbeddedBroker({ nowUs, onMessage, listenPort }));
    listening(server.port!);
    return server;
  };
}

/** Errors that do not say which flag they come from are given it. */
async function at<T>(flag: string, made: Promise<T>): Promise<T> {
  try {
    return await made;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.message, { where: flag, fix: error.fix });
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65536) return port;
  throw new UserError(`"${text}" is no port`, {
    where: "--listen",
    fix: "write a number from 1 to 65535, or 0 for any free one",
  });
}

/** The modules of a folder, as `require` in the script asks for them. */
export function modulesIn(folder: string): (name: string) => string | undefined {
  if (!existsSync(folder))
    throw new UserError("no such folder", {
      where: `--modules ${folder}`,
      fix: "name the folder that holds MODULE.js files",
    });
  return (name) => {
    const file = join(folder, `${name}.js`);
    return /^[\w.-]+$/.test(name) && existsSync(file) ? readFileSync(file, "latin1") : undefined;
  };
}
