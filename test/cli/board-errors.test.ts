/** What users get wrong with boards, each tried: one error that says where and what to do, exit code 1, nothing touched. */
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { releaseFiles } from "../flash/samples.ts";
import { createProject, hibernode, unwrapped, type Project } from "./command.ts";

let project: Project;
let silent: Server;

beforeAll(async () => {
  project = createProject();
  project.write({
    "app.js": "print(1);",
    "bad.tgz": "no archive",
    "settings.json": '{ "id": "a", "broker": "b" }',
    "broken.json": '{ "id": "a", "password": "hush',
    "incomplete.json": '{ "id": "a", "password": "hush" }',
    "tray.csv": "id,broker\na,x\na,x\n",
    "there.ts": "",
    "seals.js": 'require("crypto");',
  });
  for (const [name, data] of Object.entries(releaseFiles("esp32", { board: "ESP32_IDF4" })))
    project.write({ [`idf4/${name}`]: data });
  silent = createServer((socket) => void socket.on("error", () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  project.remove();
  silent.close();
});

const mute = (): string => `tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
type Case = readonly [what: string, args: () => readonly string[], message: RegExp, fix: RegExp];
const cases: readonly Case[] = [
  ["flash: no port there", () => ["flash", "app.js", "--port", "/dev/ttyUSB99"], /\/dev\/ttyUSB99: there is no such port/, /plug the board in/],
  ["flash: not a speed", () => ["flash", "app.js", "--baud", "fast"], /--baud: "fast" is no speed/, /460800/],
  ["flash: no such reset", () => ["flash", "app.js", "--reset", "hard"], /--reset: no such way to reset/, /auto, usb, none/],
  ["flash: not seconds", () => ["flash", "app.js", "--watch", "x"], /--watch: "x" is no number of seconds/, /0 to 86400/],
  ["flash: no release", () => ["flash", "app.js", "--espruino", "nothing.tgz"], /nothing.tgz: no such file/, /release/],
  ["flash: seals without crypto", () => ["flash", "seals.js", "--port", mute(), "--espruino", "idf4"], /seals its messages, and this build of Espruino has no `crypto`/, /espruino_2v29_esp32.tgz/],
  ["flash: no archive", () => ["flash", "app.js", "--espruino", "bad.tgz"], /bad.tgz: this is no .tgz archive/, /download/],
  ["flash: incomplete settings", () => ["flash", "app.js", "--settings", "incomplete.json"], /incomplete.json: broker is missing/, /add "broker"/],
  ["flash: broken settings", () => ["flash", "app.js", "--settings", "broken.json"], /broken.json: the file is no JSON/, /write/],
  ["upload: no address", () => ["upload", "app.js", "--port", "tcp://nowhere"], /no address of a TCP connection/, /tcp:\/\/HOST:PORT/],
  ["upload: nobody listens", () => ["upload", "app.js", "--port", "tcp://127.0.0.1:1"], /nothing answers there \(ECONNREFUSED\)/, /check host and port/],
  ["upload: nobody speaks", () => ["upload", "app.js", "--port", mute(), "--wait", "1"], /no Espruino answered within 1 s/, /--wait SECONDS/],
  ["provision: nobody to ask", () => ["provision"], /the input is no terminal/, /--settings FILE/],
  ["provision: an id twice", () => ["provision", "--batch", "tray.csv", "--no-write"], /tray.csv:3: the same id a/, /its own/],
  ["monitor: nothing to simulate", () => ["monitor", "--simulate"], /no firmware to simulate/, /hibernode monitor FIRMWARE/],
  ["doctor: no broker's address", () => ["doctor", "--broker", "a b"], /--broker: this is no address/, /HOST:PORT/],
  ["doctor: no such board", () => ["doctor", "--port", mute(), "--modem", "firebeetle", "--wait", "1"], /unknown board "firebeetle"/, /did you mean "firebeetle2-esp32-e"/],
  ["calibrate: no such board", () => ["calibrate", "firebeetle", "--out", "x.ts"], /unknown board "firebeetle"/, /did you mean/],
  ["calibrate: a file that exists", () => ["calibrate", "xiao-esp32c3", "--out", "there.ts"], /there.ts: the file exists already/, /nothing is overwritten/],
  ["calibrate: a board without a divider", () => ["calibrate", "xiao-esp32c3", "--out", "x.ts", "--battery-volts", "3.9"], /no divider at its battery/, /leave it out/],
  ["calibrate: too short a sleep", () => ["calibrate", "xiao-esp32c3", "--out", "x.ts", "--sleep", "1"], /too short to compare clocks/, /10 s/],
]; // prettier-ignore

test.each(cases)("%s", async (_, args, message, fix) => {
  const { status, stderr } = await hibernode([...args()], { cwd: project.folder });
  const said = unwrapped(stderr);
  expect(said).toMatch(/^error /);
  expect(said).toMatch(message);
  expect(said.slice(said.indexOf(" fix "))).toMatch(fix);
  expect(said).not.toContain("hush");
  expect(status).toBe(1);
});

test("doctor with a board that does not answer: a line that fails, exit code 2", async () => {
  const { status, stdout } = await hibernode(["doctor", "--port", mute(), "--wait", "1", "--json"], {
    cwd: project.folder,
  });
  const { findings } = JSON.parse(stdout) as { findings: { line: string; state: string; remedy?: string }[] };
  expect(findings.find(({ line }) => line === "espruino")).toMatchObject({ state: "bad" });
  expect(status).toBe(2);
});

test("provision checks, writes labels, and shows no secret", async () => {
  project.write({ "tray2.csv": "id,broker,password\na,x,hush\nb,x,hush\n" });
  const args = ["provision", "--batch", "tray2.csv", "--no-write", "--labels", "labels", "--json"];
  const { status, stdout, stderr } = await hibernode(args, { cwd: project.folder });
  expect(`${stdout}${stderr}`).not.toContain("hush");
  expect((JSON.parse(stdout) as { devices: { id: string }[] }).devices.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(status).toBe(0);
});
