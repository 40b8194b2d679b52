/** What the drivers say about their parts, and the vocabulary they share. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Figure } from "../../boards/types.ts";
import type { PartFacts } from "../../lib/sensors/part-facts.ts";
import { quantities, quantityOf } from "../../lib/sensors/quantities.ts";
import { fakeEspruino } from "../twins/espruino.ts";
import { cases } from "./i2c-cases.ts";

const folder = fileURLToPath(new URL("../../lib/sensors/", import.meta.url));
const withFacts = readdirSync(folder)
  .filter((file) => file.endsWith(".ts") && readFileSync(folder + file, "utf8").includes("export const facts"))
  .map((file) => file.slice(0, -3));

const load = async (file: string): Promise<PartFacts> =>
  ((await import(`../../lib/sensors/${file}.ts`)) as { facts: () => PartFacts }).facts();

const CONFIDENCES = ["datasheet", "paper", "reported", "computed", "inferred", "memory"];

describe.each(withFacts)("facts of %s", (file) => {
  it("are whole: figures with sources, a supply range, what is checked", async () => {
    const facts = await load(file);
    const figures: Figure[] = [facts.startUpMs, facts.sleepMicroamps, facts.measuringMicroamps, facts.measureMs];
    for (const { value, source, confidence } of figures) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(source.length).toBeGreaterThan(3);
      expect(CONFIDENCES).toContain(confidence);
    }
    for (const name of facts.measures) expect(Object.keys(quantities)).toContain(name);
    expect(facts.volts[0]).toBeLessThan(facts.volts[1]);
    expect(facts.title && facts.datasheet && facts.check && facts.accuracy).toBeTruthy();
    if (facts.bus === "I2C") expect(facts.addresses?.every((address) => address > 7 && address < 0x78)).toBe(true);
  });
});

it.each(cases.filter(({ name }) => withFacts.includes(name)))(
  "the facts of $name name its quantities",
  async ({ name, make }) => {
    fakeEspruino();
    expect((await load(name)).measures).toEqual(make().quantities.map(([quantity]) => quantity));
  },
);

it("every part is there", () => expect(withFacts.length).toBeGreaterThanOrEqual(34));

it("every part without a check stands in the README's table", async () => {
  const table = readFileSync(`${folder}README.md`, "utf8").split("## Which answers are checked")[1]!.split("\n## ")[0]!;
  for (const file of withFacts) {
    const { check, bus } = await load(file);
    const listed = table.split("\n").some((line) => line.startsWith("|") && line.includes(`\`${file}\``));
    expect(listed, file).toBe(check.startsWith("none") && bus !== "analog pin");
  }
});

describe("quantities", () => {
  it("have codes from 1 to 31, and each part of a vector its own place", () => {
    const seen = new Set<string>();
    for (const [name, { code, part = 0 }] of Object.entries(quantities)) {
      expect(code).toBeGreaterThanOrEqual(1);
      expect(code).toBeLessThanOrEqual(31);
      expect(seen.has(`${code}.${part}`)).toBe(false);
      seen.add(`${code}.${part}`);
      if (part) expect(seen.has(`${code}.${part - 1}`)).toBe(true);
      expect(quantityOf(code, part)?.name).toBe(name);
    }
    expect(quantityOf(0, 0)).toBeUndefined();
    expect(quantityOf(1, 2)).toBeUndefined();
  });

  it("keep the codes that are already in uplinks", () => {
    expect(["temperature", "humidity", "voltage", "contact"].map((name) => quantities[name]!.code)).toEqual([
      1, 2, 3, 4,
    ]);
  });
});
