/** Networks as data: what a cell does with a device, each figure with its source. */
import type { Figure } from "../../../boards/types.ts";
import { unknownName } from "../../suggest.ts";

/** What the network makes of a timer that the device asks for. */
export type Grant = "asked" | "refused" | { readonly seconds: number };

/** One figure per coverage enhancement level 0, 1, 2. */
export type ByCoverageLevel = readonly [Figure, Figure, Figure];

export interface CellProfile {
  readonly name: string;
  /** From switching the radio on to a suitable cell. */
  readonly searchSeconds: Figure;
  /** From the cell to "registered". */
  readonly attachSeconds: Figure;
  /** From idle to a connection that carries data. */
  readonly rrcSetupMs: Figure;
  /** One way through cell and core, without the air time of the packet. */
  readonly uplinkMs: Figure;
  readonly downlinkMs: Figure;
  /** Standard deviation of the logarithm of every duration: durations are log-normal around the figure as median. */
  readonly spread: Figure;
  /** Connection kept after the last packet. */
  readonly inactivitySeconds: Figure;
  /** Connected-mode DRX while nothing is sent: receiver on for `onMs` of every `cycleMs`. */
  readonly connectedDrx: { readonly cycleMs: Figure; readonly onMs: Figure };
  /** Receiver kept on after each packet before connected-mode DRX starts. */
  readonly monitorMs: Figure;
  readonly pagingCycleSeconds: Figure;
  /** Share of packets lost while there is coverage. */
  readonly lossRatio: Figure;
  readonly coverage: {
    /** Share of connections at each level. */
    readonly share: ByCoverageLevel;
    /** Durations and connection set-up are this much longer (repetitions). */
    readonly slowdown: ByCoverageLevel;
    readonly uplinkBitsPerSecond: ByCoverageLevel;
    readonly downlinkBitsPerSecond: ByCoverageLevel;
    readonly transmitDbm: ByCoverageLevel;
    readonly rsrpDbm: Figure;
    readonly snrDb: Figure;
  };
  /** Release assistance is honoured: the connection ends as soon as the device says it may. */
  readonly releaseAssistance: boolean;
  readonly activeTime: Grant;
  readonly periodicTau: Grant;
  readonly edrx: "asked" | "refused";
  /** T3412 of a device that asked for no other. */
  readonly defaultPeriodicTauSeconds: Figure;
  readonly registration: {
    /** Share of attempts to attach that are rejected, with which EMM cause, and the pause before the next. */
    readonly rejectedShare: Figure;
    readonly rejectCause: number;
    readonly rejectPauseSeconds: Figure;
    /** Share of searches that look for other networks first (home network, higher priority), and how long. */
    readonly hiddenSearchShare: Figure;
    readonly hiddenSearchSeconds: Figure;
  };
  /** The operator's address translation forgets a device after so long without a packet. */
  readonly natSeconds: Figure;
  /** The network tells its time at attach. */
  readonly tellsTime: boolean;
  /** Local time minus UTC in quarters of an hour. */
  readonly zoneQuarters: number;
  readonly cell: {
    readonly roaming: boolean;
    readonly plmn: string;
    readonly trackingArea: string;
    readonly cellId: string;
    readonly earfcn: number;
    readonly physicalCell: number;
    readonly band: number;
  };
}

/** Shares of a place's connections at each coverage level; they sum to 1. */
export type Coverage = readonly [number, number, number];

/** The profile as a device meets it that has these shares. */
export function withShares(profile: CellProfile, [first, second, third]: Coverage): CellProfile {
  const given = (value: number): Figure => figure(value, "computed", "given for this run");
  return { ...profile, coverage: { ...profile.coverage, share: [given(first), given(second), given(third)] } };
}

/** A figure with its origin, as the tables of networks, modems and radios write it. */
export const figure = (value: number, confidence: Figure["confidence"], source: string): Figure => ({
  value,
  confidence,
  source,
});
const inferred = (value: number, source: string) => figure(value, "inferred", source);

