/** Cells by the name that scenarios use: every figure with its source and confidence. */
import { unknownName } from "../../suggest.ts";
import type { Cell } from "./cell.ts";
import { times } from "./cells/figures.ts";
import { er14505, er14505Hpc1520, er34615, er34615Hpc1550, er34615m } from "./cells/lithium-thionyl.ts";
import { cr123a, e91, l91 } from "./cells/primary.ts";
import { lifepo418650, liIon18650, liPo500, supercap10F, supercap50F } from "./cells/rechargeable.ts";

/** "-2s" and "-3s" are two and three cells in series. */
export const cells = {
  er34615,
  "er34615-hpc1550": er34615Hpc1550,
  er34615m,
  er14505,
  "er14505-hpc1520": er14505Hpc1520,
  cr123a,
  "cr123a-2s": inSeries(cr123a, 2),
  "l91-2s": inSeries(l91, 2),
  "l91-3s": inSeries(l91, 3),
  "e91-3s": inSeries(e91, 3),
  "li-ion-18650": liIon18650,
  "li-po-500": liPo500,
  "lifepo4-18650": lifepo418650,
  "supercap-10f-2s": supercap10F,
  "supercap-50f-2s": supercap50F,
} as const satisfies Record<string, Cell>;

export type CellName = keyof typeof cells;

function inSeries(cell: Cell, count: number): Cell {
  return {
    ...cell,
    name: `${count} × ${cell.name}`,
    nominalVolts: times(cell.nominalVolts, count),
    cutoffVolts: times(cell.cutoffVolts, count),
    openCircuit: cell.openCircuit.map(({ charge, volts }) => ({ charge, volts: times(volts, count) })),
    ohms: times(cell.ohms, count),
  };
}

/** The cell of that name, or the one that is given; a UserError with the nearest name when there is none. */
export function findCell(name: string | Cell, where?: string): Cell {
  if (typeof name !== "string") return name;
  if (!Object.hasOwn(cells, name)) throw unknownName("cell", name, Object.keys(cells), where);
  return cells[name as CellName];
}
