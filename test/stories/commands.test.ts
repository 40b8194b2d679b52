/** A node that seals and takes commands, told by a receiver that never meets it: what it does, and what it answers. */
import { beforeAll, describe, expect, it } from "vitest";
import baseScenario from "../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { commandMessage, type Command, type CommandSeal } from "../../tools/receive/command.ts";
import type { Keys } from "../../tools/receive/keys.ts";
import { Receiver, type Taken } from "../../tools/receive/receiver.ts";
import { findInterpreter, type Interpreter } from "../../tools/simulator/interpreter/probe.ts";
import { createSink, type Sink } from "../../tools/simulator/network/sink.ts";
import { run, type Run } from "../../tools/simulator/run.ts";
import { constant } from "../../tools/simulator/world/sources.ts";

let bundle: string;
beforeAll(async () => {
  ({ bundle } = await buildFirmware({ entry: "test/stories/nodes/sealed.ts", budgetBytes: 24_576, typeCheck: false }));
}, 300_000);

const hex = (byte: number): string => byte.toString(16).padStart(2, "0").repeat(16);
const key = (byte: number): Uint8Array => new Uint8Array(16).fill(byte);
const KEYS: Keys = new Map([["truck-17", new Map([[1, key(0x11)], [2, key(0x22)]])]]); // prettier-ignore
const seal = (keyId = 1): CommandSeal => ({ kind: "encrypted", key: KEYS.get("truck-17")!.get(keyId)!, keyId });
const TOPIC = "story/truck-17/command";
const HOUR = 3600;

interface Lived {
  readonly story: Run;
  readonly taken: readonly (Taken & { readonly atSeconds: number; readonly bytes: number })[];
  readonly answers: readonly string[];
  readonly sink: Sink;
}

/** @param told what is put at the broker for the node, by seconds */
async function live(
  hours: number,
  told: readonly (readonly [atSeconds: number, message: Uint8Array])[],
  options: {
    readonly faults?: readonly string[];
    readonly settings?: Record<string, string | number>;
    readonly interpreter?: Interpreter;
    readonly measureMemory?: boolean;
  } = {},
): Promise<Lived> {
  let sink: Sink | undefined;
  const story = await run({
    scenario: {
      ...baseScenario,
      world: { cargo: { temperature: constant(5), humidity: constant(60) } },
      clockDriftPpm: 0,
      settings: { ...baseScenario.settings, key: hex(0x11), ...options.settings },
    },
    bundle,
    closed: true,
    lasts: `${hours}h`,
    faults: options.faults ?? [],
    ...(options.interpreter && { interpreter: options.interpreter }),
    measureMemory: options.measureMemory ?? false,
    server: (nowUs, onMessage) => {
      const own = (sink = createSink({ nowUs, onMessage }));
      return { ...own, connect: (host, port, events) => (port === 1883 ? own.connect(host, port, events) : undefined) };
    },
    probe: (rig) => {
      for (const [at, message] of told) rig.clock.at(at * 1e6, () => sink!.retained.set(TOPIC, message));
      return () => undefined;
    },
  });
  const receiver = new Receiver({
    store: { known: new Map(), commit: () => undefined, close: () => undefined },
    keys: KEYS,
  });
  const taken = [];
  for (const { atUs, payload } of sink!.received)
    taken.push({
      ...(await receiver.take({ device: "truck-17", payload, receivedMs: atUs / 1000 })),
      atSeconds: atUs / 1e6,
      bytes: payload.length,
    });
  const notices = taken.flatMap((one) => one.notices);
  return {
    story,
    taken,
    sink: sink!,
    answers: notices.flatMap(({ kind, text }) =>
      kind === "answer" || kind === "rejected" ? [text.split(",")[0]!] : [],
    ),
  };
}

const send = (command: Command, number: number, keyId = 1): Uint8Array => commandMessage(command, number, seal(keyId));
/** Raw seconds of the readings that arrived. */
const sampled = ({ taken }: Lived): number[] => [
  ...new Set(taken.flatMap(({ rows }) => rows.map(({ rawSeconds }) => rawSeconds))),
];
const reports = ({ taken }: Lived): number[] =>
  taken.filter(({ rows }) => rows.length).map(({ atSeconds }) => atSeconds);

describe("a node that seals", () => {
  it("is understood by its receiver, and by nobody else", async () => {
    const lived = await live(24, []);
    expect(lived.story.uncaughtErrors).toBe(0);
    expect(lived.answers).toEqual([]);
    expect(sampled(lived).length).toBeGreaterThan(85);
    expect(lived.story.collected.gaps).toEqual([]);
    expect(lived.sink.received.every(({ payload }) => payload[0] === 0xd0)).toBe(true);
  });

  it("sends nothing without a key, and says so once it has one", async () => {
    const lived = await live(6, [], { settings: { key: "" } });
    expect(lived.sink.received).toEqual([]);
  });
});

