/** The same seals on the interpreter that ESPRUINO names: bytes, time and JsVars. */
import { expect, test } from "vitest";
import { encrypt0, mac0 } from "../../lib/seal/cose.ts";
import { ESPRUINO, runOnEspruino } from "../build/interpreters.ts";
import { bundle } from "../../tools/bench/sensors/code.ts";
import { nodeCrypto } from "./node-crypto.ts";

if (!ESPRUINO) console.log("sealing is not tried on the interpreter: set ESPRUINO");

const KEY = "0123456789abcdef";
const lengths = [0, 1, 15, 16, 17, 31, 100, 115, 250];
const payload = (length: number) => Array.from({ length }, (_, i) => String.fromCharCode((i * 37) & 255)).join("");
const hex = (text: string) => Buffer.from(text, "latin1").toString("hex");

test.skipIf(!ESPRUINO)(
  "the interpreter seals byte for byte as Node does",
  async () => {
    const code = await bundle(
      `import { encrypt0, mac0 } from "../seal/cose.ts";
       import { openCrypto } from "../platform/espruino.ts";
       const port = openCrypto();
       const hex = (text) => text.split("").map((c) => (c.charCodeAt(0) + 256).toString(16).slice(1)).join("");
       const payload = (n) => { let s = ""; for (let i = 0; i < n; i++) s += String.fromCharCode((i * 37) & 255); return s; };
       for (const n of [${lengths.join()}]) {
         print(hex(encrypt0(port, "${KEY}", 1, "nonce 13 " + "\\0\\0\\0" + String.fromCharCode(n), payload(n))));
         print(hex(mac0(port, "${KEY}", 1, payload(n))));
       }
       const p = payload(115);
       let t = getTime();
       for (let i = 0; i < 20; i++) encrypt0(port, "${KEY}", 1, "13 byte nonce", p);
       print("encrypt0", ((getTime() - t) * 50).toFixed(2), "ms");
       t = getTime();
       for (let i = 0; i < 20; i++) mac0(port, "${KEY}", 1, p);
       print("mac0", ((getTime() - t) * 50).toFixed(2), "ms");`,
    );
    const lines = await runOnEspruino(code);
    const expected = lengths.flatMap((n) => [
      hex(encrypt0(nodeCrypto, KEY, 1, "nonce 13 \0\0\0" + String.fromCharCode(n), payload(n))),
      hex(mac0(nodeCrypto, KEY, 1, payload(n))),
    ]);
    expect(lines.slice(0, expected.length)).toEqual(expected);
    console.log(
      `${code.length} bytes with the test; 115 bytes sealed on this PC: ${lines.slice(expected.length).join(", ")}`,
    );
  },
  60_000,
);
