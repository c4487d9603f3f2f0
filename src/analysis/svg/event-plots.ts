/** An event over time: RMS by half cycles, and its waveform. */
import { linearScale, roomy } from "./axis.ts";
import { element, textAt } from "./element.ts";
import { lineSample, pathOf, placeOf, plot, strokeOf, type Axes, type Heading } from "./plot.ts";
import { halo, shades, sizes, type Size } from "./sizes.ts";

export interface Channel {
  readonly name: string;
  /** NaN of what is not known. */
  readonly values: Float64Array;
}

export interface EventPlot {
  readonly unit: "V" | "A" | "%";
  readonly channels: readonly Channel[];
  /** Seconds from the start of the event of each value, by its place. */
  at(place: number): number;
  /** Seconds that the event lasts: its span is shaded. */
  readonly lasts?: number;
  /** Thresholds, by what they are: "dip 90 %". */
  readonly thresholds?: readonly { readonly at: number; readonly name: string }[];
}

export function rmsPlot(heading: Heading, event: EventPlot): string {
  return timePlot(heading, event, sizes.rms, `RMS, ${event.unit}`);
}

export function waveformPlot(heading: Heading, event: EventPlot): string {
  return timePlot(heading, event, sizes.waveform, event.unit);
}

function timePlot(heading: Heading, event: EventPlot, size: Size, yLabel: string): string {
  const { channels, lasts, thresholds = [], unit } = event;
  const count = Math.max(0, ...channels.map(({ values }) => values.length));
  const [least, most] = roomy(...rangeOf(channels, thresholds));
  const [from, to] = count < 2 ? [0, 1] : [event.at(0), event.at(count - 1)];
  const axes: Axes = {
    size,
    x: linearScale(from, to, 8, "kept"),
    y: linearScale(least, most, 5),
    xLabel: "seconds from the start of the event",
    yLabel,
  };
  const place = placeOf(axes);
  const body: string[] = [];
  if (lasts !== undefined) {
    const [left, right] = [place.x(0), place.x(lasts)];
    const height = place.bottom - place.top;
    body.push(element("rect", { x: left, y: place.top, width: Math.max(right - left, 1), height, fill: shades.span }));
  }
  for (const { at, name } of thresholds) {
    const y = place.y(at);
    body.push(
      element("line", {
        x1: place.left,
        x2: place.right,
        y1: y,
        y2: y,
        stroke: shades.axis,
        "stroke-dasharray": "1 3",
      }),
      textAt(place.right - 4, y - 3, name, { "text-anchor": "end", fill: shades.axis, "font-size": 10, ...halo }),
    );
  }
  for (const [n, { values }] of channels.entries()) {
    const d = pathOf(
      values.length,
      (k) => place.x(event.at(k)),
      (k) => place.y(values[k]!),
    );
    if (d !== "") body.push(element("path", { d, ...strokeOf(n) }));
  }
  const legend = channels.map(({ name }, n) => ({ name, sample: lineSample(n) }));
  const figures = channels.map((channel) => {
    const [low, high] = rangeOf([channel], []);
    return low > high
      ? `${channel.name} not known`
      : `${channel.name} from ${low.toPrecision(4)} to ${high.toPrecision(4)} ${unit}`;
  });
  const description = `${figures.join(", ")}${lasts === undefined ? "" : `; the event lasts ${Number(lasts.toPrecision(3))} s`}.`;
  return plot(heading, description, axes, { body, legend });
}

/** Least and largest; the other way round where nothing is known and nothing else given. */
function rangeOf(
  channels: readonly Channel[],
  thresholds: readonly { readonly at: number }[],
): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const { values } of channels) {
    for (const value of values) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  for (const { at } of thresholds) [least, most] = [Math.min(least, at), Math.max(most, at)];
  return [least, most];
}
