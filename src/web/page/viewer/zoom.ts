/** From one stretch of time that is shown to another. */
import { nearest, rowAt, timeOf, type Times } from "./axis.ts";
import type { View } from "./columns.ts";

/** What may be shown: all there is with a little room, and no less than a few samples. */
export interface Bounds {
  readonly seconds: number;
  /** Seconds between two samples, where they are nearest. */
  readonly period: number;
}

/** Samples that are shown at least, and the part of all that may be seen beyond either end. */
const LEAST_SAMPLES = 6;
const BEYOND = 0.02;

export function boundsOf(seconds: number, all: readonly Times[]): Bounds {
  const periods = all.flatMap((times) => {
    if (times.kind === "times") return times.count < 2 ? [] : [seconds / times.count];
    return [...times.rates].map((rate) => 1 / rate);
  });
  let period = Infinity;
  for (const one of periods) if (one > 0 && one < period) period = one;
  const length = seconds > 0 ? seconds : 1;
  return { seconds: length, period: Math.min(period, length) };
}

export function wholeOf({ seconds }: Bounds): View {
  return { from: -BEYOND * seconds, to: (1 + BEYOND) * seconds };
}

/** The same stretch within what may be shown: as long as it was, if that may be. */
export function within(bounds: Bounds, { from, to }: View): View {
  const all = wholeOf(bounds);
  const least = LEAST_SAMPLES * bounds.period;
  const wide = Math.min(all.to - all.from, Math.max(least, to - from));
  const middle = (from + to) / 2;
  const begin = Math.min(all.to - wide, Math.max(all.from, middle - wide / 2));
  return { from: begin, to: begin + wide };
}

/** Shows `factor` times as much, and what is at `at` stays where it is. */
export function zoomed(bounds: Bounds, { from, to }: View, at: number, factor: number): View {
  const all = wholeOf(bounds);
  const least = LEAST_SAMPLES * bounds.period;
  const wide = Math.min(all.to - all.from, Math.max(least, (to - from) * factor));
  const part = (at - from) / (to - from);
  return within(bounds, { from: at - part * wide, to: at + (1 - part) * wide });
}

export function moved(bounds: Bounds, { from, to }: View, seconds: number): View {
  return within(bounds, { from: from + seconds, to: to + seconds });
}

/** The time of a sample that is so many after the one that is nearest to a time: across gaps, not beyond the ends. */
export function stepped(times: Times, at: number, steps: number): number {
  if (times.count === 0) return at;
  const here = nearest(times, at);
  const row = here === undefined ? rowAt(times, at) + (steps > 0 ? steps - 1 : steps) : here + steps;
  return timeOf(times, Math.max(0, Math.min(times.count - 1, row)));
}

/** Steps of an axis of seconds, and those that have no more than `most` labels. */
export function stepOf(seconds: number, most: number): number {
  const least = seconds / Math.max(1, most);
  const calendar = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
  if (least > 30) return calendar.find((step) => step >= least) ?? 86_400 * niceAbove(least / 86_400);
  return niceAbove(least);
}

/** 1, 2 or 5 times a power of ten. */
function niceAbove(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((step) => step * power >= least * (1 - 1e-9)) ?? 10) * power;
}

/** Decimals of seconds by which steps are told apart. */
export function decimalsOf(step: number): number {
  return Math.max(0, Math.min(9, Math.ceil(-Math.log10(step) - 1e-9)));
}
