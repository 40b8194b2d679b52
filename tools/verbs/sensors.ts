/** `hibernode sensors`: the sensors that a firmware can import, from the drivers' own data. */
import { Command } from "commander";
import type { Figure } from "../../boards/types.ts";
import type { PartFacts } from "../../lib/sensors/part-facts.ts";
import { quantities } from "../../lib/sensors/quantities.ts";
import { driverName, loadCosts, loadSensors } from "../sensors.ts";
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
  const sensors = await loadSensors();
  if (name === undefined) {
    const rows = Object.entries(sensors).map(([id, facts]) => ({ id, ...facts }));
    const cells = rows.map(({ id, bus, measures, title }) => [
      id,
      bus,
      title,
      measures.join(", ").replace(/(\w+)X, \1Y, \1Z/g, "$1 X Y Z"),
    ]);
    output.line(table(["sensor", "bus", "part", "measures"], cells));
    output.line("\nhibernode sensors SENSOR shows wiring, figures and their sources.");
    output.result({ sensors: rows });
    return true;
  }
  const facts = Object.hasOwn(sensors, name) ? sensors[name] : undefined;
  if (!facts) throw unknownName("sensor", name, Object.keys(sensors), "hibernode sensors");
  print(output, name, facts);
  output.result({ id: name, ...facts, cost: loadCosts()[driverName(name)] });
  return true;
}

function print(output: Output, name: string, facts: PartFacts): void {
  output.fact("sensor", facts.title);
  output.fact("import", `import { ${driverName(name)} } from "hibernode/sensors/${name}";`);
  const addresses = (facts.addresses ?? []).map((address) => `0x${address.toString(16)}`).join(", ");
  output.fact("bus", `${facts.bus}${addresses ? `, address ${addresses}` : ""}`);
  output.fact("supply", `${facts.volts[0]} to ${facts.volts[1]} V`);
  for (const quantity of facts.measures) {
    const { unit = "", scale = 1 } = quantities[quantity] ?? {};
    output.fact(
      "measures",
      `${quantity}${unit ? ` in ${unit}` : ""}, sent in steps of ${`${1 / scale} ${unit}`.trim()}`,
    );
  }
  output.fact("accuracy", facts.accuracy);
  output.fact("checked by", facts.check);
  output.fact("data sheet", facts.datasheet);
  const cost = loadCosts()[driverName(name)];
  if (cost)
    output.fact(
      "adds",
      `${cost.bytes} bytes and ${cost.jsVars} JsVars, beside another I2C sensor ${cost.bytesAdded} and ${cost.jsVarsAdded}`,
    );
  for (const note of facts.notes) output.fact("note", note);
  output.line();
  output.line(table(["figure", "value", "confidence", "source"], figures(facts), [1]));
}

function figures({ startUpMs, measureMs, measuringMicroamps, sleepMicroamps }: PartFacts): string[][] {
  const rows: [string, Figure, string][] = [
    ["supply to first command", startUpMs, "ms"],
    ["one measurement", measureMs, "ms"],
    ["while it measures", measuringMicroamps, "µA"],
    ["between measurements", sleepMicroamps, "µA"],
  ];
  return rows.map(([name, { value, confidence, source }, unit]) => [name, `${value} ${unit}`, confidence, source]);
}
