/** Assessments of a recording by EN 50160 and IEEE 519-2022, or why there is none. */
import { verdictOf, type Assessment } from "#analysis/assessment.ts";
import { assessEn50160, usualEn50160, type En50160Settings } from "#analysis/en50160.ts";
import type { Examination } from "#analysis/examination.ts";
import { harmonicRecord, supplyRecord } from "#analysis/examined-records.ts";
import { assessIeee519, usualIeee519, type Ieee519Settings } from "#analysis/ieee519.ts";
import type { Verdict } from "#analysis/judge.ts";
import { wirings, type Wiring } from "#quantity/wiring.ts";

/** What the site says; the rest is of the recording. */
export interface JudgeSettings {
  readonly en50160?: Partial<En50160Settings>;
  readonly ieee519?: Partial<Ieee519Settings>;
}

/** Week by week, with the settings it was judged by; or why it was not judged. */
export type JudgedBy<Settings> =
  | { readonly settings: Settings; readonly weeks: readonly Assessment[] }
  | { readonly reason: string };

export interface JudgedRecord {
  readonly en50160: JudgedBy<En50160Settings>;
  readonly ieee519: JudgedBy<Ieee519Settings>;
}

/** EN 50160 has low voltage to and with so many volts between lines, and its medium voltage to the second. */
const LOW = 1000;
const MEDIUM = 36_000;

/** Throws RangeError of settings that cannot be. */
export function judgedRecord(examination: Examination, { en50160 = {}, ieee519 = {} }: JudgeSettings): JudgedRecord {
  return { en50160: byEn50160(examination, en50160), ieee519: byIeee519(examination, ieee519) };
}

function byEn50160(examination: Examination, given: Partial<En50160Settings>): JudgedBy<En50160Settings> {
  const { declared, signalHz } = examination;
  const between = betweenLines(examination);
  if (given.hz === undefined && declared.hz !== 50) {
    return { reason: `the line is of ${declared.hz} Hz, and EN 50160 is of public networks of 50 Hz` };
  }
  if (given.level === undefined && between > MEDIUM) {
    return { reason: `${Math.round(between)} V between lines: limits above 36 kV are not at hand` };
  }
  const settings: En50160Settings = {
    ...usualEn50160,
    level: between > LOW ? "medium" : "low",
    nominal: declared.volts,
    hz: declared.hz,
    ...(signalHz === undefined ? {} : { signalHz }),
    ...given,
  };
  return { settings, weeks: assessEn50160(supplyRecord(examination), settings) };
}

function byIeee519(examination: Examination, given: Partial<Ieee519Settings>): JudgedBy<Ieee519Settings> {
  const settings: Ieee519Settings = {
    ...usualIeee519,
    busVolts: Number(betweenLines(examination).toPrecision(6)),
    nominal: examination.declared.volts,
    ...given,
  };
  return { settings, weeks: assessIeee519(harmonicRecord(examination), settings) };
}

/** Nominal volts from line to line, of the wiring; of a single phase those that there are. */
function betweenLines({ wiring: name, voltages, declared }: Examination): number {
  const wiring: Wiring | undefined = Object.entries(wirings).find(([key]) => key === name)?.[1];
  const isToNeutral = wiring !== undefined && wiring.ln.some((phase) => voltages.includes(`V.${phase}`));
  return isToNeutral && wiring.lnOverSystem > 0 ? declared.volts / wiring.lnOverSystem : declared.volts;
}

/** Of all weeks: failed where one is, passed where all are. */
export function verdictOfWeeks(weeks: readonly Assessment[]): Verdict {
  return worstVerdict(weeks.map(verdictOf));
}

export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("fail")) return "fail";
  return verdicts.length === 0 || verdicts.includes("undecided") ? "undecided" : "pass";
}
