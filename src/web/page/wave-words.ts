/** Words of what a recording has. */
import { whenText } from "./local-time.ts";
import { counted, decimalSign, say } from "./language.ts";
import { isJoined, timeOf } from "./viewer/axis.ts";
import type { WaveContent, WaveGroup } from "./viewer/content.ts";
import { viewer } from "./texts/viewer.ts";

export const texts = viewer;

export function kindText(kind: WaveGroup["kind"]): string {
  return say(viewer[kind]);
}

/** "27/11/2026 10:00:00.250" of a time by the recorder's clock. */
export function momentOf(start: number, seconds: number): string {
  return whenText(instantText(start, seconds).slice(0, 23));
}

/** "2026-11-27 10:00:00.250125" of a time by the recorder's clock, for those who look at microseconds; its decimals are those of the seconds. */
export function instantText(start: number, seconds: number): string {
  const micros = Math.round(1e3 * start + 1e6 * seconds);
  const ms = Math.floor(micros / 1e3);
  const text = new Date(ms).toISOString().replace("T", " ").slice(0, 23);
  return `${text}${String(micros - 1e3 * ms).padStart(3, "0")}`;
}

/** Seconds since the first sample, to a microsecond. */
export function sinceText(seconds: number): string {
  return String(Number(seconds.toFixed(6))).replace(".", decimalSign.value);
}

/** "60,000 samples of 6 channels in 10 s", and what else is known of it. */
export function factsOf({ groups, seconds, start, hz }: WaveContent): string {
  const first = groups[0];
  const facts = [
    say(viewer.facts, {
      count: counted(first?.times.count ?? 0),
      channels: first?.channels.length ?? 0,
      seconds: sinceText(Number(seconds.toPrecision(6))),
    }),
  ];
  if (start !== undefined) facts.push(say(viewer.begins, { time: momentOf(start, 0) }));
  if (hz !== undefined) facts.push(say(viewer.line, { hz: sinceText(Number(hz.toFixed(3))) }));
  return facts.join(", ");
}

/** A place that somebody may want to go to. */
export interface Goal {
  readonly at: number;
  readonly text: string;
}

/** Goals that are offered at most. */
const MOST_GOALS = 300;

/** What happened, and where samples begin after a gap, in the order of their times. */
export function goalsOf({ marks, groups, start }: WaveContent): readonly Goal[] {
  const when = (at: number): string => (start === undefined ? `${sinceText(at)} s` : momentOf(start, at));
  const marked = marks.map(({ at, kind, text }) => ({
    at,
    text: [text, say(viewer[kind])].filter(Boolean).join(", "),
  }));
  const times = groups[0]?.times;
  const after: Goal[] = [];
  if (times?.kind === "rates")
    for (const row of times.rows)
      if (row > 0 && after.length < MOST_GOALS && !isJoined(times, row))
        after.push({ at: timeOf(times, row), text: say(viewer.afterGap) });
  return [...marked, ...after]
    .toSorted((a, b) => a.at - b.at)
    .slice(0, MOST_GOALS)
    .map(({ at, text }) => ({ at, text: `${when(at)} ${text}` }));
}

/** How long a view of a goal is, and where in it the goal stands. */
export const GOAL_SECONDS = 0.2;
