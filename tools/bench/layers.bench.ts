/**
 * What each layer of the wire costs on the device: bytes as flashed, JsVars when loaded from RAM, and milliseconds of its work on
 * Espruino for Linux. Set ESPRUINO to that program, and ESPRUINO_MODULES to the folder of stock modules to compare with MQTT.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../package-folder.ts";
import { table } from "../terminal/table.ts";
import { finish } from "../build/finish.ts";
import { lowerSyntax, minify } from "../build/lower.ts";
import { bundle } from "./sensors/code.ts";

const program = process.env["ESPRUINO"];
const modules = process.env["ESPRUINO_MODULES"];
const batch =
  "{journal:7,seq:0,offset:1.7e9,age:60,count:24,codes:'\\x01\\x02\\x23',skipped:[],cells:new Int32Array(96).map((v: number, i: number) =>i%4?400+i%7*(i%4):i*225)}";
const sealed = `layer({next:()=>'x'.repeat(78),confirmed(){}},{id:'a',key:'849b57219dae48de646d07dbb533566e'},[],()=>{}).next()`;

/** Name, what the layer exports under `layer`, and a piece of its work. */
const layers: readonly (readonly [name: string, imports: string, value: string, work?: string])[] = [
  ["batch (24 readings of 3)", `import { encodeBatch } from "./encode/batch.ts";`, "encodeBatch", `layer(${batch})`],
  ["SenML in its place", `import { senml } from "./encode/senml.ts";`, "senml([['a','Cel',2],['b','%RH',2],['c','V',3]])", `layer(${batch})`],
  ["COSE_Encrypt0 (78 bytes)", `import { encrypted } from "./seal/encrypted.ts";`, "encrypted()", sealed],
  ["COSE_Mac0 (78 bytes)", `import { authenticated } from "./seal/authenticated.ts";`, "authenticated()", sealed],
  ["MQTT (CONNECT and PUBLISH)", `import { publish } from "./uplink/publish.ts";`, "publish"],
  ["MQTT with options", `import { mqttWith } from "./uplink/mqtt-with.ts";`, "mqttWith({persistent:true})"],
  ["MQTT-SN", `import { mqttSn } from "./uplink/mqtt-sn.ts";`, "mqttSn({qos:1})"],
  ["commands", `import { commands } from "./uplink/commands.ts";`, "commands('t/{id}')"],
]; // prettier-ignore

/** JsVars that the code leaves behind, and the least of many times of its `work` in milliseconds. */
async function measure(code: string): Promise<{ vars: number; ms: number } | undefined> {
  if (!program) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "hibernode-layers-"));
  // long names of its own: the minified code has all the short ones
  const script = `var usedBefore=process.memory().usage;
${code}
(function(usedVars){
  var bestMs=1e9;
  if(global.work)for(var i=0;i<20;i++){var since=getTime();work();bestMs=Math.min(bestMs,(getTime()-since)*1e3)}
  print("LAYER "+usedVars+" "+bestMs);
})(process.memory().usage-usedBefore);`;
  writeFileSync(join(folder, "layer.js"), script);
  // its standard input stays open: at its end it would read for ever
  const child = spawn(program, [join(folder, "layer.js")], { stdio: ["pipe", "pipe", "inherit"], cwd: folder });
  const said = await new Promise<string>((resolve) => {
    let text = "";
    const limit = setTimeout(() => resolve(text), 20_000);
    child.stdout.setEncoding("latin1").on("data", (part: string) => {
      text += part;
      if (!/LAYER .*\n|ncaught/.test(text)) return;
      clearTimeout(limit);
      resolve(text);
    });
  });
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
  const [, vars, ms] = /LAYER (\d+) (\S+)/.exec(said) ?? [];
  if (vars === undefined) throw new Error(said.slice(-500));
  return { vars: Number(vars), ms: Number(ms) };
}

const rows: string[][] = [];
async function row(name: string, code: string, working?: string): Promise<void> {
  const measured = await measure(code);
  const worked = working === undefined ? undefined : await measure(working);
  rows.push([name, String(code.length), String(measured?.vars ?? ""), worked?.ms.toFixed(2) ?? ""]);
}

const onDevice = (lines: readonly string[]): Promise<string> => bundle(lines.join("\n"), join(packageFolder, "lib"));
for (const [name, imports, value, work] of layers) {
  const lines = [imports, `const layer = ${value} as any; (global as any).layer = layer;`];
  const working = work === undefined ? undefined : await onDevice([...lines, `(global as any).work = () => ${work};`]);
  await row(name, await onDevice(lines), working);
}
const stock = modules && join(modules, "MQTT.js");
if (stock && existsSync(stock)) {
  const wrapped = `(function(exports){${readFileSync(stock, "utf8")}\n;global.layer=exports})({})`;
  await row("stock MQTT", finish(minify(lowerSyntax(wrapped, "MQTT.js"))).code);
}
process.stdout.write(`${table(["layer, with all it needs", "bytes", "JsVars", "ms"], rows, [1, 2, 3])}\n`);
if (!program) process.stdout.write("JsVars and ms: set ESPRUINO to Espruino for Linux\n");
