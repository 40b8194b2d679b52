/**
 * The battery lives of 3GPP TR 45.820 for NB-IoT: 5 Wh, no self-discharge. The table is quoted from memory; it is consistent
 * in itself (the rows of 2 hours and of a day give the same energy per report), and no stored text confirms it.
 */
import { Clock } from "../../simulator/clock.ts";
import { Ledger } from "../../simulator/energy/ledger.ts";
import { ideal } from "../../simulator/network/profiles.ts";
import type { Check } from "./published.ts";

const BATTERY_J = 18_000;
const SLEEP_W = 15e-6;
const YEAR_S = 365.25 * 86400;
/** 200 mW at 44 % efficiency and 90 mW for the rest. */
const TRANSMIT_W = 0.545;
const RECEIVE_W = 0.09;
const IDLE_W = 0.003;
/** CoAP, DTLS and UDP with compressed headers. */
const OVERHEAD_BYTES = 29;

interface Cell {
  readonly bytes: 50 | 200;
  readonly every: "2h" | "1d";
  /** Years at a coupling loss of 144, 154 and 164 dB. */
  readonly years: readonly [number, number, number];
}

const table: readonly Cell[] = [
  { bytes: 50, every: "2h", years: [22.4, 11.0, 2.5] },
  { bytes: 200, every: "2h", years: [18.2, 5.9, 1.5] },
  { bytes: 50, every: "1d", years: [36.0, 31.6, 17.5] },
  { bytes: 200, every: "1d", years: [34.9, 26.2, 12.8] },
];

/** Joules per report that follow from the table. */
const joules: Readonly<Record<50 | 200, readonly [number, number, number]>> = {
  50: [0.0749, 0.2645, 1.52],
  200: [0.1176, 0.586, 2.555],
};

/**
 * Receiver and light sleep around a report: synchronisation, random access, scheduling, acknowledgements. Fitted to the 50 B
 * energies, as the uplink rates are to the difference of 200 B and 50 B: what the phases prove is that they fit together.
 */
const receiveSeconds = [0.55, 1.02, 10.7] as const;
const idleSeconds = [1, 1, 3] as const;

interface Phase {
  readonly watts: number;
  readonly seconds: number;
  readonly cause: string;
}

export function tr45820Checks(): Check[] {
  return table.flatMap(({ bytes, every, years }) =>
    years.flatMap((published, level): Check[] => {
      const name = `TR 45.820: ${bytes} B every ${every} at ${144 + 10 * level} dB`;
      const whole: Phase[] = [{ watts: joules[bytes][level]!, seconds: 1, cause: "report" }];
      const rate = ideal.coverage.uplinkBitsPerSecond[level as 0 | 1 | 2].value;
      const phases: Phase[] = [
        { watts: RECEIVE_W, seconds: receiveSeconds[level]!, cause: "receive" },
        { watts: TRANSMIT_W, seconds: ((bytes + OVERHEAD_BYTES) * 8) / rate, cause: "transmit" },
        { watts: IDLE_W, seconds: idleSeconds[level]!, cause: "light sleep" },
      ];
      const unit = "years";
      return [
        { name, unit, published, ours: lifeWith(whole, every), tolerance: { absolute: 0.1 }, of: "energy" },
        { name, unit, published, ours: lifeWith(phases, every), tolerance: { relative: 0.1 }, of: "phases" },
      ];
    }),
  );
}

/** Years that the ledger's books give: at 1 V, a watt is an ampere. */
function lifeWith(phases: readonly Phase[], every: "2h" | "1d"): number {
  const clock = new Clock();
  const ledger = new Ledger(clock, { batteryVolts: 1, railVolts: 1, quiescentAmps: 0, selfDischargeAmps: 0 });
  const [sleep, active] = [ledger.meter(), ledger.meter()];
  const periodUs = (every === "2h" ? 2 : 24) * 3600e6;
  const reports = 100;
  for (let report = 0; report < reports; report++) {
    sleep.set(SLEEP_W, "deep sleep");
    for (const { watts, seconds, cause } of phases) {
      active.set(watts, cause);
      clock.runUntil(clock.nowUs + seconds * 1e6);
    }
    active.set(0, "off");
    clock.runUntil((report + 1) * periodUs);
  }
  return BATTERY_J / (ledger.batteryJoules() / clock.now) / YEAR_S;
}
