/** What would change the life, and by how much: other periods, better coverage, another cell, half of each cause. */
import { formatDuration } from "../duration.ts";
import { cells } from "../simulator/energy/cells.ts";
import type { Cell } from "../simulator/energy/cell.ts";
import { loadOf, type LoadChange } from "./load-model.ts";
import { causesOf, lifeOf, type Node } from "./monte-carlo.ts";

export interface Effect {
  readonly change: string;
  readonly years: number;
  /** Against the life as it is. */
  readonly gain: number;
}

const SHOWN_SHARE = 0.02;

/** Largest effect first. */
export function sensitivity(node: Node): Effect[] {
  const { model, facts, cell } = node;
  const now = lifeOf(node).years;
  const effects: Effect[] = [];
  const add = (change: string, years: number): void => void effects.push({ change, years, gain: years - now });
  const period = (perDay: number): string => formatDuration(Math.round(86400 / perDay / 60) * 60);
  const periodic = (what: string, perDay: number, changed: (factor: number) => LoadChange): void => {
    if (perDay <= 0) return;
    for (const factor of [0.5, 2])
      add(`${what} every ${period(perDay * factor)} instead of ${period(perDay)}`, lifeOf(node, changed(factor)).years);
  };
  periodic("reporting", model.reportsPerDay, (reports) => ({ reports }));
  periodic("sampling", model.samplesPerDay, (samples) => ({ samples }));
  for (const [level, report] of model.report.entries()) {
    if (report && model.reportsPerDay > 0)
      add(`all nodes at coverage level ${level}`, lifeOf(node, { shares: model.report.map((_, at) => Number(at === level)) }).years);
  } // prettier-ignore
  for (const celsius of [-10, 10])
    add(
      `${Math.abs(celsius)} K ${celsius < 0 ? "colder" : "warmer"}`,
      lifeOf(node, {}, { celsiusOffset: celsius }).years,
    );
  const { watts } = loadOf(model);
  const sum = Object.values(watts).reduce((total, value) => total + value, 0);
  for (const cause of causesOf(model))
    if (watts[cause]! > SHOWN_SHARE * sum) add(`half of "${cause}"`, lifeOf(node, { causes: { [cause]: 0.5 } }).years);
  const [low, high] = facts.power.batteryVolts;
  for (const other of Object.values(cells) as Cell[]) {
    const volts = other.nominalVolts.value;
    if (other.name === cell.name || volts < low || volts > high || other.chemistry === "supercapacitor") continue;
    const { years, death } = lifeOf({ ...node, cell: other });
    add(`${other.name}${death === "sag" ? " (dies by sag)" : ""}`, years);
  }
  return effects.sort((a, b) => Math.abs(b.gain) - Math.abs(a.gain));
}
