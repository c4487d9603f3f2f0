/** The samples of a recording as pyramids, read piece by piece: what is too much to be held becomes extremes of buckets. */
import type { RecordingReader } from "#format/reader.ts";
import { unitOf } from "#format/unit.ts";
import type { Stretch } from "./axis.ts";
import { rateTimes } from "./axis.ts";
import type { StatusChannel, WaveGroup } from "./content.ts";
import { canTell, HalfCycles, hertzOf } from "./half-cycles.ts";
import { phaseOf } from "./phase-of.ts";
import { PyramidMaker } from "./pyramid.ts";
import { StatusChanges } from "./status-changes.ts";

/** Samples of all channels that are held, and buckets: numbers of four bytes, two of a bucket. */
export interface Room {
  readonly samples: number;
  readonly buckets: number;
}

/** 256 MB of samples, 128 MB of buckets. */
export const room: Room = { samples: 1 << 26, buckets: 1 << 24 };

export interface Samples {
  readonly groups: readonly WaveGroup[];
  readonly statuses: readonly StatusChannel[];
  readonly lostStatuses: readonly string[];
  readonly isHeld: boolean;
  readonly hz: number | undefined;
}

/** The SI unit of a channel; as it is printed where nobody knows it. */
function siOf(unit: string): string {
  return unitOf(unit)?.si ?? unit.trim();
}

/** Reads to the end; `progress` is told how many samples there are so far. Throws FormatError. */
export function readSamples(reader: RecordingReader, progress: (rows: number) => void, most = room): Samples {
  const { channels, statuses, lineHz } = reader.head;
  const makers = channels.map(() => new PyramidMaker());
  const units = channels.map(({ unit }) => siOf(unit));
  const states = new StatusChanges(statuses);
  const rms = new RmsMaker(
    units.flatMap((unit, c) => (unit === "V" || unit === "A" ? [c] : [])),
    lineHz,
  );
  const stretches: Stretch[] = [];
  let [rows, isHeld] = [0, true];
  for (let run = reader.next(); run !== undefined; run = reader.next()) {
    const { rows: batch, from, count, rate, at, follows } = run;
    const last = stretches.at(-1);
    const goesOn = last !== undefined && follows && last.rate === rate;
    if (goesOn) stretches[stretches.length - 1] = { ...last, count: last.count + count };
    else stretches.push({ row: rows, count, at, rate, follows });
    for (const [c, maker] of makers.entries()) maker.add(batch.channels[c] ?? new Float64Array(0), from, count);
    states.take(batch.statuses, from, count, rows);
    rms.take({ columns: batch.channels, from, count, rate, at, isNew: !goesOn });
    rows += count;
    if (isHeld && rows * channels.length > most.samples) {
      isHeld = false;
      for (const maker of makers) maker.letGo();
    }
    while ((makers[0]?.buckets ?? 0) * channels.length > most.buckets) for (const maker of makers) maker.widen();
    progress(rows);
  }
  const named = (c: number) => {
    const { name = "", phase } = channels[c] ?? {};
    return { name, unit: units[c] ?? "", phase: phaseOf({ name, ...(phase === undefined ? {} : { phase }) }) };
  };
  const samples: WaveGroup = {
    kind: "samples",
    times: rateTimes(stretches),
    channels: makers.map((maker, c) => ({ ...named(c), pyramid: maker.done() })),
  };
  const made = rms.done(named);
  return {
    groups: made === undefined ? [samples] : [samples, made],
    statuses: states.channels,
    lostStatuses: states.lost,
    isHeld,
    hz: rms.hz,
  };
}

interface Batch {
  readonly columns: readonly Float64Array[];
  readonly from: number;
  readonly count: number;
  readonly rate: number;
  readonly at: number;
  /** It begins a stretch. */
  readonly isNew: boolean;
}

/** RMS of the channels of volts and amps, of stretches that carry the mains. */
class RmsMaker {
  readonly #of: readonly number[];
  readonly #lineHz: number | undefined;
  readonly #halves: readonly HalfCycles[];
  readonly #makers: readonly PyramidMaker[];
  readonly #stretches: Stretch[] = [];
  #rows = 0;
  #hz = NaN;
  /** What was measured first. */
  hz: number | undefined;

  constructor(of: readonly number[], lineHz: number | undefined) {
    this.#of = of;
    this.#lineHz = lineHz;
    this.#halves = of.map(() => new HalfCycles());
    this.#makers = of.map(() => new PyramidMaker());
  }

  take({ columns, from, count, rate, at, isNew }: Batch): void {
    if (this.#of.length === 0) return;
    if (isNew) {
      this.#close();
      const measured = this.#of.map((c) => hertzOf(columns[c] ?? new Float64Array(0), from, count, rate));
      this.#hz = measured.find((hz) => !Number.isNaN(hz)) ?? this.hz ?? this.#lineHz ?? NaN;
      if (!canTell(rate, this.#hz)) this.#hz = NaN;
      else this.hz ??= this.#hz;
      for (const half of this.#halves) half.begin(rate, this.#hz);
      // The first is there when a cycle has ended.
      const { row, rate: own } = { row: this.#rows, rate: 2 * this.#hz };
      this.#stretches.push({ row, count: 0, at: at + 1 / this.#hz, rate: own, follows: false });
    }
    if (Number.isNaN(this.#hz)) return;
    for (const [k, c] of this.#of.entries()) {
      const values: number[] = [];
      this.#halves[k]?.take(columns[c] ?? new Float64Array(0), from, count, (value) => values.push(value));
      this.#makers[k]?.add(Float64Array.from(values), 0, values.length);
      if (k === 0) this.#rows += values.length;
    }
  }

  #close(): void {
    const last = this.#stretches.at(-1);
    if (last === undefined) return;
    const count = this.#rows - last.row;
    if (count === 0) this.#stretches.pop();
    else this.#stretches[this.#stretches.length - 1] = { ...last, count };
  }

  done(named: (c: number) => Omit<WaveGroup["channels"][number], "pyramid">): WaveGroup | undefined {
    this.#close();
    if (this.#rows === 0) return undefined;
    const channels = this.#of.map((c, k) => ({
      ...named(c),
      pyramid: this.#makers[k]?.done() ?? new PyramidMaker().done(),
    }));
    return { kind: "madeRms", times: rateTimes(this.#stretches), channels };
  }
}
