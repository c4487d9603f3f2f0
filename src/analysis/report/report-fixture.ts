/** Examinations to report on, for tests and for the picture of the report: a minute through the instrument, and a week that is made. */
import type {
  Examination,
  ExaminedEvent,
  ExaminedSeries,
  HarmonicColumns,
  IntervalColumn,
  IntervalTable,
} from "#analysis/examination.ts";
import { placed } from "#analysis/event-verdict.ts";
import { usualEventLimits } from "#analysis/examine-settings.ts";
import { examine } from "#analysis/examine.ts";
import { computedReader, mapOf, type ComputedWave } from "#analysis/wave-fixture.ts";

/** 96 samples a cycle. */
const RATE = 4800;
const CYCLE = 96;
const VOLTS = 230;
const AMPS = 40;
export const SECONDS = 40;
export const START = Temporal.Instant.from("2026-06-01T09:30:00Z").epochMilliseconds;

interface Step {
  readonly from: number;
  readonly to: number;
  /** By phase, parts of the voltage before; and of the currents. */
  readonly volts: readonly [a: number, b: number, c: number];
  readonly amps: readonly [a: number, b: number, c: number];
}

/** A fault of one phase, one of three behind the meter, a swell, an interruption, and a load that stays. */
const steps: readonly Step[] = [
  { from: 5.0031, to: 5.1829, volts: [0.58, 1.01, 0.99], amps: [0.9, 1, 1] },
  { from: 12.0013, to: 12.4987, volts: [0.7, 0.69, 0.71], amps: [5, 5.2, 4.9] },
  { from: 18.002, to: 18.306, volts: [1, 1.18, 1.02], amps: [1, 1, 1] },
  { from: 24.004, to: 25.211, volts: [0.01, 0.012, 0.008], amps: [0, 0, 0] },
  { from: 33.001, to: Infinity, volts: [0.94, 0.945, 0.95], amps: [1.3, 1.25, 1.28] },
];

const orders: readonly (readonly [order: number, volts: number, amps: number])[] = [
  [3, 0.8, 4],
  [5, 3.1, 12],
  [7, 1.7, 7],
  [11, 0.9, 3],
  [13, 0.6, 2],
];

function value(input: Parameters<ComputedWave["value"]>[0], sample: number): number {
  const t = sample / RATE;
  const step = steps.find(({ from, to }) => t >= from && t < to);
  const phase = ["a", "b", "c"].indexOf(input[1] ?? "");
  const isVolts = input.startsWith("v");
  const angle = 2 * Math.PI * (sample / CYCLE - phase / 3) - (isVolts ? 0 : 0.4);
  let sum = Math.sin(angle);
  for (const [order, volts, amps] of orders) sum += ((isVolts ? volts : amps) / 100) * Math.sin(order * angle);
  const part = (isVolts ? step?.volts : step?.amps)?.[phase] ?? 1;
  return Math.SQRT2 * (isVolts ? VOLTS : AMPS) * part * sum;
}

let minute: Examination | undefined;

/** Through the instrument; the same one each time. */
export function examinedMinute(): Examination {
  minute ??= examine(computedReader({ rate: RATE, seconds: SECONDS, value, start: START, lineHz: 50 }), {
    wiring: "wye",
    map: mapOf(),
  });
  return minute;
}

const WEEK = 7 * 86_400;
export const WEEK_START = Temporal.Instant.from("2026-06-01T00:00:00Z").epochMilliseconds;
/** Hours of the week of which there is nothing. */
const GAP = { from: 75, to: 78 };
const phases = ["a", "b", "c"] as const;

/** No two are alike, and none is chance. */
function wobble(k: number, n: number): number {
  return 0.5 * Math.sin(0.37 * k + n) + 0.5 * Math.sin(0.113 * k + 2.1 * n);
}

