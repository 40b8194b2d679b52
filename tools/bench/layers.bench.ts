/**
 * What each layer of the wire costs on the device: bytes as flashed, JsVars when loaded from RAM, and the milliseconds and calls
 * inside each other of its work, on Espruino for Linux. Set ESPRUINO to that program, and ESPRUINO_MODULES to the folder of stock
 * modules to compare with MQTT.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finish } from "../build/finish.ts";
import { lowerSyntax, minify } from "../build/lower.ts";
import { packageFolder } from "../package-folder.ts";
import { depthMeter } from "../simulator/cpu/depth.ts";
import { table } from "../terminal/table.ts";
import { bundle } from "./sensors/code.ts";

const program = process.env["ESPRUINO"];
const modules = process.env["ESPRUINO_MODULES"];

/** Bytes of a message of 24 readings, as cold-chain sends it. */
const MESSAGE = 78;
const batch = `{journal:7,seq:0,offset:1.7e9,age:60,count:24,codes:'\\x01\\x02\\x23',skipped:[],
column: (c: number) => new Int32Array(24).map((_: number, i: number) => c ? 400 + i % 7 * c : i * 900)}`;
const outbox = `{ next: () => left-- > 0 ? 'x'.repeat(${MESSAGE}) : '', confirmed() { confirmed = 1; } }`;
const settings = `{ id: 'node-0001', broker: 'b', key: '849b57219dae48de646d07dbb533566e' }`;
const sealed = `layer(${outbox}, ${settings}, [], () => true).next().length > ${MESSAGE}`;

/**
 * One session in which one message is confirmed: a modem that takes all at once, a far end that answers from `replies` by the
 * first byte that differs, and timers that run when the calls before them have returned.
 */
const session = (typeAt: number, replies: string) => `(() => {
  layer({
    open(host: string, port: number, got: any, closed: any, done: any) { received = got; done(0); },
    send(bytes: string, done: any) {
      const reply = (${replies} as any)[bytes.charCodeAt(${typeAt})];
      done(0);
      if (reply) later.push(() => received(reply));
    },
  }, ${settings}, 't/{id}', ${outbox}, (fault: number) => { if (fault) throw fault; });
  while (later.length) later.shift()();
  return confirmed;
})()`;
const mqtt = session(0, `{ 0x10: '\\x20\\x02\\0\\0\\x40\\x02\\0\\x02' }`);
const mqttSn = session(1, `{ 4: '\\x03\\x05\\0', 10: '\\x07\\x0b\\0\\x05\\0\\x01\\0', 12: '\\x07\\x0d\\0\\x05\\0\\x02\\0', 24: '\\x02\\x18' }`); // prettier-ignore

/** A retained command that sets a period, taken and answered for. */
const command = `(() => {
  const host = { kept: [], save: () => true, cause: 4, changed: { load: () => 0, save: () => true } };
  const inlet = layer(host).outbox(${outbox}, ${settings}).inlet;
  inlet.packet(0x33, '\\0\\x01t\\0\\x07{"n":1700000000123,"set":{"sample":600}}');
  return inlet.work().length > 4;
})()`;

/** Name, what the layer exports under `layer`, and a piece of its work, true when it was done. */
const layers: readonly (readonly [name: string, imports: string, value: string, work: string])[] = [
  ["batch (24 readings of 3)", `import { encodeBatch } from "./encode/batch.ts";`, "encodeBatch", `layer(${batch}).length`],
  ["SenML in its place", `import { senml } from "./encode/senml.ts";`, "senml([['a','Cel',2],['b','%RH',2],['c','V',3]])", `layer(${batch}).length`],
  ["COSE_Encrypt0", `import { encrypted } from "./seal/encrypted.ts";`, "encrypted()", sealed],
  ["COSE_Mac0", `import { authenticated } from "./seal/authenticated.ts";`, "authenticated()", sealed],
  ["MQTT", `import { publish } from "./uplink/publish.ts";`, "publish", mqtt],
  ["MQTT, persistent", `import { mqttWith } from "./uplink/mqtt-with.ts";`, "mqttWith({persistent:true})", mqtt],
  ["MQTT-SN", `import { mqttSn } from "./uplink/mqtt-sn.ts";`, "mqttSn({qos:1})", mqttSn],
  ["commands", `import { commands } from "./uplink/commands.ts";`, "commands('t')", command],
]; // prettier-ignore

