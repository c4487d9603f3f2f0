/**
 * A recording through the power-quality instrument, as fast as it goes: no meter stands behind it. What is kept is of intervals and events,
 * whatever the length of the recording.
 */
import type { RecordingReader } from "#format/reader.ts";
import { channelsOf } from "#metrology/channels.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import type { Urms } from "#metrology/urms.ts";
import type { FlickerInterval } from "#quality/flicker-statistics.ts";
import { QualityInstrument } from "#quality/instrument.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { inputs } from "#waveform/channel-map.ts";
import { GridFeed, type GridSink } from "#waveform/grid-feed.ts";
import { Replay } from "#waveform/replay.ts";
import type { SampleRun } from "#waveform/source.ts";
import { Absences } from "./absences.ts";
import { declaredOf } from "./declared.ts";
import { EventLog } from "./event-log.ts";
import type { Declared, Examination, ExaminedSegment } from "./examination.ts";
import { eventLimitsOf, type ExamineSettings, usualKeeping } from "./examine-settings.ts";
import { examinedWiring } from "./examined-wiring.ts";
import { LEAST_RATE, tooSlowForTransients } from "./transient-shape.ts";
import { GrowingSeries, IntervalTables } from "./interval-tables.ts";

/** Instants a cycle: orders to 50 and beyond. */
const GRID = 256;

/** Cycles that the grid remembers: blocks of 12, and one that overlaps. */
const CYCLES_KEPT = 32;

/** Seconds that are read at a time. */
const STEP = 1;

/** Stretches of one rate that are kept. */
const MOST_SEGMENTS = 1000;

/**
 * Throws FormatError of a recording without samples, MapError of a map that does not fit, RangeError of settings that cannot be, or where
 * there is nothing to guess the declared voltage or frequency from.
 */
export function examine(reader: RecordingReader, settings: ExamineSettings): Examination {
  eventLimitsOf(settings.limits);
  examinedWiring(settings);
  return new Examiner(reader, settings, declaredOf(reader, settings)).run();
}

class Segments implements Pick<GridSink, "run"> {
  readonly list: { at: number; seconds: number; rate: number }[] = [];
  #dropped = 0;

  run({ at, count, rate, joined }: SampleRun): void {
    const last = this.list.at(-1);
    if (joined && last !== undefined && this.#dropped === 0) last.seconds += count / rate;
    else if (this.list.length < MOST_SEGMENTS) this.list.push({ at, seconds: count / rate, rate });
    else if (!joined) this.#dropped++;
  }

  get left(): readonly string[] {
    return this.#dropped === 0 ? [] : [`${this.#dropped} stretches beyond the first ${MOST_SEGMENTS} are not listed`];
  }
}

class Examiner {
  readonly #reader: RecordingReader;
  readonly #settings: ExamineSettings;
  readonly #declared: Declared;
  readonly #replay: Replay;
  readonly #feed: GridFeed;
  readonly #quality: QualityInstrument;
  readonly #voltages: readonly string[];
  /** Milliseconds of UTC of the first sample; of a recording that nobody knows it of 0: intervals count from there. */
  readonly #origin: number;
  readonly #startUtc: number | undefined;
  readonly #tables: IntervalTables;
  readonly #frequency = new GrowingSeries("Hz", 10);
  readonly #pst: readonly GrowingSeries[];
  readonly #plt: readonly GrowingSeries[];
  readonly #segments = new Segments();
  readonly #absences = new Absences();
  readonly #log: EventLog;
  #urms: Urms | undefined;
  #seconds = 0;

