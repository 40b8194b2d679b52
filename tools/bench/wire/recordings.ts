/** What the encodings are measured on: columns of whole numbers, as a node would have stored them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { quantities } from "../../../lib/sensors/quantities.ts";
import { packageFolder } from "../../package-folder.ts";
import { randomFor } from "../../simulator/world/random.ts";

export interface Column {
  readonly sensor: string;
  readonly quantity: string;
  readonly code: number;
  readonly scale: number;
  readonly unit: string;
  readonly values: readonly number[];
}

export interface Recording {
  readonly name: string;
  readonly intervalSeconds: number;
  /** Readings in a message: a day of them, or as many as a node sends at most. */
  readonly perMessage: number;
  readonly columns: readonly Column[];
}

const column = (nth: number, sensor: string, quantity: string, values: readonly number[]): Column => {
  const { code, scale, unit } = quantities[quantity]!;
  const whole = values.map((value) => Math.round(value * scale));
  return { sensor, quantity, code: code + 32 * nth, scale, unit, values: whole };
};

const table = (text: string, separator = ","): string[][] =>
  text.trim().split(/\r?\n/).map((line) => line.split(separator)); // prettier-ignore

/** Saturation pressure of water in hPa (Magnus). */
const saturation = (celsius: number): number => 6.112 * Math.exp((17.62 * celsius) / (243.12 + celsius));

/**
 * Weather from NOAA's hourly normals for Seattle, straight lines between the hours, as parts of the sensors' published
 * repeatability see it; 200 days.
 */
function weather(): Recording[] {
  const file = join(packageFolder, "node_modules/vega-datasets/data/seattle-weather-hourly-normals.csv");
  const [header, ...lines] = table(readFileSync(file, "utf8"));
  const hours = (name: string): number[] => lines.map((line) => Number(line[header!.indexOf(name)]));
  const steps = Array.from({ length: 200 * 144 }, (_, i) => i);
  const along = (hourly: readonly number[]): number[] =>
    steps.map((i) => {
      const hour = Math.floor(i / 6);
      return hourly[hour]! + ((i % 6) / 6) * (hourly[hour + 1]! - hourly[hour]!);
    });
  const noisy = (name: string, values: readonly number[], deviation: number): number[] => {
    const random = randomFor(1, name);
    return values.map((value) => value + deviation * random.normal());
  };
  const air = along(hours("temperature"));
  const humidity = air.map((celsius) => Math.min(100, (100 * saturation(4)) / saturation(celsius)));
  const wander = (name: string, start: number, pull: number, deviation: number): number[] => {
    const random = randomFor(1, name);
    let value = start;
    return steps.map(() => (value += pull * (start - value) + deviation * random.normal()));
  };
  // SHT4x: repeatability 0.04 °C and 0.08 %RH, three standard deviations
  const both = [
    column(0, "air", "temperature", noisy("temperature", air, 0.04 / 3)),
    column(0, "air", "humidity", noisy("humidity", humidity, 0.08 / 3)),
  ];
  const day = (i: number): number => Math.max(0, Math.sin((2 * Math.PI * (i - 36)) / 144));
  return [
    { name: "temperature, humidity", intervalSeconds: 600, perMessage: 144, columns: both },
    {
      name: "six channels",
      intervalSeconds: 600,
      perMessage: 144,
      columns: [
        ...both,
        column(1, "barometer", "pressure", noisy("pressure", along(hours("pressure")), 0.02)),
        column(2, "co2", "co2", noisy("co2", wander("room", 600, 0.05, 20), 10)),
        column(3, "light", "illuminance", steps.map((i) => 20000 * day(i)).map((lux, i) => lux * (1 + 0.2 * randomFor(i, "cloud").next()))), // prettier-ignore
        column(4, "battery", "voltage", noisy("battery", steps.map((i) => 3.65 - i / 4e6 + 0.002 * day(i)), 0.0008)), // prettier-ignore
      ],
    },
  ];
}

/** @param folder of recordings that the repository may not contain */
function given(folder: string): Recording[] {
  const read = (file: string): string => {
    const bytes = readFileSync(join(folder, file));
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  };
  const celsius = (file: string): number[] =>
    table(read(`temperature/${file}`)).slice(1).map(([, fahrenheit]) => (Number(fahrenheit) - 32) / 1.8); // prettier-ignore
  const [header, ...pump] = table(read("pump/anomaly-free.csv.gz"), ";");
  const channel = (name: string, factor = 1): number[] =>
    pump.map((line) => Number(line[header!.indexOf(name)]) * factor);
  return [
    {
      name: "room (NAB), hourly",
      intervalSeconds: 3600,
      perMessage: 96,
      columns: [column(0, "room", "temperature", celsius("ambient_temperature_system_failure.csv"))],
    },
    {
      name: "machine (NAB), 5 min",
      intervalSeconds: 300,
      perMessage: 96,
      columns: [column(0, "machine", "temperature", celsius("machine_temperature_system_failure.csv"))],
    },
    {
      name: "pump (SKAB), 1 s",
      intervalSeconds: 1,
      perMessage: 96,
      columns: [
        // RMS in g, of which the testbed's resolution is about a thousandth
        column(0, "pump", "accelerationX", channel("Accelerometer1RMS", 9.81)),
        column(1, "pump", "accelerationX", channel("Accelerometer2RMS", 9.81)),
        column(2, "pump", "temperature", channel("Temperature")),
        column(3, "pump", "temperature", channel("Thermocouple")),
        column(4, "pump", "pressure", channel("Pressure", 10)),
        column(5, "pump", "count", channel("Volume Flow RateRMS", 10)),
      ],
    },
  ];
}

/** All recordings; those of `folder` only where it is there. */
export function recordings(folder: string | undefined): Recording[] {
  return [...weather(), ...(folder && existsSync(folder) ? given(folder) : [])];
}
