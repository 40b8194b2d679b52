/**
 * `Serial1`…: bytes leave through a buffer that blocks when it is full, and arrive through a task that looks for them
 * every few milliseconds and hands them on in pieces.
 */
import { bytesOf, fromLatin1, toInt } from "./data.ts";
import { adopt, type Listeners } from "./events.ts";
import type { Machine, Peripheral } from "./machine.ts";
import type { Pins } from "./pins.ts";
import { Receiver, Transmitter } from "./uart.ts";
import type { SerialWire } from "./wires.ts";

const DEFAULT_BAUD = 9600;
/** What waits for a 'data' listener; more is dropped. */
const UNHEARD_CHARS = 512;
const CONSOLE_BAUD = 115_200;

interface Port {
  readonly name: string;
  readonly self: object;
  wire: SerialWire | undefined;
  out: Transmitter | undefined;
  in: Receiver | undefined;
  /** Data that arrived without a listener. */
  unheard: string;
}

export interface Serials extends Peripheral {
  /** The console's line: `console.log` waits for it like any other writer. */
  consoleWrite(length: number): void;
  /** Power is on: the serial task runs from now. */
  start(): void;
  /** What the chip does before deep sleep: it lets the hardware FIFOs drain. */
  flush(): void;
  /** The chip is in light sleep for so long: UARTs stand still, and what arrives is lost. */
  suspend(us: number): void;
}

export function serials(machine: Machine, pins: Pins, listeners: Listeners): Serials {
  const { realm, clock, chip } = machine;
  const ports = new WeakMap<object, Port>();
  const all: Port[] = [];
  let startedUs = 0;
  const consoleLine = new Transmitter(machine, CONSOLE_BAUD, 10, undefined);

  const portOf = (self: unknown): Port => {
    const port = ports.get(self as object);
    if (!port) throw new realm.Error("Serial function called on something that is not a Serial port");
    return port;
  };

  function push(port: Port, text: string): void {
    if (listeners.deliver(port.self, "data", text)) return;
    port.unheard = (port.unheard + text).slice(0, UNHEARD_CHARS);
  }

  function heard(port: Port): void {
    if (!port.unheard) return;
    const text = port.unheard;
    port.unheard = "";
    for (const listener of listeners.of(port.self, "data") ?? []) machine.queue(listener, port.self, [text]);
  }

  function close(port: Port): void {
    port.out?.drop();
    port.in?.drop();
    if (port.wire) port.wire.arrive = undefined;
    port.out = port.in = port.wire = undefined;
  }

  function setup(this: unknown, baudrate?: unknown, options?: unknown): void {
    machine.check();
    const port = portOf(this);
    const given = (options ?? {}) as Record<string, unknown>;
    const baud = baudrate === undefined || baudrate === null ? DEFAULT_BAUD : toInt(baudrate);
    if (baud <= 100 || baud > 10_000_000) throw new realm.Error(`Invalid baud rate ${baud}`);
    if (given["errors"]) throw new realm.Error("Serial errors:true not available on this device");
    const defaults = chip.serial[port.name];
    const tx = pins.numberOf(given["tx"]) ?? defaults?.[0];
    const rx = pins.numberOf(given["rx"]) ?? defaults?.[1];
    close(port);
    const wire = tx === undefined || rx === undefined ? undefined : machine.wires.findSerial(`D${tx}`, `D${rx}`);
    const named = (pin: number | undefined): string => (pin === undefined ? "nowhere" : `D${pin}`);
    const parity = given["parity"] !== undefined && given["parity"] !== null && given["parity"] !== "none";
    const bits =
      1 +
      (given["bytesize"] === undefined ? 8 : toInt(given["bytesize"])) +
      (parity ? 1 : 0) +
      (toInt(given["stopbits"]) || 1);
    port.wire = wire;
    port.out = new Transmitter(machine, baud, bits, (bytes) => {
      machine.observe?.({ atUs: clock.nowUs, bus: port.name, kind: "write", data: bytes });
      const target = wire?.target;
      const wanted = target?.listensAt?.();
      if (!target) machine.wires.mistake(`nothing is wired to ${port.name}, TX ${named(tx)} and RX ${named(rx)}`);
      else if (wanted !== undefined && Math.abs(baud / wanted - 1) > 0.04)
        machine.wires.mistake(
          `${port.name} sends at ${baud} baud, and the part on TX ${named(tx)} listens at ${wanted}`,
        );
      target?.receive(bytes, baud);
    });
    const receiver = (port.in = new Receiver(machine, baud, startedUs, (bytes) => {
      machine.observe?.({ atUs: clock.nowUs, bus: port.name, kind: "read", data: bytes });
      const text = fromLatin1(bytes);
      machine.post(() => push(port, text));
    }));
    if (wire) wire.arrive = (bytes, rate) => receiver.arrive(bytes, rate);
    if (tx !== undefined && defaults) machine.pins.setHigh(tx, true);
    if (tx !== undefined) machine.pins.setMode(tx, "output");
    if (rx !== undefined) machine.pins.setMode(rx, "input");
  }

  function send(self: unknown, bytes: Uint8Array): void {
    machine.check();
    const port = portOf(self);
    if (port.out) port.out.write(bytes);
    else if (port.name === "Serial1") machine.print(fromLatin1(bytes));
  }

  const methods = {
    setup,
    unsetup(this: unknown) {
      close(portOf(this));
    },
    write(this: unknown, ...data: unknown[]) {
      send(this, bytesOf(data, realm));
    },
    print(this: unknown, text: unknown) {
      send(this, bytesOf([realm.String(text)], realm));
    },
    println(this: unknown, text: unknown) {
      send(this, bytesOf([`${realm.String(text)}\r\n`], realm));
    },
    inject(this: unknown, ...data: unknown[]) {
      const port = portOf(this);
      const text = fromLatin1(bytesOf(data, realm));
      machine.post(() => push(port, text));
    },
    available(this: unknown) {
      machine.spendCpu();
      return portOf(this).unheard.length;
    },
    read(this: unknown, count?: unknown) {
      machine.spendCpu();
      const port = portOf(this);
      const text = port.unheard.slice(0, toInt(count) || undefined);
      port.unheard = port.unheard.slice(text.length);
      return text || undefined;
    },
    pipe(this: object, to: unknown) {
      const write = (to as { write?: (data: unknown) => unknown }).write;
      if (typeof write !== "function") throw new realm.Error("Destination object does not implement write");
      (this as { on: (event: string, run: unknown) => void }).on("data", (data: unknown) => write.call(to, data));
    },
    flush() {
      machine.check();
    },
    setConsole() {
      machine.check();
    },
  };

  function create(name: string): object {
    const self = Object.create(Serial.prototype as object) as object;
    const port: Port = { name, self, wire: undefined, out: undefined, in: undefined, unheard: "" };
    ports.set(self, port);
    all.push(port);
    listeners.added(self, (event) => event === "data" && heard(port));
    return self;
  }
  function Serial(): object {
    throw new realm.Error("software Serial: not simulated");
  }
  Serial.prototype = adopt(machine, methods);

  return {
    globals: { Serial, ...Object.fromEntries(Object.keys(chip.serial).map((name) => [name, create(name)])) },
    start: () => void (startedUs = clock.nowUs),
    consoleWrite: (length) => consoleLine.occupy(length),
    flush() {
      for (const port of all) port.out?.drain();
    },
    suspend(us) {
      for (const port of all) {
        port.out?.suspend(us);
        port.in?.suspend(us);
      }
    },
    drop() {
      consoleLine.drop();
      for (const port of all) {
        close(port);
        port.unheard = "";
      }
    },
  };
}
