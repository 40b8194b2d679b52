/** The parts that the simulator has: name → how to make one, and what to know before wiring it. */
import type { PinName } from "../../../boards/types.ts";
import { unknownName } from "../../suggest.ts";
import type { PartContext } from "../hardware.ts";
import { ads1115 } from "./ads1115.ts";
import { facts as ads1115Facts } from "./ads1115-facts.ts";
import { adxl345 } from "./adxl345.ts";
import { facts as adxl345Facts } from "./adxl345-facts.ts";
import { aht20 } from "./aht20.ts";
import { facts as aht20Facts } from "./aht20-facts.ts";
import { soilProbe, thermistor } from "./analog.ts";
import { soilFacts, thermistorFacts } from "./analog-facts.ts";
import { bh1750 } from "./bh1750.ts";
import { facts as bh1750Facts } from "./bh1750-facts.ts";
import { bme280, bmp280 } from "./bme280.ts";
import { bme280Facts, bmp280Facts } from "./bme280-facts.ts";
import { contact } from "./contact.ts";
import { ds18b20 } from "./ds18b20.ts";
import { facts as ds18b20Facts } from "./ds18b20-facts.ts";
import { ds3231 } from "./ds3231.ts";
import { facts as ds3231Facts } from "./ds3231-facts.ts";
import { gnss } from "./gnss.ts";
import { facts as gnssFacts } from "./gnss-facts.ts";
import { hx711 } from "./hx711.ts";
import { facts as hx711Facts } from "./hx711-facts.ts";
import { ina219 } from "./ina219.ts";
import { facts as ina219Facts } from "./ina219-facts.ts";
import { ina226 } from "./ina226.ts";
import { facts as ina226Facts } from "./ina226-facts.ts";
import { lis3dh } from "./lis3dh.ts";
import { lis2dh12Facts, lis3dhFacts } from "./lis3dh-facts.ts";
import { max17048 } from "./max17048.ts";
import { facts as max17048Facts } from "./max17048-facts.ts";
import { max30102 } from "./max30102.ts";
import { facts as max30102Facts } from "./max30102-facts.ts";
import { mfrc522 } from "./mfrc522.ts";
import { facts as mfrc522Facts } from "./mfrc522-facts.ts";
import { mlx90614 } from "./mlx90614.ts";
import { facts as mlx90614Facts } from "./mlx90614-facts.ts";
import { modbusMeter } from "./modbus-meter.ts";
import { facts as modbusMeterFacts } from "./modbus-meter-facts.ts";
import { mpu6050 } from "./mpu6050.ts";
import { facts as mpu6050Facts } from "./mpu6050-facts.ts";
import { opt3001 } from "./opt3001.ts";
import { facts as opt3001Facts } from "./opt3001-facts.ts";
import type { I2cWiring, Part, PartFacts, Wired } from "./part.ts";
import { pcf8563 } from "./pcf8563.ts";
import { facts as pcf8563Facts } from "./pcf8563-facts.ts";
import { pcf8583 } from "./pcf8583.ts";
import { facts as pcf8583Facts } from "./pcf8583-facts.ts";
import { pir } from "./pir.ts";
import { facts as pirFacts } from "./pir-facts.ts";
import { pms7003 } from "./pms7003.ts";
import { facts as pms7003Facts } from "./pms7003-facts.ts";
import { pn532 } from "./pn532.ts";
import { facts as pn532Facts } from "./pn532-facts.ts";
import { pulseMeter } from "./pulse-meter.ts";
import { facts as pulseMeterFacts } from "./pulse-meter-facts.ts";
import { scd4x } from "./scd4x.ts";
import { facts as scd4xFacts } from "./scd4x-facts.ts";
import { sht3x } from "./sht3x.ts";
import { facts as sht3xFacts } from "./sht3x-facts.ts";
import { sht4x } from "./sht4x.ts";
import { facts as sht4xFacts } from "./sht4x-facts.ts";
import { tcs34725 } from "./tcs34725.ts";
import { facts as tcs34725Facts } from "./tcs34725-facts.ts";
import { tmp117 } from "./tmp117.ts";
import { facts as tmp117Facts } from "./tmp117-facts.ts";
import { tsl2561 } from "./tsl2561.ts";
import { facts as tsl2561Facts } from "./tsl2561-facts.ts";

/** The pins of each bus, by the microcontroller's names. */
export interface BusPins {
  readonly i2c: { readonly sda: PinName; readonly scl: PinName };
  readonly uart: { readonly tx: PinName; readonly rx: PinName };
  readonly spi: { readonly sck: PinName; readonly mosi: PinName; readonly miso: PinName; readonly cs: PinName };
  readonly oneWire: { readonly pin: PinName };
  /** One pin that the part drives. */
  readonly pin: { readonly pin: PinName };
  readonly analog: { readonly pin: PinName };
  /** Nothing but the part's own pins. */
  readonly pins: object;
}