describe("a command", () => {
  it("sets the periods, once, and they hold over restarts", async () => {
    const lived = await live(30, [[5 * HOUR, send({ set: { sample: 300, report: 3600 } }, 7)]], {
      faults: ["power-cut@20h+1m"],
    });
    expect(lived.answers).toEqual(["command 7: done"]);
    expect(lived.sink.retained.size).toBe(0);
    const gaps = (from: number, until: number): number[] => {
      const times = reports(lived).filter((at) => at > from * HOUR && at < until * HOUR);
      return times.slice(1).map((at, i) => Math.round((at - times[i]!) / 60));
    };
    expect(gaps(1, 5).every((minutes) => Math.abs(minutes - 120) < 20)).toBe(true);
    expect(gaps(8, 19).every((minutes) => Math.abs(minutes - 60) < 20)).toBe(true);
    expect(gaps(22, 30).every((minutes) => Math.abs(minutes - 60) < 20)).toBe(true);
    expect(lived.story.stored!.stored).toBeGreaterThan(30 * 10);
  });

  it("samples and reports at once", async () => {
    // a number as `hibernode command` gives it: the time in milliseconds, more than 32 bits
    const lived = await live(8, [[3 * HOUR, send({ now: true }, 1700000000123)]]);
    expect(lived.answers).toEqual(["command 1700000000123: done"]);
    const at = lived.taken.find(({ notices }) => notices.some(({ kind }) => kind === "answer"))!.atSeconds;
    const [next] = reports(lived).filter((when) => when > at);
    expect(next! - at).toBeLessThan(60);
  });

  it("keeps it awake for as long as was asked, and the limit holds", async () => {
    const quiet = await live(8, []);
    const lived = await live(8, [[3 * HOUR, send({ staySeconds: 1800 }, 7)]]);
    expect(lived.answers).toEqual(["command 7: done"]);
    expect(lived.story.awakeSeconds - quiet.story.awakeSeconds).toBeGreaterThan(1600);
    expect(lived.story.awakeSeconds - quiet.story.awakeSeconds).toBeLessThan(2000);
    expect(lived.story.stored!.stored).toBeGreaterThanOrEqual(quiet.story.stored!.stored - 1);
    const tooLong = await live(8, [[3 * HOUR, send({ staySeconds: 3601 }, 7)]]);
    expect(tooLong.answers).toEqual(["command 7: out-of-bounds"]);
  });

  it.each([
    ["with a period out of bounds", send({ set: { sample: 5 } }, 7), "command 7: out-of-bounds"],
    ["that nobody sealed", new TextEncoder().encode('{"n":7,"now":1}'), "a command: forged"],
    ["sealed with another key", send({ now: true }, 7, 2), "a command: forged"],
    ["that is not JSON", commandMessage({ set: { a: "\xff" } }, 7, seal()), "command 7: done"],
  ])("%s is answered", async (_, message, answer) => {
    expect((await live(8, [[3 * HOUR, message]])).answers).toEqual([answer]);
  });

  it("that comes again is not obeyed again, and an older one is refused", async () => {
    const first = send({ set: { report: 3600 } }, 7);
    const second = send({ set: { report: 10_800 } }, 8);
    const lived = await live(30, [[HOUR, first], [6 * HOUR, second], [12 * HOUR, second], [18 * HOUR, first]]); // prettier-ignore
    expect(lived.answers).toEqual(["command 7: done", "command 8: done", "command 7: repeated"]);
  });

  it("changes the key: the receiver takes the old one until it has seen the new one", async () => {
    const change = send({ set: { key: hex(0x22), keyId: 2 } }, 7);
    const lived = await live(12, [[3 * HOUR, change], [7 * HOUR, send({ now: true }, 8, 2)]]); // prettier-ignore
    expect(lived.answers).toEqual(["command 7: done", "command 8: done"]);
    const kids = lived.sink.received.map(({ payload }) => payload[9]);
    expect(kids).toEqual([...kids].sort());
    expect(new Set(kids)).toEqual(new Set([1, 2]));
    expect(sampled(lived).length).toBeGreaterThan(40);
  });

  it("that leads to no broker is taken back after five reports", async () => {
    const lived = await live(72, [[3 * HOUR, send({ set: { port: 1 } }, 7)], [60 * HOUR, send({ now: true }, 8)]]); // prettier-ignore
    expect(lived.answers).toEqual(["command 7: done", "command 7: taken-back", "command 8: done"]);
    const silent = reports(lived).find((at) => at > 6 * HOUR)! - 4 * HOUR;
    console.log(`a wrong port: silent for ${(silent / HOUR).toFixed(1)} h`);
    expect(lived.story.collected.gaps).toEqual([]);
    expect(sampled(lived).length).toBeGreaterThan(72 * 3);
  });
});

const program = process.env["ESPRUINO"];

it.skipIf(!program)(
  "on the real interpreter: the same bytes as in the fast engine, and how much memory",
  async () => {
    const told = [
      [1800, send({ set: { sample: 300, report: 3600 } }, 7)],
      [2 * HOUR, send({ now: true, staySeconds: 120 }, 8)],
      [3 * HOUR, new TextEncoder().encode('{"n":9}')],
    ] as const;
    const interpreter = findInterpreter(program!);
    const fast = await live(5, told);
    const real = await live(5, told, { interpreter });
    expect(real.story.uncaughtErrors).toBe(0);
    expect(real.answers).toEqual(["command 7: done", "command 8: done", "a command: forged"]);
    const sent = ({ sink }: Lived) =>
      sink.received.map(({ atUs, payload }) => [atUs, Buffer.from(payload).toString("hex")]);
    expect(sent(real)).toEqual(sent(fast));
    const measured = await live(5, told, { interpreter, measureMemory: true });
    console.log(`JsVars: ${JSON.stringify(measured.story.memory)}`);
  },
  300_000,
);
