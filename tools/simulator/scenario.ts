/**
 * What surrounds a firmware in the simulator: how its board is wired, what the world does, which network and which
 * cell it gets. A `scenario.ts` beside each firmware exports one, independent of what the firmware believes.
 */
import type { BoardFacts, Board, PinName } from "../../boards/types.ts";
import type { AlarmLimit } from "./alarms.ts";
import type { Cell } from "./energy/cell.ts";
import type { CellName } from "./energy/cells.ts";
import { isModem, type ModemName } from "./modems/families.ts";
import type { Quirks } from "./modems/family.ts";
import type { CatalogueWiring } from "./parts/catalogue.ts";
import type { AccessPoint } from "./network/wifi.ts";
import type { WorldSpec } from "./world/world.ts";

/** A board file: its wiring and its facts. */
export interface BoardModule {
  readonly default: Board;
  readonly facts: () => BoardFacts;
}

/** A modem, at the pins of the microcontroller. */
export interface ModemPart {
  readonly part: ModemName;
  readonly tx: PinName;
  readonly rx: PinName;
  /** Absent where the modem is always on. */
  readonly powerKey?: PinName;
  /** How the power key hangs on the pin: an NPN transistor (high presses) or the pin itself (low presses). */
  readonly powerKeyWiring?: "npn" | "direct";
  readonly dtr?: PinName;
  /** Where in the world it is, for its GNSS receiver; without it, the place of the modem's own name. */
  readonly place?: string;
  /** The GNSS antenna's supply hangs on the modem's GPIO 48 (LilyGO T-SIM7000G). */
  readonly switchedAntenna?: boolean;
  /** Firmware of the modem that differs from its manual. */
  readonly quirks?: Quirks;
}

export const isModemPart = (wiring: PartWiring): wiring is ModemPart => isModem(wiring.part);

/** One part on the board: which model, which pins, and where in the world it stands. */
export type PartWiring =
  CatalogueWiring | { readonly part: "battery-divider"; readonly pin: PinName; readonly ratio: number } | ModemPart;

/** A range of durations ("5m" to "1h") or of numbers, or a list of values. */
export type Knob =
  | { readonly from: string; readonly to: string }
  | { readonly from: number; readonly to: number }
  | { readonly among: readonly (string | number)[] };

/** A hard time, and what must hold in it beyond the promises of the library. */
export interface Trial {
  /** At least as long as its last fault. */
  readonly lasts: string;
  /** As `--fault` takes them. */
  readonly faults: readonly string[];
  /** Each time above the scenario's alarm limit is told within this. Of alarms during an outage, count from its end. */
  readonly alarmWithin?: string;
  /** At most so many alarms when there was nothing to tell. */
  readonly falseAlarms?: number;
  /** The battery lasts at least this long, as `simulate` estimates it. */
  readonly life?: string;
}

export interface Scenario {
  readonly board: BoardModule;
  /** By name, or one of your own: `capacitor({ farads, fullVolts, emptyVolts })`. */
  readonly cell: CellName | Cell;
  /** Its charge at the start, 0 to 1. Default 1. */
  readonly charge?: number;
  /** Place whose temperature the cell has; without it the first place of the world that has one, else 20 °C. */
  readonly cellPlace?: string;
  /** Place whose "power" (W) a harvester brings into a rechargeable cell. */
  readonly harvester?: string;
  readonly parts: Readonly<Record<string, PartWiring>>;
  /** Place, quantity, and what it does over time. */
  readonly world: WorldSpec;
  /** Which quantity `--trace` replaces, as "place.quantity". */
  readonly traced?: string;
  /** A limit that the firmware is meant to report at once: runs then show how long that took. */
  readonly alarm?: AlarmLimit;
  /** Profile of the cell, for instance "vodafone-es" (network/profiles.ts). */
  readonly network: string;
  /** The chip's own Wi-Fi is switched on, and this is in its reach: for firmware with `wifi()` in place of a modem. */
  readonly accessPoint?: AccessPoint;
  /** A device that moves: from when on which coverage level, or none. Without it the network's shares are drawn from. */
  readonly coverage?: readonly { readonly from: string; readonly level: 0 | 1 | 2 | "none" }[];
  /** What is written into the device's settings area. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** Unix seconds at the start; without it that of the first recording in the world, else 2026-01-01. */
  readonly startsAt?: number;
  /** How long a run lasts when nothing else is said, for instance "1y". */
  readonly lasts: string;
  /** What the firmware decides by itself, in a few words. */
  readonly decides?: string;
  /** What the firmware must come through: `simulate --trial`, and the tests. */
  readonly trial?: Trial;
  /** Ranges of the constants in config.ts beside the firmware that `hibernode tune` may turn. */
  readonly knobs?: Readonly<Record<string, Knob>>;
  /** The build of Espruino has `ESP32.lightSleep`; release 2v29 has not. */
  readonly lightSleep?: boolean;
  /** A node that is not meant to sleep: on mains, or fed from a vehicle. */
  readonly staysAwake?: boolean;
  /** Drift of the chip's RC clock, parts per million; positive = fast. */
  readonly clockDriftPpm?: number;
}