export interface CatalogueEntry extends PartFacts {
  readonly bus: keyof BusPins;
  /** On I2C: the addresses that the part can have, the usual one first. */
  readonly addresses?: readonly number[];
  /** On I2C: the fastest clock that the part follows, Hz, from its data sheet. */
  readonly maxHertz?: number;
  /** Further pins by name: the part drives them, pulls them low (open drain: others may share them), or listens to them. */
  readonly pins?: Readonly<Record<string, "drives" | "pulls" | "listens">>;
  /** On one pin: it only pulls that low, so that others may share it. */
  readonly pullsPin?: boolean;
  readonly create: (context: PartContext, wiring: never) => Part;
}

export const catalogue = {
  sht4x: { bus: "i2c", maxHertz: 1e6, ...sht4xFacts, create: sht4x },
  sht3x: { bus: "i2c", maxHertz: 1e6, ...sht3xFacts, create: sht3x },
  bme280: { bus: "i2c", maxHertz: 3.4e6, ...bme280Facts, create: bme280 },
  bmp280: { bus: "i2c", maxHertz: 3.4e6, ...bmp280Facts, create: bmp280 },
  tmp117: { bus: "i2c", maxHertz: 4e5, ...tmp117Facts, create: tmp117 },
  ds18b20: { bus: "oneWire", ...ds18b20Facts, create: ds18b20 },
  aht20: { bus: "i2c", maxHertz: 4e5, ...aht20Facts, create: aht20 },
  scd4x: { bus: "i2c", maxHertz: 4e5, ...scd4xFacts, create: scd4x },
  bh1750: { bus: "i2c", maxHertz: 4e5, ...bh1750Facts, create: bh1750 },
  opt3001: { bus: "i2c", maxHertz: 4e5, ...opt3001Facts, create: opt3001 },
  tsl2561: { bus: "i2c", maxHertz: 4e5, ...tsl2561Facts, create: tsl2561 },
  tcs34725: { bus: "i2c", maxHertz: 4e5, ...tcs34725Facts, create: tcs34725 },
  mlx90614: { bus: "i2c", maxHertz: 1e5, ...mlx90614Facts, pins: { sda: "listens" }, create: mlx90614 },
  lis3dh: { bus: "i2c", maxHertz: 4e5, ...lis3dhFacts, pins: { int1: "drives", int2: "drives" }, create: lis3dh },
  lis2dh12: { bus: "i2c", maxHertz: 4e5, ...lis2dh12Facts, pins: { int1: "drives", int2: "drives" }, create: lis3dh },
  adxl345: { bus: "i2c", maxHertz: 4e5, ...adxl345Facts, pins: { int1: "drives", int2: "drives" }, create: adxl345 },
  mpu6050: { bus: "i2c", maxHertz: 4e5, ...mpu6050Facts, pins: { int: "drives" }, create: mpu6050 },
  ina219: { bus: "i2c", maxHertz: 2.56e6, ...ina219Facts, create: ina219 },
  ina226: { bus: "i2c", maxHertz: 2.94e6, ...ina226Facts, pins: { alert: "pulls" }, create: ina226 },
  max17048: { bus: "i2c", maxHertz: 4e5, ...max17048Facts, pins: { alert: "pulls" }, create: max17048 },
  max30102: { bus: "i2c", maxHertz: 4e5, ...max30102Facts, pins: { int: "pulls" }, create: max30102 },
  ads1115: { bus: "i2c", maxHertz: 4e5, ...ads1115Facts, pins: { alert: "pulls" }, create: ads1115 },
  hx711: { bus: "pins", ...hx711Facts, pins: { sck: "listens", dout: "drives" }, create: hx711 },
  pms7003: { bus: "uart", ...pms7003Facts, pins: { set: "listens" }, create: pms7003 },
  gnss: { bus: "uart", ...gnssFacts, pins: { standby: "listens" }, create: gnss },
  pn532: { bus: "i2c", maxHertz: 4e5, ...pn532Facts, pins: { irq: "drives" }, create: pn532 },
  mfrc522: { bus: "spi", ...mfrc522Facts, pins: { rst: "listens", irq: "drives" }, create: mfrc522 },
  ds3231: { bus: "i2c", maxHertz: 4e5, ...ds3231Facts, pins: { int: "pulls" }, create: ds3231 },
  pcf8563: { bus: "i2c", maxHertz: 4e5, ...pcf8563Facts, pins: { int: "pulls" }, create: pcf8563 },
  pcf8583: { bus: "i2c", maxHertz: 1e5, ...pcf8583Facts, create: pcf8583 },
  "modbus-meter": { bus: "uart", ...modbusMeterFacts, pins: { de: "listens", re: "listens" }, create: modbusMeter },
  "pulse-meter": { bus: "pin", pullsPin: true, ...pulseMeterFacts, create: pulseMeter },
  pir: { bus: "pin", ...pirFacts, create: pir },
  soil: { bus: "analog", ...soilFacts, create: soilProbe },
  thermistor: { bus: "analog", ...thermistorFacts, create: thermistor },
  contact: {
    title: "Contact to ground (door switch, reed)",
    bus: "pin",
    pullsPin: true,
    quantities: ["contact"],
    faults: [],
    figures: {},
    create: contact,
  },
} as const satisfies Record<string, CatalogueEntry>;

