/** A trend as a chart draws it: each point holds from its start to its end, and between an end and the next start there is nothing. */
import type { TrendView } from "#quantity/trend-api.ts";
import { shortDate } from "./local-time.ts";

export interface TrendLines {
  readonly times: readonly number[];
  readonly least: readonly (number | null)[];
  readonly mean: readonly (number | null)[];
  readonly most: readonly (number | null)[];
  readonly doubtful: readonly (number | null)[];
  /** What is not known between points: how many stretches, and milliseconds of them. */
  readonly gaps: number;
  readonly gapMs: number;
}

type Row = readonly [least: number | null, mean: number | null, most: number | null, doubtful: number | null];
const nothing: Row = [null, null, null, null];

export function trendLines({ starts, ends, least, mean, most, doubtful }: TrendView): TrendLines {
  const doubts = new Map(doubtful.map((one) => [one.at, one.mean]));
  const order = starts.map((_, k) => k).toSorted((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0));
  const times: number[] = [];
  const rows: Row[] = [];
  let [gaps, gapMs] = [0, 0];
  const push = (at: number, row: Row): void => {
    // A clock that was set back shows instants twice: the second of them stands behind the first.
    times.push(Math.max(at, (times.at(-1) ?? -Infinity) + 1));
    rows.push(row);
  };
  let ended: number | undefined;
  for (const k of order) {
    const [start = 0, end = 0] = [starts[k], ends[k]];
    if (ended !== undefined && start > ended) {
      gaps++;
      gapMs += start - ended;
      push(ended, nothing);
    }
    const row: Row = [least[k] ?? null, mean[k] ?? null, most[k] ?? null, doubts.get(k) ?? null];
    push(start, row);
    push(Math.max(end - 1, start + 1), row);
    ended = Math.max(end, ended ?? end);
  }
  if (ended !== undefined) push(ended, nothing);
  const column = (place: 0 | 1 | 2 | 3): (number | null)[] => rows.map((row) => row[place]);
  return { times, least: column(0), mean: column(1), most: column(2), doubtful: column(3), gaps, gapMs };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Instants of round local times between two, with a label each: hours, days, months or years, whichever are not too many. */
export function trendTicks(from: number, to: number, offsetMinutes: number): readonly { at: number; label: string }[] {
  const shift = 60_000 * offsetMinutes;
  const [begin, end] = [from + shift, to + shift];
  const step = [0.25, 0.5, 1, 3, 6, 12, 24, 48, 168]
    .map((hours) => hours * HOUR_MS)
    .find((one) => (end - begin) / one <= MOST);
  if (step !== undefined) return evenly(begin, end, step).map((at) => ({ at: at - shift, label: labelOf(at, step) }));
  const months = [1, 2, 3, 6, 12, 24].find((count) => (end - begin) / (30 * DAY_MS * count) <= MOST) ?? 60;
  const first = new Date(begin);
  const ticks = [];
  for (let month = 0; ; month++) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
    if (at > end) return ticks;
    const date = new Date(at);
    if (at < begin || (12 * date.getUTCFullYear() + date.getUTCMonth()) % months !== 0) continue;
    ticks.push({ at: at - shift, label: date.toISOString().slice(0, months < 12 ? 7 : 4) });
  }
}

/** Labels that there are at most. */
const MOST = 14;

function evenly(begin: number, end: number, step: number): number[] {
  const found = [];
  for (let at = Math.ceil(begin / step) * step; at <= end; at += step) found.push(at);
  return found;
}

function labelOf(local: number, step: number): string {
  const time = new Date(local).toISOString().slice(11, 16);
  return step >= DAY_MS || time === "00:00" ? shortDate(local) : time;
}
