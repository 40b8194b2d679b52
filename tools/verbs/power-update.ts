/** What an update over the air would cost the node, in `hibernode power`. */
import { UserError } from "../errors.ts";
import { capacityAmpHours } from "../simulator/energy/cell.ts";
import { findCell } from "../simulator/energy/cells.ts";
import type { Scenario } from "../simulator/scenario.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import type { Cost } from "../update/cost.ts";

/** Moves all that follows, as a longer line does: what differs is as large as one line makes it. */
const LINE = '"a line that was not there before";';

/** At level 2 the reports of two lives differ by more joules than a small update takes. */
const LIVES = 2;

export interface UpdateCost extends Cost {
  /** Of what the cell holds when it is new. */
  readonly share: number;
}

/** Undefined for firmware without `updates()`, and, with a warning, where no update comes to its end. */
export async function powerOfUpdates(
  output: Output,
  scenario: Scenario,
  bundle: string,
): Promise<UpdateCost[] | undefined> {
  const { boardIdOf, takesUpdates } = await import("../update/image.ts");
  if (!takesUpdates(bundle)) return undefined;
  const began = performance.now();
  const { updateCosts } = await import("../update/cost.ts");
  let costs: readonly Cost[];
  try {
    costs = await updateCosts({
      ...{ scenario, from: bundle, to: LINE + bundle, deltas: [true, false], lives: LIVES },
      board: boardIdOf(bundle, "the firmware"),
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    output.warn(`what an update costs is not known: ${error.message}`);
    return undefined;
  }
  const cell = findCell(scenario.cell);
  const joules = capacityAmpHours(cell, 0) * 3600 * cell.nominalVolts.value;
  const updates = costs.map((cost) => ({ ...cost, share: cost.joules / joules }));
  output.step("update", `simulated with and without, ${LIVES} lives each`, performance.now() - began);
  output.line();
  output.line(costTable(updates));
  return updates;
}

const costTable = (updates: readonly UpdateCost[]): string =>
  table(
    ["an update", "coverage", "bytes", "more wakes", "hours", "joules", "of the cell"],
    updates.map(({ delta, level, bytes, wakes, hours, joules, share }) => [
      delta ? "one line" : "the whole bundle",
      `ECL ${level}`,
      String(bytes),
      wakes.toFixed(1),
      hours.toFixed(1),
      joules.toFixed(1),
      `${(share * 100).toPrecision(2)} %`,
    ]),
    [2, 3, 4, 5, 6],
  );