const arithmetic = "energy difference of 200 B and 50 B reports in TR 45.820's battery table at 545 mW";
const cell = { plmn: "46000", trackingArea: "5B57", cellId: "01A50B1A", earfcn: 3707, physicalCell: 44, band: 8 };

/** A lightly loaded cell that grants what is asked; every other profile says where it differs. */
export const ideal: CellProfile = {
  name: "3GPP ideal",
  searchSeconds: inferred(1, "one known carrier, no hidden searches"),
  attachSeconds: inferred(2, "below the fastest attach measured (6 s, Robinson 2019, Ericsson)"),
  rrcSetupMs: inferred(500, "random access and two RRC messages without repetitions"),
  uplinkMs: inferred(250, "half a round trip of 0.5 s"),
  downlinkMs: inferred(250, "half a round trip of 0.5 s"),
  spread: inferred(0, "no variation by definition of this profile"),
  inactivitySeconds: figure(10, "reported", "T_i of the Andres-Maldonado model's public code"),
  connectedDrx: {
    cycleMs: figure(2048, "reported", "long C-DRX of the Andres-Maldonado model's public code"),
    onMs: figure(5, "reported", "on-duration of the Andres-Maldonado model's public code"),
  },
  monitorMs: inferred(200, "drx-inactivity timer and ACK reception"),
  pagingCycleSeconds: figure(2.56, "datasheet", "SIM7020 Low Power Mode Application Note V1.03, 2.2"),
  lossRatio: inferred(0, "no loss by definition of this profile"),
  coverage: {
    share: [inferred(1, "good coverage"), inferred(0, "good coverage"), inferred(0, "good coverage")],
    slowdown: [
      inferred(1, "no repetitions"),
      inferred(3, "ECL1 costs 5.5 times ECL0 with 64 B (Robinson 2019, Ericsson)"),
      inferred(8, "ECL2, between one and 128 repetitions"),
    ],
    uplinkBitsPerSecond: [
      figure(15_300, "computed", `${arithmetic}, MCL 144 dB`),
      figure(2030, "computed", `${arithmetic}, MCL 154 dB`),
      figure(630, "computed", `${arithmetic}, MCL 164 dB`),
    ],
    downlinkBitsPerSecond: [
      figure(26_150, "datasheet", "SIM7020 SPEC 1904: downlink 26.15 kbit/s"),
      inferred(3500, "uplink ratio of the levels"),
      inferred(1100, "uplink ratio of the levels"),
    ],
    transmitDbm: [
      inferred(10, "power control leaves headroom in good coverage"),
      figure(23, "reported", "full power outside ECL0 (Robinson 2019)"),
      figure(23, "reported", "full power outside ECL0 (Robinson 2019)"),
    ],
    rsrpDbm: inferred(-93, "good coverage"),
    snrDb: inferred(12, "good coverage"),
  },
  releaseAssistance: true,
  activeTime: "asked",
  periodicTau: "asked",
  edrx: "asked",
  defaultPeriodicTauSeconds: figure(3240, "memory", "T3412 default of TS 24.301: 54 min"),
  registration: {
    rejectedShare: inferred(0, "no rejections by definition of this profile"),
    rejectCause: 15,
    rejectPauseSeconds: inferred(10, "another cell is tried soon"),
    hiddenSearchShare: inferred(0, "no hidden searches by definition of this profile"),
    hiddenSearchSeconds: inferred(0, "no hidden searches by definition of this profile"),
  },
  natSeconds: inferred(86_400, "no address translation by definition of this profile"),
  tellsTime: true,
  zoneQuarters: 0,
  cell: { roaming: false, ...cell },
};

const martinez = "Martinez et al. 2019, Vodafone Barcelona";
const robinson = "Robinson 2019 (MEng thesis, Stellenbosch)";
const fieldSpread = inferred(0.5, "spread of x3 to x5 within one cell (Martinez, Robinson): ln(x4)/2.56");

