/**
 * Every driver with the simulated part it is tried on: how it is made and wired, what the part can measure, what the
 * driver must give for it and how exactly, and in which state it must leave the part.
 */
import type { CatalogueWiring } from "../../simulator/parts/catalogue.ts";
import type { ModemPart } from "../../simulator/scenario.ts";

export type Values = Readonly<Record<string, number>>;

export interface DriverTrial {
  /** File in lib/sensors. */
  readonly sensor: string;
  /** Expression that makes the sensor, and the names that it needs of its file (and of others). */
  readonly make: string;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly wiring: CatalogueWiring | ModemPart;
  /** World quantities, lowest and highest that the part measures; a list holds all that they can be. */
  readonly world: Readonly<
    Record<string, readonly [low: number, high: number] | { readonly oneOf: readonly number[] }>
  >;
  /** What the driver gives, in its order; NaN = not foreseeable. */
  readonly truth: (world: Values) => readonly number[];
  /** Largest error with an ideal part: its steps. */
  readonly step: (world: Values) => readonly number[];
  /** Largest error with any part: its accuracy, and six standard deviations of its noise. */
  readonly accuracy: (world: Values) => readonly number[];
  /** Where the accuracy stands. */
  readonly source: string;
  /** Worlds that the part cannot measure: a fault, never a value. */
  readonly beyond?: readonly Values[];
  /** State of the model after a reading, and why that is not its lowest. */
  readonly leaves: string;
  readonly because?: string;
  /** Virtual seconds from one reading to the next. */
  readonly periodSeconds?: number;
}

const BUS = '{ bus: "I2C1", sda: "D21", scl: "D22" }';
const UART = '{ port: "Serial3", tx: "D17", rx: "D16" }';
const i2c = { sda: "D21", scl: "D22", place: "here" } as const;
const uart = { tx: "D17", rx: "D16", place: "here" } as const;
const G = 9.80665;

const always =
  (...bounds: number[]) =>
  () =>
    bounds;
const only =
  (...names: string[]) =>
  (world: Values) =>
    names.map((name) => world[name]!);

const axes = ["accelerationX", "accelerationY", "accelerationZ"] as const;
const rates = ["angularRateX", "angularRateY", "angularRateZ"] as const;
const span = (names: readonly string[], low: number, high: number) =>
  Object.fromEntries(names.map((name): [string, readonly [number, number]] => [name, [low, high]]));
const still = Object.fromEntries([...axes, ...rates].map((name) => [name, 0]));

const air = { temperature: [-40, 125], humidity: [0, 100] } as const;
const cards = ["deadbeef", "04a1b2c3d4e5f6"] as const;
/** cardHigh × 2^28 + cardLow. */
const numbers = [
  [0, 0],
  [0xd, 0xeadbeef],
  [0x04a1b2c, 0x3d4e5f6],
] as const;

/** Volts that one step of the chip's converter is worth. */
const ADC_STEP = 3.6 / 4096;
/** What half a step of the converter and a percent of the resistance are worth in °C, for 10 kΩ, B 3950, over 10 kΩ. */
const ntc = (celsius: number): { step: number; percent: number } => {
  const kelvin = celsius + 273.15;
  const ohms = 1e4 * Math.exp(3950 * (1 / kelvin - 1 / 298.15));
  const volts = (3.3 * ohms) / (ohms + 1e4);
  const perShare = kelvin ** 2 / 3950;
  return { step: perShare * ADC_STEP * 1.05 * (1 / volts + 1 / (3.3 - volts)), percent: perShare * 0.0105 };
};

