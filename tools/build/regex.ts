/**
 * The regular expressions that Espruino's matcher gets right. Most of what lies outside does not fail there: it quietly
 * matches something else. Inside: literals, `.`, classes, `* +` on one character, flat groups, alternation of whole
 * patterns, `^ $`, flags g and i.
 */
export interface RegexProblem {
  readonly message: string;
  readonly instead: string;
}

const ESCAPES = "dDwWsSnrtfv0/.\\+*?()[]{}|^$-\"'`,:;=!@#%&~<> ";
const OWN_LOOP = "match the parts one after another, or search with indexOf";

/** One character matcher of the pattern, whatever its length in the text. */
const ATOM = /^(?:\\x[0-9a-fA-F]{2}|\\.|\[\^?(?:\\.|[^\]\\])*\]|[^\\])/s;

export function regexProblem(pattern: string, flags: string): RegexProblem | undefined {
  const badFlag = /[^gi]/.exec(flags);
  if (badFlag) return { message: `the regex flag "${badFlag[0]}" is ignored on Espruino`, instead: "use only g and i" };
  let depth = 0;
  let rest = pattern;
  let before = "";
  let alternation = false;
  while (rest) {
    const atom = ATOM.exec(rest)?.[0] ?? rest;
    const problem = atomProblem(atom, rest, before, depth);
    if (problem) return problem;
    if (atom === "(") depth++;
    if (atom === ")") depth--;
    if (atom === "|") alternation = true;
    before = atom;
    rest = rest.slice(atom.length);
  }
  const anchored = pattern.split("|").filter((branch) => branch.startsWith("^")).length;
  if (alternation && anchored > 0 && anchored < pattern.split("|").length)
    return { message: "Espruino stops at a `^` that fails, without trying the other alternatives", instead: OWN_LOOP };
  return undefined;
}

function atomProblem(atom: string, rest: string, before: string, depth: number): RegexProblem | undefined {
  if (atom === "(" && rest[1] === "?")
    return { message: "Espruino has no look-around, named or non-capturing groups", instead: "use a plain group" };
  if (atom === "(" && depth > 0)
    return { message: "Espruino returns wrong texts for nested groups", instead: "use two expressions" };
  if (atom === "|" && depth > 0)
    return { message: "Espruino takes `|` inside a group for the end of the pattern", instead: OWN_LOOP };
  if (atom === "?")
    return { message: "Espruino has no `?` in regular expressions", instead: "use `*`, or two expressions" };
  if (atom === "{") return { message: "Espruino has no counted repeats", instead: "write the part out" };
  if ((atom === "*" || atom === "+") && before === ")")
    return { message: "Espruino cannot repeat a group", instead: OWN_LOOP };
  if (atom === "[]" || atom === "[^]") return { message: "Espruino has no empty classes", instead: "use `.`" };
  const escapes = atom[0] === "[" ? [...atom.matchAll(/\\(x[0-9a-fA-F]{2}|.)/gs)].map((m) => m[1] as string) : [];
  if (atom[0] === "\\") escapes.push(atom.slice(1));
  const strange = escapes.find((escape) => escape.length === 1 && !ESCAPES.includes(escape));
  if (strange !== undefined)
    return { message: `Espruino does not know \`\\${strange}\` in regular expressions`, instead: OWN_LOOP };
  return undefined;
}

const escapeSlash = (part: string): string => (part === "/" ? "\\/" : part);

/** Espruino ends the literal at a `/` in a class. */
export function endsEarly(pattern: string): boolean {
  return /^(?:\\.|[^\\/])*\//s.test(pattern);
}

/**
 * The same pattern for Espruino's matcher: there `.` matches line ends too, and `+` after a negated class is content
 * with no character at the end of the text, and a `/` has to be escaped in a class too.
 */
export function rewriteRegex(pattern: string): string {
  let rewritten = "";
  let rest = pattern;
  while (rest) {
    const source = ATOM.exec(rest)?.[0] ?? rest;
    const atom = source === "." ? "[^\\n\\r]" : source[0] === "[" ? source.replace(/\\.|\//gs, escapeSlash) : source;
    rest = rest.slice(source.length);
    const negated = atom.startsWith("[^") || /^\\[SWD]$/.test(atom) || /^\[.*\\[SWD].*\]$/s.test(atom);
    if (negated && rest[0] === "+") {
      rewritten += `${atom}${atom}*`;
      rest = rest.slice(1);
    } else rewritten += atom;
  }
  return rewritten;
}
