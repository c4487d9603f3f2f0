/** Which of some words somebody may have meant who wrote another one. */

/** Edits that a slip of the fingers takes; of short words one less. */
const SLIPS = 2;

/** The word that is closest to another, whatever its case; undefined where none is close. */
export function closest(word: string, among: readonly string[]): string | undefined {
  const given = word.toLowerCase();
  const most = Math.min(SLIPS, Math.max(1, Math.ceil(given.length / 2) - 1));
  let [best, least] = [undefined as string | undefined, most + 1];
  for (const one of among) {
    const edits = editsBetween(given, one.toLowerCase());
    if (edits < least) [best, least] = [one, edits];
  }
  return best;
}

/** Characters to insert, remove, replace, or swap with their neighbour: the optimal string alignment distance. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let k = 1; k <= b.length; k++) {
      const same = a[i - 1] === b[k - 1];
      let edits = Math.min((above[k] ?? 0) + 1, (row[k - 1] ?? 0) + 1, (above[k - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1])
        edits = Math.min(edits, (before[k - 2] ?? 0) + 1);
      row.push(edits);
    }
    [before, above] = [above, row];
  }
  return above[b.length] ?? 0;
}
