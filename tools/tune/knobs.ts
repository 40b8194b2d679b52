/** Knobs: constants of a firmware's config.ts, and the values between which each may be turned. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { constantsOf, type Constants } from "../build/config-file.ts";
import { formatDuration, parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { unknownName } from "../suggest.ts";

/** One knob: positions 0, 1, 2 … from one end to the other, and what stands there. */
export interface Dial {
  readonly name: string;
  readonly values: readonly (string | number)[];
  /** Seconds or the number itself at each position; undefined for a list without order. */
  readonly numbers: readonly number[] | undefined;
  /** Where config.ts has it now. */
  readonly current: string | number;
}

/** A round value that people would write too. */
const ROUND_SECONDS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 2700, 3600, 7200, 10800, 14400, 21600, 28800, 43200, 64800, 86400, 129600, 172800, 259200, 432000, 604800]; // prettier-ignore
const NUMBER_STEPS = 10;

/** @throws UserError for a firmware without config.ts, a knob that it does not export, and a knob without a range. */
export function dialsOf(folder: string, scenario: Scenario, only: readonly string[] = []): Dial[] {
  const file = join(folder, "config.ts");
  if (!existsSync(file))
    throw new UserError("the firmware has no config.ts", {
      where: file,
      fix: 'put what may be turned there: export const report = "6h"; and import it in node.ts',
    });
  const constants = constantsOf(readFileSync(file, "utf8"));
  const knobs = scenario.knobs ?? {};
  const names = only.length ? only : Object.keys(knobs);
  if (!names.length)
    throw new UserError("no knob may be turned", {
      where: "scenario, knobs",
      fix: `give a range to ${Object.keys(constants).join(" or ")}: knobs: { ${Object.keys(constants)[0] ?? "report"}: { from: "1h", to: "1d" } }`,
    });
  return names.map((name) => {
    if (!Object.hasOwn(constants, name))
      throw unknownName("constant in config.ts", name, Object.keys(constants), `scenario, knobs.${name}`);
    if (!Object.hasOwn(knobs, name))
      throw new UserError(`the knob "${name}" has no range`, {
        where: "scenario, knobs",
        fix: `add ${name}: { from: ..., to: ... }, or ${name}: { among: [...] }`,
      });
    return dialOf(name, knobs[name] as Readonly<Record<string, unknown>>, constants);
  });
}

function dialOf(name: string, { from, to, among }: Readonly<Record<string, unknown>>, constants: Constants): Dial {
  const current = constants[name]!;
  const where = `scenario, knobs.${name}`;
  if (Array.isArray(among) && among.length > 1) return { name, values: among as string[], numbers: undefined, current };
  if (typeof from === "string" && typeof to === "string") {
    const [low, high] = [parseDuration(from, where), parseDuration(to, where)];
    if (low < high) {
      const between = ROUND_SECONDS.filter((seconds) => seconds > low && seconds < high);
      const numbers = [low, ...between, high];
      return { name, numbers, values: numbers.map((seconds) => formatDuration(seconds).replaceAll(" ", "")), current };
    }
  }
  if (typeof from === "number" && typeof to === "number" && from < to) {
    const isWhole = Number.isInteger(from) && Number.isInteger(to);
    const steps = isWhole ? Math.min(NUMBER_STEPS, to - from) : NUMBER_STEPS;
    const numbers = Array.from({ length: steps + 1 }, (_, step) => {
      const value = from + ((to - from) * step) / steps;
      return isWhole ? Math.round(value) : Number(value.toPrecision(6));
    });
    return { name, numbers, values: numbers, current };
  }
  throw new UserError(`the knob "${name}" has no range`, {
    where,
    fix: 'write { from: "5m", to: "1h" }, { from: 1, to: 8 } or { among: ["a", "b"] }, the smaller first',
  });
}

/** What stands in config.ts with every dial at its position. */
export function settingOf(dials: readonly Dial[], positions: readonly number[]): Constants {
  return Object.fromEntries(dials.map(({ name, values }, index) => [name, values[positions[index]!]!]));
}

/** Every combination of positions. */
export function allPositions(dials: readonly Dial[]): number[][] {
  return dials.reduce<number[][]>(
    (combinations, { values }) => combinations.flatMap((before) => values.map((_, position) => [...before, position])),
    [[]],
  );
}
