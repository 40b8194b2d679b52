/** What each verb prints for people, and the keys of its JSON document. */
import { createServer, type AddressInfo } from "node:net";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Encoder } from "cbor-x";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, execute, hibernode, repository, type Ended, type Project } from "./command.ts";

let project: Project;

beforeAll(() => {
  project = createProject();
  project.firmware("cold-chain");
  project.write({ "small/node.ts": 'setInterval(() => print("still here"), 60000);\n' });
});
afterAll(() => project.remove());

const run = (command: string, env: Record<string, string> = {}): Promise<Ended> =>
  hibernode(command.split(" "), { cwd: project.folder, env });

async function document(command: string): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await run(`${command} --json`);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const widest = (text: string): number => Math.max(...text.split("\n").map((line) => [...line].length));

describe("help", () => {
  test("lists the verbs and the exit codes", async () => {
    const { status, stdout } = await run("--help");
    for (const verb of ["new", "build", "simulate", "decode", "boards", "sensors"])
      expect(stdout).toMatch(new RegExp(`^  ${verb} `, "m"));
    expect(stdout).toMatch(/^ {2}70 {2}a defect of hibernode/m);
    expect(status).toBe(0);
  });

  test("of a verb lists its options", async () => {
    const { status, stdout } = await run("help simulate");
    expect(stdout).toContain("--fault <SPEC>");
    expect(status).toBe(0);
  });

  test("is the answer to no verb at all, with exit code 1", async () => {
    const { status, stderr } = await execute(process.execPath, [join(repository, "dist/tools/cli.js")], {});
    expect(stderr).toContain("Usage: hibernode");
    expect(status).toBe(1);
  });

  test("the version is that of the package", async () => {
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
    expect((await run("--version")).stdout).toBe(`${version}\n`);
  });
});

describe("boards and sensors", () => {
  test("boards: a line for each, unconfirmed figures marked", async () => {
    const { stdout } = await run("boards");
    expect(stdout).toMatch(/^board +chip +sleep floor +awake +battery input$/m);
    expect(stdout).toMatch(/^firebeetle2-esp32-e +esp32 +~14 µA +~45 mA +3\.5 to 4\.2 V$/m);
    const { boards } = (await document("boards")) as { boards: object[] };
    expect(Object.keys(boards[0]!)).toEqual(
      expect.arrayContaining(["id", "name", "chip", "module", "pins", "power", "notes"]),
    );
  });

  test("boards BOARD: pins, figures with sources, notes, in 100 columns", async () => {
    const { stdout } = await run("boards firebeetle2-esp32-e");
    expect(stdout).toContain('import board from "hibernode/boards/firebeetle2-esp32-e";');
    expect(stdout).toMatch(/^D34 +A2 \(battery\) +analog, wake from deep sleep/m);
    expect(stdout).toMatch(/^note +Cut the low-power pad/m);
    expect(widest(stdout)).toBeLessThanOrEqual(100);
    expect(Object.keys(await document("boards firebeetle2-esp32-e"))).toEqual(["id", "board", "facts"]);
  });

  test("sensors: a line for each", async () => {
    const { stdout } = await run("sensors");
    expect(stdout).toMatch(/^sht4x +I2C +Sensirion SHT40.* temperature, humidity$/m);
    const { sensors } = (await document("sensors")) as { sensors: object[] };
    expect(Object.keys(sensors[0]!)).toEqual(expect.arrayContaining(["id", "title", "measures", "bus", "measureMs"]));
    expect(stdout).not.toContain("…");
    expect(widest(stdout)).toBeLessThanOrEqual(100);
  });

  test("sensors SENSOR: import, bus, units, figures with sources, in 100 columns", async () => {
    const { stdout } = await run("sensors sht4x");
    expect(stdout).toContain('import { sht4x } from "hibernode/sensors/sht4x";');
    expect(stdout).toContain("temperature in °C, sent in steps of 0.01 °C");
    expect(widest(stdout)).toBeLessThanOrEqual(100);
    expect(Object.keys(await document("sensors sht4x"))[0]).toBe("id");
  });
});

