/** `hibernode sensors`: the sensors that a firmware can import, from the drivers' own data. */
import { Command } from "commander";
import { quantities } from "../../lib/sensors/quantities.ts";
import { sensors, type SensorEntry } from "../sensors.ts";
import { unknownName } from "../suggest.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import type { Verb } from "./verb.ts";

export const sensorsVerb: Verb = (run) =>
  new Command("sensors")
    .description("list the sensors, or show one of them with its wiring and the sources of its figures")
    .argument("[sensor]", "for instance sht4x")
    .action(run(show));

async function show(output: Output, name: string | undefined): Promise<boolean> {
  if (name === undefined) {
    const rows = Object.entries(sensors).map(([id, entry]) => ({ id, ...entry }));
    output.line(
      table(
        ["sensor", "measures", "bus", "wait", "part"],
        rows.map(({ id, title, bus, waitMs, measures }) => [id, measures.join(", "), bus, `${waitMs} ms`, title]),
        [3],
      ),
    );
    output.line("\nhibernode sensors SENSOR shows figures and their sources.");
    output.result({ sensors: rows });
    return true;
  }
  const entry = Object.hasOwn(sensors, name) ? sensors[name] : undefined;
  if (!entry) throw unknownName("sensor", name, Object.keys(sensors), "hibernode sensors");
  print(output, name, entry);
  output.result({ id: name, ...entry });
  return true;
}

function print(output: Output, name: string, { title, bus, addresses, waitMs, measures, figures }: SensorEntry): void {
  output.fact("sensor", title);
  output.fact("import", `import { ${importName(name)} } from "hibernode/sensors/${name}";`);
  const where = addresses.map((address) => `0x${address.toString(16)}`).join(", ");
  output.fact("bus", `${bus}${where ? `, address ${where}` : ""}`);
  output.fact("wait", `${waitMs} ms from start to result`);
  for (const quantity of measures) {
    const { unit = "", scale = 1 } = quantities[quantity] ?? {};
    output.fact(
      "measures",
      `${quantity}${unit ? ` in ${unit}` : ""}, sent in steps of ${1 / scale}${unit && ` ${unit}`}`,
    );
  }
  const rows = Object.entries(figures).map(([figure, { value, confidence, source }]) => [
    figure,
    String(value),
    confidence,
    source,
  ]);
  if (rows.length) output.line("\n" + table(["figure", "value", "confidence", "source"], rows, [1]));
}

const importName = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
