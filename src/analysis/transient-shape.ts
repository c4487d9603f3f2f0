/**
 * What a transient is by its samples: how far the voltage goes beyond both what it was a cycle before and what it is when all is over. The
 * edge of a dip, a swell or a step lies on one of the two or between them: it is none.
 */
import { rateWords } from "#waveform/rate-words.ts";
import type { EventWave } from "./examination.ts";

export interface TransientShape {
  /** The first sample beyond the level, and from there to behind the last one. */
  readonly at: number;
  readonly seconds: number;
  /** Of each voltage how far it went at most, in volts; in the voltages' order. */
  readonly byChannel: readonly { readonly name: string; readonly volts: number }[];
  /** Three half waves or more have a quarter of the largest: it rings. */
  readonly rings: boolean;
  /** Of a ring its largest line. */
  readonly hz?: number;
  /** Why that is not known. */
  readonly noHz?: string;
}

/** Samples a second that carry a ring of 900 Hz, the highest of a bank of capacitors: 0.4 of them. */
export const LEAST_RATE = 2250;
const CARRIED = 0.4;

export function tooSlowForTransients(rate: number): string {
  return `transients: ${rateWords(rate)}: expected at least ${LEAST_RATE}, which carry rings of ${CARRIED * LEAST_RATE} Hz`;
}
/** A grid of 256 instants a cycle shows no more; lines below are of the fundamental and of what is switched with it. */
const MOST_HZ = 5000;
const LEAST_HZ = 150;
const STEP_HZ = 10;

/** Cycles: what is not over then is no transient; and what it is measured against behind it. */
export const LONGEST = 4;
const AFTER = 1;

export interface TransientFound {
  /** About where it begins: no more than half a cycle from there. */
  readonly at: number;
  readonly hz: number;
  /** Volts. */
  readonly level: number;
}

/** Undefined of what is none; and where there is less than a cycle before it, or behind it. */
export function transientShape(
  wave: EventWave,
  voltages: readonly string[],
  { at, hz, level }: TransientFound,
): TransientShape | undefined {
  const cycle = wave.rate / hz;
  const near = (at - wave.at) * wave.rate;
  const count = wave.channels[0]?.samples.length ?? 0;
  const from = Math.max(0, Math.ceil(near - cycle / 2));
  const end = Math.min(Math.floor(near + LONGEST * cycle), Math.floor(count - 1 - AFTER * cycle));
  if (from - cycle - 1 < 0 || !(end > near + cycle / 2)) return undefined;
  const all = voltages.map((name) => ({ name, beyond: beyondOf(voltageOf(wave, name), { cycle, from, end }) }));
  const [first, last] = spanOf(
    all.map(({ beyond }) => beyond),
    level,
    cycle / 2,
  );
  // What goes on until then has not been seen to end.
  if (first === undefined || last === undefined || last + cycle / 2 > end - from) return undefined;
  const parts = all.map(({ name, beyond }) => ({ name, part: beyond.subarray(first, last + Math.ceil(cycle / 2)) }));
  const byChannel = parts.map(({ name, part }) => ({ name, volts: largestOf(part) }));
  const [worst] = byChannel.toSorted((a, b) => b.volts - a.volts);
  const part = parts.find(({ name }) => name === worst?.name)!.part;
  const rings = ringsOf(part, worst!.volts / 4);
  return {
    at: wave.at + (from + first) / wave.rate,
    seconds: (last + 1 - first) / wave.rate,
    byChannel: byChannel.filter(({ volts }) => !Number.isNaN(volts)),
    rings,
    ...(rings ? lineOf(part.subarray(0, Math.ceil(cycle)), wave.rate) : { noHz: "it does not ring" }),
  };
}

/** A terminal that nothing feeds is what the others are against. */
function voltageOf({ channels }: EventWave, name: string): Float64Array {
  const of = (phase: string | undefined): Float32Array | undefined =>
    phase === undefined ? undefined : channels.find((channel) => channel.name === `v${phase}`)?.samples;
  const [plus, minus] = [of(name[2]), of(name[3])];
  const count = channels[0]?.samples.length ?? 0;
  return Float64Array.from({ length: count }, (_, k) => (plus?.[k] ?? 0) - (minus?.[k] ?? 0));
}

interface Stretch {
  /** Samples a cycle, which need not be whole. */
  readonly cycle: number;
  readonly from: number;
  readonly end: number;
}

/** By samples of the stretch: how far from the nearer of what was in the cycle before it and what is in the one behind it. */
function beyondOf(volts: Float64Array, { cycle, from, end }: Stretch): Float64Array {
  const between = (place: number): number => {
    const whole = Math.floor(place);
    const part = place - whole;
    return part === 0 ? volts[whole]! : volts[whole]! * (1 - part) + volts[whole + 1]! * part;
  };
  const out = new Float64Array(end - from);
  for (let n = from; n < end; n++) {
    const before = between(n - cycle * (Math.floor((n - from) / cycle) + 1));
    const after = between(n + cycle * Math.ceil((end - n) / cycle));
    const value = volts[n]!;
    const [least, most] = before < after ? [before, after] : [after, before];
    out[n - from] = value > most ? value - most : value < least ? value - least : value - value;
  }
  return out;
}

/** The first sample beyond the level in any voltage, and the last one before a half cycle without. */
function spanOf(
  all: readonly Float64Array[],
  level: number,
  half: number,
): readonly [first: number | undefined, last: number | undefined] {
  let first: number | undefined;
  let last: number | undefined;
  for (let n = 0; n < (all[0]?.length ?? 0); n++) {
    if (last !== undefined && n - last > half) break;
    if (!all.some((beyond) => Math.abs(beyond[n]!) > level)) continue;
    first ??= n;
    last = n;
  }
  return [first, last];
}

function largestOf(part: Float64Array): number {
  let largest = NaN;
  for (const value of part) if (!(Math.abs(value) <= largest) && !Number.isNaN(value)) largest = Math.abs(value);
  return largest;
}

function ringsOf(part: Float64Array, least: number): boolean {
  let sign = 0;
  let waves = 0;
  for (const value of part) {
    if (!(Math.abs(value) >= least) || Math.sign(value) === sign) continue;
    sign = Math.sign(value);
    waves++;
  }
  return waves >= 3;
}

/** The largest line of the samples, on a scale of ten hertz. */
function lineOf(part: Float64Array, rate: number): Pick<TransientShape, "hz" | "noHz"> {
  const most = Math.min(CARRIED * rate, MOST_HZ);
  let [found, largest] = [0, 0];
  for (let hz = LEAST_HZ; hz <= most; hz += STEP_HZ) {
    const [turnRe, turnIm] = [Math.cos((2 * Math.PI * hz) / rate), Math.sin((2 * Math.PI * hz) / rate)];
    let [cos, sin, re, im] = [1, 0, 0, 0];
    for (let n = 0; n < part.length; n++) {
      re += part[n]! * cos;
      im += part[n]! * sin;
      const next = cos * turnRe - sin * turnIm;
      sin = cos * turnIm + sin * turnRe;
      cos = next;
    }
    const square = re * re + im * im;
    if (square > largest) [found, largest] = [hz, square];
  }
  if (found === 0) return { noHz: "samples are missing in it" };
  if (found === LEAST_HZ) return { noHz: `it is not above ${LEAST_HZ} Hz` };
  if (found + STEP_HZ > most) return { noHz: `it is not below ${Math.round(most)} Hz, the most that is looked for` };
  return { hz: found };
}
