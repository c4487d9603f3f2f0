/** A chart of values by time: lines with gaps where nothing is known, a legend with the values under the pointer, and marks. */
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { axisNumbers, axisRange, withUnit } from "./numbers.ts";
import { Value } from "./value.tsx";

export interface Line {
  readonly name: string;
  /** The style that it has its colour from. */
  readonly style: string;
  readonly unit: string;
  readonly values: readonly (number | null)[];
}

interface Props {
  readonly id: string;
  /** What it is of, for who does not see it. */
  readonly label: string;
  /** Milliseconds, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly height?: number;
  /** The first and the last time; those of the values unless said. */
  readonly range?: readonly [number, number] | undefined;
  /** Each value holds until the next time. */
  readonly stepped?: boolean;
  /** The axis of values begins at zero. */
  readonly fromZero?: boolean;
  /** A time in words; of a label, how far it is to the next, in milliseconds. */
  readonly timeText: (ms: number, stepMs?: number) => string;
  /** Times that have labels; made of the range unless said. */
  readonly ticks?: readonly { readonly at: number; readonly label: string }[];
  readonly marks?: readonly { readonly at: number }[];
  /** Somebody has drawn over a part of the time. */
  readonly select?: (from: number, to: number) => void;
}

/** Milliseconds between labels of the axis of time. */
const STEPS = [
  ...[0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((seconds) => 1000 * seconds),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => 60_000 * minutes),
  ...[1, 2, 3, 6, 12, 24].map((hours) => 3_600_000 * hours),
];
/** With what stands beside it, so that all charts begin at one place. */
const AXIS_WIDTH = 74;
const BESIDE_WIDTH = 16;
/** Pixels of a time that was drawn over: fewer were a click. */
const LEAST_SELECTED = 6;

export function Chart(props: Props) {
  const { id, label, times, lines, height = 200, timeText } = props;
  const place = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [pointed, point] = useState<number | undefined>(undefined);
  const shape = lines.map(({ name, style, unit }) => `${name} ${style} ${unit}`).join("|");

  useEffect(() => {
    const root = place.current;
    if (root === null) return undefined;
    /** Colours are those of the style sheet, light or dark. */
    const inkOf = (selector: string): string => getComputedStyle(legend.current?.querySelector(selector) ?? root).color;
    /** Units that stand beside the axis, of lines that have several. */
    let beside = "";
    const isMixed = new Set(latest.current.lines.map(({ unit }) => unit)).size > 1;
    const quiet = (): string => getComputedStyle(root).color;
    const made = new uPlot(
      {
        width: Math.max(120, root.clientWidth),
        height,
        padding: [8, 26, 0, 0],
        ms: 1,
        legend: { show: false },
        cursor: {
          y: false,
          drag: { setScale: false, x: latest.current.select !== undefined, y: false },
          points: { size: 6 },
        },
        scales: {
          x: {
            time: false,
            range: (_, least, most) => {
              const [from, to] = latest.current.range ?? [least, most];
              return from < to ? [from, to] : [from - 1000, from + 1000];
            },
          },
          y: { range: (_, least, most) => axisRange(least, most, latest.current.fromZero === true) },
        },
        series: [
          {},
          ...latest.current.lines.map((_, k): uPlot.Series => {
            const ink = (): string => inkOf(`.swatch[data-line="${k}"]`);
            const { stepped, fromZero } = latest.current;
            return {
              stroke: ink,
              width: 1.5,
              points: { show: false },
              spanGaps: false,
              ...(stepped === true && uPlot.paths.stepped !== undefined
                ? { paths: uPlot.paths.stepped({ align: 1 }) }
                : {}),
              ...(stepped === true && fromZero === true
                ? {
                    fill: () =>
                      ink()
                        .replace(/^rgb\((.*)\)$/, "rgb($1 / 0.18)")
                        .replaceAll(/,(?=.*\/)/g, " "),
                  }
                : {}),
            };
          }),
        ],
        axes: [
          {
            stroke: quiet,
            font: "12px system-ui, sans-serif",
            size: 28,
            grid: { stroke: () => inkOf(".rule"), width: 1 },
            ticks: { show: false },
            splits: (self) => ticksOf(self, latest.current).map(({ at }) => at),
            values: (self, at) => {
              const known = new Map(ticksOf(self, latest.current).map((one) => [one.at, one.label]));
              return at.map((one) => known.get(one) ?? "");
            },
          },
          {
            stroke: quiet,
            font: "12px system-ui, sans-serif",
            size: AXIS_WIDTH - (isMixed ? BESIDE_WIDTH : 0),
            space: 34,
            grid: { stroke: () => inkOf(".rule"), width: 1 },
            ticks: { show: false },
            values: (_, at) => {
              const { labels, units } = labelsOf(at, latest.current.lines);
              beside = units;
              return labels;
            },
            ...(isMixed
              ? { label: () => beside, labelSize: BESIDE_WIDTH, labelGap: 0, labelFont: "12px system-ui, sans-serif" }
              : {}),
          },
        ],
        hooks: {
          setCursor: [(self) => point(self.cursor.idx ?? undefined)],
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              if (width < LEAST_SELECTED) return;
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              latest.current.select?.(self.posToVal(left, "x"), self.posToVal(left + width, "x"));
            },
          ],
          draw: [(self) => drawMarks(self, latest.current.marks ?? [], inkOf(".mark"))],
        },
      },
      dataOf(latest.current),
      root,
    );
    chart.current = made;
    const redraw = (): void => made.redraw(false);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", redraw);
    const size = new ResizeObserver(() => {
      if (root.clientWidth > 0 && root.clientWidth !== made.width) made.setSize({ width: root.clientWidth, height });
    });
    size.observe(root);
    return () => {
      scheme.removeEventListener("change", redraw);
      size.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [shape, height]);

  useEffect(() => chart.current?.setData(dataOf(props)));

  const at = pointed !== undefined && pointed < times.length ? pointed : undefined;
  // Of values that hold until the next time the last one stands before the time at which they end.
  const newest = (values: readonly (number | null)[]): number | null | undefined =>
    props.stepped === true ? values.findLast((value) => value !== null) : values.at(-1);
  const shown = (values: readonly (number | null)[]): number | null | undefined =>
    at === undefined ? newest(values) : values[at];
  const time = at === undefined ? undefined : times[at];
  return (
    <figure id={id}>
      <ul class="legend" ref={legend}>
        {lines.map(({ name, style, unit, values }, k) => (
          <li key={name}>
            <span class={`swatch ${style}`} data-line={k} /> {name} <Value value={shown(values)} unit={unit} />
          </li>
        ))}
        <li class="when">
          {time === undefined ? "" : timeText(time)}
          <span class="rule" />
          <span class="mark" />
        </li>
      </ul>
      <div ref={place} class="plot" role="img" aria-label={`${label}: ${summary(props)}`} />
    </figure>
  );
}

