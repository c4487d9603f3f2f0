/**
 * A three-phase network in formulas: what its voltages and currents are at any instant. The two synthetic sources
 * (samples, and steps for fast time) ask the same network.
 */
import type { Connection } from "./connection.ts";
import { Random } from "./random.ts";

export interface Harmonic {
  /** Multiple of the fundamental; not whole for an interharmonic. */
  readonly order: number;
  readonly percent: number;
  /** Degrees of this component's sine when the phase's own voltage crosses zero rising. */
  readonly degrees: number;
}

/** Something that happens to the network; `every` repeats it. Without `for` it lasts. */
export interface NetworkEvent {
  /** Seconds after the start of the source. */
  readonly at: number;
  readonly for?: number | undefined;
  readonly every?: number | undefined;
  /** Which phases, 0 to 2. */
  readonly phases: readonly number[];
  /** What volts and amps are multiplied by, and what is added to the frequency. */
  readonly volts: number;
  readonly amps: number;
  readonly hz: number;
  /** Two phases whose voltages change places. */
  readonly swap?: readonly [number, number] | undefined;
}

/** An oscillation upon the volts that dies away, as of a capacitor that is switched on. Fast time knows nothing of it: its mean is none. */
export interface NetworkTransient {
  /** Seconds after the start of the source, and after which it comes again. */
  readonly at: number;
  readonly every?: number | undefined;
  /** Seconds after which a hundredth of it is left; then it is over. */
  readonly for: number;
  readonly phases: readonly number[];
  /** Its first amplitude, as a part of the peak of the fundamental; and its frequency. */
  readonly part: number;
  readonly hz: number;
}

export interface NetworkOptions {
  readonly hz: number;
  /** The frequency wanders by at most `hz` around its mean, in swings of about `seconds`. */
  readonly drift?: { readonly hz: number; readonly seconds: number } | undefined;
  /** RMS volts to neutral and amps of the fundamental, primary. */
  readonly volts: readonly [number, number, number];
  readonly amps: readonly [number, number, number];
  /** Degrees of the voltages. */
  readonly angles: readonly [number, number, number];
  /** Degrees by which each current lags its voltage; 180 more is export. */
  readonly lag: readonly [number, number, number];
  readonly harmonics: { readonly volts: readonly Harmonic[]; readonly amps: readonly Harmonic[] };
  /** White noise, RMS in percent of the fundamental. */
  readonly noise: number;
  readonly flicker?: { readonly hz: number; readonly percent: number; readonly shape: "sine" | "square" } | undefined;
  /** Multipliers of the current by second of the day, rising; linear in between and over midnight. */
  readonly load: readonly (readonly [second: number, factor: number])[];
  readonly events: readonly NetworkEvent[];
  readonly transients?: readonly NetworkTransient[] | undefined;
  /** How the meter is connected, where that is not as it should be. */
  readonly connection?: Connection | undefined;
  readonly seed: number;
}

/** Volts and amps do not jump but go over in this time, so that an event's edges stay within the band. */
export const EDGE_SECONDS = 0.001;

const DAY = 86_400;

export class Network {
  readonly options: NetworkOptions;
  readonly #startOfDay: number;
  readonly #phaseOne: number;
  readonly #phaseTwo: number;

  /** `startSecondOfDay` places the load curve. */
  constructor(options: NetworkOptions, startSecondOfDay = 0) {
    this.options = options;
    this.#startOfDay = startSecondOfDay;
    const random = new Random(options.seed);
    this.#phaseOne = 2 * Math.PI * random.next();
    this.#phaseTwo = 2 * Math.PI * random.next();
  }

