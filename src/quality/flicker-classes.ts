/**
 * The classifier of IEC 61000-4-15, block 5: how long Pinst was where, and the short-term severity Pst of that (clause 5.8).
 * Classes are of equal ratio, 256 an octave, so that a level is within 0.28 % and Pst, its root, within 0.14 % of what the values themselves,
 * sorted, would give, whatever their distribution. (Linear classes are 0.6 % off.)
 */

const CLASSES_PER_OCTAVE = 256;

/** The lowest class holds all below (Pst of 0.011 and less); the highest all above (Pst of 724 and more). */
const LOWEST_OCTAVE = -12;
const HIGHEST_OCTAVE = 20;
const CLASSES = (HIGHEST_OCTAVE - LOWEST_OCTAVE) * CLASSES_PER_OCTAVE + 1;

/** The weight of each smoothed level, and the percentages of the time whose exceeded levels it is the mean of. */
const severityTerms: readonly (readonly [weight: number, percents: readonly number[]])[] = [
  [0.0314, [0.1]],
  [0.0525, [0.7, 1, 1.5]],
  [0.0657, [2.2, 3, 4]],
  [0.28, [6, 8, 10, 13, 17]],
  [0.08, [30, 50, 80]],
];

/** Pst, of the level that is exceeded in so many percent of the time; asked for in rising order. */
export function severity(exceeded: (percent: number) => number): number {
  let sum = 0;
  for (const [weight, percents] of severityTerms) {
    let levels = 0;
    for (const percent of percents) levels += exceeded(percent);
    sum += (weight * levels) / percents.length;
  }
  return Math.sqrt(sum);
}

export class FlickerClasses {
  readonly #counts = new Uint32Array(CLASSES);
  #total = 0;

  add(pinst: number): void {
    const k = Math.floor((Math.log2(pinst) - LOWEST_OCTAVE) * CLASSES_PER_OCTAVE) + 1;
    const at = Math.max(0, Math.min(CLASSES - 1, k));
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#total++;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** NaN of nothing. */
  pst(): number {
    if (this.#total === 0) return NaN;
    // One walk from the top down: the percentages rise.
    let k = CLASSES - 1;
    let above = 0;
    return severity((percent) => {
      const wanted = (percent / 100) * this.#total;
      let count = this.#counts[k] ?? 0;
      while (k > 0 && above + count < wanted) {
        above += count;
        k--;
        count = this.#counts[k] ?? 0;
      }
      // Within a class the values are taken to be spread evenly.
      const down = count === 0 ? 0 : Math.min(1, (wanted - above) / count);
      return k === 0 ? 2 ** LOWEST_OCTAVE * (1 - down) : 2 ** (LOWEST_OCTAVE + (k - down) / CLASSES_PER_OCTAVE);
    });
  }
}
