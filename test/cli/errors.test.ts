/** What users get wrong, each tried: one clear error that says where and what to do, exit code 1, no stack trace. */
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProject, hibernode, unwrapped, type Project } from "./command.ts";

let project: Project;
let taken: Server;

type Change = readonly [from: string, to: string];
/** Firmwares that differ from cold-chain in one thing. */
const scenarios: Readonly<Record<string, Change>> = {
  "unknown-board": ["hibernode/boards/firebeetle2-esp32-e", "hibernode/boards/firebeetle-esp32-e"],
  "unknown-part": ['part: "sht4x"', 'part: "sht4"'],
  "unknown-cell": ['"er34615-hpc1550"', '"er34165"'],
  "unknown-network": ['"vodafone-es"', '"vodafone"'],
  "unknown-place": ['place: "cargo" }', 'place: "carg" }'],
  "no-humidity": ["humidity: constant(60),", ""],
  "no-adc": ['pin: "D34"', 'pin: "D25"'],
  "input-only-key": ['powerKey: "D4"', 'powerKey: "D35"'],
  "input-only-sda": ['sda: "D21"', 'sda: "D34"'],
  "no-such-pin": ['scl: "D22"', 'scl: "D24"'],
  "pin-twice": ['powerKey: "D4"', 'powerKey: "D21"'],
  "no-unit": ['lasts: "1y"', 'lasts: "365"'],
  "wrong-voltage": ["hibernode/boards/firebeetle2-esp32-e", "hibernode/boards/esp32-devkitc-v4"],
  "syntax-error": ["parts: {", "parts: {{"],
  "no-default": ["export default scenario", "export const x = scenario"],
  misspelled: ["settings:", "setings:"],
  "half-a-board": ["import * as board", "import board"],
  throws: ["constant(60)", "constant(undefined!.x)"],
};
const nodes: Readonly<Record<string, Change>> = {
  "firmware-unknown-board": ["hibernode/boards/firebeetle2-esp32-e", "hibernode/boards/firebeetle"],
  "firmware-unknown-sensor": ["hibernode/sensors/sht4x", "hibernode/sensors/sht5x"],
  "firmware-unknown-quantity": ["cargo.temperature", "cargo.temprature"],
  "firmware-no-unit": ["every(sample", 'every(sample && "15"'],
  "firmware-map": ["export default", "export const seen = new Map();\nexport default"],
  generator: ["export default", "export function* count() { yield 1; }\nexport default"],
};

const files: Readonly<Record<string, string>> = {
  "good.csv": "time,room\n2024-01-01 00:00,20\n2024-01-02 00:00,21\n",
  "word.csv": "time,room\n2024-01-01 00:00,20\n2024-01-02 00:00,warm\n",
  "short.csv": "time,room\n2024-01-01 00:00,20\n2024-01-02 00:00\n",
  "quote.csv": 'time,room\n2024-01-01 00:00,"20\n',
  "back.csv": "time,room\n2024-01-02 00:00,20\n2024-01-01 00:00,21\n",
  "empty.csv": "",
  "full/something.txt": "here",
  "alone/node.ts": "print(1);",
  "letter.txt": "Dear broker",
  "script/app.js": "print(1);",
};

beforeAll(async () => {
  project = createProject();
  project.write(files);
  for (const [name, change] of Object.entries(scenarios)) project.firmware(name, { scenario: [change] });
  for (const [name, change] of Object.entries(nodes)) project.firmware(name, { node: [change] });
  project.firmware("cold-chain");
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  project.remove();
  await new Promise((resolve) => taken.close(resolve));
});

