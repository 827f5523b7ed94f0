import { distance } from 'fastest-levenshtein';

/** The candidate that a mistyped word most likely meant, if any is near enough to be worth suggesting. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  const furthest = Math.max(1, Math.min(4, Math.floor(word.length / 3)));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const away = distance(wanted, candidate.toLowerCase());
    if (away <= furthest && (!best || away < best.distance)) best = { candidate, distance: away };
  }
  return best?.candidate;
}

/** `; did you mean "rules"?`, or nothing: to append to a message. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = closest(word, candidates);
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
}
