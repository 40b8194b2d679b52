/** The library for the device, on both engines: what it computes, against values worked out here another way. */
import { describe, expect, it } from "vitest";
import { buildProgram, runProgram } from "../../tools/models/on-device.ts";
import { forestCode, forestTable, trainForest } from "../../tools/models/train/forest.ts";
import { linearTable, trainLinear } from "../../tools/models/train/linear.ts";
import { writeBlob } from "../../tools/models/blob.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";

const program = process.env["ESPRUINO"];
const interpreter = program === undefined ? undefined : findInterpreter(program);

/** What a program prints; the interpreter must print the same. */
async function printed(source: string, files: Record<string, Uint8Array> = {}): Promise<string[]> {
  const bundle = await buildProgram(source);
  const lines = runProgram(bundle, files, undefined);
  if (interpreter) expect(runProgram(bundle, files, interpreter)).toEqual(lines);
  return lines;
}

const random = randomFor(7, "windows").next;
const samples = Array.from({ length: 64 }, (_, at) => Math.round(1000 * (Math.sin(at / 3) + random())) / 100);
const list = JSON.stringify(samples);

describe("features of a window", () => {
  const { length } = samples;
  const mean = samples.reduce((sum, value) => sum + value, 0) / length;
  const expected: Record<string, number> = {
    "mean(w)": mean,
    "deviation(w, mean(w))": Math.sqrt(samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length),
    "rms(w)": Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / length),
    "smallest(w)": Math.min(...samples),
    "largest(w)": Math.max(...samples),
    "jerk(w, 50)": 50 * Math.sqrt(samples.slice(1).reduce((sum, value, at) => sum + (value - samples[at]!) ** 2, 0) / (length - 1)),
    "crossings(w, 5)": samples.slice(1).filter((value, at) => value > 5 !== samples[at]! > 5).length,
  }; // prettier-ignore
  it("are those of the formulas", async () => {
    const names = Object.keys(expected);
    const lines = await printed(`
      import { crossings, deviation, jerk, largest, mean, rms, smallest } from "hibernode/classify/features";
      const w = new Float32Array(${list});
      for (const value of [${names.join(", ")}]) print(value.toFixed(4));`);
    lines.forEach((line, index) => expect(Number(line)).toBeCloseTo(expected[names[index]!]!, 3));
    expect(lines.length).toBe(names.length);
  });

  it("in bands rise where a tone is", async () => {
    const lines = await printed(`
      import { bands } from "hibernode/classify/features";
      const w = new Float32Array(128);
      for (let i = 0; i < 128; i++) w[i] = Math.sin((2 * Math.PI * 20 * i) / 128);
      const b = bands(w, 8);
      print(b.indexOf(Math.max.apply(null, b as unknown as number[])));`);
    expect(lines).toEqual(["2"]);
  });

  it("frames give means and deviations, oldest first", async () => {
    const lines = await printed(`
      import { frames } from "hibernode/classify/frames";
      const f = frames({ axes: 2, length: 2, frames: 3 });
      for (let i = 0; i < 8; i++) if (f.add([i, 10 * (i % 2)])) print(f.features.join());`);
    expect(lines).toEqual(["0.5,2.5,4.5,0.5,0.5,0.5,5,5,5,5,5,5", "2.5,4.5,6.5,0.5,0.5,0.5,5,5,5,5,5,5"]);
  });
});

/** Three clouds in four dimensions. */
const rows = Array.from({ length: 90 }, (_, n) => Array.from({ length: 4 }, (_value, i) => (n % 3 === i ? 5 : 0) + 2 * random() + 100 * i)); // prettier-ignore
const labels = rows.map((_, n) => n % 3);

