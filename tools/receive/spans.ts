/** Sets of whole numbers as sorted, disjoint spans: what was received of a journal, in as many entries as it has gaps. */

/** Numbers `first` up to, but not including, `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** Adds a span; neighbours become one. */
export function join(spans: readonly Span[], { first, end }: Span): Span[] {
  if (first >= end) return [...spans];
  const before = spans.filter((span) => span.end < first);
  const after = spans.filter((span) => span.first > end);
  const touched = spans.slice(before.length, spans.length - after.length);
  return [
    ...before,
    { first: Math.min(first, touched[0]?.first ?? first), end: Math.max(end, touched.at(-1)?.end ?? end) },
    ...after,
  ];
}

/** The parts of `span` that none of the spans covers. */
export function uncovered({ first, end }: Span, spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  let from = first;
  for (const span of spans) {
    if (span.end <= from) continue;
    if (span.first >= end) break;
    if (span.first > from) out.push({ first: from, end: span.first });
    from = span.end;
  }
  if (from < end) out.push({ first: from, end });
  return out;
}

export const sizeOf = (spans: readonly Span[]): number => spans.reduce((sum, { first, end }) => sum + end - first, 0);
