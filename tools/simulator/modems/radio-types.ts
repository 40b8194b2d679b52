/** What the radio half of a modem offers, and what it needs. */
import type { Figure } from "../../../boards/types.ts";
import type { Clock } from "../clock.ts";
import type { CoverageLevel, Network } from "../network/network.ts";
import type { Bearer } from "../network/tcp.ts";

/** `pausing`: no cell found, waiting for the next scan. `detached`: on, but not to attach. */
export type RadioState = "off" | "detached" | "searching" | "pausing" | "attaching" | "idle" | "connected";

/** What a modem can tell of its own work, as NUESTATS does. */
export interface RadioCounters {
  transmitMs: number;
  receiveMs: number;
  transmitBytes: number;
  receiveBytes: number;
}

export interface RadioFigures {
  readonly receiveMilliamps: Figure;
  readonly scanSeconds: Figure;
  readonly scanPauseSeconds: readonly Figure[];
  readonly outOfServiceSeconds: Figure;
  readonly releaseMs: Figure;
  readonly attachBytes: Figure;
  readonly tauBytes: Figure;
  readonly setupBytes: Figure;
  readonly packetOverheadBytes: Figure;
}

/** Timer codes: what the device asks for (undefined = does not ask for PSM) and what it was given. */
export interface PsmTimers {
  readonly activeTime: string;
  readonly periodicTau: string;
}

export interface RadioOptions {
  readonly clock: Clock;
  readonly network: Network;
  readonly figures: RadioFigures;
  readonly transmitAmps: (dbm: number) => number;
  /** A burst of `amps` for `seconds` on top of the state's current. */
  readonly burst: (amps: number, seconds: number, cause: string) => void;
  /** The timers to ask for at attach and tracking area update. */
  readonly wanted: () => PsmTimers | undefined;
  readonly changed: (state: RadioState) => void;
  /** eDRX cycle in seconds that was granted, while the device sleeps with it. */
  readonly edrxSeconds?: () => number | undefined;
  /** Attach or tracking area update accepted: granted timers and, perhaps, the time are new. */
  readonly accepted: (isAttach: boolean) => void;
}

export interface Radio extends Bearer {
  readonly state: RadioState;
  readonly registered: boolean;
  /** The network has refused the device. */
  readonly denied: boolean;
  readonly counters: Readonly<RadioCounters>;
  readonly granted: PsmTimers;
  readonly level: CoverageLevel;
  on(attach: boolean): void;
  /** Tells the network when `detach`, which costs a short connection. */
  off(detach: boolean): void;
  /** Tracking area update: asks for the timers again. */
  update(): void;
  /** The next uplink packet carries this release assistance (0 none, 1 no answer expected, 2 one answer). */
  assist(indication: 0 | 1 | 2): void;
  /** When PSM may start, in microseconds; Infinity while it may not. */
  readonly psmFromUs: number;
  /** When the periodic tracking area update is due. */
  readonly updateDueUs: number;
  /** Deep sleep: nothing is watched; the registration stays. */
  sleep(): void;
  wake(): void;
}
