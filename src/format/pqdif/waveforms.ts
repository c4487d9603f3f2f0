/**
 * The waveforms of a PQDIF file as strips of samples: of each observation the channels whose times are the same, and of strips of one time the
 * one that says the most. What is no series of instantaneous volts or amps is none of a recording.
 */
import type { Remarks } from "#format/remarks.ts";
import type { phases } from "./ids.ts";
import type { ChannelDefinition, ChannelInstance, Observation, Pqdif, SeriesInstance } from "./model.ts";
import { secondsBetween, type PqdifTime } from "./time.ts";
import { evenPieces, piecesOfRuns, type Piece } from "./time-pieces.ts";

export interface WaveChannel {
  readonly name: string;
  readonly unit: string;
  readonly phase: keyof typeof phases | number | undefined;
  /** Of the system side: the first that the file says of the channel. */
  readonly nominal?: number | undefined;
}

/** Samples that follow one another at one rate. */
export interface Strip {
  /** The index of the observation in the file. */
  readonly observation: number;
  /** Seconds from the first sample of the recording to the first of the strip. */
  readonly at: number;
  readonly rate: number;
  /** Which of the values of the series these are. */
  readonly from: number;
  readonly count: number;
  /** By the channel's index; channels without a series are absent. */
  readonly series: ReadonlyMap<number, Float64Array>;
}

export interface Waveforms {
  readonly channels: readonly WaveChannel[];
  /** In the order of their times, none beside another. */
  readonly strips: readonly Strip[];
  /** The time of the first sample. */
  readonly start: PqdifTime | undefined;
}

/** Channels of a recording at most. */
const MOST_CHANNELS = 512;

/** Seconds within which channels that say so begin together: a double of days and seconds holds them to less. */
const TOGETHER = 1e-6;

/** One series of instantaneous values, before it is known which others have its times. */
interface Track {
  readonly observation: number;
  readonly start: PqdifTime;
  readonly channel: number;
  readonly values: Float64Array;
  readonly pieces: readonly Piece[];
}

/** What observations of a file have of samples; what is left out is said in `remarks`. */
export function waveformsOf(file: Pqdif, remarks: Remarks): Waveforms {
  const channels = new Channels(file, remarks);
  const tracks = file.observations.flatMap((observation, k) =>
    observation.channels.flatMap((instance) => tracksOf(observation, k, instance, channels, remarks)),
  );
  const [earliest] = tracks.toSorted((a, b) => secondsBetween(b.start, a.start));
  if (earliest === undefined) return { channels: [], strips: [], start: undefined };
  const all = together(tracks, earliest.start).toSorted((a, b) => a.at - b.at);
  const first = all[0]?.at ?? 0;
  const strips = withoutOverlap(all, remarks).map((strip) => ({ ...strip, at: strip.at - first }));
  const { day, seconds } = earliest.start;
  return { channels: channels.list, strips, start: { day, seconds: seconds + first } };
}

/** Channels by what they are: those of all observations that are called alike, and are of one phase and unit, are one. */
class Channels {
  readonly #byKey = new Map<string, number>();
  readonly #found: (WaveChannel & { readonly source: string })[] = [];
  readonly #isOfSeveral: boolean;
  readonly #remarks: Remarks;

  constructor({ observations }: Pqdif, remarks: Remarks) {
    this.#isOfSeveral = new Set(observations.map(({ source }) => source.name ?? "")).size > 1;
    this.#remarks = remarks;
  }

  indexOf(
    source: string,
    { name = "", phase }: ChannelDefinition,
    { unit, nominal }: Pick<WaveChannel, "unit" | "nominal">,
  ): number | undefined {
    const key = JSON.stringify([source, name, phase ?? "", unit]);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      const found = this.#found[known];
      if (found !== undefined && found.nominal === undefined) this.#found[known] = { ...found, nominal };
      return known;
    }
    if (this.#found.length >= MOST_CHANNELS) {
      const what = `there are more than ${MOST_CHANNELS} channels of samples: the others are left out`;
      this.#remarks.add("channels", `channel "${name}"`, what);
      return undefined;
    }
    this.#byKey.set(key, this.#found.length);
    return this.#found.push({ name, unit, phase, nominal, source }) - 1;
  }

  /** Names that tell them from one another where the file's do not. */
  get list(): readonly WaveChannel[] {
    const named = this.#found.map(({ name, source, ...rest }, k) => {
      const own = name.trim() === "" ? `channel ${k + 1}` : name;
      return { ...rest, name: this.#isOfSeveral && source !== "" ? `${source}: ${own}` : own };
    });
    const often = new Map<string, number>();
    for (const { name } of named) often.set(name, (often.get(name) ?? 0) + 1);
    return named.map((one) =>
      (often.get(one.name) ?? 0) > 1 && one.phase !== undefined && one.phase !== "none"
        ? { ...one, name: `${one.name} ${one.phase}` }
        : one,
    );
  }
}

