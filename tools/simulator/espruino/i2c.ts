/** `I2C1`, `I2C2` and software I2C: whole transfers against the parts on the wires, each taking its time on the bus. */
import type { Figure, PinName } from "../../../boards/types.ts";
import { hex } from "../../hex.ts";
import { bytesOf, toInt } from "./data.ts";
import { adopt } from "./events.ts";
import type { Machine, Peripheral } from "./machine.ts";
import type { Pins } from "./pins.ts";
import type { I2cTarget } from "../hardware.ts";
import type { I2cWire } from "./wires.ts";

const DEFAULT_BITRATE = 100_000;
/** Eight bits and the acknowledge. */
const BITS_PER_BYTE = 9;
/** Start and stop conditions, about one bit each. */
const FRAME_BITS = 2;
/** How long the driver waits for a bus that is held down. */
const BUSY_US = 1_000_000;
/** Of SDA and SCL each, on the sensors' boards or the node's. */
export const I2C_PULL_UP_OHMS: Figure = {
  value: 4700,
  confidence: "memory",
  source: "usual at 100 to 400 kHz; breakout boards have 4.7 or 10 kΩ, several in parallel less",
};
/** ESP_ERR_INVALID_STATE: the driver is not installed. */
const NOT_INSTALLED = 259;
const NO_DATA = new Uint8Array(0);
/** Bits that are 0, by byte. */
const ZEROS = Uint8Array.from({ length: 256 }, (_, byte) => 8 - byte.toString(2).replaceAll("0", "").length);

interface Bus {
  readonly name: string;
  wire: I2cWire | undefined;
  pins: string;
  ready: boolean;
  bitUs: number;
}

