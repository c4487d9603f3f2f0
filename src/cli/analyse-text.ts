/** What `analyse` prints of an examination for people. */
import type { Assessment } from "#analysis/assessment.ts";
import { eventClassText } from "#analysis/limits/event-class.ts";
import type { ExaminedEvent, Examination } from "#analysis/examination.ts";
import { type JudgedBy, type JudgedRecord, verdictOfWeeks } from "#analysis/report/judged.ts";
import { type Wiring, type WiringName, wirings } from "#quantity/wiring.ts";
import { plain } from "./harmless.ts";
import { table } from "./terminal.ts";

export function printed(examination: Examination, judged: JudgedRecord): string {
  const { file, startUtc, seconds, wiring: name, declared, events, gaps, warnings, left } = examination;
  const wiring: Wiring = wirings[name as WiringName];
  const when = startUtc === undefined ? [] : [`from ${instantText(startUtc)}`];
  const parts = [
    `${file}: ${[`${seconds.toFixed(3)} s`, ...when, wiring.means].join(", ")}`,
    `declared ${declared.volts} V (${declared.voltsFrom}), ${declared.hz} Hz (${declared.hzFrom})`,
    events.length === 0 ? "no events" : table([heads, ...events.map((event) => rowOf(event, startUtc))], [2, 4]),
    [`EN 50160: ${judgedText(judged.en50160)}`, `IEEE 519-2022: ${judgedText(judged.ieee519)}`].join("\n"),
    ...(gaps.length === 0 ? [] : [`${gaps.length} gaps: without samples for ${sum(gaps).toFixed(3)} s`]),
    ...(warnings.length === 0 ? [] : [`${warnings.length} warnings: npx polyphase inspect says them`]),
    ...left,
  ];
  return parts.join("\n\n").split("\n").map(plain).join("\n");
}

/** "fail: harmonic 5 of V.a; …", "undecided: of 12 rows 3 pass". */
function judgedText(judged: JudgedBy<unknown>): string {
  if ("reason" in judged) return `not judged: ${judged.reason}`;
  const { weeks } = judged;
  const verdict = verdictOfWeeks(weeks);
  const rows = weeks.flatMap((week: Assessment) => week.rows);
  const failed = rows.filter((row) => row.verdict === "fail");
  if (failed.length > 0) {
    const named = failed.map(({ what, name }) => (name === what || name === "" ? what : `${what} of ${name}`));
    return `${verdict}: ${firstOf(named)}`;
  }
  const passed = rows.filter((row) => row.verdict === "pass").length;
  const absent = [...new Set(weeks.flatMap((week: Assessment) => week.absent.map(({ what }) => what)))];
  const lacking = absent.length === 0 ? "" : `; absent: ${firstOf(absent)}`;
  if (passed === 0 && rows.length > 0)
    return `${verdict}: of ${rows.length} rows none was measured for long enough${lacking}`;
  return `${verdict}: ${passed} of ${rows.length} rows pass${lacking}`;
}

/** Of many a few; the report has them all. */
function firstOf(words: readonly string[]): string {
  const SAID = 3;
  const more = words.length > SAID ? ` and ${words.length - SAID} more` : "";
  return words.slice(0, SAID).join(", ") + more;
}

const heads = ["when", "what", "seconds", "channels", "% of declared", "IEEE 1159", "ITIC", "cause"] as const;

function rowOf(event: ExaminedEvent, startUtc: number | undefined): readonly string[] {
  const { at, kind, seconds, channels, percent, ieee1159, itic, explained, cut, sinceBefore } = event;
  const cause = explained?.cause?.cause;
  const type = explained?.type?.letter;
  const open = [
    ...(sinceBefore ? ["from before"] : []),
    ...(cut === undefined ? [] : [`cut by ${cut === "gap" ? "a gap" : "the end"}`]),
  ];
  return [
    startUtc === undefined ? `${at.toFixed(3)} s` : instantText(startUtc + 1000 * at),
    [kind, ...open].join(", "),
    seconds.toFixed(3),
    channels.join(" "),
    percent.toFixed(1),
    ieee1159 === undefined ? "" : eventClassText(ieee1159),
    itic === undefined ? "" : itic.passes ? "borne" : itic.region,
    [
      ...(cause === undefined || cause === "unknown" ? [] : [cause]),
      ...(type === undefined ? [] : [`type ${type}`]),
    ].join(", "),
  ];
}

function instantText(utc: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString({ fractionalSecondDigits: 3 });
}

function sum(gaps: Examination["gaps"]): number {
  return gaps.reduce((all, { seconds }) => all + seconds, 0);
}
