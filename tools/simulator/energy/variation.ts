/** One node of many: where its parts, its cell and its place differ from the middle. Plain data, as it travels between threads. */
import type { Figure } from "../../../boards/types.ts";
import type { Cell } from "./cell.ts";
import { times } from "./cells/figures.ts";
import type { Supply } from "./ledger.ts";

/** Factors are 1 where they are left out. */
export interface Variation {
  /** On what each cause draws. */
  readonly causes?: Readonly<Record<string, number>>;
  /** Added to the cell's temperature. */
  readonly celsiusOffset?: number;
  readonly capacity?: number;
  readonly ohms?: number;
  readonly selfDischarge?: number;
  /** On what a harvester brings. */
  readonly harvest?: number;
}

/** The cell that this node has got. */
export function variedCell(cell: Cell, { capacity = 1, ohms = 1, selfDischarge = 1 }: Variation): Cell {
  const { leakageMicroamps, passivation, buffer } = cell;
  const of = (figure: Figure, factor: number): Figure => times(figure, factor);
  return {
    ...cell,
    capacity: cell.capacity.map((point) => ({ ...point, ampHours: of(point.ampHours, capacity) })),
    ohms: of(cell.ohms, ohms),
    // it is a share of the capacity
    selfDischargePerYear: of(cell.selfDischargePerYear, selfDischarge / capacity),
    ...(leakageMicroamps && { leakageMicroamps: of(leakageMicroamps, selfDischarge) }),
    ...(passivation && { passivation: { ...passivation, ohms: of(passivation.ohms, ohms) } }),
    ...(buffer && { buffer: { ...buffer, ohms: of(buffer.ohms, ohms) } }),
  };
}

/** What its regulator takes for itself. */
export const variedSupply = (supply: Supply, { causes = {} }: Variation): Supply => ({
  ...supply,
  quiescentAmps: supply.quiescentAmps * (causes["regulator"] ?? 1),
});
