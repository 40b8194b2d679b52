/** Whether a cell gives what the modem takes when it transmits at its highest power, known before anything runs. */
import { UserError } from "../errors.ts";
import { cellOhms, openVolts, ROOM_CELSIUS } from "./energy/cell.ts";
import { findCell } from "./energy/cells.ts";
import { feedOf, feedVolts, limitAmps } from "./energy/supply-limits.ts";
import { families } from "./modems/families.ts";
import { isModemPart, type Scenario } from "./scenario.ts";

/** Where a cell counts as used up by what follows: the last tenth. */
const NEARLY_EMPTY = 0.1;
const COLD_CELSIUS = -20;

/**
 * Warnings, a sentence each: the peak is above what the cell's maker allows, or too much for it when nearly empty or cold. A
 * UserError where even the full cell at 20 °C lets the chip's supply fall below its brown-out level. A bobbin cell's film
 * comes on top; the run shows that.
 */
export function checkPeak(scenario: Scenario): string[] {
  const cell = findCell(scenario.cell, "scenario, cell");
  const facts = scenario.board.facts();
  const modems = Object.values(scenario.parts).filter(isModemPart);
  const highest = modems.map(({ part }) =>
    Math.max(...families[part].figures.transmit.map((row) => row.milliamps.value)),
  );
  if (!modems.length) return [];
  const transmit = Math.max(...highest);
  const modem = modems[highest.indexOf(transmit)]!.part.toUpperCase();
  const amps = (transmit + facts.power.activeMilliamps.value) / 1e3;
  const feed = feedOf(facts.power, facts.chip, cell.nominalVolts.value);
  const { buffer } = cell;
  // a capacitor across the cell gives the burst
  const ohmsAt = (charge: number, celsius: number): number => buffer?.ohms.value ?? cellOhms(cell, charge, celsius);
  const allows = (charge: number, celsius: number): number =>
    limitAmps(feed, openVolts(cell, charge), ohmsAt(charge, celsius));
  const milli = (value: number): string => `${Math.round(value * 1e3)} mA`;
  const peak = `${modem} at full power and the chip take ${milli(amps)} (${transmit} + ${facts.power.activeMilliamps.value})`;
  const full = allows(1, ROOM_CELSIUS);
  if (amps > full) {
    const volts = feedVolts(feed, openVolts(cell, 1), ohmsAt(1, ROOM_CELSIUS), amps);
    throw new UserError(
      `${peak}, and ${cell.name} gives ${milli(full)} even when full, at ${ROOM_CELSIUS} °C: ${openVolts(cell, 1).toFixed(2)} V over ${ohmsAt(1, ROOM_CELSIUS).toFixed(2)} ohm falls to ${volts.toFixed(2)} V, and the chip restarts below ${feed.lowestVolts} V`,
      { where: "scenario, cell", fix: "a cell with less resistance, or a capacitor across it (er34615-hpc1550)" },
    );
  }
  const pulse = cell.pulseMilliamps?.value;
  const warnings: string[] = [];
  if (pulse !== undefined && amps * 1e3 > pulse)
    warnings.push(`scenario, cell: ${peak}; ${cell.name} is made for pulses of up to ${pulse} mA`);
  const weak = [
    { when: "when nearly empty (10 %)", gives: allows(NEARLY_EMPTY, ROOM_CELSIUS) },
    { when: `at ${COLD_CELSIUS} °C, half full`, gives: allows(0.5, COLD_CELSIUS) },
  ].find(({ gives }) => gives < amps);
  if (weak)
    warnings.push(
      `scenario, cell: ${peak}; ${cell.name} gives ${milli(weak.gives)} ${weak.when}: reports then restart the chip`,
    );
  return warnings;
}
