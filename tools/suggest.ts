/** Names that a user mistyped: the error says what was probably meant and what there is. */
import { distance } from "fastest-levenshtein";
import { UserError } from "./errors.ts";

/** The known name that `got` most likely stands for, or undefined when none is near. */
export function nearestName(got: string, known: readonly string[]): string | undefined {
  const wanted = got.toLowerCase();
  let best: string | undefined;
  // Two edits (two letters swapped), more in long names, but never a wholly different word.
  let least = Math.min(got.length, Math.max(3, Math.ceil(got.length / 3) + 1));
  for (const name of known) {
    const edits = distance(wanted, name.toLowerCase());
    if (edits < least) [best, least] = [name, edits];
  }
  // the beginning of a long name
  return best ?? (wanted.length > 2 ? known.find((name) => name.toLowerCase().startsWith(wanted)) : undefined);
}

/** Error for a name that is not in a list; `what` is the kind of name, for instance "column". */
export function unknownName(what: string, got: string, known: readonly string[], where?: string): UserError {
  const nearest = nearestName(got, known);
  const list = known.length ? `known: ${known.join(", ")}` : `there is none`;
  return new UserError(`unknown ${what} "${got}"`, {
    where,
    fix: nearest ? `did you mean "${nearest}"? (${list})` : list,
  });
}