  constructor(reader: RecordingReader, settings: ExamineSettings, declared: Declared) {
    this.#reader = reader;
    this.#settings = settings;
    this.#declared = declared;
    const wiring = examinedWiring(settings);
    const { hz } = declared;
    const { pqVoltage = "ln", signalHz, map } = settings;
    this.#replay = new Replay(reader, map, false);
    this.#feed = new GridFeed(this.#replay, { grid: GRID, wiring, frequency: [42.5, 69], cyclesKept: CYCLES_KEPT });
    this.#feed.grid.floorVolts = declared.volts / 50;
    const start = Number.isNaN(this.#replay.utc) ? settings.startUtc : this.#replay.utc;
    this.#startUtc = start;
    this.#origin = start ?? 0;
    const channels = channelsOf(wiring);
    const isOfPairs = pqVoltage === "ll" || wiring.ln.length === 0;
    this.#voltages = channels
      .filter(({ unit, minus }) => unit === "V" && (minus !== undefined) === isOfPairs)
      .map(({ name }) => name);
    this.#tables = new IntervalTables(channels, this.#voltages, { hz, signal: signalHz !== undefined });
    this.#pst = this.#voltages.map((name) => new GrowingSeries(name, 600));
    this.#plt = this.#voltages.map((name) => new GrowingSeries(name, 7200));
    this.#quality = this.#instrument(wiring);
    const amps = channels.filter(({ unit }) => unit === "A").map(({ name }) => name);
    this.#log = new EventLog(
      {
        wiring: settings.wiring,
        declared,
        voltages: this.#voltages,
        limits: eventLimitsOf(settings.limits),
        keeping: { ...usualKeeping, ...settings.keeping },
        mapped: inputs.flatMap((input, k) => (map[input] === undefined ? [] : [k])),
      },
      [...this.#voltages, ...amps],
    );
    this.#feed.sinks = [this.#quality, this.#sink()];
  }

  #instrument(wiring: Wiring): QualityInstrument {
    const { pqVoltage = "ln", rotation = "abc", demandAmps, signalHz } = this.#settings;
    const { hz, volts } = this.#declared;
    // The instrument takes the voltage to neutral where there is one.
    const isOther = pqVoltage === "ll" && wiring.ln.length > 0;
    const flicker = (series: readonly GrowingSeries[], { utc, voltages }: FlickerInterval): void => {
      for (const [k, { value, flagged }] of voltages.entries()) series[k]?.add(this.#secondsOf(utc), value, flagged);
    };
    return new QualityInstrument({
      wiring,
      hz,
      nominalVolts: isOther ? volts * wiring.lnOverSystem : volts,
      pqVoltage,
      rotation,
      flickerLamp: hz === 50 ? 230 : 120,
      demandAmps,
      signalHz,
      minutes: [1, 10, 120],
      limits: eventLimitsOf(this.#settings.limits),
      utc: () => this.#origin + 1000 * this.#replay.elapsed,
      onInterval: (interval) => this.#tables.take(interval, this.#origin),
      onUrms: (urms) => (this.#urms = urms),
      onTenSeconds: ({ utc, hz, flagged }) => this.#frequency.add(this.#secondsOf(utc), hz, flagged),
      onPst: (interval) => flicker(this.#pst, interval),
      onPlt: (interval) => flicker(this.#plt, interval),
    });
  }

  #secondsOf(utc: number): number {
    return (utc - this.#origin) / 1000;
  }

  #sink(): GridSink {
    return {
      run: (run) => {
        this.#segments.run(run);
        this.#log.run(run);
        this.#seconds = run.at + run.count / run.rate;
        if (run.rate < LEAST_RATE) this.#absences.add(run.at, this.#seconds, tooSlowForTransients(run.rate));
      },
      half: (half: GridHalf) => {
        if (this.#urms !== undefined) this.#log.half(half, this.#urms);
      },
      pause: () => this.#log.cut(this.#replay.ended ? "end" : "gap"),
    };
  }

  run(): Examination {
    const { onProgress } = this.#settings;
    while (!this.#replay.ended) {
      const from = this.#replay.elapsed;
      // Of a gap all at once: it may last for months.
      this.#feed.run(Math.max(STEP, Math.floor(this.#replay.quiet)));
      if (this.#replay.ended) break;
      this.#lookForAbsence(from, this.#replay.elapsed);
      onProgress?.(this.#seconds);
    }
    const { trouble } = this.#replay;
    if (trouble !== undefined) this.#absences.add(this.#seconds, this.#seconds, trouble.message);
    onProgress?.(this.#seconds);
    return this.#result();
  }

  #lookForAbsence(from: number, to: number): void {
    const { absence } = this.#feed;
    // Gaps are told as gaps.
    if (absence !== undefined && !absence.startsWith("a gap:")) this.#absences.add(from, to, absence);
    for (const missing of this.#quality.view()?.missing ?? []) this.#absences.add(from, to, missing);
  }

  #result(): Examination {
    const { wiring, signalHz } = this.#settings;
    const { gaps, warnings, file } = this.#reader;
    return {
      file,
      startUtc: this.#startUtc,
      seconds: this.#seconds,
      wiring,
      declared: this.#declared,
      limits: eventLimitsOf(this.#settings.limits),
      channels: this.#quality.channels.map(({ name }) => name),
      voltages: this.#voltages,
      segments: this.#segments.list as readonly ExaminedSegment[],
      gaps: [...gaps],
      absences: this.#absences.list,
      warnings: [...warnings],
      intervals: this.#tables.tables,
      frequency: this.#frequency.series,
      pst: this.#pst.map(({ series }) => series),
      plt: this.#plt.map(({ series }) => series),
      signalHz,
      events: this.#log.events.toSorted((a, b) => a.at - b.at),
      left: [...this.#log.left, ...this.#tables.left, ...this.#segments.left, ...this.#absences.left],
    };
  }
}
