/**
 * What a modem driver takes: bytes as it is flashed, JsVars on the interpreter, seconds of one connection (from off: register,
 * connect, greet an MQTT broker, hang up) on the simulated modem. Espruino's AT and QuectelBG96 do the same beside ours.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lowerSyntax, minify } from "../build/lower.ts";
import { table } from "../terminal/table.ts";
import * as board from "../../boards/firebeetle2-esp32-e.ts";
import { scenario } from "../simulator/index.ts";
import { findInterpreter } from "../simulator/interpreter/probe.ts";
import type { ModemName } from "../simulator/modems/families.ts";
import { createSink } from "../simulator/network/sink.ts";
import { run } from "../simulator/run.ts";
import { packageFolder } from "../package-folder.ts";
import { bundle } from "./sensors/code.ts";

const GREETING = String.raw`"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02n1"`;
const uart = '{ port: "Serial3", tx: "D17", rx: "D16" }';
const connected = "connected";

/** Our driver: `up`, `open`, `send`, and `down` when the broker has answered. */
const session = (file: string, maker: string, host: string, isUdp: boolean) => `
import { ${maker} } from "./${file}.ts";
const modem = ${maker}(${uart}, { powerKey: "D4" })({ apn: "iot.example" });
modem.up((fault) => {
  if (fault) return print("up " + fault);
  modem.open("${host}", 1883, () => {
    print("${connected}");
    modem.down(() => print("down"));
  }, () => {}, (fault) => {
    if (fault) print("open " + fault);
    else modem.send(${GREETING}, () => {});
  }, ${isUdp});
});
declare const print: (line: string) => void;`;

/** Espruino's: the chip's native NetworkJS is stood in for by a module of another name, which hands the callbacks on. */
const NETWORK = "Callbacks";
const NETWORK_JS = "exports.create=function(c){exports.callbacks=c;};";
const STOCK = `
Serial3.setup(115200, { tx: D17, rx: D16 });
digitalWrite(D4, 1);
setTimeout(function () { pinMode(D4, "input"); }, 700);
setTimeout(function () {
  require("QuectelBG96").connect(Serial3, { lte: true, apn: "iot.example" }, function (err) {
    if (err) return print("up " + err);
    var net = require("${NETWORK}").callbacks;
    var id = net.create("broker.example", 1883);
    var greeting = ${GREETING};
    var turn = setInterval(function () {
      var data = net.recv(id, 536);
      if (greeting && net.send(id, greeting) > 0) greeting = "";
      if (!data || data < 0) return;
      print("${connected}");
      clearInterval(turn);
      net.close(id);
    }, 20);
  });
}, 8000);`;

const drivers: readonly (readonly [name: string, file: string, maker: string, modem: ModemName])[] = [
  ["SIM7020", "sim7020", "sim7020", "sim7020"],
  ["SIM7020, eDRX", "sim7020", "sim7020WithEdrx", "sim7020"],
  ["SIM7080", "sim7080", "sim7080", "sim7080"],
  ["SIM7000", "sim7000", "sim7000", "sim7000"],
  ["BC660K", "bc660k", "bc660k", "bc660k"],
  ["BC66", "bc66", "bc66", "bc66"],
  ["BG96", "bg96", "bg96", "bg96"],
  ["BC95 (UDP)", "bc95", "bc95", "bc95"],
];

const program = process.env["ESPRUINO"];
const folders = [process.env["ESPRUINO_MODULES"], process.env["ESPRUINO_DEVICES"]].filter((name) => name !== undefined);
const stockSource = (name: string): string | undefined => {
  const file = folders.map((folder) => join(folder, `${name}.js`)).find((candidate) => existsSync(candidate));
  return file && readFileSync(file, "utf8");
};

async function live(part: ModemName, code: string) {
  const seconds: Record<string, number> = {};
  const lived = await run({
    scenario: scenario({
      board,
      cell: "er34615-hpc1550",
      parts: { modem: { part, tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" } },
      world: {},
      network: "ideal",
      settings: {},
      lasts: "3m",
    }),
    bundle: code,
    modules: (name) => (name === NETWORK ? NETWORK_JS : (stockSource(name) ?? "").replace("NetworkJS", NETWORK)),
    ...(program && { interpreter: findInterpreter(program), measureMemory: true }),
    server(nowUs, onMessage) {
      const sink = createSink({ nowUs, onMessage, keep: false });
      // whatever comes is answered, as a gateway does
      return { ...sink, datagram: (_host, _port, _bytes, reply) => reply(Uint8Array.of(3, 5, 0)) };
    },
    console: (line, at) => void (seconds[line] ??= at),
  });
  const { memory } = lived;
  const took = seconds[connected];
  if (took === undefined || lived.uncaughtErrors)
    throw new Error(`${part} did not connect:\n${lived.console.join("\n")}`);
  return [took.toFixed(1), memory ? String(memory.loaded) : "", memory ? String(memory.peak) : ""];
}

const rows: string[][] = [];
for (const [name, file, maker, part] of drivers) {
  const udp = part === "bc95";
  const extra = maker.endsWith("WithEdrx") ? `${uart}, "656s"` : uart;
  const source = session(file, maker, udp ? "192.0.2.1" : "broker.example", udp).replace(`(${uart}`, `(${extra}`);
  const code = await bundle(source, `${packageFolder}/lib/modems`);
  const empty = await bundle(`import { ${maker} } from "./${file}.ts"; globalThis.x = ${maker};`, `${packageFolder}/lib/modems`); // prettier-ignore
  rows.push([name, String(empty.length), ...(await live(part, code))]);
}
const stock = ["AT", "QuectelBG96"].map(stockSource);
if (stock.every((source) => source !== undefined)) {
  const bytes = stock.reduce((sum, source) => sum + minify(lowerSyntax(source!, "stock.js")).code.length, 0);
  rows.push(["Espruino's AT + QuectelBG96", String(bytes), ...(await live("bg96", STOCK))]);
}
process.stdout.write(
  `${table(["driver", "bytes", "s to CONNACK", "JsVars loaded", "at the most"], rows, [1, 2, 3, 4])}\n`,
);
if (!program) process.stdout.write("for JsVars set ESPRUINO to the program of an interpreter\n");
if (rows.length === drivers.length)
  process.stdout.write(
    "for the comparison set ESPRUINO_MODULES to a folder with AT.js, ESPRUINO_DEVICES to one with QuectelBG96.js\n",
  );
