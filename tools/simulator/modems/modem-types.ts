/** How a simulated modem is wired and set, and what the rest of the simulator sees of it. */
import type { Figure } from "../../../boards/types.ts";
import type { PartContext, PinLine, PinTarget, SerialLine, SerialTarget } from "../hardware.ts";
import type { Network } from "../network/network.ts";
import type { SavedSettings } from "./core.ts";
import type { ModemFamily, Quirks } from "./family.ts";
import type { KeyWiring } from "./power-key.ts";
import type { RadioCounters } from "./radio-types.ts";

export interface ModemOptions {
  /** How the board wires PWRKEY; "npn" where a pin that is high presses the key. */
  readonly powerKeyWiring?: KeyWiring;
  /** Name that AT+CGMM tells; the family's first model otherwise. */
  readonly model?: string;
  /** Settings that somebody has saved in this module before; factory settings otherwise. */
  readonly saved?: Partial<SavedSettings>;
  readonly quirks?: Quirks;
  /** The GNSS antenna's supply hangs on the modem's GPIO 48 (LilyGO T-SIM7000G). */
  readonly switchedAntenna?: boolean;
}

export interface ModemWiring {
  readonly family: ModemFamily;
  readonly context: PartContext;
  readonly line: SerialLine;
  readonly network: Network;
  readonly status?: PinLine;
  readonly options?: ModemOptions;
}

export type PowerState = "off" | "booting" | "on" | "stopping" | "psm";

export interface SimulatedModem {
  readonly serial: SerialTarget;
  readonly powerKey: PinTarget;
  /** Data terminal ready: high lets the modem sleep with AT+CSCLK=1. */
  readonly dtr: PinTarget;
  readonly state: PowerState;
  /** What the radio has done since the simulation began. */
  readonly counters: Readonly<RadioCounters>;
  /** The supply goes on or off; it starts on. Without it all that is not saved is lost, and the network is not told. */
  power(on: boolean): void;
  /** The figures behind each cause under which the modem books energy. */
  readonly causes: ReadonlyMap<string, readonly Figure[]>;
}
