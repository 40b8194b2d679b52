/**
 * One bundle for all settings of a firmware's knobs. What two builds with other values everywhere differ in must be the
 * values themselves; a third build proves it. Where a knob changes more of the code than that, every setting is built.
 */
import { type Token, tokenizer } from "acorn";
import type { Constants } from "../build/config-file.ts";

/** The bundle with these constants in config.ts. */
export type BundleOf = (setting: Constants) => Promise<string>;

/** Takes the place of `build`, which is slow. @param dials every value that each constant may have, in order */
export function quickBundles(
  build: BundleOf,
  dials: readonly { readonly name: string; readonly values: readonly (string | number)[] }[],
): BundleOf {
  const all = (at: (count: number) => number): Constants =>
    Object.fromEntries(dials.map(({ name, values }) => [name, values[at(values.length)]!]));
  let known: Promise<((setting: Constants) => string) | undefined> | undefined;
  const learn = async (): Promise<((setting: Constants) => string) | undefined> => {
    const [first, last, between] = [all(() => 0), all((count) => count - 1), all((count) => count >> 1)];
    const put = exchange(await build(first), first, await build(last), last);
    return put && sameTokens(put(between), await build(between)) ? put : undefined;
  };
  return async (setting) => (await (known ??= learn()))?.(setting) ?? build(setting);
}

/** Undefined when the two texts differ in more than the values, or when it cannot be told which value is whose. */
function exchange(
  text: string,
  values: Constants,
  other: string,
  others: Constants,
): ((setting: Constants) => string) | undefined {
  const [mine, theirs] = [tokensOf(text), tokensOf(other)];
  if (mine.length !== theirs.length) return undefined;
  const places: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  for (const [index, token] of mine.entries()) {
    const twin = theirs[index]!;
    if (isSame(token, twin)) continue;
    const names = Object.keys(values).filter((name) => values[name] === token.value && others[name] === twin.value);
    if (names.length !== 1) return undefined;
    places.push({ name: names[0]!, start: token.start, end: token.end });
  }
  return (setting) => {
    let put = "";
    let from = 0;
    for (const { name, start, end } of places) {
      put += text.slice(from, start) + JSON.stringify(setting[name]);
      from = end;
    }
    return put + text.slice(from);
  };
}

interface Literal extends Token {
  readonly value?: unknown;
}

const tokensOf = (text: string): Literal[] => [...tokenizer(text, { ecmaVersion: "latest" })];
const isSame = (a: Literal, b: Literal): boolean =>
  a.type === b.type && (a.value === b.value || JSON.stringify(a.value) === JSON.stringify(b.value));

function sameTokens(text: string, other: string): boolean {
  const [mine, theirs] = [tokensOf(text), tokensOf(other)];
  return mine.length === theirs.length && mine.every((token, index) => isSame(token, theirs[index]!));
}
