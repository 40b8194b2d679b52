import mqtt, { type Packet } from "mqtt-packet";
import { afterEach, expect, test, vi } from "vitest";
import type { Modem } from "../../lib/modems/modem.ts";

afterEach(() => vi.unstubAllGlobals());

test("a report opens its session with the device's settings", async () => {
  for (const name of ["getTime", "setTimeout", "clearTimeout"]) vi.stubGlobal(name, () => 0);
  vi.resetModules();
  const { publish } = await import("../../lib/uplink/publish.ts");
  const opened: unknown[] = [];
  const sent: Packet[] = [];
  const parser = mqtt.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => sent.push(packet));
  const modem: Modem = {
    up: () => {},
    time: () => 0,
    open: (host, port, _received, _closed, done) => {
      opened.push([host, port]);
      done(0);
    },
    send: (bytes) => void parser.parse(Buffer.from(bytes, "latin1")),
    down: () => {},
  };
  const outbox = { next: () => "\x86\x01", confirmed: () => {} };
  publish(
    modem,
    { id: "truck-7", broker: "10.0.0.1", user: "u", password: "p" },
    "cold-chain/{id}/telemetry",
    outbox,
    () => {},
  );
  publish(modem, { id: 7, broker: "broker.example", port: 8883 }, "t", outbox, () => {});
  expect(opened).toEqual([
    ["10.0.0.1", 1883],
    ["broker.example", 8883],
  ]);
  expect(sent).toMatchObject([
    { cmd: "connect", clientId: "truck-7", username: "u", password: Buffer.from("p"), keepalive: 60, clean: true },
    { cmd: "publish", topic: "cold-chain/truck-7/telemetry", payload: Buffer.from([0x86, 1]), qos: 1 },
    { cmd: "connect", clientId: "7" },
    { cmd: "publish", topic: "t" },
  ]);
});
