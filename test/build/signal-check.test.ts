/** A signal that is not wired to the modem, the readings and the node is refused with the place and what is missing. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { advise } from "../../tools/build/advice.ts";
import { UserError } from "../../tools/errors.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "signal-"))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Node {
  readonly made?: string;
  readonly sensors?: string;
  readonly modem?: string;
  readonly rest?: string;
}

function checked(node: Node = {}): UserError | undefined {
  const { made = "const radio = sim7020Signal();", sensors = "radio", rest = "use: radio.use" } = node;
  const { modem = "sim7020(uart, { signal: radio })" } = node;
  const part = /^\w+/.exec(modem)![0];
  const entry = join(folder, "node.ts");
  writeFileSync(
    entry,
    `import { ${part} } from "hibernode/modems/${part}";\nimport { sim7020Signal } from "hibernode/modems/signal";\n` +
      `${made}\nexport default node({ board, sensors: { ${sensors} }, modem: ${modem}, ${rest} });\n`,
  );
  try {
    advise(entry, undefined);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return undefined;
}

test.each<[string, Node]>([
  ["all three places", {}],
  ["a reading of another name", { sensors: "cell: radio" }],
  ["the name `signal`", { made: "const signal = sim7020Signal();", sensors: "signal", modem: "sim7020(uart, { signal })", rest: "use: signal.use" }], // prettier-ignore
  ["several extensions", { rest: "use: all(radio.use, updates())" }],
  ["a helper that this check does not follow", { sensors: "", rest: "...wired(radio)", modem: "sim7020(uart)" }],
  ["options kept elsewhere", { made: "const radio = sim7020Signal();\nconst options = { signal: radio };", modem: "sim7020(uart, options)" }], // prettier-ignore
])("%s: nothing to say", (_, node) => expect(checked(node)).toBeUndefined());

test.each<[string, Node, RegExp, string]>([
  ["no modem that is asked", { modem: "sim7020(uart)" }, /no modem is asked for it.*unready/, "add modem: sim7020(uart, { …, signal: radio })"], // prettier-ignore
  ["nothing that keeps it", { rest: "" }, /nothing keeps what the modem said.*unready/, "add use: radio.use"],
  ["neither", { modem: "sim7020(uart)", rest: "" }, /no modem is asked/, "add modem: sim7020(uart, { …, signal: radio }) and use: radio.use"], // prettier-ignore
  ["no reading", { sensors: "" }, /no reading of this node.*never reported/, "add sensors: { …, radio }"],
  ["one made in place", { made: "", sensors: "radio: sim7020Signal()", modem: "sim7020(uart)", rest: "" }, /must share one/, "const radio = sim7020Signal(); then sensors: { …, radio }, the modem's signal: radio, and use: radio.use"], // prettier-ignore
  ["another family's modem", { modem: "bg96(uart, { signal: radio })" }, /words that bg96's modem does not know/, "take bg96Signal()"], // prettier-ignore
  ["Wi-Fi", { modem: "wifi({ signal: radio })" }, /words that wifi's modem does not know/, "leave it out: wifi tells no signal"], // prettier-ignore
])("%s: refused", (_, node, message, fix) => {
  const error = checked(node);
  expect(error?.message).toMatch(message);
  expect(error?.fix).toBe(fix);
  expect(error?.where).toMatch(/node\.ts:[34]:\d+$/);
});