/** 20 s tail with 2.048 s C-DRX: mode M1 of the paper. */
export const vodafoneEs: CellProfile = {
  ...ideal,
  name: "Vodafone Spain",
  searchSeconds: inferred(3, `${martinez}: trace M1, 3 s boot and activity to 8.6 s`),
  attachSeconds: inferred(6, "attach of 6 s measured elsewhere (Robinson 2019, Ericsson)"),
  rrcSetupMs: inferred(1200, `${martinez}: activity of a datagram less its air time`),
  uplinkMs: inferred(600, "Ericsson's 2.1-2.9 s from idle (Robinson 2019), split by hand"),
  downlinkMs: inferred(500, "Ericsson's 2.1-2.9 s from idle (Robinson 2019), split by hand"),
  spread: fieldSpread,
  inactivitySeconds: figure(20, "paper", `${martinez}, mode M1`),
  connectedDrx: {
    cycleMs: figure(2048, "paper", `${martinez}, mode M1`),
    onMs: inferred(80, `${martinez}: width of the 75 mA peaks in the trace`),
  },
  lossRatio: inferred(0.01, "rare retransmissions"),
  coverage: {
    ...ideal.coverage,
    share: [
      inferred(0.9, `${martinez}: few reports outside ECL0`),
      inferred(0.08, `${martinez}: few reports outside ECL0`),
      inferred(0.02, `${martinez}: few reports outside ECL0`),
    ],
    transmitDbm: [
      figure(23, "paper", `${martinez}: TX peaks 200-250 mA`),
      ideal.coverage.transmitDbm[1],
      ideal.coverage.transmitDbm[2],
    ],
  },
  natSeconds: inferred(300, "minutes are usual for an operator's address translation; none published for these"),
  zoneQuarters: 4,
  cell: { ...cell, roaming: false, plmn: "21401", band: 20, earfcn: 6353 },
};

export const ericssonZa: CellProfile = {
  ...vodafoneEs,
  name: "Ericsson, South Africa",
  attachSeconds: figure(6, "reported", `${robinson}, mean attach`),
  rrcSetupMs: inferred(1200, `${robinson}: mean latency 2.1-2.9 s (16-512 B) from idle, split by hand`),
  uplinkMs: inferred(700, `${robinson}: mean latency 2.1-2.9 s (16-512 B) from idle, split by hand`),
  downlinkMs: inferred(500, `${robinson}: mean latency 2.1-2.9 s (16-512 B) from idle, split by hand`),
  inactivitySeconds: figure(20, "reported", `${robinson}, quoting the u-blox development guide: about 20 s`),
  connectedDrx: { cycleMs: inferred(2048, "as Vodafone Spain"), onMs: inferred(80, "as Vodafone Spain") },
  zoneQuarters: 8,
  cell: { ...cell, roaming: false, plmn: "65501" },
};

/** Connected-mode DRX hardly sleeps: 12 ms on, 4 ms off. */
export const zteZa: CellProfile = {
  ...ericssonZa,
  name: "ZTE, South Africa",
  rrcSetupMs: inferred(2000, `${robinson}: median of 3.5 to 4.5 s per datagram in the raw logs, split by hand`),
  uplinkMs: inferred(900, `${robinson}: median of 3.5 to 4.5 s per datagram in the raw logs, split by hand`),
  connectedDrx: {
    cycleMs: figure(16, "reported", `${robinson}: 12 ms on, 4 ms off`),
    onMs: figure(12, "reported", `${robinson}: 12 ms on, 4 ms off`),
  },
  coverage: {
    ...ericssonZa.coverage,
    share: [
      figure(0.74, "reported", `${robinson}, raw logs of SARA-N200, 64 B: 57 of 77`),
      figure(0.22, "reported", `${robinson}, raw logs of SARA-N200, 64 B: 17 of 77`),
      figure(0.04, "reported", `${robinson}, raw logs of SARA-N200, 64 B: 3 of 77`),
    ],
  },
};

