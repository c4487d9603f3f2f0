/** How a value has gone over days and years, as far as the meter has recorded it: least, mean and most, nearer and farther. */
import { useMemo, useState } from "preact/hooks";
import type { TrendSeriesView, TrendsView, TrendView } from "#quantity/trend-api.ts";
import { useAsked } from "./asked.ts";
import { Chart } from "./chart.tsx";
import { Choice } from "./choice.tsx";
import { counted, say } from "./language.ts";
import { span, wallText, whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import type { OfMeter } from "./sections.ts";
import { askOf } from "./site.ts";
import { Table } from "./table.tsx";
import { profileTexts } from "./texts/profile.ts";
import { trendTexts } from "./texts/trends.ts";
import { trendLines, trendTicks } from "./trend-lines.ts";
import { SideOf, Value } from "./value.tsx";
import { Waiting } from "./waiting.tsx";
import "./energy.css";

const DAY_MS = 86_400_000;
const lengths = { day: DAY_MS, week: 7 * DAY_MS, month: 31 * DAY_MS, year: 366 * DAY_MS, all: Infinity } as const;
type Length = keyof typeof lengths;
const names = Object.keys(lengths) as Length[];
/** Points that are asked for: as many as a wide screen has room for. */
const POINTS = 800;
/** Points that are shown as numbers. */
const ROWS = 100;
/** Milliseconds of the least that is worth being looked at. */
const LEAST_MS = 600_000;

/** Milliseconds between two questions: a record is at least a minute, and what has been downsampled is kept. */
const ASK_MS = 10_000;

/** A part of the time; undefined is all of it. */
type Part = readonly [from: number, to: number] | undefined;

function seriesText({ series, number, interval }: TrendSeriesView): string {
  const length =
    typeof interval === "number"
      ? say(profileTexts.minutes, { n: interval })
      : interval === "cycles"
        ? say(trendTexts.cycles)
        : interval;
  return say(series === "profile" ? trendTexts.profile : trendTexts.log, { n: number, interval: length });
}

export function Section({ live }: OfMeter) {
  const asked = useAsked(live.name, () => askOf<TrendsView>(live.name, "trends"), ASK_MS);
  const { answer } = asked;
  const series = answer?.series.filter(({ channels }) => channels.length > 0) ?? [];
  // The meter's stream is many times as fast as its records: what has not changed is not made anew.
  const shown = useMemo(
    () => (series.length === 0 ? null : <YearTrend meter={live.name} series={series} key={live.name} />),
    [live.name, answer],
  );
  return (
    <>
      <Waiting asked={asked} />
      {asked.answer !== undefined && series.length === 0 ? <Notice>{say(trendTexts.nothing)}</Notice> : null}
      {shown}
    </>
  );
}

interface TrendProps {
  readonly meter: string;
  readonly series: readonly TrendSeriesView[];
}

function YearTrend({ meter, series }: TrendProps) {
  const [place, choose] = useState(0);
  const [channel, pick] = useState(1);
  const [part, show] = useState<Part>(undefined);
  const of = series[place] ?? series[0];
  const words = {
    series: of?.series,
    number: of?.number,
    channel,
    most: POINTS,
    from: part === undefined ? undefined : new Date(part[0]).toISOString(),
    to: part === undefined ? undefined : new Date(part[1]).toISOString(),
  };
  const asked = useAsked(`${meter} ${JSON.stringify(words)}`, () => askOf<TrendView>(meter, "trend", words), ASK_MS);
  const [first, last] = [of?.from ?? 0, of?.to ?? 0];
  const [from, to] = part ?? [first, last];
  const length = to - from;
  const look = (begin: number, end: number): void => {
    const wanted = Math.max(LEAST_MS, Math.min(end - begin, last - first));
    const at = Math.min(Math.max(begin, first), last - wanted);
    show(wanted >= last - first ? undefined : [Math.round(at), Math.round(at + wanted)]);
  };
  const middle = (from + to) / 2;
  const view = asked.answer;
  return (
    <Panel
      id="years"
      title={say(trendTexts.title)}
      whole
      aside={
        <>
          <SideOf side={view?.side ?? undefined} />
          <label class="pick">
            {say(trendTexts.series)}{" "}
            <select
              id="trend-series"
              value={String(place)}
              onChange={({ currentTarget }) => {
                choose(Number(currentTarget.value));
                pick(1);
                show(undefined);
              }}
            >
              {series.map((one, k) => (
                <option key={k} value={String(k)}>
                  {seriesText(one)}
                </option>
              ))}
            </select>
          </label>
          <label class="pick">
            {say(trendTexts.channel)}{" "}
            <select
              id="trend-channel"
              value={String(channel)}
              onChange={({ currentTarget }) => pick(Number(currentTarget.value))}
            >
              {(of?.channels ?? []).map((one) => (
                <option key={one.channel} value={String(one.channel)}>
                  {one.measure}
                </option>
              ))}
            </select>
          </label>
          <Choice
            label={say(trendTexts.span)}
            of={names.map((name) => [name, say(trendTexts[name])])}
            chosen={names.find((name) => (name === "all" ? part === undefined : lengths[name] === length)) ?? ""}
            choose={(name) => (name === "all" ? show(undefined) : look(to - lengths[name as Length], to))}
          />
          <div class="choice" role="group" aria-label={say(trendTexts.move)}>
            <button
              type="button"
              aria-label={say(trendTexts.earlier)}
              disabled={from <= first}
              onClick={() => look(from - length / 2, to - length / 2)}
            >
              ‹
            </button>
            <button
              type="button"
              aria-label={say(trendTexts.nearer)}
              onClick={() => look(middle - length / 4, middle + length / 4)}
            >
              +
            </button>
            <button
              type="button"
              aria-label={say(trendTexts.farther)}
              disabled={part === undefined}
              onClick={() => look(middle - length, middle + length)}
            >
              −
            </button>
            <button
              type="button"
              aria-label={say(trendTexts.later)}
              disabled={to >= last}
              onClick={() => look(from + length / 2, to + length / 2)}
            >
              ›
            </button>
          </div>
        </>
      }
    >
      <Waiting asked={asked} />
      {view === undefined ? null : <Shown view={view} look={look} range={[from, to]} />}
    </Panel>
  );
}

interface ShownProps {
  readonly view: TrendView;
  readonly look: (from: number, to: number) => void;
  readonly range: readonly [number, number];
}

function Shown({ view, look, range }: ShownProps) {
  const { measure, unit, starts, ends, offsets, least, mean, most, doubtful, records } = view;
  const { times, gaps, gapMs, ...lines } = trendLines(view);
  const offset = offsets.at(-1) ?? 0;
  const wall = (ms: number): string => whenText(wallText(ms, offset).slice(0, 16));
  if (starts.length === 0) return <Notice>{say(trendTexts.none)}</Notice>;
  const isSpread = least.some((one, k) => one !== most[k]);
  const from = Math.max(0, starts.length - ROWS);
  return (
    <>
      <Chart
        id="year-chart"
        label={say(trendTexts.label, { measure })}
        times={times}
        lines={[
          ...(isSpread ? [{ name: say(trendTexts.most), style: "c", unit, values: lines.most }] : []),
          { name: say(trendTexts.mean), style: "active", unit, values: lines.mean },
          ...(isSpread ? [{ name: say(trendTexts.least), style: "a", unit, values: lines.least }] : []),
          ...(doubtful.length > 0
            ? [{ name: say(trendTexts.doubtful), style: "b", unit, values: lines.doubtful }]
            : []),
        ]}
        range={range}
        ticks={trendTicks(range[0], range[1], offset)}
        timeText={wall}
        height={300}
        stepped
        select={look}
      />
      <p id="points" class="scale">
        {say(trendTexts.points, {
          points: counted(starts.length),
          records: counted(records),
          from: wall(starts[0] ?? 0),
          to: wall(ends.at(-1) ?? 0),
        })}
      </p>
      {gaps === 0 ? null : <Notice>{say(trendTexts.gaps, { n: counted(gaps), span: span(gapMs / 1000) })}</Notice>}
      {doubtful.length === 0 ? null : <Notice>{say(trendTexts.flagged, { n: counted(doubtful.length) })}</Notice>}
      <details>
        <summary>{say(trendTexts.table)}</summary>
        <Table
          id="years"
          label={say(trendTexts.tableLabel)}
          heads={[
            [say(trendTexts.when)],
            [say(trendTexts.until)],
            [say(trendTexts.least)],
            [say(trendTexts.mean)],
            [say(trendTexts.most)],
          ]}
          rows={starts.slice(from).map((start, k) => ({
            key: `${from + k}`,
            name: wall(start),
            cells: [
              wall(ends[from + k] ?? 0),
              ...[least, mean, most].map((column) => <Value value={column[from + k]} unit={unit} />),
            ],
          }))}
        />
      </details>
    </>
  );
}
