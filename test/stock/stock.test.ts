import Table from "cli-table3";
import { afterAll, describe, expect, test } from "vitest";
import { format } from "prettier";
import { packageFolder } from "../../tools/package-folder.ts";
import { folder, tryStock } from "./bench.ts";
import { trials, type StockTrial } from "./trials.ts";

/** As near as six digits tell: what a defect makes of a value is exact, but for the printing. */
function near(read: unknown, wanted: unknown, step = 0): boolean {
  if (typeof read !== "number" || typeof wanted !== "number") return JSON.stringify(read) === JSON.stringify(wanted);
  return Math.abs(read - wanted) <= step + 1e-9 * Math.abs(wanted);
}

function matches(read: unknown, wanted: StockTrial["truth"], step: StockTrial["step"]): boolean {
  return Object.entries(wanted).every(([name, value]) =>
    near((read as Record<string, unknown>)?.[name], value, step[name]),
  );
}

const round = (_: string, value: unknown): unknown =>
  typeof value === "number" ? Number(value.toPrecision(7)) : value;
const shown = (value: unknown): string =>
  value === undefined
    ? "(error)"
    : Object.entries(value as object)
        .map(([name, of]) => `${name} ${JSON.stringify(of, round)}`)
        .join("\n");

const HEAD = `# Espruino's own modules on the simulated parts

Each module as EspruinoDocs has it, run in the simulator on the part it is for. It reads what the world says within the part's steps, or
shows the defect that it has on the real part: no model is bent for it.

part | stock module | the world says | it reads | reason
--- | --- | --- | --- | ---
`;

if (!folder)
  console.log("test/stock: skipped, ESPRUINO_MODULES does not name the folder with Espruino's stock modules");

describe.skipIf(!folder)("unmodified stock modules read the simulated parts", () => {
  const table = new Table({
    head: ["part", "stock module", "world", "read", "reason"],
    style: { head: [], border: [] },
  });
  const rows: string[] = [];
  afterAll(() => console.log(table.toString()));

  test.each(trials.map((trial) => [trial.module, String(trial.wiring.part), trial] as const))(
    "%s reads %s",
    (module, part, trial) => {
      const { truth, step, defect, note } = trial;
      const { read, printed } = tryStock(trial);
      const reason = [defect ? `defect: ${defect.reason}` : "right", note].filter(Boolean).join("; ");
      rows.push(
        [part, module, shown(truth), shown(read), reason].map((cell) => cell.replaceAll("\n", ", ")).join(" | "),
      );
      table.push([String(part), module, shown(truth), shown(read), reason]);
      const seen = `${JSON.stringify(read)} ${printed}`;
      if (!defect) {
        expect(matches(read, truth, step), seen).toBe(true);
        return;
      }
      if (defect.reads === undefined) {
        expect(read, seen).toBeUndefined();
        expect(printed).toMatch(defect.error!);
        return;
      }
      expect(matches(read, defect.reads, step), seen).toBe(true);
      expect(matches(read, truth, step), seen).toBe(false);
    },
  );

  test("the table of all of them stands in the documentation", async () => {
    expect(rows).toHaveLength(trials.length);
    const page = await format(HEAD + rows.join("\n"), { parser: "markdown", printWidth: 120 });
    await expect(page).toMatchFileSnapshot(`${packageFolder}/lib/sensors/compared/stock-modules.md`);
  });
});
