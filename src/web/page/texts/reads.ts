/** Texts of a meter that is there, and is read. */
import type { Texts } from "#quantity/text.ts";

export const readsTexts = {
  title: ["Read from", "Gelesen von"],
  every: ["every {every}", "alle {every}"],
  last: ["Last contact", "Letzter Kontakt"],
  never: ["never", "noch nie"],
  ago: ["{age} ago", "vor {age}"],
  trouble: ["The last try failed: {why}", "Der letzte Versuch schlug fehl: {why}"],
} as const satisfies Texts;
