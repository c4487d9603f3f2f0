/**
 * An event by half cycles: what the instrument has of it, or what is computed here from its waveform. Each value is of one cycle, a new
 * one each half cycle (Urms(1/2) of IEC 61000-4-30). Angles are against a frame that turns with the voltage as it was before the event.
 */
import { polar, sequencesOf, type Phasor, type Sequences, type ThreePhase } from "./phasor.ts";

/** One phase of voltage or current; NaN of what is not known. */
export interface Track {
  readonly rms: Float64Array;
  /** RMS of the fundamental and its angle in degrees; where only RMS is known, the same array. */
  readonly fundamental: Float64Array;
  readonly degrees: Float64Array;
  /** RMS of orders 2 and 4. */
  readonly second?: Float64Array;
  readonly fourth?: Float64Array;
}

export interface Waveform {
  /** Samples a second. */
  readonly rate: number;
  readonly volts: ThreePhase<Float64Array>;
  readonly amps?: ThreePhase<Float64Array>;
}

export interface EventTrace {
  readonly hz: number;
  /** The first half cycle that the event is in, and the first behind it: the number of all of an event that is not over. */
  readonly start: number;
  readonly end: number;
  /** Line to neutral. */
  readonly volts: ThreePhase<Track>;
  /** Positive towards the loads: downstream. */
  readonly amps?: ThreePhase<Track>;
  /** The samples that the half cycles are of: half cycle k begins at sample k rate / (2 hz). */
  readonly wave?: Waveform;
}

/** The phasor of a half cycle. */
export function phasorAt({ fundamental, degrees }: Track, k: number): Phasor {
  return polar(fundamental[k] ?? NaN, degrees[k] ?? NaN);
}

export function sequencesAt([a, b, c]: ThreePhase<Track>, k: number): Sequences {
  return sequencesOf([phasorAt(a, k), phasorAt(b, k), phasorAt(c, k)]);
}

/** The mean of known phasors of half cycles from one up to another. */
export function meanPhasor(track: Track, from: number, to: number): Phasor {
  let [re, im, known] = [0, 0, 0];
  for (let k = from; k < to; k++) {
    const one = phasorAt(track, k);
    if (Number.isNaN(one.re)) continue;
    re += one.re;
    im += one.im;
    known++;
  }
  return known === 0 ? { re: NaN, im: NaN } : { re: re / known, im: im / known };
}

export function meanSequences([a, b, c]: ThreePhase<Track>, from: number, to: number): Sequences {
  return sequencesOf([meanPhasor(a, from, to), meanPhasor(b, from, to), meanPhasor(c, from, to)]);
}

/** The half cycles whose windows end before the event's first sample: what was before. */
export function beforeOf({ start }: Pick<EventTrace, "start">): number {
  return Math.max(0, start - 1);
}

/** The largest and the least of the values of three tracks at a half cycle, each as a part of what it was before. */
export function partsAt(tracks: ThreePhase<Track>, before: ThreePhase<number>, k: number): ThreePhase<number> {
  const part = (n: 0 | 1 | 2): number => (tracks[n].rms[k] ?? NaN) / before[n];
  return [part(0), part(1), part(2)];
}

