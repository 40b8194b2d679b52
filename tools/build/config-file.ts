/** The constants of a firmware's config.ts: `export const sample = "15m";`, one a line, so that a tool can turn them. Text as JSON has it. */

const CONSTANT =
  /^(export const (\w+)\s*(?::[^=]+)?=\s*)("(?:[^"\\]|\\["\\/bfnrtu])*"|-?\d[\d_.]*)(\s*(?:as const)?;.*)$/gm;

export type Constants = Readonly<Record<string, string | number>>;

/** Strings and numbers that the text exports, by name. */
export function constantsOf(text: string): Constants {
  return Object.fromEntries(
    [...text.matchAll(CONSTANT)].map(([, , name, value]) => [
      name!,
      value!.startsWith('"') ? (JSON.parse(value!) as string) : Number(value!.replaceAll("_", "")),
    ]),
  );
}

/** The text with other values; what it does not export stays away. */
export function withConstants(text: string, values: Constants): string {
  return text.replace(CONSTANT, (line, head: string, name: string, _: string, tail: string) =>
    Object.hasOwn(values, name) ? `${head}${JSON.stringify(values[name])}${tail}` : line,
  );
}

/** Lines that differ, as `- old` and `+ new`. */
export function changedLines(before: string, after: string): string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  return old.flatMap((line, index) => (line === fresh[index] ? [] : [`- ${line}`, `+ ${fresh[index] ?? ""}`]));
}
