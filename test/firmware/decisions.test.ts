/** What the firmwares decide on the device, against what happened in their worlds. */
import { beforeAll, describe, expect, it } from "vitest";
import { manoeuvres } from "../../firmware/fleet-tracker/scenario.ts";
import { heard } from "../../firmware/voice-switch/scenario.ts";
import { doingAt, type Doing } from "../../firmware/wearable/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { findFirmware, loadScenario } from "../../tools/firmware.ts";
import type { Row } from "../../tools/receive/decode.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { run } from "../../tools/simulator/run.ts";

/** Values by quantity, one object a reading, in order; `unix` is when. */
async function readings(name: string, lasts: string): Promise<Record<string, number>[]> {
  const firmware = findFirmware(`firmware/${name}`);
  const { bundle } = await buildFirmware({ entry: firmware.entry, typeCheck: false });
  const rows: Row[] = [];
  const lived = await run({
    scenario: await loadScenario(firmware),
    bundle,
    closed: true,
    lasts,
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
    received: (message) => void rows.push(...message.rows),
  });
  expect(lived.broken).toEqual([]);
  const bySeq = new Map<number, Record<string, number>>();
  for (const { seq, sensor, quantity, value = NaN, unix = NaN } of rows)
    bySeq.set(seq, { ...bySeq.get(seq), unix, [quantity]: value, [`${sensor} ${quantity}`]: value });
  return [...bySeq].sort(([a], [b]) => a - b).map(([, reading]) => reading);
}
const sum = (all: readonly Record<string, number>[], name: string): number =>
  all.reduce((total, reading) => total + (reading[name] ?? 0), 0);

it("fleet-tracker counts the manoeuvres of two drives, and the time that the van moved", async () => {
  const all = await readings("fleet-tracker", "1d");
  const of = (axis: string, sign: number): number =>
    2 * manoeuvres.filter((one) => one.axis === axis && Math.sign(one.peak) === sign).length;
  for (const [name, count] of [
    ["brakes", of("x", -1)],
    ["starts", of("x", 1)],
    ["turns", of("y", 1) + of("y", -1)],
  ] as const) {
    expect(sum(all, name), name).toBeGreaterThanOrEqual(count);
    // the model tells about three that were none in an hour of rough road (`npm run bench vehicle`)
    expect(sum(all, name), name).toBeLessThanOrEqual(count + 1);
  }
  // it looks every two minutes whether it moves, and is deaf while it looks for satellites and reports
  expect(sum(all, "duration")).toBeGreaterThan(0.5 * 80 * 60);
  expect(sum(all, "duration")).toBeLessThan(82 * 60);
});

it("turbine names the defect that grows in its bearing, and nothing before", async () => {
  const all = await readings("turbine", "20d");
  const states = all.map(({ state }) => state!);
  const [learning, still, bearing] = [6, 5, 4];
  const onset = 19 * 24;
  expect(new Set(states.slice(0, onset - 1))).toEqual(new Set([learning, still, 0]));
  const odd = states.slice(onset + 8).filter((state) => state !== still);
  expect(odd.length).toBeGreaterThan(8);
  expect(odd.filter((state) => state === bearing).length).toBeGreaterThan(0.7 * odd.length);
});

it("voice-switch switches at two claps, tells bang and beeper apart from voices, and passes over a lorry", async () => {
  const all = await readings("voice-switch", "1d");
  const kinds = ["none", "claps", "voice", "bang", "beeps"];
  const told = all.filter(({ state }) => state! > 0).map(({ state }) => kinds[state!]);
  expect(told).toEqual(heard.map(({ kind }) => kind as string).filter((kind) => kind !== "noise"));
  expect(sum(all, "count")).toBe(heard.filter(({ kind }) => kind === "claps").length);
});

it("asset-tag tells every card that came and left, once, with how long it stayed", async () => {
  const all = await readings("asset-tag", "1d");
  const card = ({ cardHigh = 0, cardLow = 0 }: Record<string, number>): string =>
    (BigInt(cardHigh) * 2n ** 28n + BigInt(cardLow)).toString(16);
  const told = all.filter(({ state }) => state! > 0).map((one) => [one["state"], card(one), one["duration"]] as const);
  expect(told.map(([state, number]) => `${state} ${number}`)).toEqual([
    "1 deadbeef",
    "2 deadbeef",
    "1 4a1b2c3d4e5f6",
    "2 4a1b2c3d4e5f6",
    "1 c0ffee01",
    "2 c0ffee01",
    "1 deadbeef",
    "2 deadbeef",
  ]);
  // its way past the lever is noticed at once; the clock is half a percent off
  expect(Math.abs(told[3]![2]! - 155 * 60)).toBeLessThan(60);
});

describe("retail-cooler", () => {
  it("tells what was taken from which shelf and what was filled up, by kind and pieces", async () => {
    const all = await readings("retail-cooler", "1d");
    const told = (shelf: number): string[] =>
      all
        .filter((reading) => reading[`${shelf} state`]! > 0)
        .map((reading) => `${reading[`${shelf} state`]}: ${reading[`${shelf} count`]}`);
    expect(told(1)).toEqual(["1: -1", "1: -2", "1: -3", "1: -3", "1: 9"]);
    expect(told(2).slice(0, 3)).toEqual(["1: -1", "1: -1", "2: -1"]);
  });
});

describe("wearable", () => {
  const start = Date.UTC(2026, 0, 1) / 1000;
  const doings: readonly Doing[] = ["off", "rest", "light", "walk", "run"];
  let day: Promise<Record<string, number>[]>;
  beforeAll(() => void (day = readings("wearable", "1d")));
  const heartClass = (rate: number): number => 1 + [60, 80, 100, 120].filter((limit) => rate >= limit).length;

  it("knows what its wearer does, and the heart's class at rest; while the arm moves it guesses none", async () => {
    const told = (await day)
      .map((one) => ({ ...one, ...doingAt(one["unix"]! - start), at: one["unix"]! - start }))
      // within a minute of a change the clock decides which it was
      .filter(({ at, from, until }) => at - from > 60 && until - at > 60);
    expect(told.length).toBeGreaterThan(120);
    for (const one of told) {
      const said = one as unknown as Record<string, number>;
      expect(doings[said["0 state"]!], `activity at ${one.at} s`).toBe(one.doing);
      if (one.doing !== "rest") expect(said["1 state"], `heart at ${one.at} s`).toBe(0);
      // a heart that has just come to rest is between two classes
      else if (one.at - one.from > 900) expect(said["1 state"], `heart at ${one.at} s`).toBe(heartClass(one.rate));
    }
  });

  it("sleeps while nobody wears it, and tells so before; a motion wakes it", async () => {
    const all = await day;
    const off = all.filter((one) => one["0 state"] === 0).map((one) => one["unix"]! - start);
    expect(off).toHaveLength(1);
    const next = all.map((one) => one["unix"]! - start).find((at) => at > off[0]!)!;
    const { from, until } = doingAt(off[0]!);
    expect(off[0]! - from).toBeLessThan(12 * 60);
    expect(Math.abs(next - until)).toBeLessThan(30);
  });
});
