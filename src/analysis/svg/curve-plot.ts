/** Events over the ITIC curve and SEMI F47: duration against voltage. */
import { f47Line, iticLowerLine, iticUpperLine, type CurvePoint } from "#analysis/limits/curve-lines.ts";
import { f47Region, iticRegion } from "#analysis/limits/curves.ts";
import { durationScale, linearScale } from "./axis.ts";
import { element, escaped, textAt } from "./element.ts";
import { placeOf, plot, type Axes, type Heading, type LegendEntry } from "./plot.ts";
import { shades, sizes } from "./sizes.ts";

export interface PlottedEvent {
  readonly seconds: number;
  /** Residual voltage of a dip, largest of a swell, percent of the nominal one. */
  readonly percent: number;
  /** As others name it. */
  readonly name: string;
}

const LEAST = 1e-4;

export function curvePlot(heading: Heading, events: readonly PlottedEvent[]): string {
  const longest = Math.max(100, ...events.map(({ seconds }) => seconds * 1.2));
  const highest = Math.min(500, Math.max(200, ...events.map(({ percent }) => percent * 1.1)));
  const axes: Axes = {
    size: sizes.curves,
    x: durationScale(LEAST, longest),
    y: linearScale(0, highest, 8),
    xLabel: "duration",
    yLabel: "% of nominal voltage",
  };
  const place = placeOf(axes);
  const line = (points: readonly CurvePoint[]): string =>
    points
      .map(
        ([seconds, percent], k) =>
          `${k === 0 ? "M" : "L"}${place.x(seconds).toFixed(2)} ${place.y(percent).toFixed(2)}`,
      )
      .join("");
  const body = [
    element("path", { d: line(iticUpperLine(longest)), fill: "none", stroke: "#111111", "stroke-width": 1.8 }),
    element("path", { d: line(iticLowerLine(LEAST, longest)), fill: "none", stroke: "#111111", "stroke-width": 1.8 }),
    element("path", {
      d: line(f47Line()),
      fill: "none",
      stroke: "#1d5fa0",
      "stroke-width": 1.8,
      "stroke-dasharray": "7 3",
    }),
    textAt(place.right - 8, place.y(axes.y.to) + 18, "prohibited region", { "text-anchor": "end", fill: shades.axis }),
    textAt(place.x(0.00013), place.y(85), "no interruption in function region", { fill: shades.axis }),
    textAt(place.right - 8, place.y(20), "no damage region", { "text-anchor": "end", fill: shades.axis }),
    ...events.map((event) => mark(event, place)),
  ];
  const legend: readonly LegendEntry[] = [
    { name: "ITIC", sample: element("line", { x1: 0, x2: 24, y1: 0, y2: 0, stroke: "#111111", "stroke-width": 1.8 }) },
    {
      name: "SEMI F47",
      sample: element("line", {
        x1: 0,
        x2: 24,
        y1: 0,
        y2: 0,
        stroke: "#1d5fa0",
        "stroke-width": 1.8,
        "stroke-dasharray": "7 3",
      }),
    },
    { name: "borne", sample: element("g", { transform: "translate(18 0)" }, shapes.borne) },
    { name: "no damage", sample: element("g", { transform: "translate(18 0)" }, shapes["no damage"]) },
    { name: "prohibited", sample: element("g", { transform: "translate(18 0)" }, shapes.prohibited) },
  ];
  return plot(heading, descriptionOf(events), axes, { body, legend });
}

const shapes = {
  borne: element("circle", { r: 4.5, fill: "#ffffff", stroke: "#111111", "stroke-width": 1.5 }),
  "no damage": element("path", {
    d: "M0 4.5L5.5 -4.5L-5.5 -4.5Z",
    fill: "#111111",
    stroke: "#ffffff",
    "stroke-width": 0.7,
  }),
  prohibited: element("rect", {
    x: -4.5,
    y: -4.5,
    width: 9,
    height: 9,
    fill: "#111111",
    stroke: "#ffffff",
    "stroke-width": 0.7,
  }),
} as const;

function regionOf({ seconds, percent }: PlottedEvent): keyof typeof shapes {
  const region = iticRegion(seconds, percent)?.region;
  return region === undefined || region === "no interruption" ? "borne" : region;
}

/** What lies beyond the frame stands at its edge. */
function mark(event: PlottedEvent, place: ReturnType<typeof placeOf>): string {
  const x = Math.min(Math.max(place.x(event.seconds), place.left + 5), place.right - 5);
  const y = Math.min(Math.max(place.y(event.percent), place.top + 5), place.bottom - 5);
  const words = `${event.name}: ${event.percent.toFixed(1)} % for ${Number(event.seconds.toPrecision(3))} s`;
  return element(
    "g",
    { transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})` },
    element("title", {}, escaped(words)),
    shapes[regionOf(event)],
  );
}

function descriptionOf(events: readonly PlottedEvent[]): string {
  const count = (region: keyof typeof shapes): number => events.filter((event) => regionOf(event) === region).length;
  const below = events.filter(({ seconds, percent }) => f47Region(seconds, percent)?.passes === false).length;
  return (
    `${events.length} events by duration and voltage over the ITIC curve: ${count("borne")} within it, ` +
    `${count("no damage")} in the no damage region, ${count("prohibited")} in the prohibited region; ${below} below SEMI F47.`
  );
}
