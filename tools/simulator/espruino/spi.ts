/** `SPI1`, `SPI2` and software SPI: every byte out is a byte in, from whichever part is selected. */
import { bytesOf, fromLatin1, toInt } from "./data.ts";
import { adopt } from "./events.ts";
import type { Machine, Peripheral } from "./machine.ts";
import type { Pins } from "./pins.ts";

const DEFAULT_BAUD = 100_000;

interface Bus {
  readonly name: string;
  bitUs: number;
  mosi: string | undefined;
}

export function spi(machine: Machine, pins: Pins): Peripheral {
  const { realm } = machine;
  const buses = new WeakMap<object, Bus>();

  function transfer(self: unknown, out: Uint8Array, select: unknown): Uint8Array {
    const bus = buses.get(self as object);
    if (!bus) throw new realm.Error("SPI function called on something that is not an SPI port");
    const cs = pins.numberOf(select);
    if (cs !== undefined) pins.output(cs, false);
    machine.spend(out.length * 8 * bus.bitUs);
    const target = machine.wires.spi.find(
      (part) =>
        (part.mosi === undefined || part.mosi === bus.mosi) &&
        (part.cs === undefined || machine.pins.level(Number(part.cs.slice(1))) === 0),
    );
    const back = target?.transfer(out) ?? new Uint8Array(out.length);
    machine.observe?.({ atUs: machine.clock.nowUs, bus: bus.name || "SPI", kind: "transfer", data: out });
    if (cs !== undefined) pins.output(cs, true);
    return back;
  }

  const methods = {
    setup(this: object, options?: unknown) {
      machine.check();
      const { baud, mosi } = (options ?? {}) as Record<string, unknown>;
      const bus = buses.get(this);
      if (!bus) return;
      bus.bitUs = 1e6 / (toInt(baud) || DEFAULT_BAUD);
      const pin = pins.numberOf(mosi);
      bus.mosi = pin === undefined ? undefined : `D${pin}`;
    },
    send(this: unknown, data: unknown, select?: unknown) {
      const back = transfer(this, bytesOf([data], realm), select);
      if (typeof data === "number") return back[0];
      return typeof data === "string" ? fromLatin1(back) : realm.bytes(back);
    },
    write(this: unknown, ...data: unknown[]) {
      const last = data.at(-1);
      const select = typeof last === "object" && pins.numberOf(last) !== undefined ? data.pop() : undefined;
      transfer(this, bytesOf(data, realm), select);
    },
    send4bit() {
      throw new realm.Error("jshSPISet16: Not implemented");
    },
    send8bit() {
      throw new realm.Error("jshSPISet16: Not implemented");
    },
  };

  function create(name: string): object {
    const port = Object.create(SPI.prototype as object) as object;
    buses.set(port, { name, bitUs: 1e6 / DEFAULT_BAUD, mosi: undefined });
    return port;
  }
  function SPI(): object {
    return create("");
  }
  SPI.prototype = adopt(machine, methods);
  return { globals: { SPI, ...Object.fromEntries(machine.chip.spi.map((name) => [name, create(name)])) } };
}
