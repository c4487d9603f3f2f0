/** Which word was meant, of those that there are. */
import { limits } from "./limits.ts";

const { wordCharacters } = limits.configuration;

/** Slips of a hand between two words: letters left out, put in, taken for another, or turned round with the next (Damerau, 1964). */
export function slips(one: string, other: string): number {
  const width = other.length + 1;
  const table = new Uint16Array((one.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = 0; i <= one.length; i++) {
    for (let j = 0; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      const turned = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      table[i * width + j] =
        i === 0 || j === 0
          ? i + j
          : Math.min(
              at(i - 1, j) + 1,
              at(i, j - 1) + 1,
              at(i - 1, j - 1) + (same ? 0 : 1),
              turned ? at(i - 2, j - 2) + 1 : Infinity,
            );
    }
  }
  return at(one.length, other.length);
}

/** The word that was meant, where one is near: a slip in three letters, capitals aside; or where only one begins so. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length === 0 || word.length > wordCharacters) return undefined;
  const small = word.toLowerCase();
  let best: { readonly name: string; readonly far: number } | undefined;
  for (const name of known) {
    const far = slips(small, name.toLowerCase());
    if (far < (best?.far ?? Infinity)) best = { name, far };
  }
  if (best !== undefined && best.far <= Math.max(1, Math.floor(word.length / 3))) return best.name;
  const longer = known.filter((name) => name.toLowerCase().startsWith(small));
  return word.length > 1 && longer.length === 1 ? longer[0] : undefined;
}

/** "; did you mean W?", or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** A text that came, in quotation marks, as far as it is a word. */
export function quotedWord(text: string): string {
  return JSON.stringify(text.length > wordCharacters ? `${text.slice(0, wordCharacters)}…` : text);
}

/** "expected one of a, b; found "x"; did you mean a?" */
export function expectedOneOf(known: readonly string[], found: string): string {
  return `expected one of ${known.join(", ")}; found ${quotedWord(found)}${didYouMean(found, known)}`;
}
