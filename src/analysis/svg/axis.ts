/** Scales and their ticks. */

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly isLogarithmic: boolean;
  readonly ticks: readonly Tick[];
}

/** Where a value lies: 0 at the scale's start, 1 at its end. */
export function partOf({ from, to, isLogarithmic }: Scale, value: number): number {
  if (isLogarithmic) return Math.log(value / from) / Math.log(to / from);
  return (value - from) / (to - from);
}

/** As few digits as tell the ticks apart. */
export function shortText(value: number, step: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return value.toFixed(Math.min(decimals, 12));
}

/** Ticks at 1, 2 or 5 of a power of ten, about so many; the ends are of the data, or opened to ticks. */
export function linearScale(least: number, most: number, about = 5, ends: "kept" | "opened" = "opened"): Scale {
  const size = Math.max(Math.abs(least), Math.abs(most));
  // What differs by less than numbers can tell is one value, and stands in the middle.
  const isFlat = !(most - least > Math.max(1e-9 * size, 1e-12));
  const span = isFlat ? Math.max(size, 1) / 10 : most - least;
  const [low, high] = isFlat ? [least - span / 2, most + span / 2] : [least, most];
  const power = 10 ** Math.floor(Math.log10(span / about));
  const step = power * ([1, 2, 5, 10].find((one) => span / (one * power) <= about) ?? 10);
  const [first, last] =
    ends === "opened"
      ? [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)]
      : [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  const ticks = Array.from({ length: last - first + 1 }, (_, k) => ({
    at: (first + k) * step,
    text: shortText((first + k) * step, step),
  }));
  const from = ends === "opened" ? first * step : low;
  const to = ends === "opened" ? last * step : high;
  return { from, to, isLogarithmic: false, ticks };
}

/** Durations over powers of ten, with the words that people use. */
export function durationScale(from: number, to: number): Scale {
  const ticks: Tick[] = [];
  for (let power = Math.ceil(Math.log10(from) - 1e-9); power <= Math.log10(to) + 1e-9; power++) {
    ticks.push({ at: 10 ** power, text: durationText(10 ** power) });
  }
  return { from, to, isLogarithmic: true, ticks };
}

export function durationText(seconds: number): string {
  const [by, unit] = seconds < 0.999e-3 ? [1e6, "µs"] : seconds < 0.999 ? [1e3, "ms"] : [1, "s"];
  return `${Number((seconds * by).toPrecision(3))} ${unit}`;
}

/** Midnights of a zone, or whole hours of it where there are no two: instants in milliseconds since 1970. */
export function timeScale(from: number, to: number, timeZone: string): Scale {
  const hours = (to - from) / 3_600_000;
  const every =
    hours <= 3
      ? 0.5
      : ([1, 2, 3, 6, 12, 24, 48, 168, 336, 720].find((one) => hours / one <= 8) ?? Math.ceil(hours / 8));
  const start = Temporal.Instant.fromEpochMilliseconds(Math.floor(from)).toZonedDateTimeISO(timeZone).toPlainDate();
  const ticks: Tick[] = [];
  for (let k = 0; ; k++) {
    // By the clock on the wall, so that midnights stay midnights; an hour that it leaves out moves.
    const at = start
      .toPlainDateTime()
      .add({ minutes: Math.round(every * 60) * k })
      .toZonedDateTime(timeZone);
    if (at.epochMilliseconds > to) break;
    const isNew = at.epochMilliseconds > (ticks.at(-1)?.at ?? -Infinity);
    if (at.epochMilliseconds >= from && isNew) ticks.push({ at: at.epochMilliseconds, text: timeText(at, every) });
  }
  return { from, to, isLogarithmic: false, ticks };
}

function timeText(at: Temporal.ZonedDateTime, everyHours: number): string {
  const date = at.toPlainDate().toString();
  const isMidnight = at.hour === 0 && at.minute === 0;
  if (everyHours >= 24 || isMidnight) return everyHours > 48 ? date : date.slice(5);
  return at.toPlainTime().toString().slice(0, 5);
}
