/**
 * What each driver costs against the stock module of the same part. The interpreter comes from ESPRUINO, the folder
 * with the unmodified modules (EspruinoDocs, devices/) from ESPRUINO_DEVICES.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { expect, it } from "vitest";
import { loadCosts } from "../../tools/sensors.ts";
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
    for (const subject of subjects) {
      const code = await firmware([subject]);
      const beside = neighbours.find((one) => one.subject !== subject)!;
      const both = await firmware([beside.subject, subject]);
      const row = [nameOf(subject), code.length, both.length - beside.bytes];
      if (ESPRUINO) row.push(await jsVars(code, LOAD_OURS), (await jsVars(both, LOAD_OURS)) - beside.vars);
      else row.push("", "");
      if (subject.stock) {
        const [module, create] = subject.stock;
        const stock = await stockModule(DEVICES!, module);
        row.push(stock.length + usageOf(subject));
        if (ESPRUINO) row.push(await jsVars(stock, loadStock(create)).catch(() => "fails"));
      }
      rows.push(row.map(String));
    }
    const costs = Object.fromEntries(
      rows.map(([part, bytes, bytesAdded, jsVars, jsVarsAdded]) => [
        part!,
        {
          bytes: Number(bytes),
          bytesAdded: Number(bytesAdded),
          jsVars: Number(jsVars),
          jsVarsAdded: Number(jsVarsAdded),
        },
      ]),
    );
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
    const larger = rows
      .filter(([, , added, , , stock]) => stock !== undefined && Number(added) > Number(stock))
      .map(([part]) => part);
    // the first brings the shared reader with it; the others do what their stock modules leave out
    expect(larger).toEqual(["sht4x", "gnss", "pn532", "mfrc522"]);
  },
  400_000,
);
