/** What a preamble says of the samples below it: their rate, and the names and units of channels. */
import type { Layout } from "./csv-layout.ts";
import { numberOf } from "./number-text.ts";
import { timeUnitOf, unitScale } from "./unit.ts";

/** Names and units of channels in their order: "Vertical Units,V,A", of Siglent "Vertical Units,CH1:V,CH2:V"; "TraceName,CH1,CH2". */
export function channelFacts(facts: Layout["facts"]): { names: readonly string[]; units: readonly string[] } {
  const values = facts.get("vertical units") ?? facts.get("vunit") ?? facts.get("y units") ?? [];
  const units = values
    .map((value) => value.replace(/^.*:/, "").trim())
    .filter((unit) => unit !== "" && unitScale(unit) !== undefined);
  const names = (facts.get("tracename") ?? facts.get("source") ?? []).filter((name) => name !== "");
  return { names, units };
}

/** "Sample Interval", "Increment", "tInc", "dt", "HResolution"; "Sampling Rate", "fs": with or without a unit behind the value. */
export function rateOf(facts: Layout["facts"]): number | undefined {
  for (const [word, values] of facts) {
    const interval =
      /^(sampl(e|ing) (interval|period|time)|sampleinterval|increment|x ?inc(rement)?|tinc|dt|delta ?t?|[hx] ?resolution|time ?base resolution|interval|abtast(intervall|zeit)|clock)\b/.test(
        word,
      );
    const rate = /^(sampl(e|ing)[ _]?(rate|frequency|freq)|samplerate|fs|sampling|abtast(rate|frequenz))\b/.test(word);
    if (!interval && !rate) continue;
    for (const value of values) {
      const match = /^(?:[a-z ]*:)?\s*([-+]?[\d.,]+(?:e[-+]?\d+)?)\s*([a-zµ/]*)/iu.exec(value);
      const number = numberOf(match?.[1] ?? "", /,\d+$/.test(value.replace(/[^\d,.]+$/, "")) ? "," : ".") ?? NaN;
      if (!(number > 0)) continue;
      const unit = match?.[2] ?? "";
      // A clock without a unit of time is one on the wall.
      if (word === "clock" && timeUnitOf(unit) === undefined) continue;
      const inWord = /[[(]\s*([a-zµ/]+)\s*[\])]/iu.exec(word)?.[1] ?? "";
      if (interval) return 1 / (number * (timeUnitOf(unit) ?? timeUnitOf(inWord) ?? 1));
      return number * (perSecond(unit) ?? perSecond(inWord) ?? 1);
    }
  }
  return undefined;
}

function perSecond(unit: string): number | undefined {
  const prefix = /^([kmg]?)(hz|s\/s|sa\/s|sps|samples?\/s)$/i.exec(unit)?.[1]?.toLowerCase();
  return prefix === undefined ? undefined : { "": 1, k: 1e3, m: 1e6, g: 1e9 }[prefix];
}
