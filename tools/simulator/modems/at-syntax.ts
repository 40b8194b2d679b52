/** AT command lines as ITU-T V.250 and the SIMCom manuals write them: what was asked, with which parameters. */

export type AtCommand =
  | { readonly name: string; readonly form: "test" | "read" | "run" }
  | { readonly name: string; readonly form: "set"; readonly values: readonly (string | undefined)[] };

/** Splits at `separator` outside quotes. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === separator && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/**
 * The commands of one line without its `AT`, in order; undefined when a part is not a command. Parameters lose their
 * quotes; an omitted one is undefined.
 */
export function parseCommandLine(line: string): AtCommand[] | undefined {
  const commands: AtCommand[] = [];
  for (const part of split(line, ";")) {
    const text = part.trim();
    const match = /^([+*][A-Za-z0-9]+|&?[A-Za-z])(.*)$/s.exec(text);
    if (!match) return undefined;
    const name = match[1]!.toUpperCase();
    const rest = match[2]!.trim();
    const extended = /^[+*]/.test(name);
    if (rest === "") commands.push({ name, form: "run" });
    else if (rest === "=?") commands.push({ name, form: "test" });
    else if (rest === "?") commands.push({ name, form: "read" });
    else if (extended && rest.startsWith("=")) commands.push({ name, form: "set", values: parameters(rest.slice(1)) });
    else if (!extended && /^\d+$/.test(rest)) commands.push({ name, form: "set", values: [rest] });
    else return undefined;
  }
  return commands;
}

function parameters(text: string): (string | undefined)[] {
  return split(text, ",").map((part) => {
    const value = part.trim();
    if (value === "") return undefined;
    return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  });
}
