/** The frame of every plot: heading, axes, legend, and for who does not see it a title and a description. */
import { partOf, type Scale } from "./axis.ts";
import { coordinate, element, escaped, textAt } from "./element.ts";
import { lines, margin, shades, type Size } from "./sizes.ts";

export interface Heading {
  /** Unique on the page: others are made of it. */
  readonly id: string;
  readonly title: string;
  /** The title stands in a caption of the page, and not in the plot, too. */
  readonly isCaptioned?: boolean;
}

export interface Axes {
  readonly size: Size;
  readonly x: Scale;
  readonly y: Scale;
  readonly xLabel: string;
  readonly yLabel: string;
}

/** From values to pixels. */
export interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  x(value: number): number;
  y(value: number): number;
}

export function placeOf({ size, x, y }: Axes): Place {
  const [left, right] = [margin.left, size.width - margin.right];
  const [top, bottom] = [margin.top, size.height - margin.bottom];
  return {
    left,
    right,
    top,
    bottom,
    x: (value) => left + partOf(x, value) * (right - left),
    y: (value) => bottom - partOf(y, value) * (bottom - top),
  };
}

export interface LegendEntry {
  readonly name: string;
  /** An element around the origin, 24 wide. */
  readonly sample: string;
}

/** A line of the n-th kind, as the legend shows it. */
export function lineSample(n: number): string {
  return element("line", { x1: 0, x2: 24, y1: 0, y2: 0, ...strokeOf(n) });
}

export function strokeOf(n: number, width = 1.4): Readonly<Record<string, string | number>> {
  const { stroke, dashes } = lines[n % lines.length] ?? { stroke: "#111111", dashes: "" };
  return {
    fill: "none",
    stroke,
    "stroke-width": width,
    "stroke-linejoin": "round",
    ...(dashes === "" ? {} : { "stroke-dasharray": dashes }),
  };
}

/** `body` is drawn in the frame and cut at it, `over` on top of it. */
export function plot(
  { id, title, isCaptioned = false }: Heading,
  description: string,
  axes: Axes,
  {
    body,
    over = [],
    legend = [],
  }: { body: readonly string[]; over?: readonly string[]; legend?: readonly LegendEntry[] },
): string {
  const { width, height } = axes.size;
  const place = placeOf(axes);
  const { left, right, top, bottom } = place;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-labelledby": `${id}-title ${id}-desc`,
      "font-family": "system-ui, sans-serif",
      "font-size": 11,
      fill: "#111111",
    },
    element("title", { id: `${id}-title` }, escaped(title)),
    element("desc", { id: `${id}-desc` }, escaped(description)),
    element(
      "defs",
      {},
      element(
        "clipPath",
        { id: `${id}-clip` },
        element("rect", { x: left, y: top, width: right - left, height: bottom - top }),
      ),
      hatch(`${id}-hatch`),
    ),
    ...(isCaptioned ? [] : [textAt(left, 14, title, { "font-weight": 600, "font-size": 12 })]),
    ...legendOf(legend, left, isCaptioned ? undefined : right),
    ...grid(axes, place),
    element("g", { "clip-path": `url(#${id}-clip)` }, ...body),
    element("rect", { x: left, y: top, width: right - left, height: bottom - top, fill: "none", stroke: shades.axis }),
    ...over,
    textAt((left + right) / 2, height - 8, axes.xLabel, { "text-anchor": "middle" }),
    element(
      "g",
      { transform: `translate(14 ${coordinate((top + bottom) / 2)}) rotate(-90)` },
      textAt(0, 0, axes.yLabel, { "text-anchor": "middle" }),
    ),
  );
}

function hatch(id: string): string {
  return element(
    "pattern",
    { id, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    element("rect", { width: 5, height: 5, fill: "#f4f4f4" }),
    element("line", { x1: 0, x2: 0, y1: 0, y2: 5, stroke: "#999999", "stroke-width": 1.2 }),
  );
}

function grid({ x, y }: Axes, { left, right, top, bottom, ...place }: Place): readonly string[] {
  const out: string[] = [];
  for (const { at, text } of y.ticks) {
    const h = place.y(at);
    out.push(element("line", { x1: left, x2: right, y1: h, y2: h, stroke: shades.grid }));
    out.push(textAt(left - 6, h + 4, text, { "text-anchor": "end" }));
  }
  for (const { at, text } of x.ticks) {
    const v = place.x(at);
    out.push(element("line", { x1: v, x2: v, y1: top, y2: bottom, stroke: shades.grid }));
    out.push(textAt(v, bottom + 15, text, { "text-anchor": "middle" }));
  }
  return out;
}

/** At the left, or at the right of a title; a letter is about 6 pixels wide. */
function legendOf(legend: readonly LegendEntry[], left: number, right: number | undefined): readonly string[] {
  const widthOf = ({ name }: LegendEntry): number => 6.2 * name.length + 42;
  let x = right === undefined ? left : right + 10 - legend.reduce((sum, entry) => sum + widthOf(entry), 0);
  return legend.flatMap((entry) => {
    const sample = element("g", { transform: `translate(${coordinate(x)} 10)` }, entry.sample);
    const name = textAt(x + 28, 14, entry.name);
    x += widthOf(entry);
    return [sample, name];
  });
}

/** Values at places; NaN breaks the line. Where several fall on one pixel its least and largest stand for them, in their order. */
export function pathOf(count: number, x: (k: number) => number, y: (k: number) => number): string {
  let text = "";
  let isDown = false;
  const put = (k: number): void => {
    text += `${isDown ? "L" : "M"}${coordinate(x(k))} ${coordinate(y(k))}`;
    isDown = true;
  };
  for (let k = 0; k < count;) {
    if (Number.isNaN(y(k))) {
      isDown = false;
      k++;
      continue;
    }
    let [low, high] = [k, k];
    let next = k + 1;
    for (; next < count && x(next) < x(k) + 1 && !Number.isNaN(y(next)); next++) {
      if (y(next) < y(low)) low = next;
      if (y(next) > y(high)) high = next;
    }
    // A value between two that are missing is a point.
    const isAlone = next === k + 1 && !isDown && (next >= count || Number.isNaN(y(next)));
    put(Math.min(low, high));
    if (low !== high) put(Math.max(low, high));
    if (isAlone) text += "h0.1";
    k = next;
  }
  return text;
}
