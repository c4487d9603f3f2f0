/** Quantities over the time of the recording: means with their least and largest, gaps as gaps, flagged intervals marked. */
import type { ExaminedSeries, Examination, IntervalTable } from "#analysis/examination.ts";
import { LEAST_COVERED } from "#analysis/examined-records.ts";
import { trendPlot, type TrendSeries } from "#analysis/svg/trend-plot.ts";
import { counted } from "./figures.ts";
import type { Instants } from "./instants.ts";
import { figure, list, paragraph, section, type Markup } from "./markup.ts";

/** Values of one line; of intervals beyond, longer ones are drawn. */
const MOST = 2000;

const NOT_LOGGED = "no such channel was logged, or none over such intervals";

export interface TrendLimit {
  readonly at: number;
  readonly name: string;
}

interface Trend {
  readonly id: string;
  readonly title: string;
  readonly label: string;
  readonly series: readonly TrendSeries[];
  readonly limits?: readonly TrendLimit[] | undefined;
  /** What is flagged may leave the frame: of an interruption there is no distortion to speak of. */
  readonly frame?: "all" | "unflagged";
  readonly floor?: number;
  /** For who has not met it. */
  readonly means?: string;
  /** Why there may be nothing. */
  readonly lacks: string;
}

/** By what they are of: "voltage", "frequency", "Plt", as assessments name it. */
export type TrendLimits = ReadonlyMap<string, readonly TrendLimit[]>;

export function trendSection(examination: Examination, instants: Instants, limits: TrendLimits): Markup {
  const { seconds, isLog = false } = examination;
  const trends = trendsOf(examination, instants, limits);
  const drawn = trends.filter(({ series }) => series.length > 0);
  const absent = trends.filter(({ series }) => series.length === 0);
  return section(
    "trends",
    2,
    "Trends",
    paragraph(
      "Lines are the means of intervals, pale bands reach from the least to the largest value in each. Hatched are flagged intervals: a dip, a swell or an interruption was in them, and other quantities may not be what they seem (IEC 61000-4-30, 4.7). Where nothing is known there is no line.",
    ),
    drawn.map(({ id, title, label, series, limits = [], frame = "all", floor = Infinity, means }) =>
      figure(
        title,
        trendPlot(
          { id: `trend-${id}`, title, isCaptioned: true },
          {
            series,
            from: instants.utc(0),
            to: instants.utc(seconds),
            timeZone: instants.isKnown ? instants.timeZone : undefined,
            label,
            limits,
            frame,
            floor,
          },
        ),
        `${title}, ${lengthText(series)}${means === undefined ? "" : `: ${means}`}.${frame === "all" ? "" : " Flagged intervals may leave the frame."}`,
      ),
    ),
    absent.length === 0
      ? []
      : [paragraph("Not measured:"), list(absent.map(({ title, lacks }) => `${title}: ${isLog ? NOT_LOGGED : lacks}`))],
  );
}

function lengthText(series: readonly TrendSeries[]): string {
  const [first] = series;
  if (first === undefined) return "";
  const seconds = first.intervalMs / 1000;
  const length = seconds < 60 ? counted(seconds, "second") : counted(seconds / 60, "minute");
  return `intervals of ${length}`;
}