describe("trained models", () => {
  const inputs = `[${rows.slice(0, 30).map((row) => `new Float32Array(${JSON.stringify(row)})`).join()}]`; // prettier-ignore
  const loop = (open: string): string => `
      const model = ${open};
      if (typeof model === "number") print("fault " + model);
      else {
        for (const x of ${inputs}) print(model.run(x) + " " + new Uint8Array(model.scores).join());
        print(model.run([1, 2, 3]), model.run([1, NaN, 3, 4]));
      }`;

  it("a linear one gives the scores that the training computed, as a network and as a table", async () => {
    const model = trainLinear(rows, labels, 3, 1);
    const blob = Buffer.from(writeBlob(model.plan, "").bytes).toString("base64");
    const network = await printed(`
      import { embeddedNetwork } from "hibernode/classify/network";
      import { dense } from "hibernode/classify/operators";${loop(`embeddedNetwork(atob("${blob}"), { 1: dense })`)}`);
    expect(network).toEqual([...rows.slice(0, 30).map((row) => `0 ${model.scores(row).join()}`), "52 53"]);
    const text = Buffer.from(linearTable(model)).toString("base64");
    const table = await printed(`
      import { openLinear } from "hibernode/classify/linear";${loop(`openLinear(atob("${text}"))`)}
      print(openLinear("damaged"));`);
    expect(table).toEqual([...network, "49"]);
    expect(rows.filter((row, n) => model.scores(row).indexOf(Math.max(...model.scores(row))) === labels[n]).length).toBe(90); // prettier-ignore
  });

  it("a forest gives the votes that the training counted, as a table and as code", async () => {
    const forest = trainForest(rows, labels, 3, { trees: 15, depth: 4, seed: 2 });
    const table = Buffer.from(forestTable(forest));
    const lines = await printed(`
      import { openForest } from "hibernode/classify/forest";${loop(`openForest(atob("${table.toString("base64")}"))`)}
      print(openForest("damaged"));`);
    expect(lines).toEqual([...rows.slice(0, 30).map((row) => `0 ${forest.scores(row).join()}`), "52 53", "49"]);
    const vote = new Function(`return ${forestCode(forest)}`)() as (x: Uint8Array, v: number[]) => void;
    const bytes = Uint8Array.of(128, 128, 128, 128);
    const votes = [0, 0, 0];
    vote(bytes, votes);
    expect(votes.reduce((sum, count) => sum + count, 0)).toBe(15);
  });
});

describe("what follows the scores", () => {
  it("a baseline learns what is usual, refuses what is no number, and survives a sleep", async () => {
    const lines = await printed(`
      import { baseline } from "hibernode/classify/baseline";
      const b = baseline(2, 0.001);
      for (let i = 0; i < 100; i++) b.learn([100 + (i % 5), -3 + 0.1 * (i % 3)]);
      const again = baseline(2, 0.001, b.state());
      for (const x of [[102, -2.9], [102, -2], [NaN, 1], [1]]) print(b.distance(x).toFixed(3), again.distance(x).toFixed(3));
      print(b.learn([NaN, 1]), b.learn([1]), b.count);`);
    expect(lines.map((line) => line.split(" "))).toEqual([
      ["0.000", "0.000"],
      [expect.stringMatching(/^5\d\./), expect.stringMatching(/^5\d\./)],
      ["NaN", "NaN"],
      ["NaN", "NaN"],
      ["53", "52", "100"],
    ]);
  });

  it("small margins are rejected, odd windows are no events, and the gate opens and closes", async () => {
    const lines = await printed(`
      import { decide } from "hibernode/classify/decide";
      import { events } from "hibernode/classify/events";
      import { gate } from "hibernode/classify/gate";
      const d = decide([10, 90, 70], 25);
      print(d.best, d.margin, d.rejected, decide([0, 200], 25).rejected);
      const told = events({ quiet: 0, least: 2, gap: 1 });
      [0, 1, 1, 0, 1, 0, 0, 2, 0, 0, 2, 2, 1, 1, 0, 0].forEach((best, at) => {
        const event = told({ best, margin: 99, rejected: false }, at);
        if (event) print(event.kind, event.from, event.until, event.windows);
      });
      const open = gate({ openAbove: 5, closeBelow: 2, calm: 2 });
      print([1, 6, 3, 1, 1, 1, 7].map((value) => (open(value) ? 1 : 0)).join(""));`);
    expect(lines).toEqual(["1 20 true false", "1 1 4 3", "2 10 11 2", "1 12 13 2", "0111001"]);
  });

  it("a sensor mounted anyhow tells forward, left and up", async () => {
    const lines = await printed(`
      import { orientation } from "hibernode/classify/orientation";
      const o = orientation(20);
      print(o.ready);
      // x points down, y backward: the vehicle speeds up and brakes
      for (let i = 0; i < 400; i++) o.learn(-9.8, i % 2 ? -2 : 2, 0, i % 2 ? 1 : -1);
      print(o.ready, o.turn(-9.8, -1, 0.5).map((value) => value.toFixed(2)).join());`);
    expect(lines[0]).toBe("false");
    expect(lines[1]).toMatch(/^true 0\.9\d,|^true 1\.0\d,/);
    const [forward, left, up] = lines[1]!.slice(5).split(",").map(Number);
    expect([Math.abs(forward! - 1) < 0.05, Math.abs(Math.abs(left!) - 0.5) < 0.05, up! > 9.7]).toEqual([true, true, true]); // prettier-ignore
  });
});
