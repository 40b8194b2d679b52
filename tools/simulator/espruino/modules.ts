/** `require` and `Modules`: cache, built-in libraries, files in Storage, then whatever the caller of the simulator offers. */
import { adopt } from "./events.ts";
import type { Machine, Peripheral } from "./machine.ts";
import type { Storage } from "./storage.ts";

/** Libraries of an ESP32 build that need its Wi-Fi switched on: in a scenario with an access point. */
const wifiLibraries = ["Wifi", "net", "dgram"];

/** Libraries of an ESP32 build that are not simulated. */
const absentLibraries = [
  "http",
  "tls",
  "fs",
  "neopixel",
  "TelnetServer",
  "NetworkJS",
  "ESP8266",
  "timer",
  "heatshrink",
];

export interface ModuleSource {
  (name: string): string | undefined;
}

export function modules(
  machine: Machine,
  storage: Storage,
  builtIn: Readonly<Record<string, object>>,
  source: ModuleSource,
): Peripheral {
  const { realm } = machine;
  const cache = new Map<string, unknown>();

  /** `module` is the module's scope itself: `exports = …` and `module.exports = …` both replace what it exports. */
  function evaluate(name: string, code: string): unknown {
    const exports = new realm.Object() as object;
    const module = Object.assign(new realm.Object(), { exports }) as { exports: unknown };
    const named = realm
      .compile(`${code}\n;return exports;`, name, ["exports", "module"])
      .call(exports, exports, module);
    return module.exports === exports ? named : module.exports;
  }

  function require(wanted: unknown): unknown {
    machine.check();
    const name = String(wanted);
    if (cache.has(name)) return cache.get(name);
    const native = builtIn[name];
    if (native) return native;
    const file = name.length <= 28 ? storage.find(name) : undefined;
    const code = file ? storage.text(file) : source(name);
    if (code === undefined) {
      if (wifiLibraries.includes(name)) throw new realm.Error(`require("${name}"): the scenario has no accessPoint`);
      if (absentLibraries.includes(name)) throw new realm.Error(`require("${name}"): not simulated`);
      throw new realm.Error(`Module "${name}" not found`);
    }
    const exports = evaluate(name, code);
    cache.set(name, exports);
    return exports;
  }

  const Modules = adopt(machine, {
    getCached: () => realm.array(cache.keys()),
    removeCached(name: unknown) {
      if (!cache.delete(String(name))) throw new realm.Error(`Module ${JSON.stringify(String(name))} not found`);
    },
    removeAllCached: () => cache.clear(),
    addCached(name: unknown, code: unknown) {
      if (typeof code === "function") {
        const exports = new realm.Object() as object;
        (code as (exports: unknown) => void).call(exports, exports);
        cache.set(String(name), exports);
      } else {
        cache.set(String(name), evaluate(String(name), String(code)));
      }
    },
  });
  return { globals: { require, Modules }, drop: () => void (cache.size && cache.clear()) };
}
