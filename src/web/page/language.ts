/** The language that the page speaks, and the locale of its numbers and dates. Who sets it is language-choice.tsx. */
import { computed, signal } from "@preact/signals";
import { languages, wordsOf, type Language, type Text, type Values } from "#quantity/text.ts";

/** What the browser is set to, most wanted first: "de-AT", "en". */
export const wished = signal<readonly string[]>([]);
/** What was chosen on the page. */
export const chosen = signal<Language | undefined>(undefined);

export const isLanguage = (text: string | null | undefined): text is Language => languages.some((one) => one === text);

export const language = computed<Language>(
  () => chosen.value ?? wished.value.map((one) => one.slice(0, 2)).find(isLanguage) ?? "en",
);

/** "de-AT" of a browser that is set to it, as far as it is of the language that is spoken. */
export const locale = computed<string>(
  () => wished.value.find((one) => one.startsWith(language.value)) ?? language.value,
);

/** A text in the language that is spoken: where it is shown, it is shown anew in another. */
export function say<T extends Text>(text: T, ...values: Values<T>): string {
  return wordsOf(text, language.value, ...values);
}

/** What stands between a number and its decimals: "." or ",". */
export const decimalSign = computed<string>(
  () => new Intl.NumberFormat(locale.value).formatToParts(1.5).find(({ type }) => type === "decimal")?.value ?? ".",
);

/** "10,000": a count for people. */
export function counted(count: number): string {
  return count.toLocaleString(locale.value);
}
