/** From a board's console to a model: lines to a table, the table to windows, and the verb that trains on them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recorder } from "../../tools/models/train/recorder.ts";
import { framesShape, windowsOf } from "../../tools/models/train/samples.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";
import { hibernode } from "../cli/command.ts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "hibernode-record-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("lines of just so many numbers are samples, in whatever pieces they come", () => {
  const samples = recorder(3, "brakes", "trip 1");
  expect(samples.receive("hello\r\n>1,2,3\r\n4, -5.5")).toEqual(["1,2,3,brakes,trip 1"]);
  expect(samples.receive(",6e-1\n7,8\n,,\n1,2,3,4\n1,NaN,3\n")).toEqual(["4,-5.5,6e-1,brakes,trip 1"]);
  expect(samples.count).toBe(2);
});

it("windows of a table are those that frames gives on the device, and reach over no change of label", async () => {
  const random = randomFor(1, "samples");
  const rows = Array.from({ length: 30 }, (_, n) => ({ features: [random.normal(), random.normal()], label: 0, group: "a", event: n < 17 ? "1" : "2" })); // prettier-ignore
  const { rows: windows, featureNames } = windowsOf({ rows, featureNames: ["x", "y"], classes: ["one"] }, framesShape("4x2")); // prettier-ignore
  expect(featureNames).toHaveLength(8);
  expect(windows.map(({ event }) => event)).toEqual(["1", "1", "1", "2", "2"]);
  const sums = (list: ArrayLike<number>) => Array.from(list).reduce((sum, value) => sum + value, 0);
  const variance = (list: ArrayLike<number>, mean: number) => sums(Array.from(list, (value) => (value - mean) ** 2));
  Object.assign(globalThis, { E: { sum: sums, variance } });
  const { frames } = await import("../../lib/classify/frames.ts");
  const device = frames({ axes: 2, length: 4, frames: 2 });
  const seen = rows.slice(0, 16).flatMap(({ features }) => (device.add(features) ? [Array.from(device.features)] : []));
  windows.slice(0, 3).forEach(({ features }, at) => features.forEach((value, k) => expect(value).toBeCloseTo(seen[at]![k]!, 5))); // prettier-ignore
});

it("record writes what a board prints, and train makes a model of it", { timeout: 60_000 }, async () => {
  const random = randomFor(2, "board");
  let wanted = 0;
  const board = createServer((socket) => {
    const lines = Array.from({ length: 120 }, () => [wanted + 0.1 * random.normal(), random.normal()].join());
    socket.write(`Espruino 2v29\r\n${lines.join("\r\n")}\r\n`);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((open) => board.listen(0, "127.0.0.1", open));
  const { port } = board.address() as { port: number };
  const file = join(folder, "drives.csv");
  for (const group of ["a", "b"])
    for (const [label, mean] of [
      ["calm", 0],
      ["hard", 5],
    ] as const) {
      wanted = mean;
      const { status, stderr } = await hibernode(["record", "--port", `tcp://127.0.0.1:${port}`, "--columns", "x,y", "--label", label, "--group", group, "--for", "300ms", "--out", file]); // prettier-ignore
      expect([status, stderr]).toEqual([0, ""]);
    }
  board.close();
  expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(1 + 4 * 120);
  const { status, stdout } = await hibernode(["train", file, "--group", "group", "--frames", "10x3", "--kind", "forest", "--out", folder, "--json"]); // prettier-ignore
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ windows: 40, events: 4, eventAccuracy: 1, classes: ["calm", "hard"] });
  expect(readFileSync(join(folder, "model.ts"), "utf8")).toContain("openForest(");
});

it.each([
  ["a kind that does not exist", ["--kind", "magic", "--group", "group"], /"magic" is no kind of model/],
  ["no group", [], /a group is needed/],
  ["frames that are none", ["--group", "group", "--frames", "25"], /no length of frames/],
])("train says what is wrong: %s", async (_, flags, words) => {
  const file = join(folder, "small.csv");
  writeFileSync(file, "x,label,group\n1,a,1\n2,b,2\n");
  const { status, stderr } = await hibernode(["train", file, ...flags]);
  expect([status, stderr]).toEqual([1, expect.stringMatching(words)]);
});