export const trials: readonly DriverTrial[] = [
  {
    sensor: "sht4x",
    make: `sht4x(${BUS})`,
    wiring: { part: "sht4x", ...i2c },
    world: air,
    truth: only("temperature", "humidity"),
    step: always(175 / 65535, 125 / 65535),
    accuracy: always(0.2 + 0.08, 1.8 + 0.16),
    source: "SHT4x v6.1: typical accuracy of the SHT40, repeatability",
    leaves: "idle",
  },
  {
    sensor: "sht3x",
    make: `sht3x(${BUS})`,
    wiring: { part: "sht3x", ...i2c },
    world: air,
    truth: only("temperature", "humidity"),
    step: always(175 / 65535, 100 / 65535),
    accuracy: always(0.2 + 0.12, 2 + 0.2),
    source: "SHT3x-DIS v4: typical accuracy of the SHT31",
    leaves: "idle",
  },
  {
    sensor: "bme280",
    make: `bme280(${BUS})`,
    wiring: { part: "bme280", ...i2c },
    world: { temperature: [-40, 85], pressure: [300, 1100], humidity: [0, 100] },
    truth: only("temperature", "pressure", "humidity"),
    step: always(0.006, 0.06, 0.03),
    accuracy: always(0.5 + 0.03, 1 + 0.26, 3 + 0.45),
    source: "BST-BME280-DS001-23, tables 2 to 4, and noise at oversampling 1",
    leaves: "sleeping",
  },
  {
    sensor: "bmp280",
    make: `bmp280(${BUS})`,
    wiring: { part: "bmp280", ...i2c },
    world: { temperature: [-40, 85], pressure: [300, 1100] },
    truth: only("temperature", "pressure"),
    step: always(0.006, 0.06),
    accuracy: always(0.5 + 0.03, 1 + 0.26),
    source: "BST-BMP280-DS001-26, table 2; noise as BME280",
    leaves: "sleeping",
  },
  {
    sensor: "ds18b20",
    make: 'ds18b20("D4")',
    wiring: { part: "ds18b20", pin: "D4", place: "here" },
    world: { temperature: [-55, 125] },
    truth: only("temperature"),
    step: always(1 / 16),
    accuracy: always(0.5 + 0.18 + 1 / 16),
    source: "DS18B20 19-7487: thermometer error; noise assumed",
    leaves: "idle",
  },
  {
    sensor: "tmp117",
    make: `tmp117(${BUS})`,
    wiring: { part: "tmp117", ...i2c },
    world: { temperature: [-55, 150] },
    truth: only("temperature"),
    step: always(1 / 128),
    accuracy: always(0.05 + 1 / 64 + 1 / 128),
    source: "SNOSD82B: accuracy, repeatability",
    leaves: "idle",
  },
  {
    sensor: "scd4x",
    make: `scd4x(${BUS})`,
    wiring: { part: "scd4x", ...i2c, variant: "scd41" },
    world: { co2: [400, 5000], temperature: [-10, 60], humidity: [0, 95] },
    truth: only("co2", "temperature", "humidity"),
    step: always(1, 0.01, 0.01),
    accuracy: ({ co2 }) => [50 + 0.025 * co2! + 20, 0.8 + 0.01, 6 + 0.01],
    source: "SCD4x v1.7: accuracy of the SCD41, repeatability",
    leaves: "power-down",
  },
  {
    sensor: "aht20",
    make: `aht20(${BUS})`,
    wiring: { part: "aht20", ...i2c },
    world: { temperature: [-40, 85], humidity: [0, 100] },
    truth: only("temperature", "humidity"),
    step: always(0.01, 0.024),
    accuracy: always(0.3 + 0.06, 2 + 0.144),
    source: "AHT20 V1.0: typical accuracy, resolution",
    leaves: "idle",
  },
  {
    sensor: "bh1750",
    make: `bh1750(${BUS})`,
    wiring: { part: "bh1750", ...i2c },
    world: { illuminance: [0, 45000] },
    truth: only("illuminance"),
    step: always(1 / 1.2),
    accuracy: ({ illuminance }) => [0.2 * illuminance! + 1],
    source: "BH1750FVI Rev. D: measurement accuracy",
    beyond: [{ illuminance: 80_000 }, { illuminance: 1e6 }],
    leaves: "idle",
  },
  {
    sensor: "opt3001",
    make: `opt3001(${BUS})`,
    wiring: { part: "opt3001", ...i2c },
    world: { illuminance: [0, 83_000] },
    truth: only("illuminance"),
    step: ({ illuminance }) => [0.01 + illuminance! / 2047],
    accuracy: ({ illuminance }) => [0.01 + illuminance! / 2047],
    source: "SBOS681C: resolution; its gain error is not modelled",
    beyond: [{ illuminance: 84_500 }, { illuminance: 1e6 }],
    leaves: "idle",
  },
  {
    sensor: "tsl2561",
    make: `tsl2561(${BUS})`,
    wiring: { part: "tsl2561", ...i2c },
    world: { illuminance: [0, 50_000] },
    truth: only("illuminance"),
    step: always(2.5),
    accuracy: always(2.5),
    source: "TAOS059Q: one count of each channel; no accuracy is given",
    beyond: [{ illuminance: 60_000 }, { illuminance: 1e6 }],
    leaves: "idle",
  },
  {
    sensor: "tcs34725",
    make: `tcs34725(${BUS}, { gain: 4, cycles: 20 })`,
    wiring: { part: "tcs34725", ...i2c, colour: [0.5, 0.25, 0.125] },
    world: { illuminance: [0, 18_000] },
    truth: ({ illuminance }) => [1, 0.5, 0.25, 0.125].map((share) => illuminance! * 0.14 * share),
    step: always(0.125, 0.125, 0.125, 0.125),
    accuracy: always(0.125, 0.125, 0.125, 0.125),
    source: "TCS3472 v1-02: one count; no accuracy in lux is given",
    beyond: [{ illuminance: 19_000 }, { illuminance: 1e6 }],
    leaves: "idle",
  },
  {
    sensor: "mlx90614",
    make: `powerGate({ pin: "D25", settleMs: 250 }, mlx90614(${BUS}))`,
    names: { mlx90614: ["mlx90614"], "power-gate": ["powerGate"] },
    wiring: { part: "mlx90614", ...i2c, powerPin: "D25" },
    world: { objectTemperature: [-70, 380], temperature: [-40, 125] },
    truth: only("objectTemperature", "temperature"),
    step: always(0.02, 0.02),
    accuracy: always(0.52, 0.52),
    source: "MLX90614 rev 13: accuracy around room temperature, resolution",
    leaves: "off",
  },
  {
    sensor: "lis3dh",
    make: `lis3dh(${BUS})`,
    wiring: { part: "lis3dh", ...i2c, address: 0x18 },
    world: span(axes, -1.9 * G, 1.9 * G),
    truth: only(...axes),
    step: always(G / 1024, G / 1024, G / 1024),
    accuracy: always(0.08 * G, 0.08 * G, 0.08 * G),
    source: "typical zero-g offset ±40 mg (memory), noise density",
    beyond: [
      { ...still, accelerationY: 2.2 * G },
      { ...still, accelerationZ: -9 * G },
    ],
    leaves: "power-down",
  },
  {
    sensor: "lis2dh12",
    make: `lis2dh12(${BUS}, { range: 16 })`,
    wiring: { part: "lis2dh12", ...i2c, address: 0x18 },
    world: span(axes, -15.9 * G, 15.9 * G),
    truth: only(...axes),
    step: always((12 * G) / 1024, (12 * G) / 1024, (12 * G) / 1024),
    accuracy: always(0.12 * G, 0.12 * G, 0.12 * G),
    source: "typical zero-g offset ±40 mg (memory), noise density",
    beyond: [{ ...still, accelerationX: 40 * G }],
    leaves: "power-down",
  },
  {
    sensor: "adxl345",
    make: `adxl345(${BUS})`,
    wiring: { part: "adxl345", ...i2c },
    world: span(axes, -15.9 * G, 15.9 * G),
    truth: only(...axes),
    step: always(G / 256, G / 256, G / 256),
    accuracy: always(0.07 * G, 0.07 * G, 0.07 * G),
    source: "typical zero-g offset ±35 mg (memory); noise, table 1",
    beyond: [
      { ...still, accelerationY: 17 * G },
      { ...still, accelerationZ: -40 * G },
    ],
    leaves: "standby",
  },
  {
    sensor: "mpu6050",
    make: `mpu6050(${BUS}, { range: 4, rotation: 500 })`,
    wiring: { part: "mpu6050", ...i2c },
    world: { ...span(axes, -3.9 * G, 3.9 * G), ...span(rates, -470, 470), temperature: [-39, 84] },
    truth: only(...axes, ...rates, "temperature"),
    step: always(G / 8192, G / 8192, G / 8192, 1 / 65, 1 / 65, 1 / 65, 1 / 340),
    accuracy: always(0.08 * G, 0.08 * G, 0.08 * G, 20.5, 20.5, 20.5, 1 / 340),
    source: "PS-MPU-6000A: initial zero-g tolerance ±50 mg, zero-rate ±20 °/s",
    beyond: [
      { ...still, temperature: 20, accelerationX: 4.5 * G },
      { ...still, temperature: 20, angularRateZ: -600 },
    ],
    leaves: "sleeping",
  },
  {
    sensor: "ina219",
    make: `ina219(${BUS})`,
    wiring: { part: "ina219", ...i2c },
    world: { voltage: [0, 25.8], current: [-3.19, 3.19] },
    truth: ({ voltage, current }) => [voltage!, current!, voltage! * current!],
    step: ({ voltage, current }) => [0.004, 1e-4, 1e-4 * voltage! + 0.004 * Math.abs(current!) + 1e-6],
    accuracy: ({ voltage, current }) => {
      const [volts, amps] = [0.005 * voltage! + 0.004, 6e-4];
      return [volts, amps, amps * (voltage! + volts) + volts * Math.abs(current!)];
    },
    source: "SBOS448G: offset 50 µV, bus gain error, steps",
    beyond: [
      { voltage: 12, current: 3.3 },
      { voltage: 12, current: -9 },
      { voltage: 30, current: 0 },
    ],
    leaves: "idle",
  },
  {
    sensor: "ina226",
    make: `ina226(${BUS})`,
    wiring: { part: "ina226", ...i2c },
    world: { voltage: [0, 35.9], current: [-0.818, 0.818] },
    truth: ({ voltage, current }) => [voltage!, current!, voltage! * current!],
    step: ({ voltage, current }) => [0.00125, 2.5e-5, 2.5e-5 * voltage! + 0.00125 * Math.abs(current!) + 1e-6],
    accuracy: ({ voltage, current }) => {
      const [volts, amps] = [0.001 * voltage! + 0.00125, 1.25e-4];
      return [volts, amps, amps * (voltage! + volts) + volts * Math.abs(current!)];
    },
    source: "SBOS547B: steps; offset 10 µV and gain error (memory)",
    beyond: [
      { voltage: 12, current: 0.83 },
      { voltage: 12, current: -2 },
      { voltage: 38, current: 0 },
    ],
    leaves: "idle",
  },
  {
    sensor: "max17048",
    make: `max17048(${BUS})`,
    wiring: { part: "max17048", ...i2c },
    world: { voltage: [2.5, 4.5], charge: [0, 100] },
    truth: only("voltage", "charge"),
    step: always(78.125e-6, 1 / 256),
    accuracy: always(0.0075 + 78.125e-6, 1 / 256),
    source: "19-6171 page 1: voltage accuracy; its model of the cell is not simulated",
    leaves: "hibernating",
    because: "a gauge must go on counting; it hibernates by itself",
    periodSeconds: 600,
  },
  {
    sensor: "ads1115",
    make: `ads1115(${BUS}, { input: 2 })`,
    wiring: { part: "ads1115", ...i2c },
    world: { ain0: [0, 3.3], ain1: [0, 3.3], ain2: [0, 3.3], ain3: [0, 3.3] },
    truth: only("ain2"),
    step: always(4.096 / 32768),
    accuracy: always((2 * 4.096) / 32768 + 3.3e-4),
    source: "SBAS444D: gain error, step, noise at 860 samples per second (table 1)",
    beyond: [{ ain0: 0, ain1: 0, ain2: 4.2, ain3: 0 }],
    leaves: "idle",
  },
  {
    sensor: "hx711",
    make: 'hx711({ data: "D19", clock: "D18", zero: 0, countsPerKg: 858993.4592 })',
    wiring: { part: "hx711", sck: "D18", dout: "D19", place: "here", pulledUp: ["sck"] },
    world: { mass: [-5, 5] },
    truth: only("mass"),
    step: always(2e-6),
    accuracy: always(2.5e-4),
    source: "HX711 V2.0: input noise",
    beyond: [{ mass: 12 }, { mass: -12 }],
    leaves: "power-down",
  },
  {
    sensor: "pms7003",
    make: `pms7003(${UART})`,
    wiring: { part: "pms7003", ...uart, supply: { volts: 5, efficiency: 0.85 } },
    world: { pm1: [0, 500], pm25: [0, 500], pm10: [0, 500] },
    truth: only("pm1", "pm25", "pm10"),
    step: ({ pm1, pm25, pm10 }) => [pm1, pm25, pm10].map((dust) => 0.51 + 0.007 * dust!),
    accuracy: ({ pm1, pm25, pm10 }) => [pm1, pm25, pm10].map((dust) => 0.51 + 0.007 * dust!),
    source: "PMS7003 V2.5: step, settling; its consistency of ±10 µg/m³ is not modelled",
    leaves: "sleeping",
    periodSeconds: 120,
  },
  {
    sensor: "gnss",
    make: `gnss(${UART}, UBLOX)`,
    names: { gnss: ["gnss", "UBLOX"] },
    wiring: { part: "gnss", ...uart, backup: true },
    world: { latitude: [-85, 85], longitude: [-179.9, 179.9], altitude: [-400, 9000] },
    truth: only("latitude", "longitude", "altitude"),
    step: always(1e-6, 1e-6, 0.051),
    accuracy: ({ latitude }) => [1.4e-4, 1.4e-4 / Math.cos((latitude! * Math.PI) / 180), 0.051],
    source: "2.5 m (memory), six of it",
    leaves: "standby",
    periodSeconds: 300,
  },
  {
    sensor: "sim7080-gnss",
    make: `sim7080Gnss(${UART}, { powerKey: "D4" })`,
    names: { "sim7080-gnss": ["sim7080Gnss"] },
    wiring: { part: "sim7080", ...uart, powerKey: "D4" },
    world: { latitude: [-85, 85], longitude: [-179.9, 179.9], altitude: [-400, 9000] },
    truth: only("latitude", "longitude", "altitude"),
    step: always(1e-6, 1e-6, 0.001),
    accuracy: ({ latitude }) => [1.4e-4, 1.4e-4 / Math.cos((latitude! * Math.PI) / 180), 0.001],
    source: "2.5 m (memory), six of it",
    leaves: "idle",
    because: "the modem stays awake for the report that follows",
    periodSeconds: 300,
  },
  {
    sensor: "sim7080-gnss",
    make: `sim7080Gnss(${UART}, { powerKey: "D4", alone: true, antenna: "AT+CGPIO=0,48,1," })`,
    names: { "sim7080-gnss": ["sim7080Gnss"] },
    wiring: { part: "sim7000", ...uart, powerKey: "D4", switchedAntenna: true },
    world: { latitude: [-85, 85], longitude: [-179.9, 179.9], altitude: [-400, 9000] },
    truth: only("latitude", "longitude", "altitude"),
    step: always(1e-6, 1e-6, 0.001),
    accuracy: ({ latitude }) => [1.4e-4, 1.4e-4 / Math.cos((latitude! * Math.PI) / 180), 0.001],
    source: "2.5 m (memory), six of it",
    leaves: "idle",
    because: "the modem stays awake for the report that follows",
    periodSeconds: 300,
  },
  {
    sensor: "pn532",
    make: `pn532(${BUS})`,
    wiring: { part: "pn532", ...i2c, cards },
    world: { card: { oneOf: [0, 1, 2] } },
    truth: ({ card }) => numbers[card!]!,
    step: always(0, 0),
    accuracy: always(0, 0),
    source: "the card's number",
    leaves: "power-down",
  },
  {
    sensor: "mfrc522",
    make: 'mfrc522({ bus: "SPI1", sck: "D18", miso: "D19", mosi: "D23" }, "D5")',
    wiring: { part: "mfrc522", sck: "D18", mosi: "D23", miso: "D19", cs: "D5", place: "here", cards },
    world: { card: { oneOf: [0, 1, 2] } },
    truth: ({ card }) => numbers[card!]!,
    step: always(0, 0),
    accuracy: always(0, 0),
    source: "the card's number",
    leaves: "soft power-down",
    because: "hard power-down takes a further pin (NRSTPD) and saves 5 µA",
  },
  {
    sensor: "ds3231",
    make: `ds3231Temperature(${BUS})`,
    names: { ds3231: ["ds3231Temperature"] },
    wiring: { part: "ds3231", ...i2c },
    world: { temperature: [-40, 85] },
    truth: only("temperature"),
    step: always(0.25),
    accuracy: always(3.25),
    source: "19-5170: temperature accuracy, resolution",
    leaves: "standby",
    because: "a clock must go on; on its battery input it draws 0.84 µA",
    periodSeconds: 200,
  },
  {
    sensor: "sdm120",
    make: `sdm120(${UART}, { enable: "D25", receiver: "D26" })`,
    wiring: { part: "modbus-meter", ...uart, de: "D25", re: "D26", pulledUp: ["re"] },
    world: { voltage: [176, 276], power: [-10_000, 10_000], powerFactor: [0.1, 1], frequency: [45, 65] },
    truth: ({ voltage, power, powerFactor, frequency }) => [
      voltage!, Math.abs(power!) / powerFactor! / voltage!, power!, frequency!, NaN, NaN,
    ], // prettier-ignore
    step: ({ voltage, power, powerFactor }) => [
      1e-4, 1e-6 * (1 + Math.abs(power!) / powerFactor! / voltage!), 1e-3, 1e-5, NaN, NaN,
    ], // prettier-ignore
    accuracy: ({ voltage, power, powerFactor }) => [
      0.005 * voltage! + 1e-4,
      0.016 * (Math.abs(power!) / powerFactor! / voltage!) + 1e-6,
      0.01 * Math.abs(power!) + 1e-3,
      1e-5,
      NaN,
      NaN,
    ],
    source: "class 1 meter (memory)",
    leaves: "shutdown",
    periodSeconds: 60,
  },
  {
    sensor: "contact-input",
    make: 'contactInput({ pin: "D4" })',
    wiring: { part: "contact", pin: "D4", place: "here", pullUp: { volts: 3.3, ohms: 45_000 } },
    world: { contact: { oneOf: [0, 1] } },
    truth: only("contact"),
    step: always(0),
    accuracy: always(0),
    source: "open or closed",
    leaves: "open",
  },
  {
    sensor: "pulse-counter",
    make: 'pulseCounter({ pin: "D4", windowMs: 60000 })',
    wiring: { part: "pulse-meter", pin: "D4", place: "here", quantity: "power", pulsesPerUnit: 1000 },
    world: { power: [0, 20_000] },
    truth: ({ power }) => [power! / 60],
    // a pulse more or less at the ends of the window, and the meter looks at the power once a pulse
    step: ({ power }) => [1.01 + power! / 6000],
    accuracy: ({ power }) => [1.01 + power! / 6000],
    source: "one pulse",
    leaves: "",
    periodSeconds: 300,
  },
  {
    sensor: "soil-moisture",
    make: 'powerGate({ pin: "D25", settleMs: 200 }, soilMoisture({ pin: "D34", dry: 2.6, wet: 1.2 }))',
    names: { "soil-moisture": ["soilMoisture"], "power-gate": ["powerGate"] },
    wiring: { part: "soil", pin: "D34", place: "here", powerPin: "D25" },
    world: { soilMoisture: [0, 100] },
    truth: only("soilMoisture"),
    step: always((ADC_STEP / 1.4) * 100 + 0.25),
    accuracy: always((ADC_STEP / 1.4) * 100 + 0.95),
    source: "converter steps, settling 0.24 %, ripple of 4 mV assumed, mean of eight",
    leaves: "off",
  },
  {
    sensor: "thermistor",
    make: 'powerGate({ pin: "D25" }, thermistor({ pin: "D34" }))',
    names: { thermistor: ["thermistor"], "power-gate": ["powerGate"] },
    wiring: { part: "thermistor", pin: "D34", place: "here", powerPin: "D25" },
    world: { temperature: [-40, 125] },
    truth: only("temperature"),
    step: ({ temperature }) => [ntc(temperature!).step],
    accuracy: ({ temperature }) => [ntc(temperature!).step + ntc(temperature!).percent],
    source: "converter step, resistance within 1 % (memory)",
    leaves: "off",
  },
];
