/** The parts that the simulator has: name → how to make one, and what to know before wiring it. */
import type { Figure } from "../../../boards/types.ts";
import { unknownName } from "../../suggest.ts";
import type { PartContext } from "../hardware.ts";
import type { Quantity } from "../world/units.ts";
import { contact, type ContactWiring } from "./contact.ts";
import type { Part } from "./part.ts";
import { sht4x, type Sht4xWiring } from "./sht4x.ts";
import * as sht4xFacts from "./sht4x-facts.ts";

interface PartFacts {
  readonly title: string;
  /** World quantities that the part asks for. */
  readonly quantities: readonly Quantity[];
  /** Faults that `--fault` can put on it. */
  readonly faults: readonly string[];
  readonly figures: Readonly<Record<string, Figure>>;
}

export interface I2cEntry extends PartFacts {
  readonly bus: "i2c";
  readonly addresses: readonly number[];
  readonly create: (context: PartContext, wiring: Sht4xWiring) => Part;
}

export interface PinEntry extends PartFacts {
  readonly bus: "pin";
  readonly create: (context: PartContext, wiring: ContactWiring) => Part;
}

export type CatalogueEntry = I2cEntry | PinEntry;

export const catalogue: Readonly<Record<string, CatalogueEntry>> = {
  sht4x: {
    title: "Sensirion SHT40/41/43/45, humidity and temperature",
    bus: "i2c",
    addresses: sht4xFacts.addresses,
    quantities: ["temperature", "humidity"],
    faults: ["nak", "crc", "stuck"],
    figures: {
      idleMicroamps: sht4xFacts.idleMicroamps,
      measuringMicroamps: sht4xFacts.measuringMicroamps,
      powerUpMicroamps: sht4xFacts.powerUpMicroamps,
    },
    create: sht4x,
  },
  contact: {
    title: "Contact to ground (door switch, reed)",
    bus: "pin",
    quantities: ["contact"],
    faults: [],
    figures: {},
    create: contact,
  },
};

/** The part of that name; a UserError with the nearest name when there is none. */
export function findPart(name: string, where?: string): CatalogueEntry {
  const entry = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (!entry) throw unknownName("simulated part", name, Object.keys(catalogue), where);
  return entry;
}