const trace = "simulate cold-chain --trace";
/** What is wrong, the command, and what the error must say. TAKEN stands for a port in use. */
const table: readonly (readonly [name: string, command: string, ...says: (string | RegExp)[]])[] = [
  ["unknown verb", "simulat cold-chain", 'unknown verb "simulat"', "did you mean simulate?"],
  ["unknown flag", "simulate cold-chain --forr 3d", 'unknown option "--forr"', "did you mean --for?"],
  ["unknown flag of a short verb", "boards --jsn", "hibernode boards", "did you mean --json?"],
  ["missing argument", "simulate", "hibernode simulate", "missing required argument"],
  ["flag without its value", "simulate cold-chain --for", "--for <TIME>", "argument missing"],
  ["too many arguments", "build cold-chain another", "too many arguments"],

  ["unknown firmware", "simulate cold-chian", "cold-chian: no such firmware", 'did you mean cold-chain?'],
  ["a folder without node.ts", "simulate full", "full: the folder holds no node.ts", "hibernode new"],
  ["a file that is neither", "simulate letter.txt", "neither a firmware nor a script", ".js file"],
  ["missing scenario", "simulate alone", "alone/scenario.ts: no such scenario", "--scenario"],
  ["missing scenario of a script", "simulate script/app.js", "script/scenario.ts: no such scenario"],
  ["scenario with a syntax error", "simulate syntax-error", /syntax-error\/scenario\.ts:\d+:\d+: Expected/, "parts: {{"],
  ["scenario without default export", "simulate no-default", "no-default/scenario.ts", "export default scenario({"],
  ["scenario with a misspelled property", "simulate misspelled", 'unknown property "setings"', 'did you mean "settings"?'],
  ["scenario with half a board", "simulate half-a-board", "board.default: expected", "import * as board"],
  ["scenario that throws", "simulate throws", "throws/scenario.ts", "TypeError"],

  ["unknown board asked for", "boards firebeetle2-esp32", 'unknown board "firebeetle2-esp32"', 'did you mean "firebeetle2-esp32-e"?'],
  ["unknown board in a scenario", "simulate unknown-board", /scenario\.ts:2:\d+: unknown board/, 'did you mean "firebeetle2-esp32-e"?'],
  ["unknown board in a firmware", "build firmware-unknown-board", "node.ts:2:", "hibernode/boards/firebeetle"],
  ["unknown sensor asked for", "sensors sht4", 'unknown sensor "sht4"', 'did you mean "sht4x"?'],
  ["unknown sensor in a scenario", "simulate unknown-part", "scenario, parts.cargo", 'did you mean "sht4x"?'],
  ["unknown sensor in a firmware", "build firmware-unknown-sensor", "node.ts:5:", "hibernode/sensors/sht5x"],
  ["unknown quantity in a firmware", "build firmware-unknown-quantity", "node.ts:13:", "Did you mean 'temperature'?"],
  ["unknown cell", "simulate unknown-cell", 'scenario, cell: unknown cell "er34165"', 'did you mean "er34615"?'],
  ["unknown network", "simulate unknown-network", "scenario, network", 'did you mean "vodafone-es"?'],
  ["unknown place in the world", "simulate unknown-place", "scenario, parts.cargo.place", 'did you mean "cargo"?'],
  ["a quantity that the world lacks", "simulate no-humidity", 'the world has no humidity at "cargo"', "humidity: constant(...)"],
  ["a cell of the wrong voltage", "simulate wrong-voltage", "a cell of 3.6 V", "4.75 to 5.25 V", "choose another cell"],

  ["a pin without converter", "simulate no-adc", "scenario, parts.battery.pin: D25 cannot measure a voltage", "use one of D34"],
  ["a pin that cannot drive", "simulate input-only-key", "scenario, parts.modem.powerKey: D35 cannot drive a line", "use another pin than"],
  ["a bus on a pin that cannot drive", "simulate input-only-sda", "scenario, parts.cargo.sda: D34 cannot drive a line"],
  ["a pin that the board lacks", "simulate no-such-pin", "scenario, parts.cargo.scl", 'unknown pin of the FireBeetle 2 ESP32-E "D24"'],
  ["a pin used twice", "simulate pin-twice", "scenario, parts.modem.powerKey: D21 is already taken by cargo", "another pin"],

  ["a time without unit", "simulate cold-chain --for 30", '--for: "30" has no unit', "30d"],
  ["a time of unknown unit", "simulate cold-chain --for 30days", "--for", 'did you mean "d"?'],
  ["a time without unit in a scenario", "simulate no-unit", 'scenario, lasts: "365" has no unit'],
  ["a time without unit in a firmware", "build firmware-no-unit", "node.ts:11:", '"15"'],

  ["missing trace", `${trace} none.csv --column room --unit °C`, "none.csv: no such trace file"],
  ["missing trace column", `${trace} good.csv --column rom --unit °C`, 'good.csv: unknown column "rom"', 'did you mean "room"?'],
  ["unknown unit of a trace", `${trace} good.csv --column room --unit °X`, 'unknown unit "°X"', 'did you mean'],
  ["a trace without its unit", `${trace} good.csv --column room`, "--trace: a recording needs", "add --unit UNIT"],
  ["a column without its trace", "simulate cold-chain --column room", "--column", "add --trace FILE"],
  ["a word among numbers", `${trace} word.csv --column room --unit °C`, 'word.csv:3: "warm" in column "room" is not a number'],
  ["a row that ends early", `${trace} short.csv --column room --unit °C`, 'short.csv:3: the row ends before column "room"'],
  ["an open quote", `${trace} quote.csv --column room --unit °C`, /quote\.csv(:\d)?: not a CSV file/],
  ["time that runs backwards", `${trace} back.csv --column room --unit °C`, "back.csv:3", "is not later", "sort the rows"],
  ["an empty trace", `${trace} empty.csv --column room --unit °C`, "empty.csv: the trace has no samples"],
  ["a start outside of the trace", `${trace} good.csv --column room --unit °C --from 2025-01-01`, 'does not hold "2025-01-01"', "from 2024-01-01"],

  ["unknown fault", "simulate cold-chain --fault no-cover@2d", '--fault: unknown fault "no-cover"', 'did you mean "no-coverage"?'],
  ["fault of an unknown sensor", "simulate cold-chain --fault nak:carg@2d", '--fault: unknown sensor "carg"', 'did you mean "cargo"?'],
  ["fault without unit", "simulate cold-chain --fault no-coverage@2", '--fault: "2" has no unit'],
  ["port in use", "simulate cold-chain --listen TAKEN", /--listen: port \d+ on 127\.0\.0\.1 is already in use/, "choose another port"],
  ["no port at all", "simulate cold-chain --listen mqtt", '--listen: "mqtt" is no port', "1 to 65535"],
  ["broker refused", "simulate cold-chain --broker mqtt://127.0.0.1:9", "--broker: no MQTT broker answers at 127.0.0.1:9 (ECONNREFUSED)", "start the broker"],
  ["no broker address", "simulate cold-chain --broker localhost:1883", "--broker", "mqtt://host:port"],
  ["two brokers", "simulate cold-chain --sink --listen 0", "--listen and --sink exclude each other"],
  ["missing modules", "simulate cold-chain --modules none", "--modules none: no such folder"],
  ["no interpreter", "simulate cold-chain --interpreter", "--interpreter: no interpreter is named", "ESPRUINO"],

  ["bundle over budget", "build cold-chain --budget 9000", "more than its budget of 9000", "the largest modules are"],
  ["budget that is no number", "build cold-chain --budget 16k", '--budget: "16k" is no number of bytes'],
  ["unsupported syntax", "build generator", /generator\/node\.ts:\d+:\d+/, "function*", "instead"],
  ["what Espruino lacks", "build firmware-map", /firmware-map\/node\.ts:\d+:\d+/, "'Map'"],

  ["no payload", "decode zz", "zz: neither hexadecimal nor Base64 nor a file", "86011a"],
  ["a payload cut short", "decode 86011a", "not a telemetry message: it ends in the middle", "check that the topic"],
  ["another program's payload", "decode letter.txt", "not a telemetry message"],
  ["a folder as payload", "decode full", "expected a file"],
  ["a project in a folder that is in use", "new full", "full: the folder is not empty", "nothing is overwritten"],
  ["a project in place of a file", "new letter.txt", "letter.txt: this is a file"],
  ["a project from an unknown firmware", "new other --from cold-chian", '--from: unknown firmware "cold-chian"', 'did you mean "cold-chain"?'],
]; // prettier-ignore

