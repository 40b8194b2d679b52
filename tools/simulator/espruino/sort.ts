/**
 * `sort` in the order that the interpreter arrives at. Elements that compare equal change places there, so the order of
 * the comparisons matters: the first element, or the median of three among more than ten, parts the rest.
 */
export type Compare = (a: unknown, b: unknown) => number;

const FEW = 10;

export function sortInPlace(items: unknown[], compare: Compare): void {
  part(items, 0, items.length, compare);
}

function part(items: unknown[], from: number, count: number, compare: Compare): void {
  if (count < 2) return;
  if (count > FEW) medianFirst(items, from, count, compare);
  let pivot = from;
  const value = items[pivot];
  let lower = 0;
  let isLowest = true;
  for (let at = from + 1; at < from + count; at++) {
    const item = items[at];
    const order = compare(item, value);
    if (!(order <= 0)) continue;
    if (order < 0) isLowest = false;
    lower++;
    items[pivot] = item;
    pivot++;
    items[at] = items[pivot];
    items[pivot] = value;
  }
  part(items, pivot + 1, count - 1 - lower, compare);
  if (!isLowest) part(items, from, lower, compare);
}

function medianFirst(items: unknown[], from: number, count: number, compare: Compare): void {
  const middle = from + (count >> 1);
  const last = from + count - 1;
  const [a, b, c] = [items[from], items[middle], items[last]];
  const ab = compare(a, b);
  const bc = compare(b, c);
  const ac = compare(a, c);
  if ((ab <= 0 && bc <= 0) || (ac <= 0 && bc >= 0)) [items[from], items[middle]] = [b, a];
  else if ((ab >= 0 && ac <= 0) || (bc >= 0 && ac >= 0)) [items[from], items[last]] = [c, a];
}
