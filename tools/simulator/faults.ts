/**
 * Faults that a run is put through: `KIND[:TARGET]@WINDOW[,PROBABILITY]`, for instance `nak:cargo@2d..3d,0.5`,
 * `no-coverage@10d+6h` or `power-cut@3d4h`. A lone time means: from then on (a power cut: for one second).
 */
import { parseWindow } from "../duration.ts";
import { UserError } from "../errors.ts";
import { unknownName } from "../suggest.ts";
import { hashText, uniformAt } from "./world/random.ts";

interface FaultKindFacts {
  readonly meaning: string;
  /** Faults of a sensor may name it as target; without a target they hit every sensor. */
  readonly target: "sensor" | "none";
  /** How long it lasts when only its start is given, in seconds. */
  readonly lastsSeconds: number;
}

export const faultKinds = {
  nak: { meaning: "the sensor does not acknowledge", target: "sensor", lastsSeconds: Infinity },
  crc: { meaning: "one bit of the sensor's answer is flipped", target: "sensor", lastsSeconds: Infinity },
  stuck: { meaning: "the sensor holds its data line low", target: "sensor", lastsSeconds: Infinity },
  "no-fix": { meaning: "the GNSS receiver finds no position", target: "sensor", lastsSeconds: Infinity },
  "no-coverage": { meaning: "no cell is heard", target: "none", lastsSeconds: Infinity },
  "modem-silent": { meaning: "the modem does not answer on its UART", target: "none", lastsSeconds: Infinity },
  "modem-no-sim": { meaning: "the modem finds no SIM", target: "none", lastsSeconds: Infinity },
  "modem-garbage": { meaning: "what the modem says arrives as noise", target: "none", lastsSeconds: Infinity },
  "attach-rejected": { meaning: "the network refuses the device", target: "none", lastsSeconds: Infinity },
  "psm-refused": { meaning: "the network grants no PSM", target: "none", lastsSeconds: Infinity },
  "edrx-refused": { meaning: "the network grants no eDRX", target: "none", lastsSeconds: Infinity },
  "rai-ignored": { meaning: "the network keeps connections to their end", target: "none", lastsSeconds: Infinity },
  "wrong-time": { meaning: "the network tells a time 1,024 weeks ago", target: "none", lastsSeconds: Infinity },
  "broker-down": { meaning: "nothing listens at the broker's address", target: "none", lastsSeconds: Infinity },
  "broker-silent": { meaning: "the broker takes bytes and answers none", target: "none", lastsSeconds: Infinity },
  "broker-untrusted": {
    meaning: "another CA has signed the broker's certificate",
    target: "none",
    lastsSeconds: Infinity,
  },
  "broker-expired": { meaning: "the broker's certificate has expired", target: "none", lastsSeconds: Infinity },
  "brown-out": {
    meaning: "the supply sags below the chip's limit whenever the modem transmits",
    target: "none",
    lastsSeconds: Infinity,
  },
  "power-cut": { meaning: "the supply is gone, and then back", target: "none", lastsSeconds: 1 },
} as const satisfies Record<string, FaultKindFacts>;

export type FaultKind = keyof typeof faultKinds;

export interface Fault {
  readonly kind: FaultKind;
  /** Undefined: every sensor, or nothing to choose from. */
  readonly target: string | undefined;
  readonly fromUs: number;
  /** Not on any more at this time; may be Infinity. */
  readonly untilUs: number;
  /** Chance that it strikes at a moment of its window; the same moment always gets the same answer. */
  readonly probability: number;
  /** As it was written. */
  readonly text: string;
}

const form = "write KIND[:SENSOR]@WHEN[,PROBABILITY], for example nak:cargo@2d..3d,0.5 or power-cut@3d4h+10m";

/** Reads one fault; `sensors` are the names that it may have as target. Anything wrong is a UserError at `where`. */
export function parseFault(text: string, sensors: readonly string[], where = "--fault"): Fault {
  const [, head, times, chance] = /^([^@]*)@([^,]*)(?:,(.*))?$/.exec(text.trim()) ?? [];
  if (!head || !times) throw new UserError(`"${text}" does not say what happens when`, { where, fix: form });
  const [name = "", target] = head.split(/:(.*)/s);
  if (!Object.hasOwn(faultKinds, name)) throw unknownName("fault", name, Object.keys(faultKinds), where);
  const kind = name as FaultKind;
  const facts: FaultKindFacts = faultKinds[kind];
  if (target !== undefined && facts.target === "none") {
    throw new UserError(`${kind} has no target, got "${target}"`, { where, fix: `write ${kind}@${times}` });
  }
  if (target !== undefined && !sensors.includes(target)) throw unknownName("sensor", target, sensors, where);
  const { from, until = from + facts.lastsSeconds } = parseWindow(times, where);
  const probability = chance === undefined ? 1 : Number(chance);
  if (!(probability > 0 && probability <= 1) || chance?.trim() === "") {
    throw new UserError(`"${chance}" is not a probability`, { where, fix: "write a number above 0, up to 1" });
  }
  if (kind === "power-cut" && probability < 1) {
    throw new UserError("a power cut happens or not: it has no probability", { where, fix: `write ${kind}@${times}` });
  }
  return { kind, target, fromUs: Math.round(from * 1e6), untilUs: Math.round(until * 1e6), probability, text };
}

/** A fault begins or ends. */
export interface FaultEdge {
  readonly atUs: number;
  readonly on: boolean;
  readonly fault: Fault;
}

export class FaultPlan {
  readonly faults: readonly Fault[];
  readonly #byKind = new Map<string, { readonly fault: Fault; readonly key: number }[]>();

  constructor(faults: readonly Fault[], seed: number | string) {
    this.faults = faults;
    for (const [index, fault] of faults.entries()) {
      const entry = { fault, key: hashText(`${seed}/fault ${index} ${fault.text}`) };
      this.#byKind.set(fault.kind, [...(this.#byKind.get(fault.kind) ?? []), entry]);
    }
  }

  /** Whether that kind strikes `target` (undefined for kinds without one) at this moment. */
  active(kind: string, target: string | undefined, nowUs: number): boolean {
    const entries = this.#byKind.get(kind);
    if (!entries) return false;
    return entries.some(
      ({ fault, key }) =>
        nowUs >= fault.fromUs &&
        nowUs < fault.untilUs &&
        (fault.target === undefined || fault.target === target) &&
        (fault.probability === 1 || uniformAt(key, nowUs) < fault.probability),
    );
  }

  /** Begin and end of every fault (of one kind), in time order; ends that never come are left out. */
  edges(kind?: FaultKind): FaultEdge[] {
    const faults = kind ? this.faults.filter((fault) => fault.kind === kind) : this.faults;
    return faults
      .flatMap((fault) => [
        { atUs: fault.fromUs, on: true, fault },
        { atUs: fault.untilUs, on: false, fault },
      ])
      .filter(({ atUs }) => atUs < Infinity)
      .sort((a, b) => a.atUs - b.atUs || Number(a.on) - Number(b.on));
  }
}