function tracksOf(
  { source, settings, start }: Observation,
  observation: number,
  { definition, series }: ChannelInstance,
  channels: Channels,
  remarks: Remarks,
): Track[] {
  const channel = source.channels[definition ?? -1];
  if (channel === undefined || channel.quantityType !== "waveform") return [];
  const where = `observation ${observation}, channel "${channel.name ?? ""}"`;
  const timeAt = channel.series.findIndex(({ valueType }) => valueType === "time");
  const time = series[timeAt];
  return channel.series.flatMap(({ valueType, characteristic, unit, nominal }, s): Track[] => {
    const values = series[s]?.values;
    if (s === timeAt || values === undefined || (valueType !== "value" && valueType !== "instantaneous")) return [];
    // RMS that is called a waveform is none.
    if (characteristic !== undefined && characteristic !== "instantaneous" && characteristic !== "none") return [];
    if (time === undefined || time.values.length === 0) {
      remarks.add("no times", where, "it has no times that can be read: its samples are left out");
      return [];
    }
    const pieces = piecesOf(time, values.length);
    const covered = pieces.reduce((sum, { count }) => sum + count, 0);
    if (covered < Math.max(values.length, time.values.length)) {
      const what = `of ${values.length} samples and ${time.values.length} times ${covered} are of a rate: the others are left out`;
      remarks.add("times", where, what);
    }
    if (pieces.length === 0) return [];
    const printed = unit === undefined || unit === "none" ? "" : String(unit);
    // On which side of the transducers a nominal value is, no file says.
    const isPlain = nominal !== undefined && nominal > 0 && settings?.useTransducer !== true;
    const means = { unit: printed, nominal: isPlain ? nominal : undefined };
    const index = channels.indexOf(source.name ?? "", channel, means);
    return index === undefined ? [] : [{ observation, start, channel: index, values, pieces }];
  });
}

/** What was worked out of times that several channels share. */
const known = new WeakMap<Float64Array, readonly Piece[]>();

function piecesOf({ values, runs }: SeriesInstance, samples: number): readonly Piece[] {
  let all = known.get(values);
  if (all === undefined) known.set(values, (all = runs === undefined ? evenPieces(values) : piecesOfRuns(runs)));
  // Samples without a time have none, and times without a sample are of nothing.
  return all.flatMap((piece) => {
    const count = Math.min(piece.count, samples - piece.from);
    return count > 0 ? [{ ...piece, count }] : [];
  });
}

/** Tracks with the same times as strips of several channels. */
function together(tracks: readonly Track[], origin: PqdifTime): Strip[] {
  const strips = new Map<string, Strip & { readonly series: Map<number, Float64Array> }>();
  for (const { observation, start, channel, values, pieces } of tracks) {
    const begins = secondsBetween(origin, start);
    for (const { at, rate, from, count } of pieces) {
      const key = [Math.round((begins + at) / TOGETHER), rate, from, count].join(" ");
      const strip = strips.get(key) ?? { observation, at: begins + at, rate, from, count, series: new Map() };
      strips.set(key, strip);
      // Of two that say that they are the same the first counts.
      if (!strip.series.has(channel)) strip.series.set(channel, values);
    }
  }
  return [...strips.values()];
}

const endOf = ({ at, count, rate }: Strip): number => at + count / rate;
/** Samples a second below which none is of a wave of the mains; and those of 14 a cycle, below which little is told of it. */
const ENOUGH = [122, 700] as const;

/** Strips as long as one another but for this part are told apart by their rates. */
const AS_LONG = 1.1;

/** Whether the first of two strips of one time says more: an event has to be seen to begin and to end, before it is seen in detail. */
function saysMore(a: Strip, b: Strip): boolean {
  const [rankA, rankB] = [a, b].map(({ rate }) => ENOUGH.filter((least) => rate >= least).length);
  if (rankA !== rankB) return (rankA ?? 0) > (rankB ?? 0);
  const longer = ((a.count / a.rate) * b.rate) / b.count;
  return longer > AS_LONG || (longer > 1 / AS_LONG && a.rate > b.rate);
}

/**
 * Strips none of which is beside another. Of two at one rate the later begins where the earlier ends; of two at different rates the longer
 * one counts, but none that is too slow for the mains.
 */
function withoutOverlap(strips: readonly Strip[], remarks: Remarks): Strip[] {
  const kept: Strip[] = [];
  let last: Strip | undefined;
  for (const next of strips) {
    if (last === undefined || endOf(last) - next.at < 0.5 / Math.max(last.rate, next.rate)) {
      if (last !== undefined) kept.push(last);
      last = next;
      continue;
    }
    if (Math.abs(next.rate / last.rate - 1) < 1e-6) {
      const twice = Math.min(next.count, Math.ceil((endOf(last) - next.at) * next.rate - 0.5));
      const what = `${twice} of its ${next.count} samples are of a time that observation ${last.observation} has: those count`;
      remarks.add("overlap", `observation ${next.observation}`, what);
      if (twice === next.count) continue;
      kept.push(last);
      last = { ...next, at: next.at + twice / next.rate, from: next.from + twice, count: next.count - twice };
      continue;
    }
    const [more, less]: readonly [Strip, Strip] = saysMore(next, last) ? [next, last] : [last, next];
    const what = `it is of a time of which observation ${more.observation} says more, at ${Number(more.rate.toPrecision(6))} Hz: its own, at ${Number(less.rate.toPrecision(6))} Hz, are left out`;
    remarks.add("overlap", `observation ${less.observation}`, what);
    last = more;
  }
  return last === undefined ? kept : [...kept, last];
}
