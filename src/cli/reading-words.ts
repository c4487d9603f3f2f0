/** The meters and names that words of `read` say. */
import { Failure } from "./failure.ts";

export interface ReadingWords {
  readonly urls: readonly string[];
  readonly names: readonly string[];
}

/** What is read: the first word and all that have a scheme are URLs, the others are names. */
export function readingWords(words: readonly string[]): ReadingWords {
  const isUrl = (word: string, k: number): boolean => k === 0 || /^[a-z][a-z0-9+.-]*:\/\//i.test(word);
  const urls = words.filter(isUrl);
  const twice = urls.find((url, k) => urls.indexOf(url) < k);
  if (twice !== undefined) throw new Failure(`${twice} stands there twice`, 2);
  return { urls, names: words.filter((word, k) => !isUrl(word, k)) };
}
