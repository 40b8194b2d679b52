/** Whether the pins of a scenario can do what its parts ask of them: before a run, instead of readings that never come. */
import type { Board, BoardFacts, Chip, PinName } from "../../boards/types.ts";
import { UserError } from "../errors.ts";
import { unknownName } from "../suggest.ts";
import { chips } from "./espruino/chips.ts";
import { pinUses, type PinUse } from "./parts/catalogue.ts";
import { isModemPart, type PartWiring, type Scenario } from "./scenario.ts";

/** Pins without an output driver. ESP32 data sheet v4.5, table 2-1 (GPIO34 to 39); the other chips have none. */
const inputOnly: Readonly<Record<Chip, readonly PinName[]>> = {
  esp32: ["D34", "D35", "D36", "D37", "D38", "D39"],
  esp32c3: [],
  esp32s3: [],
};

export interface Pin {
  readonly name: PinName;
  readonly use: PinUse["use"] | "wake";
  /** Lines of one bus may be shared. */
  readonly bus?: string;
  readonly where: string;
}

export function checkPins({ board, parts }: Scenario): void {
  const facts = board.facts();
  const taken = new Map<PinName, Pin & { readonly part: string }>();
  checkBoard(board.default, facts);
  for (const [part, wiring] of Object.entries(parts)) {
    for (const pin of pinsOf(wiring, `scenario, parts.${part}`)) {
      checkPin(pin, facts);
      const other = taken.get(pin.name);
      if (other && (pin.bus === undefined || other.bus !== pin.bus)) {
        throw new UserError(`${pin.name} is already taken by ${other.part}`, {
          where: pin.where,
          fix: "wire one of the two to another pin",
        });
      }
      taken.set(pin.name, { ...pin, part });
    }
  }
}

/** A firmware takes its wiring from the board file, so that has to be right as well. */
export function checkBoard(board: Board, facts: BoardFacts): void {
  checkBuses(board, facts);
  for (const pin of pinsOfBoard(board)) checkPin(pin, facts);
}

function checkBuses({ id, i2c, uart, spi = {} }: Board, { chip, name: board }: BoardFacts): void {
  const has = chips[chip];
  const named = [
    ...Object.entries(i2c).map(([name, { bus }]) => ({ at: `i2c.${name}`, bus, known: Object.keys(has.i2c) })),
    ...Object.entries(uart).map(([name, { port }]) => ({ at: `uart.${name}`, bus: port, known: uarts(chip) })),
    ...Object.entries(spi).map(([name, { bus }]) => ({ at: `spi.${name}`, bus, known: has.spi })),
  ];
  const taken = new Map<string, string>();
  for (const { at, bus, known } of named) {
    const other = taken.get(bus);
    if (other !== undefined)
      throw new UserError(`${other} and ${at} are both ${bus}, which has one pair of pins at a time`, {
        where: `board ${id}, ${at}`,
        fix: `give one of them another of ${known.join(", ")}, or let the parts share the bus`,
      });
    taken.set(bus, at);
    if (!known.includes(bus))
      throw new UserError(`Espruino's build for the ${board} has no ${bus}`, {
        where: `board ${id}, ${at}`,
        fix: `use ${known.join(" or ")}`,
      });
  }
}

/** The first is the console. */
const uarts = (chip: Chip): readonly string[] => Object.keys(chips[chip].serial).slice(1);

function pinsOfBoard({ id, i2c, uart, spi = {}, battery }: Board): Pin[] {
  const where = (path: string): string => `board ${id}, ${path}`;
  return [
    ...Object.entries(i2c).flatMap(([name, { sda, scl }]): Pin[] => [
      { name: sda, use: "both", where: where(`i2c.${name}.sda`) },
      { name: scl, use: "both", where: where(`i2c.${name}.scl`) },
    ]),
    ...Object.entries(uart).flatMap(([name, { tx, rx }]): Pin[] => [
      { name: tx, use: "output", where: where(`uart.${name}.tx`) },
      { name: rx, use: "input", where: where(`uart.${name}.rx`) },
    ]),
    ...Object.entries(spi).flatMap(([name, { sck, mosi, miso }]): Pin[] => [
      { name: sck, use: "output", where: where(`spi.${name}.sck`) },
      { name: mosi, use: "output", where: where(`spi.${name}.mosi`) },
      { name: miso, use: "input", where: where(`spi.${name}.miso`) },
    ]),
    ...(battery ? [{ name: battery.pin, use: "analog", where: where("battery.pin") } as const] : []),
  ];
}

function pinsOf(wiring: PartWiring, where: string): Pin[] {
  if (isModemPart(wiring)) {
    const { tx, rx, powerKey, dtr } = wiring;
    return [
      { name: tx, use: "output", where: `${where}.tx` },
      { name: rx, use: "input", where: `${where}.rx` },
      ...(powerKey ? [{ name: powerKey, use: "output", where: `${where}.powerKey` } as const] : []),
      ...(dtr ? [{ name: dtr, use: "output", where: `${where}.dtr` } as const] : []),
    ];
  }
  if (wiring.part === "battery-divider") return [{ name: wiring.pin, use: "analog", where: `${where}.pin` }];
  return pinUses(wiring).map(({ key, pin, use, bus }) => ({
    name: pin,
    use,
    where: `${where}.${key}`,
    ...(bus && { bus }),
  }));
}

/** Throws a UserError when the board has no such pin, or when the pin cannot be used like that. */
export function checkPin(
  { name, use, where }: Pin,
  { pins, adcPins, deepSleepWakePins, chip, name: board }: BoardFacts,
): void {
  const known = Object.keys(pins) as PinName[];
  if (!known.includes(name)) throw unknownName(`pin of the ${board}`, name, known, where);
  if (use === "analog" && !adcPins.includes(name)) {
    throw new UserError(
      `${name} cannot measure a voltage: it has no analog-to-digital converter that Espruino can use`,
      {
        where,
        fix: adcPins.length
          ? `use one of ${adcPins.filter((pin) => known.includes(pin)).join(", ")}`
          : "Espruino reads no voltage on this chip: use a converter on I2C (hibernode/sensors/ads1115)",
      },
    );
  }
  if (use === "wake" && !deepSleepWakePins.includes(name)) {
    throw new UserError(`${name} cannot end a deep sleep: only pins of the chip's real-time domain can`, {
      where,
      fix: `use one of ${deepSleepWakePins.filter((pin) => known.includes(pin)).join(", ")}`,
    });
  }
  if ((use === "output" || use === "both") && inputOnly[chip].includes(name)) {
    throw new UserError(`${name} cannot drive a line: it is an input only`, {
      where,
      fix: `use another pin than ${inputOnly[chip].filter((pin) => known.includes(pin)).join(", ")}`,
    });
  }
}
