/** What the receiver has done, for Prometheus: GET /metrics on the loopback interface. */
import { createServer } from "node:http";
import { Counter, Gauge, Registry } from "prom-client";
import { UserError } from "../errors.ts";
import type { Taken } from "./receiver.ts";

export interface Metrics {
  count(taken: Taken, devices: number): void;
  text(): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const messages = new Counter({ name: "hibernode_messages_total", help: "Messages taken", registers });
  const readings = new Counter({ name: "hibernode_readings_total", help: "New readings stored", registers });
  const notices = new Counter({ name: "hibernode_notices_total", help: "Notices", labelNames: ["kind"], registers });
  const devices = new Gauge({ name: "hibernode_devices", help: "Devices heard of", registers });
  const newest = new Gauge({
    name: "hibernode_newest_seconds",
    help: "Unix time at which a device was last heard",
    labelNames: ["device"],
    registers,
  });
  return {
    count(taken, known) {
      messages.inc();
      readings.inc(taken.readings);
      for (const { kind } of taken.notices) notices.inc({ kind });
      devices.set(known);
      if (taken.rows[0]) newest.set({ device: taken.device }, Date.parse(taken.rows[0].received) / 1000);
    },
    text: () => registry.metrics(),
  };
}

/** @returns ends the server */
export function serveMetrics(metrics: Metrics, port: number): Promise<() => void> {
  const server = createServer((request, response) => {
    if (request.url !== "/metrics") return void response.writeHead(404).end();
    void metrics
      .text()
      .then((text) => response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(text));
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new UserError(error.message, { where: `--metrics ${port}`, fix: "give a port that is free" })),
    );
    server.listen(port, "127.0.0.1", () => resolve(() => void server.close()));
  });
}