/**
 * Labels of the axis of values; none where there is no value to have them. Lines of several units, whose numbers are alike (W, var, VA),
 * have the units beside the axis.
 */
function labelsOf(
  at: readonly number[],
  lines: readonly Line[],
): { readonly labels: string[]; readonly units: string } {
  if (lines.every(({ values }) => values.every((value) => value === null)))
    return { labels: at.map(() => ""), units: "" };
  const units = [...new Set(lines.map((line) => line.unit))];
  const { numbers, prefix } = axisNumbers(at, units[0] ?? "");
  if (units.length > 1) return { labels: [...numbers], units: units.map((unit) => `${prefix}${unit}`).join(", ") };
  return { labels: numbers.map((number) => `${number} ${prefix}${units[0] ?? ""}`.trimEnd()), units: "" };
}

function dataOf({ times, lines }: Props): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

/** Labels of the axis of time: those that are given, or round times so far apart that they do not touch. */
function ticksOf(self: uPlot, { ticks, timeText }: Props): readonly { readonly at: number; readonly label: string }[] {
  const { min = 0, max = 0 } = self.scales["x"] ?? {};
  const apart = (80 * (max - min)) / Math.max(1, self.bbox.width / devicePixelRatio);
  if (ticks !== undefined) {
    const often = Math.ceil(apart / Math.max(1, (ticks[1]?.at ?? 0) - (ticks[0]?.at ?? 0)));
    return ticks.filter((_, k) => k % Math.max(1, often) === 0);
  }
  const step = STEPS.find((one) => one >= apart) ?? 86_400_000;
  const made = [];
  for (let at = Math.ceil(min / step) * step; at <= max; at += step) made.push({ at, label: timeText(at, step) });
  return made;
}

function drawMarks(self: uPlot, marks: readonly { readonly at: number }[], ink: string): void {
  const { ctx, bbox } = self;
  ctx.save();
  ctx.fillStyle = ink;
  for (const { at } of marks) {
    const x = self.valToPos(at, "x", true);
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
    const size = 4 * devicePixelRatio;
    ctx.fillRect(x - devicePixelRatio / 2, bbox.top, devicePixelRatio, bbox.height);
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top);
    ctx.lineTo(x + size, bbox.top);
    ctx.lineTo(x, bbox.top + 1.5 * size);
    ctx.fill();
  }
  ctx.restore();
}

function summary({ times, lines, timeText }: Props): string {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return "nothing yet";
  const said = lines.map(({ name, unit, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${name} not known`;
    return `${name} from ${withUnit(Math.min(...known), unit)} to ${withUnit(Math.max(...known), unit)}`;
  });
  return `${said.join("; ")}; ${timeText(first)} to ${timeText(last)}`;
}
