/**
 * Texts in the order in which people look for them, "m9" before "m10". Comparing them so is slow (10,000 names take 90 ms to sort), so that
 * each has its rank, which holds for as long as the texts are the same.
 */
const collator = new Intl.Collator("en", { numeric: true });

export class TextRanks {
  #texts: readonly string[] = [];
  #ranks: ReadonlyMap<string, number> = new Map();

  /** The rank of each of these texts; those that are alike have the same. */
  of(texts: readonly string[]): ReadonlyMap<string, number> {
    if (texts.length === this.#texts.length && texts.every((text, k) => text === this.#texts[k])) return this.#ranks;
    const ranks = new Map<string, number>();
    let [before, rank] = ["", 0];
    for (const text of [...new Set(texts)].toSorted((a, b) => collator.compare(a, b))) {
      if (collator.compare(before, text) !== 0) rank++;
      ranks.set(text, rank);
      before = text;
    }
    this.#texts = texts;
    this.#ranks = ranks;
    return ranks;
  }
}