/** Of each phase: by the hour of the day, with evenings that load the line. */
function voltsOf(hour: number, n: number): number {
  return (
    VOLTS * (1.01 - 0.035 * Math.max(0, Math.sin((Math.PI * ((hour % 24) - 8)) / 14)) + 0.006 * wobble(hour * 6, n))
  );
}

function ampsOf(hour: number, n: number): number {
  return (
    AMPS * (0.4 + 0.5 * Math.max(0, Math.sin((Math.PI * ((hour % 24) - 6)) / 15)) + 0.05 * wobble(hour * 5, n + 3))
  );
}

/** Percent of the fundamental; the fifth of phase b is beyond 6 % each evening, so on more than 5 % of the week. */
function harmonicPercent(order: number, hour: number, n: number): number {
  const late = ((hour % 24) - 14) / 8;
  const evening = late < 0 || late > 1 ? 0 : Math.sin(Math.PI * late);
  const usual: Readonly<Record<number, number>> = {
    3: 1.1,
    5: 3.2,
    7: 2.1,
    9: 0.4,
    11: 1.2,
    13: 0.9,
    17: 0.5,
    19: 0.4,
    23: 0.3,
    25: 0.3,
  };
  const base = usual[order] ?? (order % 2 === 0 ? 0.06 : 0.15);
  return base * (1 + 0.15 * wobble(hour * 7, order + n)) + (order === 5 && n === 1 ? 4 * evening : 0);
}

function tableOf(length: IntervalTable["length"], seconds: number, flaggedHours: readonly number[]): IntervalTable {
  const count = WEEK / seconds;
  const starts = Array.from({ length: count }, (_, k) => k * seconds).filter(
    (start) => start + seconds <= GAP.from * 3600 || start >= GAP.to * 3600,
  );
  const flagged = Uint8Array.from(starts, (start) =>
    Number(flaggedHours.some((hour) => start <= hour * 3600 && hour * 3600 < start + seconds)),
  );
  const column = (
    name: string,
    unit: IntervalColumn["unit"],
    of: (hour: number) => number,
    band: number,
  ): IntervalColumn => {
    const mean = Float64Array.from(starts, (start) => of((start + seconds / 2) / 3600));
    return {
      name,
      unit,
      mean,
      min: mean.map((value) => value * (1 - band)),
      max: mean.map((value) => value * (1 + band)),
    };
  };
  const thd = (hour: number, n: number): number =>
    Math.hypot(...Array.from({ length: 39 }, (_, k) => harmonicPercent(k + 2, hour, n)));
  const harmonics = (["V", "A"] as const).flatMap((unit) =>
    phases.map((phase, n): HarmonicColumns => ({
      name: `${unit}.${phase}`,
      unit,
      orders: Array.from({ length: 51 }, (_, order) => {
        if (order === 0) return new Float64Array(0);
        return Float64Array.from(starts, (start) => {
          const hour = start / 3600;
          const whole = unit === "V" ? voltsOf(hour, n) : ampsOf(hour, n);
          return order === 1 ? whole : (whole * harmonicPercent(order, hour, n) * (unit === "V" ? 1 : 2.4)) / 100;
        });
      }),
    })),
  );
  return {
    length,
    seconds,
    start: Float64Array.from(starts),
    end: Float64Array.from(starts, (start) => start + seconds),
    covered: Float64Array.from(starts, () => 1),
    flagged,
    columns: [
      ...phases.map((phase, n) => column(`V.${phase}`, "V", (hour) => voltsOf(hour, n), 0.008)),
      ...phases.map((phase, n) => column(`A.${phase}`, "A", (hour) => ampsOf(hour, n), 0.06)),
      ...phases.map((phase, n) => column(`THD.V.${phase}`, "%", (hour) => thd(hour, n), 0.04)),
      ...phases.map((phase, n) => column(`THD.A.${phase}`, "%", (hour) => 2.4 * thd(hour, n), 0.05)),
      column("unbalance.V", "%", (hour) => 0.6 + 0.2 * wobble(hour * 3, 1), 0.1),
      column("unbalance.A", "%", (hour) => 4 + wobble(hour * 3, 2), 0.1),
      column("Hz", "Hz", (hour) => 50 + 0.03 * wobble(hour * 40, 5), 0.0005),
    ],
    harmonics: length === "10 min" ? harmonics : [],
  };
}