const stockWork = `global.onePiece=function(){
  var mqtt=layer.create('b',{client_id:'node-0001'}),sent=0;
  mqtt.connect({on:function(){},end:function(){},write:function(){sent++}});
  mqtt.packetHandler('\\x20\\x02\\0\\0');
  mqtt.publish('t/node-0001','x'.repeat(${MESSAGE}),{qos:1});
  mqtt.packetHandler('\\x40\\x02\\0\\x02');
  mqtt.disconnect();
  clearInterval(mqtt.pintr);
  return sent===3;
};`;

/** Prints the JsVars that `code` leaves behind, the least of many times of its `work`, and the levels that were counted. */
const script = (code: string): string => `global.peek32=function(){return 77};var usedBefore=process.memory().usage;
${code}
usedBefore=process.memory().usage-usedBefore;
(function(){
  var bestMs=1e9,done=1;
  if(global.onePiece)for(var i=0;i<20;i++){levelMost=0;var since=getTime();done=onePiece();bestMs=Math.min(bestMs,(getTime()-since)*1e3);if(!done)break}
  print("LAYER "+usedBefore+" "+bestMs+" "+levelMost+" "+(done?"done":"failed"));
})();`;

const COUNTER = `var levelNow=0,levelMost=0;
function $enter$(){if(++levelNow>levelMost)levelMost=levelNow;return levelNow-1}
function $leave$(level,value){levelNow=level;return value}\n`;

interface Measured {
  readonly vars: number;
  readonly ms: number;
  readonly levels: number;
}

async function measure(code: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "hibernode-layers-"));
  writeFileSync(join(folder, "layer.js"), COUNTER + script(code), "latin1");
  // its standard input stays open: at its end it would read for ever
  const child = spawn(program!, [join(folder, "layer.js")], { stdio: ["pipe", "pipe", "inherit"], cwd: folder });
  const said = await new Promise<string>((resolve) => {
    let text = "";
    const limit = setTimeout(() => resolve(text), 20_000);
    child.stdout.setEncoding("latin1").on("data", (part: string) => {
      text += part;
      if (!/LAYER .*(done|failed)|ncaught/.test(text)) return;
      clearTimeout(limit);
      resolve(text);
    });
  });
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
  const [, vars, ms, levels] = /LAYER (\d+) (\S+) (\d+) done/.exec(said) ?? [];
  if (vars === undefined) throw new Error(said.slice(-500));
  return { vars: Number(vars), ms: Number(ms), levels: Number(levels) };
}

const rows: string[][] = [];
/** @param plain the layer alone @param working the layer and its work */
async function row(name: string, plain: string, working: string): Promise<void> {
  if (!program) return void rows.push([name, String(plain.length)]);
  const { vars } = await measure(plain);
  const { ms } = await measure(working);
  // not the work's own function
  const { levels } = await measure(depthMeter().meter.instrument(working).code);
  rows.push([name, String(plain.length), String(vars), ms.toFixed(2), String(levels - 1)]);
}

const onDevice = (lines: readonly string[]): Promise<string> => bundle(lines.join("\n"), join(packageFolder, "lib"));
const around = `let left = 0, confirmed = 0, received: any; const later: any[] = [];
(global as any).setTimeout = (run: any, ms: number) => { if (!ms) later.push(run); return 1; };`;
for (const [name, imports, value, work] of layers) {
  const lines = [imports, `const layer = ${value} as any; (global as any).layer = layer;`];
  const working = [...lines, around, `(global as any).onePiece = () => { left = 1; confirmed = 0; return ${work}; };`];
  await row(name, await onDevice(lines), await onDevice(working));
}
const stock = modules && join(modules, "MQTT.js");
if (stock && existsSync(stock)) {
  const wrapped = `(function(exports){${readFileSync(stock, "utf8")}\n;global.layer=exports})({})`;
  const code = finish(minify(lowerSyntax(wrapped, "MQTT.js"))).code;
  await row("stock MQTT", code, `${code}\n${stockWork}`);
}
process.stdout.write(
  `${table(["layer, with all it needs", "bytes", "JsVars", "ms", "calls deep"], rows, [1, 2, 3, 4])}\n`,
);
if (!program) process.stdout.write("JsVars, ms and calls: set ESPRUINO to Espruino for Linux\n");
