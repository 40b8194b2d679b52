/** Builds what a scenario describes: clock, world, cell, network, parts and wires, ready for a device to be plugged in. */
import type { BoardFacts, Figure } from "../../boards/types.ts";
import { parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { unknownName } from "../suggest.ts";
import { Clock } from "./clock.ts";
import { Battery } from "./energy/battery.ts";
import { boardSupply } from "./energy/board-supply.ts";
import { ROOM_CELSIUS, type Cell } from "./energy/cell.ts";
import { findCell } from "./energy/cells.ts";
import { variedCell, variedSupply, type Variation } from "./energy/variation.ts";
import { Ledger, type Meter } from "./energy/ledger.ts";
import { Wires } from "./espruino/wires.ts";
import type { FaultPlan } from "./faults.ts";
import type { PartContext } from "./hardware.ts";
import { families } from "./modems/families.ts";
import type { SimulatedModem } from "./modems/modem-types.ts";
import { createModem } from "./modems/modem.ts";
import { gnssQuantities } from "./modems/simcom-gnss.ts";
import type { ByteLedger } from "./network/byte-ledger.ts";
import { withFaults } from "./network/faults.ts";
import { brokerCertificate } from "./network/certificate.ts";
import { createNetwork, gpsRolloverSeconds, type Network } from "./network/network.ts";
import { findProfile, type CellProfile } from "./network/profiles.ts";
import type { Server } from "./network/server.ts";
import { createWifi, type WifiRadio } from "./network/wifi.ts";
import { batteryDivider } from "./parts/battery-divider.ts";
import { attach } from "./parts/attach.ts";
import { catalogue, findPart } from "./parts/catalogue.ts";
import type { Part } from "./parts/part.ts";
import { checkPins } from "./pin-check.ts";
import { isModemPart, type PartWiring, type Scenario } from "./scenario.ts";
import { randomFor } from "./world/random.ts";
import { World } from "./world/world.ts";

/** 2026-01-01T00:00:00Z: when no recording says when the run starts. */
const DEFAULT_START = 1767225600;

export interface RigOptions {
  readonly scenario: Scenario;
  readonly seed: number | string;
  readonly faults: FaultPlan;
  readonly clock: Clock;
  readonly server: Server;
  readonly trace: (signal: string, value: string | number) => void;
  /** Changes the network that the scenario names. */
  readonly network?: ((profile: CellProfile) => CellProfile) | undefined;
  /** Who counts what goes over the air. */
  readonly bytes?: ByteLedger | undefined;
  /** How this node differs from the middle. */
  readonly variation?: Variation | undefined;
}

export interface Rig {
  readonly clock: Clock;
  readonly world: World;
  readonly cell: Cell;
  readonly facts: BoardFacts;
  readonly ledger: Ledger;
  readonly battery: Battery;
  readonly wires: Wires;
  readonly network: Network;
  readonly wifi: WifiRadio | undefined;
  readonly unixAtStart: number;
  /** Called when the supply sags below the chip's limit. */
  brownOut: () => void;
  /** Supply of everything but the microcontroller. */
  power(on: boolean): void;
  /** The figures behind each cause of the ledger, for the causes of parts and modem. */
  figures(): Map<string, readonly Figure[]>;
}

/** What can be known to be wrong before a run: names, voltages, pins, places without the quantity that a part measures. */
export function checkScenario(scenario: Scenario): void {
  checkVoltage(findCell(scenario.cell, "scenario, cell"), scenario.board.facts());
  findProfile(scenario.network, "scenario, network");
  checkPlace(scenario, "cellPlace", "temperature");
  checkPlace(scenario, "harvester", "power");
  for (const [name, wiring] of Object.entries(scenario.parts)) {
    const where = `scenario, parts.${name}`;
    const { part } = wiring;
    const known = [...Object.keys(families), "battery-divider", ...Object.keys(catalogue)];
    if (typeof part === "string" && !known.includes(part))
      throw unknownName("simulated part", part, known, `${where}.part`);
    if (!("place" in wiring) || wiring.place === undefined) continue;
    const place = scenario.world[wiring.place];
    if (!place) throw unknownName("place in the world", wiring.place, Object.keys(scenario.world), `${where}.place`);
    const needed = isModemPart(wiring)
      ? gnssQuantities
      : wiring.part === "contact"
        ? [wiring.quantity ?? "contact"]
        : typeof part === "string"
          ? findPart(part).quantities
          : [];
    const missing = needed.find((quantity) => !Object.hasOwn(place, quantity));
    if (missing === undefined) continue;
    throw new UserError(`the world has no ${missing} at "${wiring.place}"`, {
      where,
      fix: `add it to the scenario: world: { ${wiring.place}: { ${missing}: constant(...) } }`,
    });
  }
  checkPins(scenario);
}

export function createRig(options: RigOptions): Rig {
  const { scenario, seed, faults, clock, server, trace, network: changed, bytes, variation = {} } = options;
  checkScenario(scenario);
  const facts = scenario.board.facts();
  const cell = variedCell(findCell(scenario.cell, "scenario, cell"), variation);
  const { causes, celsiusOffset = 0, harvest = 1 } = variation;
  const supply = variedSupply(boardSupply(cell, facts.power), variation);
  const ledger = new Ledger(clock, supply, causes && ((cause) => causes[cause] ?? 1));
  const world = new World(scenario.world, { seed, now: () => clock.now });
  const unixAtStart = scenario.startsAt ?? world.startsAt ?? DEFAULT_START;
  const on = (kind: string, target?: string): boolean => faults.active(kind, target, clock.nowUs);
  const coverage = movement(scenario.coverage ?? [], clock);
  const { harvester } = scenario;
  const celsius = celsiusOf(scenario, world);
  const battery = new Battery({
    cell,
    facts,
    clock,
    ledger,
    celsius: celsiusOffset ? () => celsius() + celsiusOffset : celsius,
    harvestWatts:
      harvester === undefined ? undefined : (from, to) => world.mean(harvester, "power", from, to) * harvest,
    charge: scenario.charge ?? 1,
  });
  const reachable = withFaults(server, (name) => on(`broker-${name}`));
  const covered = (): boolean => !on("no-coverage") && coverage() !== "none";
  const profile = findProfile(scenario.network, "scenario, network");
  const network = createNetwork({
    clock,
    profile: changed ? changed(profile) : profile,
    unixAtStart,
    server: reachable,
    random: randomFor(seed, "network"),
    covered,
    level: () => {
      const there = coverage();
      return there === "none" ? 2 : there;
    },
    fault: (name) => on(name),
    certificate: brokerCertificate(scenario.settings, unixAtStart, on),
    bytes,
    trace: (signal, value) => trace(`network.${signal}`, value),
  });

  const { accessPoint } = scenario;
  const wifi =
    accessPoint &&
    createWifi({
      ...{ clock, accessPoint, server: reachable, covered, chip: facts.chip },
      meter: ledger.meter(),
      activeAmps: facts.power.activeMilliamps.value * 1e-3,
      random: randomFor(seed, "wifi"),
      unixNow: () => unixAtStart + clock.now - (on("wrong-time") ? gpsRolloverSeconds : 0),
      trace: (value) => trace("wifi", value),
    });

  const wires = new Wires();
  const parts: Part[] = [];
  const modems: SimulatedModem[] = [];
  for (const [name, wiring] of Object.entries(scenario.parts)) {
    const context: PartContext = {
      clock,
      meter: isModemPart(wiring) ? sagging(ledger.meter()) : ledger.meter(),
      random: randomFor(seed, name),
      world: (quantity) => world.at(placeOf(wiring, name), quantity),
      nextChangeUs: (quantity) => world.nextChangeUs(placeOf(wiring, name), quantity),
      // what the firmware knows as a sensor has its faults by name: the modem's own GNSS receiver too
      fault: (kind) => (isModemPart(wiring) && kind !== "no-fix" ? on(`modem-${kind}`) : on(kind, name)),
      trace: (signal, value) => trace(`${name}.${signal}`, value),
    };
    if (isModemPart(wiring)) {
      const { powerKey, powerKeyWiring, dtr, quirks, switchedAntenna } = wiring;
      const uart = wires.serial(wiring.tx, wiring.rx);
      const modem = createModem({
        family: families[wiring.part],
        context,
        line: uart.line,
        network,
        options: {
          powerKeyWiring: powerKeyWiring ?? "npn",
          ...(quirks && { quirks }),
          ...(switchedAntenna && { switchedAntenna }),
        },
      });
      uart.attach(modem.serial);
      if (powerKey) wires.pin(powerKey).listen(modem.powerKey);
      if (dtr) wires.pin(dtr).listen(modem.dtr);
      modems.push(modem);
    } else if (wiring.part === "battery-divider") {
      const batteryVolts = (): number => battery.volts;
      const divider = batteryDivider(context.random, { ratio: wiring.ratio, batteryVolts, tolerance: 0.01 });
      wires.analog(wiring.pin, () => divider.volts());
    } else {
      parts.push(attach({ name, wiring, context, wires, railVolts: facts.power.railVolts.value, unixAtStart }));
    }
  }

  const rig: Rig = {
    clock,
    world,
    cell,
    facts,
    ledger,
    battery,
    wires,
    network,
    wifi,
    unixAtStart,
    brownOut() {},
    power(supplied) {
      for (const part of [...parts, ...modems]) part.power(supplied);
    },
    figures: () => new Map([...[...parts, ...modems].flatMap((part) => [...part.causes]), ...(wifi?.figures ?? [])]),
  };
  return rig;

  /** A weak cell: what the modem draws while it transmits is too much for it. */
  function sagging(meter: Meter): Meter {
    return {
      set: (amps, cause) => meter.set(amps, cause),
      pulse(coulombs, cause, seconds) {
        meter.pulse(coulombs, cause, seconds);
        if ((cause.startsWith("modem: transmit") || cause === "modem: attach") && on("brown-out"))
          clock.after(0, () => rig.brownOut());
      },
    };
  }
}

/** Where a device that moves is, by the time of the run. */
function movement(stretches: NonNullable<Scenario["coverage"]>, clock: Clock) {
  const starts = stretches.map(({ from, level }) => ({ atUs: parseDuration(from, "scenario, coverage") * 1e6, level }));
  return () => starts.findLast(({ atUs }) => atUs <= clock.nowUs)?.level;
}

/** The place of the cell: where the scenario says, else the first with a temperature; room temperature without one. */
export function celsiusOf({ cellPlace, world: spec }: Scenario, world: World): () => number {
  const place = cellPlace ?? Object.keys(spec).find((name) => spec[name]!["temperature"]);
  return place === undefined ? () => ROOM_CELSIUS : () => world.at(place, "temperature");
}

function placeOf(wiring: PartWiring, name: string): string {
  return ("place" in wiring && wiring.place) || name;
}

function checkPlace({ world, ...scenario }: Scenario, property: "cellPlace" | "harvester", quantity: string): void {
  const name = scenario[property];
  if (name === undefined) return;
  const where = `scenario, ${property}`;
  const place = world[name];
  if (!place) throw unknownName("place in the world", name, Object.keys(world), where);
  if (Object.hasOwn(place, quantity)) return;
  throw new UserError(`the world has no ${quantity} at "${name}"`, {
    where,
    fix: `add it to the scenario: world: { ${name}: { ${quantity}: constant(...) } }`,
  });
}

function checkVoltage(cell: Cell, { power, name }: BoardFacts): void {
  const [low, high] = power.batteryVolts;
  const volts = cell.nominalVolts.value;
  if (volts >= low && volts <= high) return;
  throw new UserError(`a cell of ${volts} V on a board that takes ${low} to ${high} V (${name})`, {
    where: `cell ${cell.name}`,
    fix: "choose another cell, or another board",
  });
}
