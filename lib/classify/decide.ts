/** From scores to a decision: the best class, by how much, and whether that is enough. */

export interface Decision {
  /** The class with the highest score, by its place. */
  readonly best: number;
  /** Its score less the next one's, 0 to 255. */
  readonly margin: number;
  /** The margin is below what was asked for: better to say nothing. */
  readonly rejected: boolean;
}

/** @param leastMargin from the report of `hibernode train`, chosen for the share of decisions that are kept */
export function decide(scores: ArrayLike<number>, leastMargin: number): Decision {
  let best = 0;
  let first = -1;
  let second = -1;
  let score;
  for (let i = 0; i < scores.length; i++) {
    score = scores[i];
    if (score > first) {
      second = first;
      first = score;
      best = i;
    } else if (score > second) second = score;
  }
  const margin = second < 0 ? first : first - second;
  return { best, margin, rejected: margin < leastMargin };
}
