/**
 * The one vocabulary of quantities. On the device a quantity is a small tuple (only the ones in use are bundled);
 * values are stored and sent as whole numbers of 1/scale units. Codes travel inside uplinks: never renumber, only add.
 * The parts of a vector share one code: in a sensor, the n-th column with that code is the vector's n-th part.
 */
export type Quantity<Name extends string = string> = readonly [
  name: Name,
  /** 1 to 31. */
  code: number,
  /** Steps per unit. */
  scale: number,
  /** Bytes in a stored record: 2 or 4, signed. */
  bytes: 2 | 4,
];

export const TEMPERATURE = ["temperature", 1, 100, 2] as const satisfies Quantity;
/** Of the part itself, after the temperature of what it looks at. */
export const AMBIENT = ["ambient", 1, 100, 2] as const satisfies Quantity;
export const HUMIDITY = ["humidity", 2, 100, 2] as const satisfies Quantity;
/** Up to 32.7 V. */
export const VOLTAGE = ["voltage", 3, 1000, 2] as const satisfies Quantity;
export const CONTACT = ["contact", 4, 1, 2] as const satisfies Quantity;
export const PRESSURE = ["pressure", 5, 100, 4] as const satisfies Quantity;
export const ILLUMINANCE = ["illuminance", 6, 100, 4] as const satisfies Quantity;
export const CO2 = ["co2", 7, 1, 4] as const satisfies Quantity;
export const CURRENT = ["current", 8, 1e6, 4] as const satisfies Quantity;
export const POWER = ["power", 9, 1000, 4] as const satisfies Quantity;
export const ENERGY = ["energy", 10, 1000, 4] as const satisfies Quantity;
export const EXPORTED = ["exported", 10, 1000, 4] as const satisfies Quantity;
export const CHARGE = ["charge", 11, 100, 2] as const satisfies Quantity;
export const COUNT = ["count", 12, 1, 4] as const satisfies Quantity;
export const MASS = ["mass", 13, 1000, 4] as const satisfies Quantity;
export const MOISTURE = ["moisture", 14, 100, 2] as const satisfies Quantity;
export const ACCELERATION_X = ["accelerationX", 15, 100, 2] as const satisfies Quantity;
export const ACCELERATION_Y = ["accelerationY", 15, 100, 2] as const satisfies Quantity;
export const ACCELERATION_Z = ["accelerationZ", 15, 100, 2] as const satisfies Quantity;
export const ROTATION_X = ["rotationX", 16, 10, 2] as const satisfies Quantity;
export const ROTATION_Y = ["rotationY", 16, 10, 2] as const satisfies Quantity;
export const ROTATION_Z = ["rotationZ", 16, 10, 2] as const satisfies Quantity;
export const PM1 = ["pm1", 17, 1, 2] as const satisfies Quantity;
export const PM25 = ["pm25", 17, 1, 2] as const satisfies Quantity;
export const PM10 = ["pm10", 17, 1, 2] as const satisfies Quantity;
export const LATITUDE = ["latitude", 18, 1e6, 4] as const satisfies Quantity;
export const LONGITUDE = ["longitude", 18, 1e6, 4] as const satisfies Quantity;
export const ALTITUDE = ["altitude", 18, 10, 4] as const satisfies Quantity;
/** A card's number, 56 bits: cardHigh × 2^28 + cardLow. Both 0 = no card. */
export const CARD_HIGH = ["cardHigh", 19, 1, 4] as const satisfies Quantity;
export const CARD_LOW = ["cardLow", 19, 1, 4] as const satisfies Quantity;
export const CLEAR = ["clear", 20, 100, 4] as const satisfies Quantity;
export const RED = ["red", 20, 100, 4] as const satisfies Quantity;
export const GREEN = ["green", 20, 100, 4] as const satisfies Quantity;
export const BLUE = ["blue", 20, 100, 4] as const satisfies Quantity;
export const FREQUENCY = ["frequency", 21, 100, 2] as const satisfies Quantity;
/** Of a supply or mains line, beyond what VOLTAGE holds. */
export const LINE_VOLTAGE = ["lineVoltage", 22, 1000, 4] as const satisfies Quantity;
/** RSRP at the modem, and the coverage enhancement level (ECL) it uses: 0, 1 or 2. */
export const SIGNAL_POWER = ["signal", 23, 1, 2] as const satisfies Quantity;
export const COVERAGE = ["coverage", 24, 1, 2] as const satisfies Quantity;
/** What a firmware decided, by a number whose meaning its page tells; 0 = nothing to tell. */
export const STATE = ["state", 31, 1, 2] as const satisfies Quantity;
/** How far from what is usual, or how sure. */
export const SCORE = ["score", 30, 100, 2] as const satisfies Quantity;
/** Natural logarithms of the mean magnitude in four bands of a spectrum, the lowest first. */
export const BAND1 = ["band1", 27, 100, 2] as const satisfies Quantity;
export const BAND2 = ["band2", 27, 100, 2] as const satisfies Quantity;
export const BAND3 = ["band3", 27, 100, 2] as const satisfies Quantity;
export const BAND4 = ["band4", 27, 100, 2] as const satisfies Quantity;
export const SPEED = ["speed", 29, 100, 2] as const satisfies Quantity;
/** How often, since the last reading, by kind. */
export const BRAKES = ["brakes", 26, 1, 2] as const satisfies Quantity;
export const STARTS = ["starts", 26, 1, 2] as const satisfies Quantity;
export const TURNS = ["turns", 26, 1, 2] as const satisfies Quantity;
/** Of a tank. */
export const LEVEL = ["level", 25, 100, 2] as const satisfies Quantity;
/** How long something lasted. */
export const DURATION = ["duration", 28, 1, 4] as const satisfies Quantity;

