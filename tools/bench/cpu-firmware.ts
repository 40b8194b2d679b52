/** What firmware has to compute, from the library itself, with stubs in place of the chip. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFirmware } from "../build/build.ts";
import { bundle } from "../build/bundle.ts";
import { finish } from "../build/finish.ts";
import { lowerSyntax, minify } from "../build/lower.ts";
import { privateNames } from "../build/private-names.ts";
import { packageFolder } from "../package-folder.ts";
import type { Program } from "./cpu-count.ts";

const lib = (file: string): string => JSON.stringify(join(packageFolder, "lib", file));

const parts: Readonly<Record<string, string>> = {
  "a batch of 24 readings": `import { encodeBatch } from ${lib("encode/batch.ts")};
    const column = (c) => new Int32Array(24).map((_, i) => c ? c < 2 ? 2000 + (i * 7) % 90 : c < 3 ? 5500 - i : 360 : 5000 + 900 * i);
    encodeBatch({ journal: 77, seq: 96, offset: 17e8, age: 3000, count: 24, codes: "\x01\x02\x23", column, skipped: [] });`,
  "an MQTT session": `import { connect, packetReader, publish, puback, subscribe } from ${lib("uplink/packets.ts")};
    let got = 0;
    const read = packetReader(512, (header, body) => { got += body.length; return true; });
    for (let i = 0; i < 3; i++) {
      connect({ clientId: "truck-17", keepAliveS: 60 });
      publish("cold-chain/truck-17/telemetry", "payload of a hundred bytes or more, as a batch of readings has it, and then a few more", i);
      subscribe("cold-chain/truck-17/set", 7);
      puback(9);
      read("\\x20\\x02\\0\\0\\x40"); read("\\x02\\0\\x01"); read("\\x90\\x03\\0\\x07\\x01");
    }`,
  "commands of a modem": `import { atSession } from ${lib("modems/at.ts")};
    let hear, lines = 0;
    const port = { write() {}, on(_, f) { hear = f; }, removeAllListeners() {} };
    const at = atSession(port, { after() { return 1; }, cancel() {} }, (line) => { lines++; return false; });
    for (let i = 0; i < 12; i++) {
      at.ask("AT+CEREG?", 900, () => lines++);
      hear("\\r\\n+CEREG: 5,\\"1A2B\\",\\"01"); hear("23\\",9\\r\\n\\r\\nOK\\r\\n");
    }`,
};

/** Pieces of the library, and a whole wake of the cold-chain node that measures and stores. */
export async function firmwarePrograms(): Promise<Program[]> {
  const folder = mkdtempSync(join(tmpdir(), "hibernode-"));
  try {
    const programs: Program[] = [];
    for (const [name, source] of Object.entries(parts)) {
      const entry = join(folder, "entry.ts");
      writeFileSync(entry, source);
      const bundled = await bundle(entry, folder);
      const lowered = lowerSyntax(bundled.code, "bundle.js", bundled.map);
      const { code } = await finish(await minify(lowered, privateNames(bundled.files)));
      programs.push({ name, code: `(function(){${code}})();` });
    }
    return [...programs, await sampleWake()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function sampleWake(): Promise<Program> {
  const { bundle: text } = await buildFirmware({ entry: join(packageFolder, "firmware/cold-chain/node.ts") });
  return {
    name: "a wake of the cold-chain node",
    before: "var M=new Uint8Array(65536),L=[],B=3211264,O=E;M.fill(255);",
    code: `(function(){
var flash={read:function(n,a){return new Uint8Array(M.buffer,a-B,n)},write:function(d,a){M.set(O.toUint8Array(d),a-B)},erasePage:function(a){}};
(function(require,I2C1,ESP32,E,setTimeout,clearTimeout,getTime,analogRead,process,peek32){${text}})(function(n){return n=="Flash"?flash:{readJSON:function(){}}},
{setup:function(){},writeTo:function(){},readFrom:function(){return [102,102,147,128,0,162]}},{getWakeupCause:function(){return 4},deepSleep:function(){L=[]}},
{sum:O.sum,CRC32:O.CRC32,toString:O.toString,enableWatchdog:function(){}},function(f,t){if(t<1000)L.push(f)},function(){},function(){return 1e4},function(){return 0.5},{env:{BOARD:"ESP32"}},function(){return 77});
while(L.length)L.shift()();})();`,
  };
}
