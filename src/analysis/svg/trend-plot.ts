/** A quantity over days: lines that break where nothing is known, hatched where intervals are flagged, its limits. */
import type { TimedValues } from "#analysis/timed-values.ts";
import { elapsedScale, linearScale, roomy, timeScale, type Scale } from "./axis.ts";
import { coordinate, element, textAt } from "./element.ts";
import {
  lineSample,
  pathOf,
  placeOf,
  plot,
  strokeOf,
  type Axes,
  type Heading,
  type LegendEntry,
  type Place,
} from "./plot.ts";
import { halo, shades, sizes } from "./sizes.ts";

/** With the least and the largest of each interval, a band is drawn between them. */
export interface TrendSeries extends TimedValues {
  readonly low?: Float64Array;
  readonly high?: Float64Array;
}

export interface TrendPlot {
  readonly series: readonly TrendSeries[];
  /** What is shown, in milliseconds since 1970; of a recording that nobody knows the time of from its first sample. */
  readonly from: number;
  readonly to: number;
  /** Undefined where instants are from the first sample. */
  readonly timeZone: string | undefined;
  /** "V", "% of the fundamental". */
  readonly label: string;
  readonly limits?: readonly { readonly at: number; readonly name: string }[];
  /** What the frame holds: all, unless said. What is flagged may be of nothing but an event. */
  readonly frame?: "all" | "unflagged";
  /** The scale begins here at the latest: what is a part of something begins at 0. */
  readonly floor?: number;
}

export function trendPlot(heading: Heading, trend: TrendPlot): string {
  const { series, from, to, timeZone, label, limits = [], frame = "all", floor = Infinity } = trend;
  let [least, most] = rangeOf(series, frame);
  for (const { at } of limits) [least, most] = [Math.min(least, at), Math.max(most, at)];
  if (least <= most) least = Math.min(least, floor);
  const time = timeAxis(from, to, timeZone);
  const axes: Axes = {
    size: sizes.trend,
    x: time.scale,
    y: least > most ? linearScale(0, 1) : linearScale(...roomy(least, most), 5),
    xLabel: time.label,
    yLabel: label,
  };
  const place = placeOf(axes);
  const spans = flaggedSpans(series);
  const body = [
    ...spans.map(([start, end]) => shaded(heading.id, place, start, end)),
    ...limits.flatMap(({ at, name }) => [
      element("line", {
        x1: place.left,
        x2: place.right,
        y1: place.y(at),
        y2: place.y(at),
        stroke: "#111111",
        "stroke-width": 1.2,
      }),
      textAt(place.right - 4, place.y(at) - 3, name, { "text-anchor": "end", "font-size": 10, ...halo }),
    ]),
    ...series.flatMap((one, n) => {
      const d = bandOf(one, place);
      return d === ""
        ? []
        : [element("path", { d, fill: strokeOf(n)["stroke"] ?? shades.bar, "fill-opacity": "0.16" })];
    }),
    ...series.flatMap((one, n) => {
      const d = lineOf(one, place);
      return d === "" ? [] : [element("path", { d, ...strokeOf(n, 1.1) })];
    }),
  ];
  const legend: readonly LegendEntry[] = [
    ...series.map(({ name }, n) => ({ name, sample: lineSample(n) })),
    ...(spans.length === 0
      ? []
      : [
          {
            name: "flagged",
            sample: element("rect", {
              x: 4,
              y: -6,
              width: 18,
              height: 11,
              fill: `url(#${heading.id}-hatch)`,
              stroke: "#999999",
              "stroke-width": 0.6,
            }),
          },
        ]),
  ];
  return plot(heading, descriptionOf(series, spans.length), axes, { body, legend });
}

