/**
 * What each driver costs against the stock module of the same part. The interpreter comes from ESPRUINO, the folder
 * with the unmodified modules (EspruinoDocs, devices/) from ESPRUINO_DEVICES.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { expect, it } from "vitest";
import { larger } from "../../tools/bench/sensors/larger.ts";
import { loadCosts, type Cost } from "../../tools/sensors.ts";
import { table } from "../../tools/terminal/table.ts";
import { ESPRUINO } from "../build/interpreters.ts";
import { firmware, jsVars, LOAD_OURS, loadStock, nameOf, stockModule, subjects, usageOf } from "./size.ts";

const DEVICES = process.env["ESPRUINO_DEVICES"];

if (!DEVICES) console.log("drivers not measured: set ESPRUINO_DEVICES to a folder with EspruinoDocs' devices/*.js");
else if (!ESPRUINO) console.log("JsVars not measured: set ESPRUINO to an interpreter");

const NEW = ["bytes alone", "bytes added", "JsVars alone", "JsVars added"];

const COSTS = fileURLToPath(new URL("../../lib/sensors/docs/costs.json", import.meta.url));

it.skipIf(!DEVICES)(
  "each driver is measured beside the stock module of its part",
  async () => {
    // what a driver adds is measured beside one of another maker: TMP117, and for that one OPT3001
    const neighbours = await Promise.all(
      ["tmp117", "opt3001"].map(async (file) => {
        const subject = subjects.find((one) => one.file === file)!;
        const code = await firmware([subject]);
        return { subject, bytes: code.length, vars: ESPRUINO ? await jsVars(code, LOAD_OURS) : NaN };
      }),
    );
    const rows: string[][] = [];
    const costs: Record<string, Cost> = {};
    for (const subject of subjects) {
      const code = await firmware([subject]);
      const beside = neighbours.find((one) => one.subject !== subject)!;
      const both = await firmware([beside.subject, subject]);
      const row = [nameOf(subject), code.length, both.length - beside.bytes];
      if (ESPRUINO) row.push(await jsVars(code, LOAD_OURS), (await jsVars(both, LOAD_OURS)) - beside.vars);
      else row.push("", "");
      const [bytes, bytesAdded, vars, varsAdded] = row.slice(1).map(Number) as [number, number, number, number];
      const cost = { bytes, bytesAdded, jsVars: vars, jsVarsAdded: varsAdded };
      if (subject.stock) {
        const [module, create] = subject.stock;
        const code = await stockModule(DEVICES!, module);
        const stock = {
          module,
          bytes: code.length + usageOf(subject),
          jsVars: ESPRUINO ? await jsVars(code, loadStock(create)) : NaN,
        };
        row.push(stock.bytes, stock.jsVars);
        costs[nameOf(subject)] = { ...cost, stock };
      } else costs[nameOf(subject)] = cost;
      rows.push(row.map(String));
    }
    if (ESPRUINO && process.env["SENSOR_COSTS"] === "write")
      writeFileSync(COSTS, await format(JSON.stringify(costs), { parser: "json", printWidth: 120 }));
    console.log(table(["part", ...NEW, "stock bytes", "stock JsVars"], rows, [1, 2, 3, 4, 5, 6]));
    expect(rows).toHaveLength(subjects.length);
    const written = loadCosts();
    for (const [part, { bytes }] of Object.entries(costs))
      expect(
        Math.abs(bytes - written[part]!.bytes),
        `${part}: SENSOR_COSTS=write, with ESPRUINO, measures anew`,
      ).toBeLessThan(40 + 0.1 * bytes);
    const exceeding = Object.entries(costs)
      .filter(
        ([, { bytesAdded, jsVarsAdded, stock }]) => stock && (bytesAdded > stock.bytes || jsVarsAdded > stock.jsVars),
      )
      .map(([part]) => part);
    expect(exceeding.filter((part) => !Object.hasOwn(larger, part))).toEqual([]);
    if (ESPRUINO) expect(exceeding.sort()).toEqual(Object.keys(larger).sort());
  },
  400_000,
);
