/** Cells and capacitors that a harvester or charger fills again. */
import type { Figure } from "../../../../boards/types.ts";
import { UserError } from "../../../errors.ts";
import type { Cell } from "../cell.ts";
import { figure, maxwell, memory } from "./figures.ts";

const lithiumIonCold = [
  { celsius: -20, share: memory(0.6) },
  { celsius: 0, share: memory(0.85) },
  { celsius: 20, share: memory(1) },
];

export const liIon18650: Cell = {
  name: "Li-ion 18650",
  chemistry: "Li-ion",
  nominalVolts: memory(3.6),
  cutoffVolts: memory(3.0),
  // One point is taken as flat, so its current does not matter. 2.5 Ah is the low end of 2.5 to 3.4.
  capacity: [{ milliamps: 500, ampHours: memory(2.5) }],
  capacityByCelsius: lithiumIonCold,
  openCircuit: [
    { charge: 0, volts: memory(3.0) },
    { charge: 0.1, volts: memory(3.45) },
    { charge: 0.5, volts: memory(3.7) },
    { charge: 1, volts: memory(4.15) },
  ],
  ohms: memory(0.05),
  emptyOhmsFactor: memory(2),
  ohmsKilojoules: memory(30),
  selfDischargePerYear: memory(0.3),
  selfDischargeKilojoules: memory(50),
  rechargeable: true,
};

/** A pouch of some 5 × 30 × 35 mm, as in watches and trackers: a fifth of the 18650's capacity, three times its resistance. */
export const liPo500: Cell = {
  ...liIon18650,
  name: "Li-po pouch, 500 mAh",
  capacity: [{ milliamps: 100, ampHours: memory(0.5) }],
  ohms: memory(0.15),
};

const lithink = figure("reported", "lithink.com: 10 Ah LiFePO4 cell; 80 % at 0 °C, 66 % at -10 °C, 44 % at -20 °C");

export const lifepo418650: Cell = {
  name: "LiFePO4 18650",
  chemistry: "LiFePO4",
  nominalVolts: memory(3.2),
  cutoffVolts: memory(2.5),
  capacity: [{ milliamps: 300, ampHours: memory(1.5) }],
  capacityByCelsius: [
    { celsius: -20, share: lithink(0.44) },
    { celsius: -10, share: lithink(0.66) },
    { celsius: 0, share: lithink(0.8) },
    { celsius: 20, share: lithink(1) },
  ],
  openCircuit: [
    { charge: 0, volts: memory(2.6) },
    { charge: 0.1, volts: memory(3.2) },
    { charge: 0.9, volts: memory(3.33) },
    { charge: 1, volts: memory(3.45) },
  ],
  ohms: memory(0.05),
  emptyOhmsFactor: memory(2),
  ohmsKilojoules: memory(30),
  selfDischargePerYear: memory(0.3),
  selfDischargeKilojoules: memory(50),
  rechargeable: true,
};

/**
 * Two double-layer capacitors in series: half the farads, twice the volts. Its charge runs from `emptyVolts` to 5.4 V; the
 * leakage is the maximum that the maker gives for one, in place of a share per year.
 */
const supercapacitor = (farads: number, ohms: number, microamps: number): Cell => {
  const full = 5.4;
  const empty = 2.5;
  return {
    name: `two Maxwell HC supercapacitors of ${farads} F in series`,
    chemistry: "supercapacitor",
    nominalVolts: figure("datasheet", "2 × 2.7 V less headroom: a middle of its range")(4),
    cutoffVolts: figure("inferred", "what most regulators still take")(empty),
    capacity: [
      {
        milliamps: 100,
        ampHours: figure("computed", "half the capacitance × (5.4 - 2.5 V)")((farads / 2) * ((full - empty) / 3600)),
      },
    ],
    capacityByCelsius: [{ celsius: 20, share: memory(1) }],
    openCircuit: [
      { charge: 0, volts: maxwell(empty) },
      { charge: 1, volts: maxwell(full) },
    ],
    ohms: maxwell(2 * ohms),
    emptyOhmsFactor: maxwell(1),
    ohmsKilojoules: memory(8),
    selfDischargePerYear: maxwell(0),
    selfDischargeKilojoules: memory(40),
    leakageMicroamps: maxwell(microamps),
    rechargeable: true,
  };
};

export const supercap10F = supercapacitor(10, 0.075, 30);
export const supercap50F = supercapacitor(50, 0.02, 75);

export interface CapacitorOptions {
  readonly farads: number;
  /** The charger stops there: what comes in then is lost. */
  readonly fullVolts: number;
  /** The node loses its supply below this, and has it again from `restartVolts` on (default: 5 % of the charge above). */
  readonly emptyVolts: number;
  readonly restartVolts?: number;
  readonly ohms?: number;
  readonly leakageMicroamps?: number;
}

/** A capacitor of your own, as a scenario's `cell`. What is not given is taken as nothing. */
export function capacitor(options: CapacitorOptions): Cell {
  const { farads, fullVolts, emptyVolts, restartVolts, ohms = 0, leakageMicroamps = 0 } = options;
  const range = fullVolts - emptyVolts;
  if (!(farads > 0 && range > 0))
    throw new UserError(`a capacitor of ${farads} F from ${emptyVolts} to ${fullVolts} V holds nothing`, {
      fix: "give farads above 0, and fullVolts above emptyVolts",
    });
  const given = (value: number): Figure => ({ value, confidence: "computed", source: "the scenario's own" });
  return {
    name: `capacitor of ${farads} F`,
    chemistry: "supercapacitor",
    nominalVolts: given((fullVolts + emptyVolts) / 2),
    cutoffVolts: given(emptyVolts),
    capacity: [{ milliamps: 100, ampHours: given((farads * range) / 3600) }],
    capacityByCelsius: [{ celsius: 20, share: given(1) }],
    openCircuit: [
      { charge: 0, volts: given(emptyVolts) },
      { charge: 1, volts: given(fullVolts) },
    ],
    ohms: given(ohms),
    emptyOhmsFactor: given(1),
    ohmsKilojoules: given(0),
    selfDischargePerYear: given(0),
    selfDischargeKilojoules: given(0),
    leakageMicroamps: given(leakageMicroamps),
    rechargeable: true,
    ...(restartVolts !== undefined && { restartCharge: (restartVolts - emptyVolts) / range }),
  };
}
