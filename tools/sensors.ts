/** The sensors that ship with the package: what their drivers declare, and the figures of the parts. */
import type { Figure } from "../boards/types.ts";
import { part as sht4x } from "../lib/sensors/sht4x.ts";
import { catalogue } from "./simulator/parts/catalogue.ts";

export interface SensorEntry {
  readonly title: string;
  readonly bus: string;
  readonly addresses: readonly number[];
  /** Milliseconds between start and result. */
  readonly waitMs: number;
  readonly measures: readonly string[];
  readonly figures: Readonly<Record<string, Figure>>;
}

export const sensors: Readonly<Record<string, SensorEntry>> = {
  sht4x: {
    title: catalogue.sht4x!.title,
    bus: "I2C",
    addresses: [0x44, 0x45, 0x46],
    waitMs: sht4x.waitMs,
    measures: sht4x.quantities.map(([name]) => name),
    figures: catalogue.sht4x!.figures,
  },
  "battery-voltage": {
    title: "Battery voltage through a divider on an ADC pin",
    bus: "analog",
    addresses: [],
    waitMs: 0,
    measures: ["voltage"],
    figures: {},
  },
};