test.concurrent.for(table)("%s", async ([, command, ...says], { expect }) => {
  const args = command.replace("TAKEN", String((taken.address() as AddressInfo).port)).split(" ");
  const { status, stdout, stderr } = await hibernode(args, { cwd: project.folder, env: { ESPRUINO: "" } });
  const said = unwrapped(stderr);
  for (const text of says) expect(said).toMatch(typeof text === "string" ? literal(text) : text);
  expect(said).toMatch(/^error .* fix /);
  expect(stderr + stdout).not.toMatch(/^\s+at .*:\d+/m);
  expect(stderr).not.toContain("defect");
  expect(status).toBe(1);
});

const literal = (text: string): RegExp => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

test("as JSON, an error is one document with the same content", async () => {
  const { status, stdout, stderr } = await hibernode(["simulate", "cold-chain", "--for", "30", "--json"], {
    cwd: project.folder,
  });
  expect(JSON.parse(stdout)).toEqual({
    error: { message: '"30" has no unit', where: "--for", fix: "write 30s, 30m, 30h or 30d", exitCode: 1 },
  });
  expect(stderr).toBe("");
  expect(status).toBe(1);
});

test.for([["simulat --json"], ["boards --jason --json"], ["--json"], ["new --json"]])(
  "as JSON: %s",
  async ([command]) => {
    const { status, stdout } = await hibernode(command!.split(" "), { cwd: project.folder });
    expect(Object.keys((JSON.parse(stdout) as { error: object }).error)).toEqual([
      "message",
      "where",
      "fix",
      "exitCode",
    ]);
    expect(status).toBe(1);
  },
);
