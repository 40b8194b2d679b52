/**
 * Espruino's own `AT`, `QuectelBG96` and `MQTT`, unmodified, through the simulated BG96 to a real broker in this process. The
 * chip's native `NetworkJS` and `net` are stood in for: what they do with the callbacks is in Espruino's documentation.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as board from "../../boards/firebeetle2-esp32-e.ts";
import { createEmbeddedBroker } from "../../tools/simulator/network/embedded-broker.ts";
import { run } from "../../tools/simulator/run.ts";
import { scenario } from "../../tools/simulator/index.ts";

const folders = [process.env["ESPRUINO_MODULES"], process.env["ESPRUINO_DEVICES"]].filter((name) => name !== undefined);
const find = (name: string) => folders.map((folder) => join(folder, `${name}.js`)).find((file) => existsSync(file));
const missing = ["AT", "QuectelBG96", "MQTT"].filter((name) => !find(name));

const natives: Readonly<Record<string, string>> = {
  NetworkJS: "exports.create = function (callbacks) { exports.callbacks = callbacks; };",
  net: `
    exports.connect = function (to, connected) {
      var callbacks = require("NetworkJS").callbacks;
      var id = callbacks.create(to.host, to.port);
      var waiting = "";
      var client = { write: function (data) { waiting += data; return true; }, end: function () { ending = true; } };
      var ending = false;
      var told = false;
      var turn = setInterval(function () {
        if (!told) { told = true; connected(client); }
        var data = callbacks.recv(id, 536);
        if (typeof data === "string" && data) client.emit("data", data);
        if (waiting) {
          var sent = callbacks.send(id, waiting.substr(0, 536));
          if (sent > 0) waiting = waiting.substr(sent);
          else if (sent < 0) data = -1;
        }
        if (data === -1 || (ending && !waiting)) {
          clearInterval(turn);
          callbacks.close(id);
          client.emit("end");
        }
      }, 20);
      return client;
    };`,
};

const program = `
  Serial3.setup(115200, { tx: D17, rx: D16 });
  digitalWrite(D4, 1);
  setTimeout(function () { pinMode(D4, "input"); }, 700);
  setTimeout(function () {
    require("QuectelBG96").connect(Serial3, { lte: true, apn: "iot.example" }, function (err) {
      print("network " + err);
      if (err) return;
      var mqtt = require("MQTT").create("broker.example", { client_id: "stock" });
      mqtt.on("error", function (e) { print("mqtt error " + e); });
      mqtt.on("message", function (topic, message) { print("heard " + topic + " " + message); });
      mqtt.on("connected", function () {
        mqtt.subscribe("commands/stock");
        mqtt.publish("telemetry/stock", "21.5");
      });
      mqtt.connect();
    });
  }, 8000);
`;

if (missing.length)
  console.log(
    `test/stock: skipped, ESPRUINO_MODULES and ESPRUINO_DEVICES do not name folders with ${missing.join(", ")}`,
  );

describe.skipIf(missing.length > 0)("unmodified AT, QuectelBG96 and MQTT", () => {
  test("reach a real broker through the simulated BG96, and hear a retained command", async () => {
    const result = await run({
      scenario: scenario({
        board,
        cell: "er34615-hpc1550",
        parts: { modem: { part: "bg96", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" } },
        world: {},
        network: "ideal",
        settings: {},
        lasts: "3m",
      }),
      bundle: program,
      modules: (name) => natives[name] ?? (find(name) && readFileSync(find(name)!, "utf8")),
      server: async (nowUs, onMessage) => {
        const broker = await createEmbeddedBroker({ nowUs, onMessage });
        await broker.publish("commands/stock", "interval 10", { retain: true });
        return broker;
      },
    });
    expect(result.console.join("\n")).toContain("network null");
    expect(result.messages.last.map(({ topic, bytes, text }) => [topic, bytes, text])).toEqual([
      ["telemetry/stock", 4, "21.5"],
    ]);
    expect(result.console).toContain("heard commands/stock interval 10");
    expect(result.uncaughtErrors).toBe(0);
  });
});
