/**
 * Connects a part of the catalogue to the wires of a board as its entry says, with the mistakes that would keep real
 * hardware from working: two parts at one address, an address that the part cannot have, a supply that it does not take.
 */
import { UserError } from "../../errors.ts";
import { hex } from "../../hex.ts";
import type { PinName } from "../../../boards/types.ts";
import type { Wires } from "../espruino/wires.ts";
import type { Level, PartContext, PinLine } from "../hardware.ts";
import { entryOf, type CatalogueEntry, type CatalogueWiring, type Feed } from "./catalogue.ts";
import type { Part } from "./part.ts";

export interface Attachment {
  readonly name: string;
  readonly wiring: CatalogueWiring;
  readonly context: PartContext;
  readonly wires: Wires;
  readonly railVolts: number;
  /** For parts that tell the time of day. */
  readonly unixAtStart: number;
}

/** The part, switched on; on its own pin's command where it has a power pin. */
export function attach({ name, wiring, context, wires, railVolts, unixAtStart }: Attachment): Part {
  const where = `scenario, parts.${name}`;
  const entry = entryOf(wiring, where);
  const feed: Feed = wiring;
  checkSupply(entry, feed.supply?.volts ?? railVolts, where);
  const pins = wiring as unknown as Readonly<Record<string, PinName | undefined>>;
  const lines: Record<string, PinLine> = {};
  for (const [pin, kind] of Object.entries(entry.pins ?? {})) {
    const wire = kind !== "listens" && pins[pin] && wires.pin(pins[pin]);
    if (wire) lines[pin] = kind === "pulls" ? wire.puller() : wire.line;
  }
  const create = entry.create as (context: PartContext, wiring: object) => Part;
  const uart = entry.bus === "uart" ? wires.serial(pins["tx"]!, pins["rx"]!) : undefined;
  const wire = entry.bus === "pin" ? wires.pin(pins["pin"]!) : undefined;
  const line = uart?.line ?? (entry.pullsPin ? wire?.puller() : wire?.line);
  const part = create(fed(context, feed, railVolts), { unixAtStart, ...wiring, name, lines, line });

  const { serial, spi, i2c, oneWire, analog } = part;
  if (uart && serial) uart.attach(serial);
  if (entry.bus === "oneWire" && oneWire) wires.attachOneWire(pins["pin"]!, oneWire);
  if (entry.bus === "analog" && analog) wires.analog(pins["pin"]!, () => analog.volts());
  // A part on plain pins may be driven by a software SPI whose data line is its clock.
  const mosi = pins[entry.bus === "spi" ? "mosi" : "sck"];
  if (spi && mosi)
    wires.spi.push({ mosi, ...(pins["cs"] && { cs: pins["cs"] }), transfer: (out) => spi.transfer(out) });
  if (i2c) {
    if (entry.addresses && !entry.addresses.includes(i2c.address)) {
      throw new UserError(`${entry.title} cannot have the address ${hex(i2c.address)}`, {
        where,
        fix: `choose one of ${entry.addresses.map(hex).join(", ")}`,
      });
    }
    const bus = wires.i2c(pins["sda"]!, pins["scl"]!);
    if (bus.targets.some(({ address }) => address === i2c.address)) {
      throw new UserError(`two parts answer at address ${hex(i2c.address)} of one bus`, {
        where,
        fix: "give one of them another address or another bus",
      });
    }
    bus.attach(entry.maxHertz ? Object.assign(i2c, { maxHertz: entry.maxHertz }) : i2c);
  }
  for (const [pin, target] of Object.entries(part.pins ?? {})) {
    if (!pins[pin] || entry.pins?.[pin] !== "listens") continue;
    const pulled = feed.pulledUp?.includes(pin);
    if (pulled) target.changed(1);
    wires.pin(pins[pin]).listen(pulled ? { changed: (level) => target.changed(level ?? 1) } : target);
  }
  return feed.powerPin ? switched(part, feed.powerPin, wires) : part;
}

function checkSupply({ supplyVolts, title }: CatalogueEntry, volts: number, where: string): void {
  if (!supplyVolts) return;
  const [low, high] = supplyVolts;
  if (volts >= low.value && volts <= high.value) return;
  throw new UserError(`${title} takes ${low.value} to ${high.value} V, got ${volts} V`, {
    where,
    fix: `choose another part, or a converter: supply: { volts: ${low.value}, efficiency: 0.85 }`,
  });
}

/** Behind a converter a part draws its power at the rail, and what the converter loses. */
function fed(context: PartContext, { supply }: Feed, railVolts: number): PartContext {
  if (!supply) return context;
  const factor = supply.volts / railVolts / supply.efficiency;
  const { meter } = context;
  return {
    ...context,
    meter: {
      set: (amps, cause) => meter.set(amps * factor, cause),
      pulse: (coulombs, cause) => meter.pulse(coulombs * factor, cause),
    },
  };
}

/** Fed while the board is and the pin is high. */
function switched(part: Part, pin: PinName, wires: Wires): Part {
  let supplied = true;
  let on = false;
  const show = (): void => part.power(supplied && on);
  wires.pin(pin).listen({
    changed(level: Level) {
      on = level === 1;
      show();
    },
  });
  show();
  return {
    ...part,
    power(board) {
      supplied = board;
      show();
    },
  };
}
