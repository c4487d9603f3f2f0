/** The language that a browser asks for. */
import { languages, type Language } from "#quantity/text.ts";

const isLanguage = (text: string): text is Language => languages.some((one) => one === text);

/** Of Accept-Language (RFC 9110, 12.5.4): the one of ours that is wanted most; English where none is. */
export function languageAsked(header: string | undefined): Language {
  const wanted = (header ?? "").split(",").map((one) => {
    const [range = "", ...words] = one.split(";").map((word) => word.trim().toLowerCase());
    const weight = words.find((word) => word.startsWith("q="))?.slice(2);
    return { language: range.split("-")[0] ?? "", weight: weight === undefined ? 1 : Number(weight) };
  });
  const known = wanted.filter(({ weight }) => weight > 0).toSorted((one, other) => other.weight - one.weight);
  return known.map(({ language }) => language).find(isLanguage) ?? "en";
}
