/** An interval that has ended in words: what its values are called, and when it was. */
import type { IntervalView } from "#quantity/quality-view.ts";

const kinds: Readonly<Record<string, string>> = {
  V: "Volts",
  A: "Amps",
  "THD.V": "THD of volts",
  "THD.A": "THD of amps",
  "under.V": "Below nominal volts",
  "over.V": "Above nominal volts",
  "unbalance.V": "Unbalance of volts",
  "unbalance.A": "Unbalance of amps",
  "unbalance.V.sequence": "Unbalance of volts, negative sequence u2",
  "unbalance.A.sequence": "Unbalance of amps, negative sequence u2",
  "unbalance.V.zero": "Unbalance of volts, zero sequence u0",
  "unbalance.A.zero": "Unbalance of amps, zero sequence u0",
};

/** "THD of volts, AB" of "THD.V.ab"; a name that nobody knows stays as it is. */
export function intervalName(name: string): string {
  const whole = kinds[name];
  if (whole !== undefined) return whole;
  const at = name.lastIndexOf(".");
  const kind = kinds[name.slice(0, at)];
  return kind === undefined ? name : `${kind}, ${name.slice(at + 1).toUpperCase()}`;
}

/** When it was, by the meter's wall clock, and what is to be said of it. */
export function intervalWords(interval: IntervalView, offsetMinutes: number): string {
  const { start, end, parts, complete, flagged } = interval;
  const timed = start !== null && end !== null;
  const local = (utc: string): string =>
    new Date(Date.parse(utc) + 60_000 * offsetMinutes).toISOString().replace("T", " ").slice(0, 19);
  const [from, to] = timed ? [local(start), local(end)] : ["", ""];
  const until = from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to;
  return [
    timed ? `${from} to ${until}` : "At a time that is not known",
    `${parts} ${parts === 1 ? "value" : "values"}`,
    ...(complete ? [] : ["not complete: the clock was set in it, or the source began, stopped or had a gap"]),
    ...(flagged ? ["flagged: a dip, a swell, an interruption or a jump of the phase was in it"] : []),
  ].join("; ");
}