/** `part` counts the parts of a vector from 0; a quantity that is none has no `part`. */
export interface QuantityFacts {
  readonly code: number;
  readonly unit: string;
  readonly scale: number;
  readonly part?: number;
}

/** The same for the host: names to codes, units and scales. Nothing on the device refers to it. */
export const quantities: Readonly<Record<string, QuantityFacts>> = {
  temperature: { code: TEMPERATURE[1], unit: "°C", scale: TEMPERATURE[2], part: 0 },
  ambient: { code: AMBIENT[1], unit: "°C", scale: AMBIENT[2], part: 1 },
  humidity: { code: HUMIDITY[1], unit: "%RH", scale: HUMIDITY[2] },
  voltage: { code: VOLTAGE[1], unit: "V", scale: VOLTAGE[2] },
  contact: { code: CONTACT[1], unit: "", scale: CONTACT[2] },
  pressure: { code: PRESSURE[1], unit: "hPa", scale: PRESSURE[2] },
  illuminance: { code: ILLUMINANCE[1], unit: "lx", scale: ILLUMINANCE[2] },
  co2: { code: CO2[1], unit: "ppm", scale: CO2[2] },
  current: { code: CURRENT[1], unit: "A", scale: CURRENT[2] },
  power: { code: POWER[1], unit: "W", scale: POWER[2] },
  energy: { code: ENERGY[1], unit: "kWh", scale: ENERGY[2], part: 0 },
  exported: { code: EXPORTED[1], unit: "kWh", scale: EXPORTED[2], part: 1 },
  charge: { code: CHARGE[1], unit: "%", scale: CHARGE[2] },
  count: { code: COUNT[1], unit: "", scale: COUNT[2] },
  mass: { code: MASS[1], unit: "kg", scale: MASS[2] },
  moisture: { code: MOISTURE[1], unit: "%", scale: MOISTURE[2] },
  accelerationX: { code: ACCELERATION_X[1], unit: "m/s²", scale: ACCELERATION_X[2], part: 0 },
  accelerationY: { code: ACCELERATION_Y[1], unit: "m/s²", scale: ACCELERATION_Y[2], part: 1 },
  accelerationZ: { code: ACCELERATION_Z[1], unit: "m/s²", scale: ACCELERATION_Z[2], part: 2 },
  rotationX: { code: ROTATION_X[1], unit: "°/s", scale: ROTATION_X[2], part: 0 },
  rotationY: { code: ROTATION_Y[1], unit: "°/s", scale: ROTATION_Y[2], part: 1 },
  rotationZ: { code: ROTATION_Z[1], unit: "°/s", scale: ROTATION_Z[2], part: 2 },
  pm1: { code: PM1[1], unit: "µg/m³", scale: PM1[2], part: 0 },
  pm25: { code: PM25[1], unit: "µg/m³", scale: PM25[2], part: 1 },
  pm10: { code: PM10[1], unit: "µg/m³", scale: PM10[2], part: 2 },
  latitude: { code: LATITUDE[1], unit: "°", scale: LATITUDE[2], part: 0 },
  longitude: { code: LONGITUDE[1], unit: "°", scale: LONGITUDE[2], part: 1 },
  altitude: { code: ALTITUDE[1], unit: "m", scale: ALTITUDE[2], part: 2 },
  cardHigh: { code: CARD_HIGH[1], unit: "", scale: CARD_HIGH[2], part: 0 },
  cardLow: { code: CARD_LOW[1], unit: "", scale: CARD_LOW[2], part: 1 },
  clear: { code: CLEAR[1], unit: "counts", scale: CLEAR[2], part: 0 },
  red: { code: RED[1], unit: "counts", scale: RED[2], part: 1 },
  green: { code: GREEN[1], unit: "counts", scale: GREEN[2], part: 2 },
  blue: { code: BLUE[1], unit: "counts", scale: BLUE[2], part: 3 },
  frequency: { code: FREQUENCY[1], unit: "Hz", scale: FREQUENCY[2] },
  lineVoltage: { code: LINE_VOLTAGE[1], unit: "V", scale: LINE_VOLTAGE[2] },
  signal: { code: SIGNAL_POWER[1], unit: "dBm", scale: SIGNAL_POWER[2] },
  coverage: { code: COVERAGE[1], unit: "", scale: COVERAGE[2] },
  band1: { code: BAND1[1], unit: "", scale: BAND1[2], part: 0 },
  band2: { code: BAND2[1], unit: "", scale: BAND2[2], part: 1 },
  band3: { code: BAND3[1], unit: "", scale: BAND3[2], part: 2 },
  band4: { code: BAND4[1], unit: "", scale: BAND4[2], part: 3 },
  brakes: { code: BRAKES[1], unit: "", scale: BRAKES[2], part: 0 },
  starts: { code: STARTS[1], unit: "", scale: STARTS[2], part: 1 },
  turns: { code: TURNS[1], unit: "", scale: TURNS[2], part: 2 },
  level: { code: LEVEL[1], unit: "%", scale: LEVEL[2] },
  duration: { code: DURATION[1], unit: "s", scale: DURATION[2] },
  speed: { code: SPEED[1], unit: "m/s", scale: SPEED[2] },
  score: { code: SCORE[1], unit: "", scale: SCORE[2] },
  state: { code: STATE[1], unit: "", scale: STATE[2] },
};

/** The quantity of a sensor's column. @param nth how many columns of the same sensor and code came before it */
export function quantityOf(code: number, nth: number): (QuantityFacts & { readonly name: string }) | undefined {
  for (const name of Object.keys(quantities)) {
    const facts = quantities[name]!;
    if (facts.code === code && (facts.part || 0) === nth) return { name, ...facts };
  }
  return undefined;
}