describe("decode", () => {
  // version, journal, first number, clock, times; temperature (with a fault) and humidity of the first sensor
  const batch = [1, 0x1234, 7, [1024, 10], [1000, 900, 2], [1, [400, [1], null], 2, [5000, 1, 1]]];
  const message = Buffer.from(new Encoder({ useRecords: false }).encode(batch)).toString("hex");

  test("prints a line per value, with names where they are known", async () => {
    const { stdout, status } = await run(`decode ${message} --sensors cargo`);
    expect(stdout).toContain("journal 1234, readings 7 to 9, clock set 10 s before");
    expect(stdout).toMatch(/7 +1970-01-01T00:33:44Z +cargo\.temperature +4 °C$/m);
    expect(stdout).toMatch(/8 +\S+ +cargo\.temperature +nak$/m);
    expect(status).toBe(0);
  });

  test("reads Base64, a file and standard input", async () => {
    const bytes = Buffer.from(message, "hex");
    project.write({ "message.hex": message });
    const wanted = (await run(`decode ${message}`)).stdout;
    expect((await run(`decode ${bytes.toString("base64")}`)).stdout).toBe(wanted);
    expect((await run("decode message.hex")).stdout).toBe(wanted);
    expect((await hibernode(["decode", "-"], { input: message })).stdout).toBe(wanted);
  });

  test("as JSON: the batch", async () => {
    const { rows, ...rest } = (await document(`decode ${message} --sensors cargo`)) as { rows: object[] };
    expect(Object.keys(rest)).toEqual(["journal", "seq", "count", "clock", "skipped"]);
    expect(rows[0]).toEqual({
      seq: 7,
      rawSeconds: 1000,
      unix: 2024,
      sensor: 0,
      quantity: "temperature",
      unit: "°C",
      value: 4,
      name: "cargo.temperature",
    });
  });
});

describe("build", () => {
  test("prints a line per step and where the bytes go, and writes bundle, map and manifest", async () => {
    const { stdout, status } = await run("build small", { HIBERNODE_CACHE: "off" });
    for (const step of ["type-check", "bundle", "lower", "minify", "dialect", "manifest"])
      expect(stdout).toMatch(new RegExp(`^${step} .* ms$`, "m"));
    expect(stdout).toMatch(/^module +bytes +share$/m);
    expect(stdout).toMatch(/^written +out\/small: small\.js/m);
    for (const file of ["small.js", "small.js.map", "manifest.json"])
      expect(existsSync(join(project.folder, "out/small", file))).toBe(true);
    expect(status).toBe(0);
  });

  test("as JSON: the manifest and the steps", async () => {
    expect(Object.keys(await document("build small"))).toEqual([
      "format", "name", "entry", "bytes", "budgetBytes", "sha256", "modules", "jsVars", "callLevels", "steps", "warnings", "outDir",
    ]); // prettier-ignore
  });
});

