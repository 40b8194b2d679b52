/** What tells one family of modems from another: its figures, its words, its habits. The rest they share. */
import type { ModemFigures } from "./figures.ts";
import type { CommandTable, ModemCore, SavedSettings } from "./core.ts";
import type { GnssFigures } from "./simcom-gnss.ts";

/** How a family writes what all of them say. */
export interface Dialect {
  /** Between a name and its values: u-blox and SIMCom put a space behind the colon, Quectel's BC95 does not. */
  readonly colon: ": " | ":";
  readonly maker: string;
  readonly revision: string;
  /** Highest <n> of AT+CEREG. */
  readonly registrationForms: number;
  /** Access technology in +CEREG. */
  readonly technology: 7 | 9;
  /** What stands between access technology and active time. */
  readonly causes: string;
  readonly clockQuoted: boolean;
  /** AT+CSQ: SIM7020 counts on a scale of its own, the others as 3GPP TS 27.007. */
  readonly signal: "sim7020" | "27.007";
  /** AT+CGDCONT, or SIM7020's own command. */
  readonly apnCommand: "+CGDCONT" | "*MCGDEFCONT";
  /** Default context of AT+CGDCONT. */
  readonly context: 0 | 1;
  /** Unsolicited lines around PSM, sent when `reportPsm` is on. */
  readonly enterPsm: string;
  readonly exitPsm: readonly string[];
  readonly farewell: string;
  /** The farewell stands in the place of OK, or behind it. */
  readonly farewellIsFinal: boolean;
  /** The command that switches off, and its values: quietly, or with the network told. */
  readonly offCommand: string;
  /** The network is asked for PSM only when it is switched from off to on. */
  readonly asksPsmOnChangeOnly: boolean;
  /** Lines at start, in order, with the time of each after the UART is ready; said where the rate is fixed. */
  readonly greetings: readonly (readonly [ms: number, line: string])[];
}

/** Firmware that differs from what the manual says. */
export interface Quirks {
  /** SIM7020: AT+CSOCON takes host names, not only addresses. */
  readonly resolvesNames?: boolean;
  /** Commands that this firmware does not know. */
  readonly lacks?: readonly string[];
  /** Unsolicited lines at random moments, once in so many seconds: time zone, SMS, network name. */
  readonly chattersEverySeconds?: number;
}

export interface FamilySockets {
  readonly commands: CommandTable;
  /** Something keeps the modem out of PSM. */
  readonly blockPsm: boolean;
  /** All sockets are gone, or all but UDP ones. */
  forget(keepUdp: boolean): void;
}

export interface ModemFamily {
  readonly name: string;
  readonly title: string;
  readonly models: readonly [string, ...string[]];
  readonly figures: ModemFigures;
  readonly dialect: Dialect;
  readonly factory: Partial<SavedSettings>;
  /** Starts with its supply; there is no key. */
  readonly alwaysOn?: boolean;
  /** In PSM a character on the UART wakes it, and is lost. */
  readonly wakesOnUart?: boolean;
  /** Modems with a GNSS receiver of their own. */
  readonly gnss?: GnssFigures;
  readonly commands?: (core: ModemCore) => CommandTable;
  readonly sockets: (core: ModemCore) => FamilySockets;
}
