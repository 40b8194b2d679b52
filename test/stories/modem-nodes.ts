/** A node with each modem family, on its own board where one exists. */
import * as firebeetle from "../../boards/firebeetle2-esp32-e.ts";
import * as sim7000Board from "../../boards/lilygo-t-sim7000g.ts";
import * as sim7080Board from "../../boards/lilygo-t-sim7080g-s3.ts";
import { constant, scenario } from "../../tools/simulator/index.ts";
import type { Scenario } from "../../tools/simulator/scenario.ts";

const common = { cell: "er34615-hpc1550", world: {}, lasts: "30d" } as const;
const settings = { id: "story", broker: "broker.example", apn: "iot.example" };
const own =
  (part: "sim7020" | "bg95" | "bg96" | "bc660k" | "bc66" | "bc95", more = {}) =>
  (network: string) =>
    scenario({
      ...common,
      board: firebeetle,
      parts: {
        modem: { part, tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
        battery: { part: "battery-divider", pin: "D34", ratio: 2 },
      },
      network,
      settings: { ...settings, ...more },
    });

/** By family, given the network. Their firmware is in nodes/. */
export const nodes: Readonly<Record<string, (network: string) => Scenario>> = {
  sim7000: (network) =>
    scenario({
      ...common,
      board: sim7000Board,
      cell: "li-ion-18650",
      parts: {
        modem: { part: "sim7000", tx: "D27", rx: "D26", powerKey: "D4", powerKeyWiring: "npn" },
        battery: { part: "battery-divider", pin: "D35", ratio: 2 },
      },
      network,
      settings,
    }),
  sim7080: (network) =>
    scenario({
      ...common,
      board: sim7080Board,
      cell: "li-ion-18650",
      world: { air: { temperature: constant(20), humidity: constant(50) } },
      parts: {
        modem: { part: "sim7080", tx: "D5", rx: "D4", powerKey: "D41", powerKeyWiring: "npn" },
        air: { part: "sht4x", sda: "D15", scl: "D7", place: "air" },
      },
      network,
      settings,
    }),
  sim7020: own("sim7020"),
  bg96: own("bg96"),
  bc660k: own("bc660k"),
  bc66: own("bc66"),
  // no names, no TCP
  bc95: own("bc95", { broker: "192.0.2.1", "topic-id": 1 }),
};

/** The same modems, asleep with eDRX where PSM is refused. */
export const dozing: typeof nodes = { "sim7020-edrx": own("sim7020"), "bg96-edrx": own("bg96") };

/** The same modems, telling how they hear their cell. */
export const telling: typeof nodes = { "sim7020-signal": own("sim7020"), "bg96-signal": own("bg96") };

/** The same modems with their own MQTT clients. */
export const ownMqtt: typeof nodes = {
  "sim7020-mqtt": own("sim7020"),
  "sim7080-mqtt": nodes["sim7080"]!,
  "bg95-mqtt": own("bg95"),
  "bc660k-mqtt": own("bc660k"),
  "bc66-mqtt": own("bc66"),
};

const ca = ["-----BEGIN CERTIFICATE-----", "MIIDqjCCApKgAwIB".repeat(4), "-----END CERTIFICATE-----", ""].join("\n");

/** The same modems with TLS. */
export const secured: typeof nodes = {
  "bg96-tls": own("bg96", { ca, port: 8883 }),
  "sim7080-tls": (network) => ({ ...nodes["sim7080"]!(network), settings: { ...settings, ca, port: 8883 } }),
};
