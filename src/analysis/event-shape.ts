/** How an event falls and recovers, what its currents do meanwhile, and how it rings: the figures that a cause is told by. */
import {
  beforeOf,
  meanPhasor,
  meanRms,
  meanSequences,
  partsAt,
  phasorAt,
  sequencesAt,
  type EventTrace,
  type Track,
  type Waveform,
} from "./event-trace.ts";
import { conjugate, magnitude, minus, over, times, type ThreePhase } from "./phasor.ts";

export interface Shape {
  /** The half cycle of the lowest phase, and how far it is below what it was before, as a part of it. */
  readonly deepest: number;
  readonly depth: number;
  /** The largest part of the depth that is lost, and of what it recovers that comes back, within a cycle and a half; where it is known. */
  readonly fall?: number;
  /** Undefined of an event that the record does not see the end of. */
  readonly recovery?: number;
}

/** Half cycles: the window of one cycle takes two of them to pass a step. */
const STEEP = 3;
const SETTLED = 4;

/** Undefined where the voltages before are not known, or none falls. */
export function shapeOf(trace: EventTrace): Shape | undefined {
  const [a, b, c] = trace.volts;
  const quiet = beforeOf(trace);
  const before: ThreePhase<number> = [meanRms(a, 0, quiet), meanRms(b, 0, quiet), meanRms(c, 0, quiet)];
  const count = a.rms.length;
  const u = Float64Array.from({ length: count }, (_, k) => Math.min(...partsAt(trace.volts, before, k)));
  let deepest = trace.start;
  for (let k = trace.start; k < Math.min(trace.end + 1, count); k++) {
    if (u[k]! < u[deepest]! || Number.isNaN(u[deepest]!)) deepest = k;
  }
  const depth = 1 - u[deepest]!;
  if (!(depth > 0.001)) return undefined;
  let fall = -Infinity;
  for (let k = trace.start; k <= deepest; k++) {
    const part = (u[Math.max(0, k - STEEP)]! - u[k]!) / depth;
    if (part > fall) fall = part;
  }
  const recovery = recoveryOf(u, deepest, depth);
  return { deepest, depth, ...(fall > -Infinity ? { fall } : {}), ...(recovery === undefined ? {} : { recovery }) };
}

/** The part of what comes back that does within a cycle and a half; undefined of what has not come back, or still moves. */
export function recoveryOf(u: Float64Array, deepest: number, depth: number): number | undefined {
  const last = u.subarray(Math.max(deepest + 1, u.length - SETTLED));
  if (last.length < SETTLED) return undefined;
  const after = last.reduce((sum, value) => sum + value, 0) / last.length;
  const gained = after - u[deepest]!;
  // What still moves, or has not come back by half, is not over.
  if (!(gained >= depth / 2) || Math.max(...last) - Math.min(...last) > 0.1 * depth) return undefined;
  let steepest = 0;
  for (let k = deepest + 1; k < u.length; k++) {
    steepest = Math.max(steepest, (u[k]! - u[Math.max(deepest, k - STEEP)]!) / gained);
  }
  return steepest;
}

/** Each absent where it is not known, or where nothing came on that it could be a part of. */
export interface CurrentShape {
  /** What remains at the end of the positive-sequence current that came on, as a part of the most of it. */
  readonly lasting?: number;
  /** Second and fourth harmonic over what came on: mean of the ten cycles from the third on; phases together. */
  readonly second?: number;
  readonly fourth?: number;
  /** The second harmonic at the end of the record over its largest. */
  readonly secondLeft?: number;
  /** Cosine of the angle of what came on, in the third cycle. */
  readonly cosine?: number;
  /** Change of reactive power from before to after, over the apparent power before or after, the larger: a bank may be all there is. */
  readonly reactiveStep?: number;
}

/** The first two cycles are of windows that the step itself lies in: their harmonics are of it. */
const SKIPPED = 4;

/** Undefined where there are no currents. */
export function currentShapeOf(trace: EventTrace): CurrentShape | undefined {
  const { amps, volts, start } = trace;
  if (amps === undefined) return undefined;
  const quiet = beforeOf(trace);
  const count = amps[0].rms.length;
  const i0 = meanSequences(amps, 0, quiet).positive;
  const v0 = meanSequences(volts, 0, quiet).positive;
  let most = 0;
  for (let k = start; k < count; k++) {
    const on = magnitude(minus(sequencesAt(amps, k).positive, i0));
    if (on > most) most = on;
  }
  const iEnd = meanSequences(amps, count - SETTLED, count).positive;
  const vEnd = meanSequences(volts, count - SETTLED, count).positive;
  const s0 = times(v0, conjugate(i0));
  const sEnd = times(vEnd, conjugate(iEnd));
  const third = Math.min(start + SKIPPED, count - 1);
  const on = minus(sequencesAt(amps, third).positive, i0);
  const onPower = times(sequencesAt(volts, third).positive, conjugate(on));
  return {
    ...finite("lasting", magnitude(minus(iEnd, i0)) / most),
    ...evenOf(trace, amps),
    ...finite("cosine", onPower.re / magnitude(onPower)),
    ...finite("reactiveStep", (sEnd.im - s0.im) / Math.max(magnitude(s0), magnitude(sEnd))),
  };
}

