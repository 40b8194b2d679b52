/** What others have published against what the simulator says, as a table: value, ours, error, and whether it is within reach. */
import { edrxAmps } from "../../simulator/modems/sim7020-figures.ts";
import { ericssonZa, nokiaZa, vodafoneEs, withShares, type CellProfile } from "../../simulator/network/profiles.ts";
import { quantile } from "../monte-carlo.ts";
import { radioEnergy } from "./radio-bench.ts";
import { tr45820Checks } from "./tr45820.ts";

/** How far ours may be off: an amount, a share, or a box that it must be in. */
type Tolerance =
  | { readonly absolute: number }
  | { readonly relative: number }
  | { readonly box: readonly [low: number, high: number] }
  /** Shown, not judged: the published figure is known to be of another kind. */
  | { readonly shownOnly: string };

export interface Check {
  readonly name: string;
  readonly unit: string;
  readonly published: number;
  readonly ours: number;
  readonly tolerance: Tolerance;
  /** From which part of the model. */
  readonly of: string;
}

export function holds({ published, ours, tolerance }: Check): boolean {
  if ("absolute" in tolerance) return Math.abs(ours - published) <= tolerance.absolute;
  if ("relative" in tolerance) return Math.abs(ours / published - 1) <= tolerance.relative;
  if ("box" in tolerance) return ours >= tolerance.box[0] && ours <= tolerance.box[1];
  return true;
}

export const publishedChecks = (): Check[] => [
  ...tr45820Checks(),
  ...edrxChecks(),
  ...martinezChecks(),
  ...robinsonChecks(),
];

/** SIM7020 Hardware Design V1.02, table 30: paging window, cycle, DRX cycle in seconds, average in µA. */
const edrxRows = [
  [10.24, 20.48, 1.28, 230, 0.15],
  [10.24, 20.48, 2.56, 130, 0.05],
  [20.48, 81.92, 2.56, 95, 0.05],
  [20.48, 163.84, 2.56, 77.5, 0.05],
  [40.96, 655.36, 2.56, 69, 0.05],
] as const;

function edrxChecks(): Check[] {
  return edrxRows.map(([window, cycle, drx, published, relative]) => ({
    name: `SIM7020 eDRX ${window}/${cycle}/${drx} s`,
    unit: "µA",
    published,
    ours: edrxAmps(cycle, window, drx) * 1e6,
    tolerance: { relative },
    of: "table 30",
  }));
}

/**
 * Martinez et al. 2019, read off the figures (± 10 %): joules per datagram of both platforms, from the lower box of one to the
 * upper of the other; the published value is the middle of platform A's.
 */
function martinezChecks(): Check[] {
  const modes = [
    ["M1, 20 s tail", { assistance: 0 }, 0.6, [0.3, 1.75]],
    ["M2, T3324 8 s", { assistance: 1, activeSeconds: 8 }, 0.6, [0.25, 2.0]],
    ["M3, released at once", { assistance: 1 }, 0.44, [0.13, 1.1]],
  ] as const;
  return modes.map(([mode, options, published, box]) => ({
    name: `Martinez 2019 ${mode}`,
    unit: "J",
    published,
    ours: quantile(radioEnergy(vodafoneEs, options).datagrams, 0.5),
    tolerance: { box },
    of: "radio",
  }));
}

const at = (profile: CellProfile, level: 0 | 1): CellProfile =>
  withShares(profile, [Number(level === 0), Number(level === 1), 0]);

/** Robinson 2019: means with heavy outliers and few samples; 64 B datagrams, attach and tracking area update. */
function robinsonChecks(): Check[] {
  const good = radioEnergy(at(ericssonZa, 0), { assistance: 1 });
  const fair = radioEnergy(at(ericssonZa, 1), { assistance: 1 });
  const worst = radioEnergy(nokiaZa, { assistance: 0 });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const row = (name: string, published: number, ours: number, tolerance: Tolerance): Check => ({
    name: `Robinson 2019 ${name}`,
    unit: "J",
    published,
    ours,
    tolerance,
    of: "radio",
  });
  const nokia = "the measured mean holds failed attempts; only the order of networks is modelled";
  return [
    row("Ericsson, 64 B at level 0", 0.23, mean(good.datagrams), { box: [0.12, 0.46] }),
    row("Ericsson, 64 B at level 1", 1.27, mean(fair.datagrams), { box: [0.64, 2.5] }),
    row("Ericsson, attach", 6.3, good.attach, { shownOnly: "measured with the module's boot and band search" }),
    row("Nokia, 64 B", 24.8, mean(worst.datagrams), { shownOnly: nokia }),
    row("Nokia, attach", 87, worst.attach, { shownOnly: nokia }),
  ];
}
