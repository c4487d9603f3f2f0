/** Harmonics by order, each with its limit: what is beyond is dark. */
import { linearScale, type Scale } from "./axis.ts";
import { element, textAt } from "./element.ts";
import { placeOf, plot, type Axes, type Heading, type LegendEntry } from "./plot.ts";
import { shades, sizes } from "./sizes.ts";

export interface HarmonicBar {
  readonly order: number;
  /** Null of what is not known. */
  readonly percent: number | null;
  /** Null of what has no limit. */
  readonly limit: number | null;
}

/** What stands in it besides numbers. */
export interface HarmonicWords {
  readonly order: string;
  readonly limit: string;
  readonly within: string;
  readonly beyond: string;
}

const english: HarmonicWords = { order: "order", limit: "limit", within: "within", beyond: "beyond" };

export function harmonicsPlot(
  heading: Heading,
  bars: readonly HarmonicBar[],
  yLabel: string,
  words: HarmonicWords = english,
): string {
  const orders = bars.map(({ order }) => order);
  const [first, last] = [Math.min(2, ...orders), Math.max(2, ...orders)];
  const highest = Math.max(...bars.flatMap(({ percent, limit }) => [percent ?? 0, limit ?? 0]), 0.1);
  // Orders of three digits at most, each at least every 14 pixels.
  const every = Math.ceil((last - first + 1) / 32);
  const x: Scale = {
    from: first - 0.6,
    to: last + 0.6,
    isLogarithmic: false,
    ticks: orders.filter((order) => (order - first) % every === 0).map((at) => ({ at, text: String(at) })),
  };
  const axes: Axes = { size: sizes.harmonics, x, y: linearScale(0, 1.05 * highest, 5), xLabel: words.order, yLabel };
  const place = placeOf(axes);
  const width = Math.min(22, 0.7 * (place.x(1) - place.x(0)));
  const body = bars.flatMap(({ order, percent, limit }) => {
    const at = place.x(order);
    const out: string[] = [];
    if (percent === null) out.push(textAt(at, place.bottom - 4, "–", { "text-anchor": "middle", "font-size": 18 }));
    else {
      const isBeyond = limit !== null && percent > limit;
      out.push(
        element("rect", {
          x: at - width / 2,
          y: place.y(percent),
          width,
          height: place.bottom - place.y(percent),
          fill: isBeyond ? shades.beyond : shades.bar,
          stroke: "#333333",
          "stroke-width": 0.8,
        }),
      );
    }
    if (limit !== null) {
      const y = place.y(limit);
      const [x1, x2] = [at - width / 2 - 2, at + width / 2 + 2];
      // White around it shows it over a dark bar.
      out.push(element("line", { x1, x2, y1: y, y2: y, stroke: "#ffffff", "stroke-width": 4 }));
      out.push(element("line", { x1, x2, y1: y, y2: y, stroke: "#111111", "stroke-width": 2 }));
    }
    return out;
  });
  const sample = (fill: string): string =>
    element("rect", { x: 10, y: -6, width: 12, height: 11, fill, stroke: "#333333", "stroke-width": 0.8 });
  const legend: readonly LegendEntry[] = [
    {
      name: words.limit,
      sample: element("line", { x1: 4, x2: 24, y1: 0, y2: 0, stroke: "#111111", "stroke-width": 2 }),
    },
    { name: words.within, sample: sample(shades.bar) },
    { name: words.beyond, sample: sample(shades.beyond) },
  ];
  return plot(heading, descriptionOf(bars), axes, { body, legend });
}

function descriptionOf(bars: readonly HarmonicBar[]): string {
  const beyond = bars.filter(({ percent, limit }) => percent !== null && limit !== null && percent > limit);
  const unknown = bars.filter(({ percent }) => percent === null).length;
  const named = beyond.map(
    ({ order, percent, limit }) => `${order} with ${percent?.toFixed(2)} % of at most ${limit} %`,
  );
  return (
    `${bars.length} harmonics against their limits: ${beyond.length} beyond${named.length === 0 ? "" : ` (${named.join(", ")})`}` +
    `${unknown === 0 ? "" : `, ${unknown} not known`}.`
  );
}