  /** Hz at `t` seconds after the start. */
  hz(t: number): number {
    const { hz, drift, events } = this.options;
    let out = hz;
    if (drift !== undefined) {
      const w = (2 * Math.PI * t) / drift.seconds;
      out += drift.hz * (0.7 * Math.sin(w + this.#phaseOne) + 0.3 * Math.sin(2.7 * w + this.#phaseTwo));
    }
    for (const event of events) if (event.hz !== 0) out += event.hz * activity(event, t);
    return out;
  }

  /** What the volts of a phase are multiplied by at `t`: events and flicker. */
  voltsAt(t: number, phase: number): number {
    const { events, flicker } = this.options;
    let out = 1;
    for (const event of events) {
      if (event.volts !== 1 && event.phases.includes(phase)) out *= 1 + (event.volts - 1) * activity(event, t);
    }
    if (flicker !== undefined) {
      const w = 2 * Math.PI * flicker.hz;
      const s = Math.sin(w * t);
      // The edges of a square take as long as those of an event.
      const square = Math.max(-1, Math.min(1, s / Math.sin((w * EDGE_SECONDS) / 2)));
      // IEC 61000-4-15: dU / U is the whole swing, so the amplitude is half of it.
      out *= 1 + (flicker.percent / 200) * (flicker.shape === "sine" ? s : square);
    }
    return out;
  }

  /** What the amps of a phase are multiplied by at `t`: events and the load curve. */
  ampsAt(t: number, phase: number): number {
    let out = this.load(t);
    for (const event of this.options.events) {
      if (event.amps !== 1 && event.phases.includes(phase)) out *= 1 + (event.amps - 1) * activity(event, t);
    }
    return out;
  }

  /** When a transient under way in [from, to) of a phase began, or begins; undefined where none does. */
  *transients(from: number, to: number, phase: number): Iterable<readonly [NetworkTransient, began: number]> {
    for (const transient of this.options.transients ?? []) {
      if (!transient.phases.includes(phase)) continue;
      const { at, every = Infinity, for: lasts } = transient;
      let began = at;
      if (from > at && every < Infinity) began += every * Math.floor((from - at) / every);
      // The last one before, and those that begin meanwhile.
      for (; began < to; began += every) if (began + lasts > from) yield [transient, began];
    }
  }

  /** Which voltage stands at the terminal of `phase`. */
  voltagePhase(t: number, phase: number): number {
    let out = phase;
    for (const { swap, ...event } of this.options.events) {
      if (swap === undefined || activity(event, t) < 0.5) continue;
      if (out === swap[0]) out = swap[1];
      else if (out === swap[1]) out = swap[0];
    }
    return out;
  }

  load(t: number): number {
    const { load } = this.options;
    const [first, last] = [load[0], load.at(-1)];
    if (first === undefined || last === undefined) return 1;
    const second = (this.#startOfDay + t) % DAY;
    const next = load.findIndex(([at]) => at > second);
    const before =
      next === 0 ? ([last[0] - DAY, last[1]] as const) : (load[next < 0 ? load.length - 1 : next - 1] ?? last);
    const after = next < 0 ? ([first[0] + DAY, first[1]] as const) : (load[next] ?? first);
    const part = after[0] === before[0] ? 0 : (second - before[0]) / (after[0] - before[0]);
    return before[1] + part * (after[1] - before[1]);
  }

  /** Whether anything in [from, to) makes the volts or amps change faster than the load curve. */
  restless(from: number, to: number): boolean {
    if (this.options.flicker !== undefined) return true;
    return this.options.events.some((event) => nextEdge(event, from - EDGE_SECONDS) < to + EDGE_SECONDS);
  }

  /** Until when everything stays as it is from `t` on, once an edge at `t` is over; `t` where it does not. */
  stillUntil(t: number): number {
    const { drift, flicker, load } = this.options;
    if (drift !== undefined || flicker !== undefined || load.some(([, factor]) => factor !== load[0]?.[1])) return t;
    return this.options.events.reduce((next, event) => Math.min(next, nextEdge(event, t)), Infinity);
  }

  /** The first instant after `t` at which an event begins or ends, or the load curve bends; Infinity if none. */
  nextChange(t: number): number {
    let next = Infinity;
    for (const event of this.options.events) next = Math.min(next, nextEdge(event, t));
    const second = (this.#startOfDay + t) % DAY;
    for (const [at] of this.options.load) {
      const ahead = (at - second + DAY) % DAY;
      next = Math.min(next, t + (ahead < 1e-6 ? DAY : ahead));
    }
    return next;
  }
}

/** How much of an event is there at `t`: 0 to 1, with edges of a raised cosine. */
function activity(event: Pick<NetworkEvent, "at" | "for" | "every">, t: number): number {
  const lasts = event.for ?? Infinity;
  let since = t - event.at;
  if (event.every !== undefined && since > 0) since %= event.every;
  if (since <= 0 || since >= lasts + EDGE_SECONDS) return 0;
  if (since < EDGE_SECONDS) return raisedCosine(since / EDGE_SECONDS);
  if (since > lasts) return 1 - raisedCosine((since - lasts) / EDGE_SECONDS);
  return 1;
}

/** How far an edge has come, 0 to 1, after a part of its time. */
export function raisedCosine(part: number): number {
  return 0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, Math.max(0, part)));
}

function nextEdge(event: NetworkEvent, t: number): number {
  const edges = [event.at, ...(event.for === undefined ? [] : [event.at + event.for])];
  let next = Infinity;
  for (const edge of edges) {
    let at = edge;
    if (event.every !== undefined && at <= t) at += event.every * (Math.floor((t - at) / event.every) + 1);
    if (at > t) next = Math.min(next, at);
  }
  return next;
}