export type PartName = keyof typeof catalogue;

type Entry<Name extends PartName> = (typeof catalogue)[Name];
type Settings<Name extends PartName> = Omit<Parameters<Entry<Name>["create"]>[1], keyof Wired | "line">;
type OwnPins<Name extends PartName> =
  Entry<Name> extends { readonly pins: infer Pins } ? { readonly [Pin in keyof Pins]?: PinName } : object;

/** Where a part's supply comes from; without any of it, the board's rail, always on. */
export interface Feed {
  /** The pin that switches its supply on (high). */
  readonly powerPin?: PinName;
  /** A converter from the rail to another voltage, for instance 5 V for a fan. */
  readonly supply?: { readonly volts: number; readonly efficiency: number };
  /** Pins of the part that a resistor pulls up: they are high while the chip does not drive them, as in its deep sleep. */
  readonly pulledUp?: readonly string[];
}

/** Makes a simulated part on an I2C bus that the package does not have: a scenario may bring one along. */
export type I2cPart = (context: PartContext, wiring: I2cWiring) => Part;

/** How each part of the catalogue is wired in a scenario, and a part of one's own. */
export type CatalogueWiring =
  | {
      [Name in PartName]: { readonly part: Name; readonly place: string } & BusPins[Entry<Name>["bus"]] &
        Settings<Name> &
        OwnPins<Name> &
        Feed;
    }[PartName]
  | ({ readonly part: I2cPart; readonly place: string; readonly address?: number | undefined } & BusPins["i2c"] & Feed);

/** What a part does with a pin of the microcontroller, seen from there. */
export interface PinUse {
  /** As it stands in the wiring. */
  readonly key: string;
  readonly pin: PinName;
  readonly use: "input" | "output" | "both" | "analog";
  /** Lines of one bus may be shared. */
  readonly bus?: string;
}

const busUses: Readonly<Record<keyof BusPins, Readonly<Record<string, PinUse["use"]>>>> = {
  i2c: { sda: "both", scl: "both" },
  uart: { tx: "output", rx: "input" },
  spi: { sck: "output", mosi: "output", miso: "input", cs: "output" },
  oneWire: { pin: "both" },
  pin: { pin: "input" },
  analog: { pin: "analog" },
  pins: {},
};
const sharedBuses: readonly string[] = ["i2c", "spi", "oneWire"];

/** A line that open-drain outputs share. */
const PULLED = "pulled low";

/** Every pin that a wiring names, its bus first. */
export function pinUses(wiring: CatalogueWiring): PinUse[] {
  const { bus, pins = {}, pullsPin = false } = entryOf(wiring);
  const named = wiring as unknown as Readonly<Record<string, PinName | undefined>>;
  const lines = Object.entries(busUses[bus]);
  const own = Object.entries(pins).filter(([key]) => !(key in busUses[bus]));
  const busName = `${bus} ${lines
    .filter(([key]) => key !== "cs")
    .map(([key]) => named[key])
    .join("/")}`;
  return [
    ...lines.map(([key, use]) => ({
      key,
      use,
      shared: pullsPin ? PULLED : sharedBuses.includes(bus) && key !== "cs" ? busName : undefined,
    })),
    ...own.map(([key, kind]) => ({
      key,
      use: kind === "listens" ? ("output" as const) : ("input" as const),
      shared: kind === "pulls" ? PULLED : undefined,
    })),
    { key: "powerPin", use: "output" as const, shared: undefined },
  ].flatMap(({ key, use, shared }) => {
    const pin = named[key];
    return pin === undefined ? [] : [{ key, pin, use, ...(shared !== undefined && { bus: shared }) }];
  });
}

/** The catalogue's entry for a wiring. */
export function entryOf({ part }: CatalogueWiring, where?: string): CatalogueEntry {
  if (typeof part === "string") return findPart(part, where);
  return { bus: "i2c", title: "a part of the scenario's own", quantities: [], faults: [], figures: {}, create: part };
}

/** The part of that name; a UserError with the nearest name when there is none. */
export function findPart(name: string, where?: string): CatalogueEntry {
  const entry = Object.hasOwn(catalogue, name) ? catalogue[name as PartName] : undefined;
  if (!entry) throw unknownName("simulated part", name, Object.keys(catalogue), where);
  return entry;
}