export function meanRms(track: Track, from: number, to: number): number {
  let [sum, known] = [0, 0];
  for (let k = from; k < to; k++) {
    const value = track.rms[k]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known === 0 ? NaN : sum / known;
}

/** Of a trace from samples: where the event is found. */
export interface Found {
  /** Cycles that are surely before it. */
  readonly quietCycles: number;
  /** It is where a voltage is off what it was before by more than this part. */
  readonly deviation: number;
}

const usualFound: Found = { quietCycles: 2, deviation: 0.02 };

/** Computes a trace from samples; the event is where the voltages are not what they were in the first cycles. */
export function traceOf(wave: Waveform, hz: number, found: Found = usualFound): EventTrace {
  const samples = wave.volts[0].length;
  const half = wave.rate / (2 * hz);
  if (half < 8) throw new RangeError(`${wave.rate} samples a second at ${hz} Hz: expected at least 16 a cycle`);
  const count = Math.floor((samples - 2 * half) / half) + 1;
  const quiet = 2 * found.quietCycles;
  if (!(count > quiet)) throw new RangeError(`${samples} samples: expected more than ${found.quietCycles} cycles`);
  const cut = (channels: ThreePhase<Float64Array>): ThreePhase<Track> => {
    if (channels.some((channel) => channel.length !== samples)) {
      throw new RangeError(
        `channels of ${channels.map(({ length }) => length).join(", ")} samples: expected as many of each`,
      );
    }
    return [trackOf(channels[0], half, count), trackOf(channels[1], half, count), trackOf(channels[2], half, count)];
  };
  const volts = cut(wave.volts);
  const amps = wave.amps === undefined ? undefined : cut(wave.amps);
  const drift = driftOf(volts, quiet);
  for (const { degrees } of [...volts, ...(amps ?? [])]) for (let k = 0; k < count; k++) degrees[k]! -= drift * k;
  const before: ThreePhase<number> = [0, 1, 2].map((n) =>
    meanRms(volts[n]!, 0, quiet),
  ) as unknown as ThreePhase<number>;
  const isOff = (k: number): boolean => partsAt(volts, before, k).some((part) => Math.abs(part - 1) > found.deviation);
  let start = quiet;
  while (start < count && !isOff(start)) start++;
  let end = count;
  while (end > start && !isOff(end - 1)) end--;
  return { hz, start, end, volts, ...(amps === undefined ? {} : { amps }), wave };
}

/**
 * Line to neutral of ab, bc, ca, sample by sample, where no neutral is measured: against the middle of the three lines, so without their
 * zero sequence. A single-phase fault is then a dip of type D, one of two phases to ground of type G.
 */
export function starOfPairs([ab, bc, ca]: ThreePhase<Float64Array>): ThreePhase<Float64Array> {
  const third = (plus: Float64Array, less: Float64Array): Float64Array =>
    plus.map((value, n) => (value - less[n]!) / 3);
  return [third(ab, ca), third(bc, ab), third(ca, bc)];
}

/** Windows of one cycle, each half cycle, of orders 1, 2 and 4; the last sample of a window counts as much as lies in it. */
function trackOf(samples: Float64Array, half: number, count: number): Track {
  const one = (): Float64Array => new Float64Array(count);
  const track = { rms: one(), fundamental: one(), degrees: one(), second: one(), fourth: one() };
  const cycle = 2 * half;
  const whole = Math.floor(cycle);
  for (let k = 0; k < count; k++) {
    const first = Math.round(k * half);
    let squares = 0;
    const re = [0, 0, 0];
    const im = [0, 0, 0];
    for (let n = 0; n <= whole && first + n < samples.length; n++) {
      const value = samples[first + n]! * (n === whole ? cycle - whole : 1);
      squares += value * samples[first + n]!;
      for (let at = 0, order = 1; at < 3; at++, order *= 2) {
        const angle = (2 * Math.PI * order * (first + n)) / cycle;
        re[at]! += value * Math.cos(angle);
        im[at]! -= value * Math.sin(angle);
      }
    }
    const rms = (at: number): number => (Math.SQRT2 * Math.hypot(re[at]!, im[at]!)) / cycle;
    track.rms[k] = Math.sqrt(squares / cycle);
    track.fundamental[k] = rms(0);
    track.degrees[k] = (Math.atan2(im[0]!, re[0]!) * 180) / Math.PI;
    track.second[k] = rms(1);
    track.fourth[k] = rms(2);
  }
  return track;
}

/** Degrees that the positive sequence turns a half cycle while nothing happens: the frequency is not the nominal one. */
function driftOf(volts: ThreePhase<Track>, quiet: number): number {
  let sum = 0;
  for (let k = 1; k < quiet; k++) {
    const [a, b] = [sequencesAt(volts, k - 1).positive, sequencesAt(volts, k).positive];
    sum += (Math.atan2(a.re * b.im - a.im * b.re, a.re * b.re + a.im * b.im) * 180) / Math.PI;
  }
  return sum / (quiet - 1);
}