/** Where nothing is unflagged all is taken; the other way round where nothing is known. */
function rangeOf(series: readonly TrendSeries[], frame: "all" | "unflagged"): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const { values, low = values, high = values, flagged } of series) {
    for (let k = 0; k < values.length; k++) {
      if (frame === "unflagged" && flagged[k] === 1) continue;
      if (low[k]! < least) least = low[k]!;
      if (high[k]! > most) most = high[k]!;
    }
  }
  return least > most && frame === "unflagged" ? rangeOf(series, "all") : [least, most];
}

function timeAxis(
  from: number,
  to: number,
  timeZone: string | undefined,
): { readonly scale: Scale; readonly label: string } {
  if (timeZone !== undefined) return { scale: timeScale(from, to, timeZone), label: `time, ${timeZone}` };
  const { scale, unit } = elapsedScale(from / 1000, to / 1000);
  const ticks = scale.ticks.map(({ at, text }) => ({ at: 1000 * at, text }));
  return { scale: { ...scale, from, to, ticks }, label: `${unit}, from the first sample` };
}

/** From the least to the largest of each interval; of intervals on the same pixel the least and largest of all. */
function bandOf({ utc, intervalMs, low, high }: TrendSeries, place: Place): string {
  if (low === undefined || high === undefined) return "";
  const parts: string[] = [];
  for (let k = 0; k < utc.length;) {
    if (Number.isNaN(low[k]!) || Number.isNaN(high[k]!)) {
      k++;
      continue;
    }
    const left = place.x(utc[k]!);
    let [least, most, right] = [low[k]!, high[k]!, left];
    do {
      least = Math.min(least, low[k]!);
      most = Math.max(most, high[k]!);
      right = place.x(utc[k]! + intervalMs);
      k++;
    } while (k < utc.length && right < left + 1 && !Number.isNaN(low[k]!) && !Number.isNaN(high[k]!));
    const [top, bottom] = [coordinate(place.y(most)), coordinate(place.y(least))];
    parts.push(`M${coordinate(left)} ${top}H${coordinate(right)}V${bottom}H${coordinate(left)}Z`);
  }
  return parts.join("");
}

/** In the middle of each interval; a gap of intervals that are not there breaks it, too. */
function lineOf({ utc, values, intervalMs }: TimedValues, place: Place): string {
  const parts: string[] = [];
  for (let start = 0; start < utc.length;) {
    let end = start + 1;
    while (end < utc.length && utc[end]! - utc[end - 1]! < 1.5 * intervalMs) end++;
    const first = start;
    parts.push(
      pathOf(
        end - first,
        (k) => place.x(utc[first + k]! + intervalMs / 2),
        (k) => place.y(values[first + k]!),
      ),
    );
    start = end;
  }
  return parts.join("");
}

/** From the start of the first to the end of the last of flagged intervals that follow one another, of whichever series. */
function flaggedSpans(series: readonly TimedValues[]): readonly (readonly [start: number, end: number])[] {
  const spans = series
    .flatMap(({ utc, flagged, intervalMs }) =>
      [...utc].flatMap((start, k): [number, number][] => (flagged[k] === 0 ? [] : [[start, start + intervalMs]])),
    )
    .toSorted(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [start, end] of spans) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

function shaded(id: string, { x, top, bottom }: Place, start: number, end: number): string {
  const width = Math.max(x(end) - x(start), 2);
  return element(
    "g",
    {},
    element("rect", {
      x: x(start),
      y: top,
      width,
      height: bottom - top,
      fill: `url(#${id}-hatch)`,
      stroke: shades.grid,
    }),
  );
}

function descriptionOf(series: readonly TimedValues[], spans: number): string {
  const of = ({ name, values }: TimedValues): string => {
    const known = values.filter((value) => !Number.isNaN(value)).sort();
    if (known.length === 0) return `${name} is not known`;
    return `${name} from ${known[0]!.toPrecision(4)} to ${known.at(-1)!.toPrecision(4)} in ${known.length} intervals`;
  };
  return `${series.map(of).join(", ")}; ${spans} spans of flagged intervals.`;
}
