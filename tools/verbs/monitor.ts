/** `hibernode monitor`: what a board prints, with times and in the words of the sources; and what it reports. */
import { Command } from "commander";
import { parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { findFirmware, loadScenario, type Firmware } from "../firmware.ts";
import { Annotator } from "../monitor/annotate.ts";
import { stackMapper } from "../monitor/stack-trace.ts";
import type { Output } from "../terminal/output.ts";
import { withPort, type LineOptions } from "./board-options.ts";
import type { Verb } from "./verb.ts";

interface Options extends LineOptions {
  readonly for?: string;
  readonly broker?: string;
  readonly topic: string;
  readonly simulate?: true;
}

export const monitorVerb: Verb = (run) =>
  withPort(
    new Command("monitor")
      .description("watch a board's console: times, stack traces in TypeScript, faults in words, uplinks decoded")
      .argument("[firmware]", "what runs on it: for the lines of stack traces and the names of sensors"),
  )
    .option("--for <TIME>", "how long: 90s, 2h (default: until Ctrl-C)")
    .option("--broker <URL>", "also show what arrives at this broker: mqtt://host:port")
    .option("--topic <TOPIC>", "which of its messages", "#")
    .option("--simulate", "watch the firmware in its scenario instead of a board")
    .action(run(watch));

async function watch(output: Output, path: string | undefined, options: Options): Promise<boolean> {
  const seconds = options.for === undefined ? undefined : parseDuration(options.for, "--for");
  const firmware = path === undefined ? undefined : findFirmware(path);
  if (options.simulate) return simulated(output, firmware, options);
  const { chooseLine } = await import("../serial/ports.ts");
  const line = await chooseLine(options.port);
  const { mapLine, sensors } = await sourcesOf(firmware);
  const { BoardState } = await import("../monitor/state.ts");
  const state = new BoardState();
  const lines = new Annotator(
    (text) => output.line(text),
    mapLine,
    (line, time) => state.line(line, time),
  );
  const now = (): string => new Date().toISOString().slice(11, 23);
  const ended = new AbortController();
  process.once("SIGINT", () => ended.abort());
  if (seconds !== undefined) setTimeout(() => ended.abort(), seconds * 1000);
  const close =
    options.broker === undefined
      ? undefined
      : await subscribe(options.broker, options.topic, sensors, (text) => {
          state.message();
          output.line(`${now()}  ${text}`);
        });
  const { monitor } = await import("../monitor/monitor.ts");
  try {
    await monitor(line, {
      signal: ended.signal,
      onText: (text) => lines.receive(text, now()),
      onState(port) {
        lines.flush(now());
        state.port(port);
        output.line(
          `${now()}  ${port === "gone" ? "the port is gone: the board sleeps, or is unplugged" : "the port is back"}`,
        );
      },
    });
  } finally {
    lines.flush(now());
    await close?.();
  }
  output.fact("state", state.words());
  output.result({ port: line.name, ...state.seen });
  return true;
}

async function sourcesOf(firmware: Firmware | undefined) {
  if (!firmware || firmware.script) return { mapLine: stackMapper(undefined), sensors: [] };
  const { buildFirmware } = await import("../build/build.ts");
  const { sensorNames } = await import("../sensor-names.ts");
  return {
    mapLine: stackMapper((await buildFirmware({ entry: firmware.entry })).map),
    sensors: sensorNames(firmware.entry),
  };
}

async function subscribe(url: string, topic: string, sensors: readonly string[], print: (text: string) => void) {
  const { default: mqtt } = await import("mqtt");
  const { uplinkLine } = await import("../monitor/uplink.ts");
  const client = await mqtt.connectAsync(url, { connectTimeout: 10_000 }).catch((error: unknown) => {
    throw new UserError(
      `the broker does not answer: ${(error as Error).message || (error as NodeJS.ErrnoException).code}`,
      {
        where: "--broker",
        fix: "check its address: mqtt://host:1883",
      },
    );
  });
  client.on("message", (from, payload) => print(uplinkLine(from, payload, sensors)));
  await client.subscribeAsync(topic);
  return () => client.endAsync(true);
}

/** The same lines, with the times of the simulated world. */
async function simulated(output: Output, firmware: Firmware | undefined, options: Options): Promise<boolean> {
  if (!firmware)
    throw new UserError("no firmware to simulate", {
      where: "--simulate",
      fix: "hibernode monitor FIRMWARE --simulate",
    });
  const scenario = await loadScenario(firmware);
  const { run } = await import("../simulator/run.ts");
  const { load } = await import("./simulate.ts");
  const { createEmbeddedBroker } = await import("../simulator/network/embedded-broker.ts");
  const { summary } = await import("../monitor/uplink.ts");
  const { flashed, closed, sensors } = await load(output, firmware);
  const lines = new Annotator((text) => output.line(text), stackMapper(undefined));
  const date = (unix: number): string => new Date(unix * 1000).toISOString().slice(0, 19).replace("T", " ");
  const done = await run({
    scenario,
    ...flashed,
    closed,
    seed: "1",
    lasts: options.for ?? scenario.lasts,
    faults: [],
    server: (nowUs, onMessage) => createEmbeddedBroker({ nowUs, onMessage }),
    console: (text, seconds) => lines.receive(`${text}\n`, `${seconds.toFixed(3).padStart(14)} s`),
    received: ({ atUnix, topic, bytes, rows, problem, text }) =>
      output.line(
        `${date(atUnix)}  ${topic}  ${bytes} bytes: ${rows.length ? summary(rows, sensors) : (text ?? problem ?? "nothing new")}`,
      ),
  });
  output.result({ firmware: firmware.name, wakes: done.wakes, broken: done.broken });
  return done.broken.length === 0;
}
