/** Physical quantities of the world, the unit in which the simulator holds each, and the units that recordings come in. */
import { unknownName } from "../../suggest.ts";

/** Quantity → base unit. Parts ask the world by these names. */
export const quantities = {
  temperature: "°C",
  /** Of the surface that an infrared thermometer looks at. */
  objectTemperature: "°C",
  humidity: "%",
  pressure: "hPa",
  illuminance: "lx",
  voltage: "V",
  current: "A",
  power: "W",
  co2: "ppm",
  acceleration: "m/s²",
  /** What an accelerometer feels along its axes: at rest, +9.81 along the one that points up. */
  accelerationX: "m/s²",
  accelerationY: "m/s²",
  accelerationZ: "m/s²",
  angularRateX: "°/s",
  angularRateY: "°/s",
  angularRateZ: "°/s",
  speed: "m/s",
  flow: "l/min",
  rain: "mm/h",
  distance: "m",
  mass: "kg",
  /** Fine dust: particles up to 1, 2.5 and 10 µm. */
  pm1: "µg/m³",
  pm25: "µg/m³",
  pm10: "µg/m³",
  /** Water by volume. */
  soilMoisture: "%",
  /** State of charge of a battery. */
  charge: "%",
  frequency: "Hz",
  /** Real power by apparent power, negative when the power flows back. */
  powerFactor: "1",
  /** Of the wearer of an optical sensor; 0 = it is not worn. */
  heartRate: "1/min",
  latitude: "°",
  longitude: "°",
  altitude: "m",
  /** Voltages at the inputs of an analog-to-digital converter. */
  ain0: "V",
  ain1: "V",
  ain2: "V",
  ain3: "V",
  /** 1 while a contact is closed. */
  contact: "1",
  /** 1 while something warm moves. */
  motion: "1",
  /** Which of a reader's cards lies on it: 0 for none, 1 for the first. */
  card: "1",
} as const;

export type Quantity = keyof typeof quantities;
export type BaseUnit = (typeof quantities)[Quantity];

/** base = (value + before) × scale */
interface Conversion {
  readonly base: BaseUnit;
  readonly scale: number;
  readonly before: number;
}

const linear = (base: BaseUnit, scale = 1, before = 0): Conversion => ({ base, scale, before });

const conversions: Readonly<Record<string, Conversion>> = {
  "°C": linear("°C"),
  C: linear("°C"),
  degC: linear("°C"),
  "°F": linear("°C", 5 / 9, -32),
  F: linear("°C", 5 / 9, -32),
  degF: linear("°C", 5 / 9, -32),
  K: linear("°C", 1, -273.15),
  "%": linear("%"),
  "%RH": linear("%"),
  hPa: linear("hPa"),
  mbar: linear("hPa"),
  Pa: linear("hPa", 0.01),
  kPa: linear("hPa", 10),
  bar: linear("hPa", 1000),
  lx: linear("lx"),
  klx: linear("lx", 1000),
  V: linear("V"),
  mV: linear("V", 1e-3),
  A: linear("A"),
  mA: linear("A", 1e-3),
  uA: linear("A", 1e-6),
  µA: linear("A", 1e-6),
  W: linear("W"),
  mW: linear("W", 1e-3),
  kW: linear("W", 1e3),
  ppm: linear("ppm"),
  "m/s²": linear("m/s²"),
  "m/s2": linear("m/s²"),
  g: linear("m/s²", 9.80665),
  mg: linear("m/s²", 9.80665e-3),
  "°/s": linear("°/s"),
  "rad/s": linear("°/s", 180 / Math.PI),
  "m/s": linear("m/s"),
  "km/h": linear("m/s", 1 / 3.6),
  mph: linear("m/s", 0.44704),
  kn: linear("m/s", 1852 / 3600),
  "l/min": linear("l/min"),
  "mm/h": linear("mm/h"),
  "m³/h": linear("l/min", 1000 / 60),
  "m3/h": linear("l/min", 1000 / 60),
  m: linear("m"),
  cm: linear("m", 0.01),
  mm: linear("m", 0.001),
  kg: linear("kg"),
  "µg/m³": linear("µg/m³"),
  "ug/m3": linear("µg/m³"),
  "mg/m³": linear("µg/m³", 1000),
  "°": linear("°"),
  deg: linear("°"),
  Hz: linear("Hz"),
  kHz: linear("Hz", 1000),
  "1/min": linear("1/min"),
  bpm: linear("1/min"),
  "1": linear("1"),
};

/** Every unit that a recording may be in. */
export const unitNames: readonly string[] = Object.keys(conversions).sort();

/** The conversion of values in `unit` into its base unit. A unit that is not known is a UserError at `where`. */
export function conversionFrom(unit: string, where?: string): { base: BaseUnit; convert: (value: number) => number } {
  const conversion = Object.hasOwn(conversions, unit) ? conversions[unit] : undefined;
  if (!conversion) throw unknownName("unit", unit, unitNames, where);
  const { base, scale, before } = conversion;
  return { base, convert: (value) => (value + before) * scale };
}
