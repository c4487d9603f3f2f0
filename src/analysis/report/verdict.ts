/** Verdicts in words and signs: no colour is needed to tell them apart. */
import type { AssessmentRow } from "#analysis/assessment.ts";
import type { Verdict } from "#analysis/judge.ts";
import type { Figures, Measure } from "./figures.ts";
import { tag, type Markup } from "./markup.ts";

const said: Readonly<Record<Verdict, { readonly sign: string; readonly word: string }>> = {
  pass: { sign: "✓", word: "passed" },
  fail: { sign: "✕", word: "failed" },
  undecided: { sign: "?", word: "undecided" },
};

export function verdictWord(verdict: Verdict): string {
  return said[verdict].word;
}

export function badge(verdict: Verdict): Markup {
  const { sign, word } = said[verdict];
  return tag("span", { class: `verdict ${verdict}` }, tag("span", { "aria-hidden": "true" }, sign), ` ${word}`);
}

/** Beside a figure: what is kept has none. */
export function mark(verdict: Verdict): readonly Markup[] {
  if (verdict === "pass") return [];
  const { sign, word } = said[verdict];
  return [
    tag("span", { class: `mark ${verdict}`, "aria-hidden": "true" }, sign),
    tag("span", { class: "aside" }, ` ${word}`),
  ];
}

const measures: Readonly<Record<AssessmentRow["unit"], Measure>> = {
  V: "volts",
  A: "amps",
  Hz: "hertz",
  "%": "harmonic",
  "": "flicker",
};

export function measureOf({ unit, what }: Pick<AssessmentRow, "unit" | "what">): Measure {
  return what === "unbalance" ? "unbalance" : measures[unit];
}

/** "207 V to 253 V", "at most 8 %". */
export function bandText(row: AssessmentRow, figures: Figures): string {
  const { low, high } = row;
  const limit = (value: number): string => figures.limit(measureOf(row), value);
  if (low === undefined) return high === undefined ? "" : `at most ${limit(high)}`;
  return high === undefined ? `at least ${limit(low)}` : `${limit(low)} to ${limit(high)}`;
}
