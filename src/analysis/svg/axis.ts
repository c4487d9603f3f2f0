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

/** The part of its largest value that a scale shows at least: what is finer is the instrument's own. */
const LEAST_SHOWN = 0.01;

/** A range with room above and below its values, so that no line lies on the frame; what is not negative has no room below 0. */
export function roomy(least: number, most: number): readonly [least: number, most: number] {
  if (!(least <= most)) return [least, most];
  const shown = LEAST_SHOWN * Math.max(Math.abs(least), Math.abs(most));
  const room = Math.max(0.03 * (most - least), (shown - (most - least)) / 2);
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room];
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

/** Seconds from tick to tick, below an hour and from it on. */
const shorter = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];
const longer = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720].map((hours) => 3600 * hours);

/** Midnights of a zone, or whole hours, minutes or seconds of it where there are no two: instants in milliseconds since 1970. */
export function timeScale(from: number, to: number, timeZone: string): Scale {
  const seconds = (to - from) / 1000;
  const every =
    shorter.find((one) => seconds / one <= 7) ??
    longer.find((one) => seconds / one <= 8) ??
    3600 * Math.ceil(seconds / 3600 / 8);
  const first = Temporal.Instant.fromEpochMilliseconds(Math.floor(from)).toZonedDateTimeISO(timeZone);
  const start = first.toPlainDate().toPlainDateTime();
  // An hour that was there twice is behind what the wall says.
  const skipped = Math.max(0, (from - first.startOfDay().epochMilliseconds) / 1000 - 7200);
  const ticks: Tick[] = [];
  for (let k = Math.floor(skipped / every); ; k++) {
    // By the clock on the wall, so that midnights stay midnights; an hour that it leaves out moves.
    const at = start.add({ seconds: every * k }).toZonedDateTime(timeZone);
    if (at.epochMilliseconds > to) break;
    const isNew = at.epochMilliseconds > (ticks.at(-1)?.at ?? -Infinity);
    if (at.epochMilliseconds >= from && isNew) ticks.push({ at: at.epochMilliseconds, text: timeText(at, every) });
  }
  return { from, to, isLogarithmic: false, ticks };
}

function timeText(at: Temporal.ZonedDateTime, every: number): string {
  const date = at.toPlainDate().toString();
  const isMidnight = at.hour === 0 && at.minute === 0 && at.second === 0;
  if (every >= 86_400 || isMidnight) return every > 2 * 86_400 ? date : date.slice(5);
  return at.toPlainTime().toString({ smallestUnit: every < 60 ? "second" : "minute" });
}

/** Seconds from something, in the unit that reads best, which goes into the axis's label. */
export function elapsedScale(
  from: number,
  to: number,
): { readonly scale: Scale; readonly unit: "seconds" | "minutes" | "hours" } {
  const [by, unit] =
    to - from <= 300
      ? ([1, "seconds"] as const)
      : to - from <= 3 * 3600
        ? ([60, "minutes"] as const)
        : ([3600, "hours"] as const);
  const { ticks } = linearScale(from / by, to / by, 8, "kept");
  return {
    scale: { from, to, isLogarithmic: false, ticks: ticks.map(({ at, text }) => ({ at: at * by, text })) },
    unit,
  };
}