export function i2c(machine: Machine, pins: Pins): Peripheral {
  const { realm } = machine;
  const buses = new WeakMap<object, Bus>();
  const hardware: Bus[] = [];

  const busOf = (self: unknown): Bus => {
    const bus = buses.get(self as object);
    if (!bus) throw new realm.Error("I2C function called on something that is not an I2C port");
    return bus;
  };

  /** Address and whether a stop condition follows. */
  const addressOf = (value: unknown): number =>
    toInt(typeof value === "object" && value !== null ? (value as { address?: unknown }).address : value) & 255;

  function bytesTake(bus: Bus, data: Uint8Array): void {
    machine.spend(data.length * BITS_PER_BYTE * bus.bitUs);
    pulled(bus, data);
  }

  /** A line that is low draws through its pull-up: the clock for half of each bit, data for each 0 and acknowledge. */
  function pulled(bus: Bus, data: Uint8Array): void {
    let low = data.length * (BITS_PER_BYTE / 2 + 1);
    for (const byte of data) low += ZEROS[byte]!;
    machine.draw("I2C pull-ups", (low * bus.bitUs) / 1e6);
  }

  /** Start condition and address byte: by its end the part has or has not acknowledged. */
  function begin(bus: Bus, native: string, address: number): void {
    machine.check();
    if (!bus.ready && bus.name) throw new realm.Error(`${native}:, unknown error code ${NOT_INSTALLED}`);
    if (bus.wire?.stuck()) {
      machine.spend(BUSY_US);
      throw new realm.Error(
        bus.name ? `${native}:, Operation timeout because the bus is busy` : "I2C Error: Timeout (start)",
      );
    }
    machine.spend((BITS_PER_BYTE + FRAME_BITS) * bus.bitUs);
    pulled(bus, Uint8Array.of(address << 1));
  }

  const targetOf = (bus: Bus, address: number) => {
    const targets = bus.wire?.targets;
    if (targets) for (const target of targets) if (target.address === address) return follows(bus, target);
    const others = (targets ?? []).map((target) => hex(target.address)).join(", ");
    machine.wires.mistake(
      `nothing answers at address ${hex(address)} on ${bus.pins} (${bus.name || "software I2C"}): the scenario wires ${others ? `only ${others}` : "no part"} there`,
    );
    return undefined;
  };

  /** A part that cannot follow the clock understands nothing. */
  const follows = (bus: Bus, target: I2cTarget): I2cTarget | undefined => {
    const hertz = 1e6 / bus.bitUs;
    if (!target.maxHertz || hertz <= target.maxHertz * 1.001) return target;
    machine.wires.mistake(
      `the part at address ${hex(target.address)} on ${bus.pins} follows at most ${target.maxHertz / 1000} kHz, and ${bus.name || "software I2C"} runs at ${Math.round(hertz / 1000)} kHz: set it up with { bitrate: ${target.maxHertz} }`,
    );
    return undefined;
  };

  /** A missing acknowledge is an error of the hardware driver; software I2C never tells. */
  function refuse(bus: Bus, native: string, address: number, data: Uint8Array): void {
    machine.observe?.({ atUs: machine.clock.nowUs, bus: bus.name || "I2C", kind: "nak", address, data });
    if (bus.name) throw new realm.Error(`${native}: slave doesn't ACK the transfer`);
  }

  function write(self: unknown, addressed: unknown, data: Uint8Array): void {
    const bus = busOf(self);
    const address = addressOf(addressed);
    begin(bus, "jshI2CWrite", address);
    const target = targetOf(bus, address);
    if (target) bytesTake(bus, data);
    if (!target?.write(data)) return refuse(bus, "jshI2CWrite", address, data);
    machine.observe?.({ atUs: machine.clock.nowUs, bus: bus.name || "I2C", kind: "write", address, data });
  }

  function read(self: unknown, addressed: unknown, count: number): Uint8Array | undefined {
    if (count <= 0) return undefined;
    const bus = busOf(self);
    const address = addressOf(addressed);
    begin(bus, "jshI2CRead", address);
    const result = new realm.Uint8Array(count).fill(0xff);
    const data = targetOf(bus, address)?.read(count);
    if (!data) {
      refuse(bus, "jshI2CRead", address, NO_DATA);
      return result;
    }
    result.set(data.length > count ? data.subarray(0, count) : data);
    bytesTake(bus, result);
    machine.observe?.({ atUs: machine.clock.nowUs, bus: bus.name || "I2C", kind: "read", address, data });
    return result;
  }

  const methods = {
    setup(this: unknown, options?: unknown) {
      machine.check();
      const bus = busOf(this);
      const { sda, scl, bitrate } = (options ?? {}) as Record<string, unknown>;
      const rate = bitrate === undefined ? DEFAULT_BITRATE : toInt(bitrate);
      if (rate < 100) throw new realm.Error("Invalid I2C bitrate");
      const defaults = machine.chip.i2c[bus.name];
      const data = pins.numberOf(sda) ?? defaults?.[0];
      const clock = pins.numberOf(scl) ?? defaults?.[1];
      if (data === undefined || clock === undefined) throw new realm.Error("jshI2CSetup: Invalid arguments");
      bus.wire = machine.wires.findI2c(`D${data}` satisfies PinName, `D${clock}`);
      bus.pins = `D${data}/D${clock}`;
      bus.bitUs = 1e6 / rate;
      bus.ready = true;
      for (const pin of [data, clock]) {
        machine.pins.setHigh(pin, true);
        machine.pins.setMode(pin, "opendrain_pullup");
      }
    },
    writeTo(this: unknown, address: unknown, ...data: unknown[]) {
      const bytes = bytesOf(data, realm);
      // Without a byte to write nothing happens on the bus at all.
      if (bytes.length) write(this, address, bytes);
    },
    readFrom(this: unknown, address: unknown, count: unknown) {
      return read(this, address, toInt(count));
    },
    readReg(this: unknown, address: unknown, register: unknown, count: unknown) {
      write(this, address, Uint8Array.of(toInt(register)));
      return read(this, address, toInt(count));
    },
  };

  function create(name: string): object {
    const port = Object.create(I2C.prototype as object) as object;
    const bus: Bus = { name, wire: undefined, pins: "no pins", ready: false, bitUs: 1e6 / DEFAULT_BITRATE };
    buses.set(port, bus);
    if (name) hardware.push(bus);
    return port;
  }
  function I2C(): object {
    return create("");
  }
  I2C.prototype = adopt(machine, methods);
  const ports = Object.fromEntries(Object.keys(machine.chip.i2c).map((name) => [name, create(name)]));

  return {
    globals: { I2C, ...ports },
    drop() {
      for (const bus of hardware) {
        bus.ready = false;
        bus.wire = undefined;
      }
    },
  };
}
