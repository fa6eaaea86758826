/** The candidate that a slip of the finger could have made `word` from, if there is one. */
export function nearestName(word: string, candidates: readonly string[]): string | undefined {
  let nearest: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    // a short word is near to everything: allow one slip per three letters, two at most
    const allowed = Math.min(2, Math.ceil(Math.min(word.length, candidate.length) / 3));
    if (Math.abs(word.length - candidate.length) > allowed) continue;
    const distance = editDistance(plain(word), plain(candidate));
    if (distance <= allowed && (nearest === undefined || distance < nearest.distance))
      nearest = { candidate, distance };
  }
  return nearest?.candidate;
}

/** `stale_after` and `StaleAfter` are `staleAfter` to somebody who remembers it half. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swapped neighbours. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, at(beforePrevious, j - 2) + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
