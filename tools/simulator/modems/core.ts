/** What a modem's commands work on: settings, clock, and the parts of the modem that they move. */
import type { PartContext } from "../hardware.ts";
import type { Network } from "../network/network.ts";
import type { AtAnswer, AtPort } from "./at-port.ts";
import type { ModemFamily, Quirks } from "./family.ts";
import type { ModemTime } from "./modem-time.ts";
import type { PsmTimers, Radio } from "./radio-types.ts";

/** Kept without power (AUTO_SAVE in the AT manual). */
export interface SavedSettings {
  /** AT+IPR: 0 = autobauding, the factory setting. */
  baud: number;
  psmMode: 0 | 1;
  psmTimers: PsmTimers;
  retention: 0 | 1;
  slowClock: 0 | 1 | 2;
  edrxMode: 0 | 1 | 2;
  edrxCode: string;
  pagingWindowCode: string;
  apn: string;
  /** Settings of one family, by command name or key. */
  flags: Readonly<Record<string, string>>;
  reportTime: 0 | 1;
  /** AT+CURTC: 0 prints UTC, 1 the local time. */
  clockShowsLocal: 0 | 1;
  /** Saved by AT&W only. */
  echo: boolean;
  errors: 0 | 1 | 2;
  reportPsm: 0 | 1;
}

/** Lost when the modem starts anew, kept in PSM. */
export interface VolatileSettings {
  registrationReport: number;
  packetRegistrationReport: number;
  reportPsm: 0 | 1;
  /** AT+CSCON: tells when the radio connection begins and ends. */
  reportConnection: 0 | 1;
  functionality: 0 | 1 | 4 | 7;
  releaseAssistance: 0 | 1 | 2;
  /** Settings of one family, by command name or key. */
  flags: Readonly<Record<string, string>>;
}

export interface ModemCore {
  readonly clock: PartContext["clock"];
  readonly network: Network;
  readonly radio: Radio;
  readonly port: AtPort;
  readonly saved: SavedSettings;
  readonly settings: VolatileSettings;
  readonly family: ModemFamily;
  /** The receiver has the radio: no connection can be opened. */
  readonly gnssHasRadio: boolean;
  /** Module name of ATI and AT+CGMM. */
  readonly model: string;
  readonly quirks: Quirks;
  /** The modem's own idea of the time. */
  time(): ModemTime;
  setTime(time: ModemTime): void;
  /** AT&W. */
  saveProfile(): void;
  setFunctionality(value: VolatileSettings["functionality"]): void;
  powerDown(): void;
  simMissing(): boolean;
  restart(): void;
  /** PSM or sleep may have become possible or impossible. */
  planSleep(): void;
}

export type Done = (answer: AtAnswer) => void;

/** The forms of one command. A `test` text is its one line; "" answers OK only. Undefined as result: `done` comes later. */
export interface CommandForms {
  readonly test?: string;
  readonly read?: () => AtAnswer;
  readonly run?: (done: Done) => AtAnswer | undefined;
  readonly set?: (values: readonly (string | undefined)[], done: Done) => AtAnswer | undefined;
}

export type CommandTable = Readonly<Record<string, CommandForms>>;

/** A whole number within limits, or undefined. */
export function integer(text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined || !/^-?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}