function trendsOf(examination: Examination, instants: Instants, limits: TrendLimits): readonly Trend[] {
  const { voltages, channels, frequency, pst, plt } = examination;
  const table = tableFor(examination);
  const amps = channels.filter((name) => name.startsWith("A."));
  const of = (names: readonly string[], as = (name: string): string => name): readonly TrendSeries[] =>
    table === undefined ? [] : names.flatMap((name) => columnOf(table, instants, name, as(name)) ?? []);
  const noTable = "no interval of 150 or 180 cycles has ended";
  const lacks = (other: string): string => (table === undefined ? noTable : other);
  const channelOf = (name: string): string => name.slice(name.indexOf(".") + 1);
  const noCurrents = amps.length === 0 ? "the recording has no currents" : lacks("no interval has it");
  return [
    {
      id: "volts",
      title: "Voltage, mean, least and largest",
      label: "V",
      series: of(voltages),
      limits: limits.get("voltage"),
      lacks: lacks("no interval has it"),
    },
    { id: "amps", title: "Current, mean, least and largest", label: "A", series: of(amps), lacks: noCurrents },
    {
      id: "hertz",
      title: "Frequency",
      label: "Hz",
      series: seriesOf(frequency, instants),
      limits: limits.get("frequency"),
      lacks: "no ten seconds of UTC have ended",
    },
    {
      id: "thd-volts",
      title: "Total harmonic distortion of voltages",
      means: "how far the wave is from a sine",
      label: "% of the fundamental",
      series: of(
        voltages.map((name) => `THD.${name}`),
        channelOf,
      ),
      limits: limits.get("THD"),
      frame: "unflagged",
      floor: 0,
      lacks: lacks("the recording's rate does not carry it"),
    },
    {
      id: "thd-amps",
      title: "Total harmonic distortion of currents",
      means: "how far the wave is from a sine; of a small current it is much without meaning much",
      label: "% of the fundamental",
      series: of(
        amps.map((name) => `THD.${name}`),
        channelOf,
      ),
      frame: "unflagged",
      floor: 0,
      lacks: amps.length === 0 ? noCurrents : lacks("the recording's rate does not carry it, or no current flows"),
    },
    {
      id: "unbalance",
      title: "Unbalance, negative of positive sequence",
      means: "how unlike the three phases are",
      label: "%",
      series: [...of(["unbalance.V"], () => "voltage"), ...of(["unbalance.A"], () => "current")],
      limits: limits.get("unbalance"),
      frame: "unflagged",
      floor: 0,
      lacks: lacks("there are fewer than three voltages or currents"),
    },
    {
      id: "pst",
      title: "Short-term flicker severity Pst",
      means: "how much lamps flicker, over ten minutes; at 1 it begins to irritate",
      label: "Pst",
      floor: 0,
      series: pst.flatMap((series) => seriesOf(series, instants)),
      lacks: "no ten minutes have ended since measuring began",
    },
    {
      id: "plt",
      title: "Long-term flicker severity Plt",
      means: "the same over two hours",
      label: "Plt",
      floor: 0,
      series: plt.flatMap((series) => seriesOf(series, instants)),
      limits: limits.get("Plt"),
      lacks: "no two hours of UTC were measured as a whole",
    },
  ];
}

/** The shortest intervals of which there are not too many. */
function tableFor({ intervals }: Examination): IntervalTable | undefined {
  const some = intervals.filter(
    ({ start, covered }) => start.length > 0 && covered.some((part) => part >= LEAST_COVERED),
  );
  const rising = some.toSorted((a, b) => a.seconds - b.seconds);
  return rising.find(({ start }) => start.length <= MOST) ?? rising.at(-1);
}

/** Undefined where nothing is known. */
function columnOf(table: IntervalTable, instants: Instants, name: string, as: string): TrendSeries | undefined {
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined || column.mean.every(Number.isNaN)) return undefined;
  const known = (values: Float64Array): Float64Array =>
    values.map((value, k) => ((table.covered[k] ?? 0) >= LEAST_COVERED ? value : NaN));
  return {
    name: as,
    intervalMs: 1000 * table.seconds,
    utc: table.start.map((start) => instants.utc(start)),
    values: known(column.mean),
    low: known(column.min),
    high: known(column.max),
    flagged: table.flagged,
  };
}

function seriesOf(
  { name, seconds, start, values, flagged }: ExaminedSeries,
  instants: Instants,
): readonly TrendSeries[] {
  if (values.every(Number.isNaN)) return [];
  return [{ name, intervalMs: 1000 * seconds, utc: start.map((at) => instants.utc(at)), values, flagged }];
}
