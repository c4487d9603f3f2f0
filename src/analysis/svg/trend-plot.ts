/** A quantity over days: lines that break where nothing is known, hatched where intervals are flagged, its limits. */
import type { TimedValues } from "#analysis/timed-values.ts";
import { linearScale, timeScale } from "./axis.ts";
import { element, textAt } from "./element.ts";
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
import { shades, sizes } from "./sizes.ts";

export interface TrendPlot {
  readonly series: readonly TimedValues[];
  /** What is shown, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  /** "V", "% of the fundamental". */
  readonly label: string;
  readonly limits?: readonly { readonly at: number; readonly name: string }[];
}

export function trendPlot(heading: Heading, { series, from, to, timeZone, label, limits = [] }: TrendPlot): string {
  let [least, most] = [Infinity, -Infinity];
  for (const { values } of series) {
    for (const value of values) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  for (const { at } of limits) [least, most] = [Math.min(least, at), Math.max(most, at)];
  const axes: Axes = {
    size: sizes.trend,
    x: timeScale(from, to, timeZone),
    y: least > most ? linearScale(0, 1) : linearScale(least, most, 5),
    xLabel: `time, ${timeZone}`,
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
      textAt(place.right - 4, place.y(at) - 3, name, { "text-anchor": "end", "font-size": 10 }),
    ]),
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