describe("simulate", () => {
  let ended: Ended;
  beforeAll(async () => {
    ended = await run("simulate cold-chain --for 2d --out out/run");
  });

  test("prints steps, wakes, readings, messages, energy by cause and the battery's life", () => {
    const { stdout, stderr, status } = ended;
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^simulate +40 %$/m);
    expect(stdout).toMatch(/^simulate +cold-chain, 2d from 2010-01-01 01:00:00 UTC +[\d,]+ ms$/m);
    expect(stdout).toMatch(/^wakes +193, 96\.5 a day; awake [\d.]+ s a day, at most [\d.]+ s$/m);
    expect(stdout).toMatch(/^readings +193 stored, \d+ arrived, \d+ waiting$/m);
    expect(stdout).toMatch(/^messages +\d+ at the broker, \d+ bytes each; 0 readings came twice$/m);
    expect(stdout).toMatch(/^ +24 new: cargo [\d.]+ to [\d.]+ °C, [\d.]+ to [\d.]+ %RH; battery [\d. to]+ V$/m);
    expect(stdout).toMatch(/^boot +[\d.]+ +[\d.]+ % +[\d.]+ +inferred$/m);
    expect(stdout).toMatch(/^sum +[\d.]+ +100 % +[\d.]+$/m);
    expect(stdout).toMatch(/^battery +[\d.]+ years on one ER34615/m);
    expect(stdout).toMatch(/^holds +every stored reading/m);
    expect(widest(stdout)).toBeLessThanOrEqual(100);
    expect(status).toBe(0);
  });

  test("writes the timeline as CSV and VCD, and the messages", () => {
    const file = (name: string): string => readFileSync(join(project.folder, "out/run", name), "utf8");
    expect(file("timeline.csv")).toMatch(/^time_s,signal,value\n(.*\n)*[\d.]+,mcu,asleep\n/);
    expect(file("timeline.vcd")).toContain("$timescale 1 us $end");
    const [first] = file("messages.ndjson").split("\n");
    expect(Object.keys(JSON.parse(first!) as object)).toEqual(["atUnix", "topic", "bytes", "rows"]);
  });

  test("as JSON: one document with these keys", async () => {
    expect(Object.keys(await document("simulate cold-chain --for 1h --sink"))).toEqual([
      "firmware", "cell", "startsAtUnix", "seconds", "wakes", "awakeSeconds", "longestWakeSeconds", "uncaughtErrors",
      "messages", "bytes", "collected", "stored", "excursions", "energy", "battery", "unverified", "console", "broken",
    ]); // prettier-ignore
  });

  test("plays a recording and tells when the alarm went out", async () => {
    project.write({
      "room.csv": "time,room\n2024-05-01 00:00,68\n2024-05-01 06:00,68\n2024-05-01 07:00,86\n2024-05-01 12:00,86\n",
    });
    const { stdout, status } = await run("simulate cold-chain --trace room.csv --column room --unit °F --sink");
    expect(stdout).toMatch(/^cargo temperature above 27 °C: once$/m);
    expect(stdout).toMatch(
      /^2024-05-01 06:\d\d:00 {2}for .*, up to 30\.0 °C, told (after \S+.*|.* before: the sensor saw it first)$/m,
    );
    expect(status).toBe(0);
  });

  test("colours only where they are wanted", async () => {
    expect(ended.stdout).not.toContain("\u001b[");
    expect((await run("boards", { FORCE_COLOR: "1" })).stdout).toContain("\u001b[");
    expect((await run("boards", { FORCE_COLOR: "1", NO_COLOR: "1" })).stdout).not.toContain("\u001b[");
  });

  test("the broker in this process says on which port it listens", async () => {
    const probe = createServer();
    const port = await new Promise<number>((resolve) =>
      probe.listen(0, "127.0.0.1", () => resolve((probe.address() as AddressInfo).port)),
    );
    await new Promise((resolve) => probe.close(resolve));
    project.write({ "app/app.js": "print('here')" });
    const { stdout } = await run(`simulate app/app.js --scenario cold-chain/scenario.ts --for 1m --listen ${port}`);
    expect(stdout).toContain(`listens on mqtt://127.0.0.1:${port}`);
  });
});

describe("simulate, with any Espruino script", () => {
  const simulate = (command: string): Promise<Ended> =>
    run(`simulate app/${command} --scenario cold-chain/scenario.ts --for 30m`);

  test("runs it as it is and prints its console with the time", async () => {
    project.write({
      "app/read.js": `I2C1.setup({ sda: D21, scl: D22 });
function read() {
  I2C1.writeTo(0x44, 0xFD);
  setTimeout(function () {
    var d = I2C1.readFrom(0x44, 6);
    print("temperature", (-45 + 175 * (d[0] * 256 + d[1]) / 65535).toFixed(2));
  }, 10);
}
setInterval(read, 600000);
read();
`,
    });
    const { stdout, status } = await simulate("read.js");
    expect(stdout).toMatch(/^script +\d+ bytes, as it is$/m);
    expect(stdout.match(/^ +[\d.]+ s {2}temperature \d\.\d\d$/gm)).toHaveLength(3);
    expect(stdout).toMatch(/^battery /m);
    expect(status).toBe(0);
  });

  test("finds its modules in --modules", async () => {
    project.write({
      "app/hello.js": 'print(require("greet").text);',
      "app/modules/greet.js": 'exports.text = "good morning";',
    });
    const { stdout } = await run(
      "simulate app/hello.js --scenario cold-chain/scenario.ts --for 1m --modules app/modules",
    );
    expect(stdout).toMatch(/good morning$/m);
  });

  test("an error that it does not catch is shown, with exit code 2", async () => {
    project.write({ "app/broken.js": "setTimeout(function () { nothing(); }, 1000);" });
    const { stdout, status } = await simulate("broken.js");
    expect(stdout).toMatch(/^broken +errors that the program did not catch: 1, the last: .*nothing/m);
    expect(status).toBe(2);
  });
});
