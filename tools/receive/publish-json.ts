/** The newest values as plain JSON for other tools, and Home Assistant's discovery messages for them. */
import { quantities } from "../../lib/sensors/quantities.ts";
import type { StoredRow } from "./store.ts";

export interface Published {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/**
 * Values by name, newest reading of a message: `{"time":"…","cargo.temperature":4.03}`. A value that the sensor failed to
 * give is null, its reason under `NAME.fault`.
 */
export function stateOf(rows: readonly StoredRow[]): string | undefined {
  const newest = rows.at(-1);
  if (!newest) return undefined;
  const state: Record<string, unknown> = { time: newest.time ?? newest.received, seq: newest.seq };
  for (const { name, value, fault, seq } of rows) {
    if (seq !== newest.seq) continue;
    state[name] = value;
    if (fault !== null) state[`${name}.fault`] = fault;
  }
  return JSON.stringify(state);
}

/** Home Assistant's device classes (developers.home-assistant.io, sensor entity), by our quantity. */
const deviceClasses: Readonly<Record<string, string>> = {
  temperature: "temperature",
  ambient: "temperature",
  humidity: "humidity",
  voltage: "voltage",
  lineVoltage: "voltage",
  pressure: "atmospheric_pressure",
  illuminance: "illuminance",
  co2: "carbon_dioxide",
  current: "current",
  power: "power",
  energy: "energy",
  exported: "energy",
  charge: "battery",
  pm1: "pm1",
  pm25: "pm25",
  pm10: "pm10",
  frequency: "frequency",
  moisture: "moisture",
  signal: "signal_strength",
};

/** Units that Home Assistant writes otherwise. */
const units: Readonly<Record<string, string>> = { "%RH": "%", counts: "" };

const idOf = (text: string): string => text.replace(/[^a-zA-Z0-9_-]/g, "_");

/**
 * One retained discovery message per value (home-assistant.io, MQTT discovery, single component).
 * @param stateTopic where `stateOf` of this device is published
 */
export function discoveryOf(
  prefix: string,
  device: string,
  stateTopic: string,
  rows: readonly StoredRow[],
): Published[] {
  const names = new Map(rows.map((row) => [row.name, row.unit]));
  return [...names].map(([name, unit]) => {
    const quantity = name.slice(name.lastIndexOf(".") + 1);
    const deviceClass = deviceClasses[quantity];
    const id = `${idOf(device)}_${idOf(name)}`;
    const shown = units[unit] ?? unit;
    return {
      topic: `${prefix}/sensor/${idOf(device)}/${idOf(name)}/config`,
      retain: true,
      payload: JSON.stringify({
        name,
        uniq_id: id,
        stat_t: stateTopic,
        val_tpl: `{{ value_json['${name}'] }}`,
        ...(shown && { unit_of_meas: shown }),
        ...(deviceClass && { dev_cla: deviceClass }),
        stat_cla: quantities[quantity]?.unit === "kWh" ? "total_increasing" : "measurement",
        dev: { ids: [device], name: device, mf: "Hibernode" },
      }),
    };
  });
}
