/** An interval that has ended in words: what its values are called, and when it was. */
import { timeText, wallText, whenText } from "./local-time.ts";
import type { IntervalView } from "#quantity/quality-view.ts";
import { say } from "./language.ts";
import { intervalNames as texts, intervalTexts } from "./texts/quality.ts";
import type { Text } from "#quantity/text.ts";

const kinds: Readonly<Record<string, Text>> = {
  V: texts.volts,
  A: texts.amps,
  "THD.V": texts.thdVolts,
  "THD.A": texts.thdAmps,
  "under.V": texts.under,
  "over.V": texts.over,
  "unbalance.V": texts.unbalanceVolts,
  "unbalance.A": texts.unbalanceAmps,
  "unbalance.V.sequence": texts.negativeVolts,
  "unbalance.A.sequence": texts.negativeAmps,
  "unbalance.V.zero": texts.zeroVolts,
  "unbalance.A.zero": texts.zeroAmps,
};

/** "THD of volts, AB" of "THD.V.ab"; a name that nobody knows stays as it is. */
export function intervalName(name: string): string {
  const whole = kinds[name];
  if (whole !== undefined) return say(whole);
  const at = name.lastIndexOf(".");
  const kind = kinds[name.slice(0, at)];
  return kind === undefined ? name : `${say(kind)}, ${name.slice(at + 1).toUpperCase()}`;
}

/** When it was, by the meter's wall clock, and what is to be said of it. */
export function intervalWords(interval: IntervalView, offsetMinutes: number): string {
  const { start, end, parts, complete, flagged } = interval;
  const timed = start !== null && end !== null;
  const local = (utc: string): string => wallText(Date.parse(utc), offsetMinutes);
  const [from, to] = timed ? [local(start), local(end)] : ["", ""];
  const until = from.slice(0, 10) === to.slice(0, 10) ? timeText : whenText;
  return [
    timed ? say(intervalTexts.from, { from: whenText(from), until: until(to) }) : say(intervalTexts.noTime),
    parts === 1 ? say(intervalTexts.oneValue) : say(intervalTexts.values, { parts }),
    ...(complete ? [] : [say(intervalTexts.notComplete)]),
    ...(flagged ? [say(intervalTexts.isFlagged)] : []),
  ].join("; ");
}