const duckling = "Ugly Duckling firmware's design note (BC660K-GL, 1NCE on Telekom, measured 2026)";

/** A roaming SIM: slow and refused at first, no eDRX, connections to their end. */
export const roaming1nce: CellProfile = {
  ...vodafoneEs,
  name: "1NCE, roaming in Germany",
  searchSeconds: inferred(3, "as Vodafone Spain"),
  attachSeconds: figure(5, "reported", `${duckling}: later registrations`),
  inactivitySeconds: figure(20, "reported", `${duckling}: release about 20 s after the last traffic`),
  connectedDrx: {
    cycleMs: inferred(1000, `${duckling}: connected costs 10 mA more than idle`),
    onMs: inferred(480, `${duckling}: connected costs 10 mA more than idle, of 21 mA for the receiver`),
  },
  releaseAssistance: false,
  edrx: "refused",
  registration: {
    rejectedShare: inferred(0.5, `${duckling}: first registration after 3 min with rejections, EMM cause 15`),
    rejectCause: 15,
    rejectPauseSeconds: inferred(30, `${duckling}: first registration after 3 min`),
    hiddenSearchShare: inferred(0.5, `${duckling}: first registration after 3 min`),
    hiddenSearchSeconds: inferred(60, `${duckling}: first registration after 3 min`),
  },
  zoneQuarters: 8,
  cell: { ...cell, roaming: true, plmn: "26201" },
};

/**
 * The slowest network of that thesis. Its published means (24.8 J for 64 B) cannot be: 17 of the 20 records behind them hold
 * more energy than the highest current they show could deliver in their time, by a factor that grows with that time. Divided
 * once by it, they average 38 to 66 mA, and 64 B cost 1.7 J (Quectel) and 3.1 J (u-blox) instead of 13 and 32 J.
 */
export const nokiaZa: CellProfile = {
  ...ericssonZa,
  name: "Nokia, South Africa",
  searchSeconds: inferred(10, `${robinson}: slow in every phase`),
  attachSeconds: figure(50, "reported", `${robinson}, mean attach`),
  rrcSetupMs: inferred(8000, `${robinson}: mean latency 12-42 s, split by hand at ECL1`),
  uplinkMs: inferred(2000, `${robinson}: mean latency 12-42 s, split by hand at ECL1`),
  downlinkMs: inferred(2000, `${robinson}: mean latency 12-42 s, split by hand at ECL1`),
  connectedDrx: {
    cycleMs: figure(258, "reported", `${robinson}: 56-80 ms on, 180-200 ms off`),
    onMs: figure(68, "reported", `${robinson}: 56-80 ms on, 180-200 ms off`),
  },
  lossRatio: inferred(0.05, `${robinson}: many failed exchanges`),
  coverage: {
    ...vodafoneEs.coverage,
    share: [
      figure(0.1, "reported", `${robinson}: about 90 % at ECL1`),
      figure(0.9, "reported", `${robinson}: about 90 % at ECL1`),
      inferred(0, `${robinson}: about 90 % at ECL1`),
    ],
    slowdown: [inferred(1, "in the durations above"), inferred(1, "in the durations above"), inferred(3, "guess")],
    rsrpDbm: inferred(-112, "ECL1"),
    snrDb: inferred(2, "ECL1"),
  },
};

export const profiles = {
  ideal,
  "vodafone-es": vodafoneEs,
  "ericsson-za": ericssonZa,
  "zte-za": zteZa,
  "nokia-za": nokiaZa,
  "1nce-roaming": roaming1nce,
} as const satisfies Record<string, CellProfile>;

export type CellProfileName = keyof typeof profiles;

/** The profile of that name. @throws UserError when there is none; `where` says who asked. */
export function findProfile(name: string, where?: string): CellProfile {
  if (!Object.hasOwn(profiles, name)) throw unknownName("network", name, Object.keys(profiles), where);
  return profiles[name as CellProfileName];
}