function finite<K extends keyof CurrentShape>(key: K, value: number): Pick<CurrentShape, K> | Record<never, never> {
  return Number.isFinite(value) ? { [key]: value } : {};
}

function evenOf({ start }: EventTrace, amps: ThreePhase<Track>): CurrentShape {
  const count = amps[0].rms.length;
  const isKnown = amps.every(({ second, fourth }) => second !== undefined && fourth !== undefined);
  if (!isKnown || count <= start + SKIPPED) return {};
  const before = amps.map((track) => meanPhasor(track, 0, beforeOf({ start })));
  let [on, second, fourth, largest, left] = [0, 0, 0, 0, 0];
  for (let k = start + SKIPPED; k < count; k++) {
    left = 0;
    for (const [n, track] of amps.entries()) {
      left += track.second![k]!;
      if (k >= start + SKIPPED + 20) continue;
      second += track.second![k]!;
      fourth += track.fourth![k]!;
      on += magnitude(minus(phasorAt(track, k), before[n]!));
    }
    if (left > largest) largest = left;
  }
  return {
    ...finite("second", second / on),
    ...finite("fourth", fourth / on),
    ...finite("secondLeft", left / largest),
  };
}

export interface Ringing {
  readonly hz: number;
  /** Volts of its largest line, over the peak of the fundamental. */
  readonly part: number;
}

/**
 * The largest line between 150 Hz and 0.4 of the rate, of what the voltage is more than a cycle before, in the cycle at the event's
 * start; of the phase that rings most. Undefined where there are no samples, or too few, or too slow to show 900 Hz.
 */
export function ringingOf({ wave, start, hz }: EventTrace): Ringing | undefined {
  if (wave === undefined || 0.4 * wave.rate < 900) return undefined;
  const cycle = Math.round(wave.rate / hz);
  const from = firstOff(wave, Math.round(((start - 1) * wave.rate) / (2 * hz)), cycle);
  if (from === undefined) return undefined;
  let found: Ringing | undefined;
  for (const volts of wave.volts) {
    let peak = 0;
    for (let n = from - cycle; n < from; n++) peak = Math.max(peak, Math.abs(volts[n]!));
    for (let f = 150; f <= 0.4 * wave.rate && f <= 5000; f += 10) {
      let [re, im] = [0, 0];
      for (let n = 0; n < cycle; n++) {
        const off = volts[from + n]! - volts[from + n - cycle]!;
        const angle = (2 * Math.PI * f * n) / wave.rate;
        re += off * Math.cos(angle);
        im += off * Math.sin(angle);
      }
      const part = (2 * Math.hypot(re, im)) / cycle / peak;
      if (part > (found?.part ?? 0)) found = { hz: f, part };
    }
  }
  return found;
}

/** The first sample near the start that is off its cycle before by more than a fiftieth of the peak; undefined without room around it. */
function firstOff({ volts }: Waveform, near: number, cycle: number): number | undefined {
  const length = volts[0].length;
  for (let n = Math.max(near - cycle, cycle); n < Math.min(near + 2 * cycle, length - cycle); n++) {
    for (const phase of volts) {
      let peak = 0;
      for (let m = n - cycle; m < n; m++) peak = Math.max(peak, Math.abs(phase[m]!));
      if (Math.abs(phase[n]! - phase[n - cycle]!) > peak / 50) return n;
    }
  }
  return undefined;
}

/** By how much the positive sequence is more at the end than before, as a part of it; undefined where it is not known. */
export function riseOf({ volts, start }: EventTrace): number | undefined {
  const count = volts[0].rms.length;
  const before = magnitude(meanSequences(volts, 0, beforeOf({ start })).positive);
  const rise = magnitude(meanSequences(volts, count - SETTLED, count).positive) / before - 1;
  return Number.isFinite(rise) ? rise : undefined;
}

/** |U2| over |1 - U1| at a half cycle: 0 of what falls alike in all phases; undefined where it is not known. */
export function unbalanceAt(trace: EventTrace, k: number): number | undefined {
  const before = meanSequences(trace.volts, 0, beforeOf(trace)).positive;
  const now = sequencesAt(trace.volts, k);
  const part = magnitude(over(now.negative, before)) / magnitude(minus({ re: 1, im: 0 }, over(now.positive, before)));
  return Number.isFinite(part) ? part : undefined;
}

/** What is seen behind the waveform of an event, by half-cycle RMS. */
export interface After {
  /** Where what is steady begins, seconds of the recording. */
  readonly at: number;
  /** As `Shape` and `CurrentShape` have them; the current by its RMS, phases together. */
  readonly recovery?: number;
  readonly lasting?: number;
}
