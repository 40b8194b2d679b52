/**
 * What each driver costs against the stock module of the same part. The interpreter comes from ESPRUINO, the folder
 * with the unmodified modules (EspruinoDocs, devices/) from ESPRUINO_DEVICES.
 */
import { expect, it } from "vitest";
import { table } from "../../tools/terminal/table.ts";
import { ESPRUINO } from "../build/interpreters.ts";
import { firmware, jsVars, LOAD_OURS, loadStock, nameOf, stockModule, subjects } from "./size.ts";

const DEVICES = process.env["ESPRUINO_DEVICES"];

if (!DEVICES) console.log("drivers not measured: set ESPRUINO_DEVICES to a folder with EspruinoDocs' devices/*.js");
else if (!ESPRUINO) console.log("JsVars not measured: set ESPRUINO to an interpreter");

const NEW = ["bytes alone", "bytes added", "JsVars alone", "JsVars added"];

it.skipIf(!DEVICES)(
  "each driver is measured beside the stock module of its part",
  async () => {
    const [first] = subjects;
    const shared = await firmware([first!]);
    const sharedVars = ESPRUINO ? await jsVars(shared, LOAD_OURS) : NaN;
    const rows: string[][] = [];
    for (const subject of subjects) {
      const code = await firmware([subject]);
      const both = subject === first ? code : await firmware([first!, subject]);
      const row = [nameOf(subject), code.length, both.length - (subject === first ? 0 : shared.length)];
      if (ESPRUINO)
        row.push(await jsVars(code, LOAD_OURS), (await jsVars(both, LOAD_OURS)) - (subject === first ? 0 : sharedVars));
      else row.push("", "");
      if (subject.stock) {
        const [module, create] = subject.stock;
        const stock = await stockModule(DEVICES!, module);
        row.push(stock.length);
        if (ESPRUINO) row.push(await jsVars(stock, loadStock(create)).catch(() => "fails"));
      }
      rows.push(row.map(String));
    }
    console.log(table(["part", ...NEW, "stock bytes", "stock JsVars"], rows, [1, 2, 3, 4, 5, 6]));
    expect(rows).toHaveLength(subjects.length);
    const larger = rows
      .filter(([, , added, , , stock]) => stock !== undefined && Number(added) > Number(stock))
      .map(([part]) => part);
    // the first brings the shared reader with it; the others do what their stock modules leave out
    expect(larger).toEqual(["sht4x", "gnss", "pn532", "mfrc522"]);
  },
  200_000,
);
