/** Below which voltages a board stops, and which current its cell then still gives: brown-out levels and dropouts. */
import type { BoardFacts, Chip, Figure } from "../../../boards/types.ts";
import { efficiencyOf, RATED_AMPS } from "./board-supply.ts";

const kconfig = (chip: string) => `ESP-IDF, esp_system/port/soc/${chip}/Kconfig.system: the default, ± 0.05 V`;

/** The chip restarts below this at its supply pins. */
export const brownOutVolts: Readonly<Record<Chip, Figure>> = {
  esp32: { value: 2.43, confidence: "datasheet", source: kconfig("esp32") },
  esp32c3: { value: 2.51, confidence: "datasheet", source: kconfig("esp32c3") },
  esp32s3: { value: 2.44, confidence: "datasheet", source: kconfig("esp32s3") },
};

/** Modules are specified from here on: between this and the brown-out they mostly work. */
export const specifiedVolts: Figure = {
  value: 3.0,
  confidence: "datasheet",
  source: "ESP32-WROOM-32E, C3-WROOM-02 and S3-WROOM-1 data sheets: 3.0 to 3.6 V",
};

/** Below this the rest of the rail (modem, sensors) is gone too. */
export const partsVolts: Figure = {
  value: 2.1,
  confidence: "datasheet",
  source: "SIM7020 Hardware Design V1.02: VBAT 2.1 to 3.6 V",
};

/** Where nothing is known of the regulator. */
const usualDropoutOhms: Figure = {
  value: 0.52,
  confidence: "datasheet",
  source: "Richtek DS9080-00: 0.31 V at 600 mA, taken for every low-dropout regulator",
};
const boostFromVolts: Figure = {
  value: 2.4,
  confidence: "datasheet",
  source: "LilyGO T-SIM7000G schematic: the cell's protection (DW01) opens at 2.4 V",
};

type Power = BoardFacts["power"];

/** How the rail hangs on the battery. */
export interface Feed {
  /** Battery current × this voltage = power at the rail: constant power. Undefined: the current passes as it is. */
  readonly powerVolts: number | undefined;
  readonly dropoutOhms: number;
  /** The lowest battery voltage, before the dropout, at which the chip still runs. */
  readonly lowestVolts: number;
}

export function feedOf({ regulator, railVolts }: Power, chip: Chip, nominalVolts: number): Feed {
  const { kind, boostVolts } = regulator;
  // bursts are what this is for
  const share = efficiencyOf(regulator)?.(RATED_AMPS) ?? 1;
  const lowestVolts = brownOutVolts[chip].value;
  if (kind === "ldo") return { powerVolts: undefined, dropoutOhms: usualDropoutOhms.value, lowestVolts };
  if (kind === "none") return { powerVolts: nominalVolts, dropoutOhms: 0, lowestVolts };
  if (kind === "buck") return { powerVolts: railVolts.value / share, dropoutOhms: 0, lowestVolts };
  const volts = boostVolts?.value ?? railVolts.value;
  return { powerVolts: volts / share, dropoutOhms: 0, lowestVolts: boostFromVolts.value };
}

/** Voltage at the battery's terminals behind `ohms` while `railAmps` flow; 0 when it cannot give that power at all. */
export function terminalVolts(feed: Feed, volts: number, ohms: number, railAmps: number): number {
  if (feed.powerVolts === undefined) return Math.max(0, volts - railAmps * ohms);
  const room = volts * volts - 4 * railAmps * feed.powerVolts * ohms;
  return room < 0 ? 0 : (volts + Math.sqrt(room)) / 2;
}

/** What reaches the chip. A boost converter holds its rail, so the battery's own voltage is compared. */
export function feedVolts(feed: Feed, volts: number, ohms: number, railAmps: number): number {
  return Math.max(0, terminalVolts(feed, volts, ohms, railAmps) - railAmps * feed.dropoutOhms);
}

/** The highest current at the rail at which the chip still runs. */
export function limitAmps({ powerVolts, dropoutOhms, lowestVolts }: Feed, volts: number, ohms: number): number {
  const head = volts - lowestVolts;
  if (head <= 0) return 0;
  if (powerVolts === undefined) return head / (ohms + dropoutOhms);
  // half the voltage is where a source gives the most power
  const at = Math.max(lowestVolts, volts / 2);
  return (at * (volts - at)) / ohms / powerVolts;
}
