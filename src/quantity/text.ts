/**
 * Texts for people: each is a row with its words in English and in German, in a table of the part that says them (those of the page in
 * web/page/texts). What a meter says itself (labels of its display, entries of its logs) is the meter's, and stays as it says it.
 */

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

/** Words in each language; {names} stand for values. */
export type Text = readonly [en: string, de: string];
export type Texts = Readonly<Record<string, Text>>;

/** Names of the values that words have places for. */
export type Places<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;

/** Values for the places of a text, where it has any. */
export type Values<T extends Text> = [Places<T[0]>] extends [never]
  ? readonly []
  : readonly [values: Readonly<Record<Places<T[0]>, string | number>>];

/** The words of a text in a language, whatever its places are. */
export function filled(text: Text, language: Language, values: Readonly<Record<string, string | number>> = {}): string {
  const words = text[languages.indexOf(language)] ?? text[0];
  return words.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** The words of a text in a language. */
export function wordsOf<T extends Text>(text: T, language: Language, ...[values]: Values<T>): string {
  return filled(text, language, values);
}