function series(name: string, seconds: number, table: IntervalTable, of: (hour: number) => number): ExaminedSeries {
  const count = WEEK / seconds;
  const starts = Float64Array.from({ length: count }, (_, k) => k * seconds).filter(
    (start) => start + seconds <= GAP.from * 3600 || start >= GAP.to * 3600,
  );
  const marked = [...table.start].filter((_, k) => table.flagged[k] === 1);
  return {
    name,
    seconds,
    start: starts,
    values: starts.map((start) => of(start / 3600)),
    flagged: Uint8Array.from(starts, (start) =>
      Number(marked.some((at) => at < start + seconds && start < at + table.seconds)),
    ),
  };
}

/** The same event at another time. */
function moved(event: ExaminedEvent, by: number): ExaminedEvent {
  const { trace, wave, within, at } = event;
  return {
    ...event,
    at: at + by,
    ...(within === undefined ? {} : { within: { ...within, at: within.at + by } }),
    ...(trace === undefined ? {} : { trace: { ...trace, times: trace.times.map((time) => time + by) } }),
    ...(wave === undefined ? {} : { wave: { ...wave, at: wave.at + by } }),
  };
}

/** A week with a gap, a fifth harmonic beyond its limit and the events of the minute, one a day. */
export function examinedWeek(events: readonly ExaminedEvent[] = weekEvents()): Examination {
  const hours = events.map(({ at }) => at / 3600);
  const ten = tableOf("10 min", 600, hours);
  const plain = examinedMinute();
  return {
    ...plain,
    file: "week.pqd",
    startUtc: WEEK_START,
    seconds: WEEK,
    declared: { volts: VOLTS, voltsFrom: "settings", hz: 50, hzFrom: "settings" },
    limits: usualEventLimits,
    segments: [
      { at: 0, seconds: GAP.from * 3600, rate: RATE },
      { at: GAP.to * 3600, seconds: WEEK - GAP.to * 3600, rate: RATE },
    ],
    gaps: [{ at: GAP.from * 3600, seconds: (GAP.to - GAP.from) * 3600 }],
    absences: [],
    warnings: [],
    intervals: [ten, tableOf("120 min", 7200, hours)],
    frequency: series("Hz", 10, ten, (hour) => 50 + 0.03 * wobble(hour * 40, 5)),
    pst: phases.map((phase, n) => series(`V.${phase}`, 600, ten, (hour) => 0.45 + 0.2 * wobble(hour * 9, n))),
    plt: phases.map((phase, n) => series(`V.${phase}`, 7200, ten, (hour) => 0.5 + 0.15 * wobble(hour * 2, n))),
    events,
    left: [],
  };
}

function weekEvents(): readonly ExaminedEvent[] {
  return examinedMinute().events.map((event, k) => moved(event, (24 * k + 9.3) * 3600));
}

/** So many events, each of a time and a depth of its own. */
export function manyEvents(count: number): readonly ExaminedEvent[] {
  const kinds = examinedMinute().events;
  return Array.from({ length: count }, (_, k) => {
    const event = kinds[k % kinds.length] ?? kinds[0];
    if (event === undefined) throw new RangeError("the minute has no events");
    const percent = event.percent * (1 + (event.kind === "swell" ? 0.003 : -0.003) * (k % 97));
    const seconds = event.seconds * (1 + (k % 89) / 30);
    const { ieee1159: _class, itic: _itic, f47: _f47, ...rest } = moved(event, 3.6 * k);
    return { ...rest, ...placed(event.kind, seconds, percent, 50), percent, volts: (percent * VOLTS) / 100, seconds };
  });
}
