/**
 * Where a meter's inputs come from. A source either gives samples, as a converter would, or steps: stretches in
 * which everything is constant or changes linearly, which the meter integrates in closed form.
 */
import type { Samples } from "#metrology/samples.ts";
import type { Wiring } from "#quantity/wiring.ts";

/** What a source hands out: samples that follow one another. */
export type SampleRun = Samples;

export interface SampleSource {
  readonly kind: "samples";
  /** Milliseconds since 1970 at which it begins, by the recorder's own clock; NaN where it has none. */
  readonly utc: number;
  /** Seconds that have been read. */
  readonly elapsed: number;
  /**
   * Goes on by `seconds`, and hands out what was sampled in them, in order of time; nothing where nothing was. What it hands out is
   * overwritten by the next call. The total never drifts from elapsed time.
   */
  read(seconds: number): readonly SampleRun[];
  /** Whether everything has been played. */
  readonly ended: boolean;
  /** Why it ended before its end; undefined of one that did not. */
  readonly trouble?: Error | undefined;
  /** Why nothing comes of it, in words, where it knows more than that. */
  readonly silence?: string | undefined;
  /** Whether something that was given since this was asked last is not sure: whoever sampled it says so. Nothing is unless there is this. */
  takeDoubt?(): boolean;
}

/** Everything about the inputs at one instant, by phase; NaN where it is not known. */
export class StepValues {
  hz = NaN;
  /** RMS volts to neutral and line to line (ab, bc, ca), RMS amps, neutral amps. */
  readonly v = new Float64Array(3).fill(NaN);
  readonly ll = new Float64Array(3).fill(NaN);
  readonly a = new Float64Array(3).fill(NaN);
  n = NaN;
  /** By element, at the index of its current: RMS volts, watts and vars; import and lagging positive. */
  readonly e = new Float64Array(3).fill(NaN);
  readonly w = new Float64Array(3).fill(NaN);
  readonly q = new Float64Array(3).fill(NaN);
  /** Total harmonic distortion of an element's volts and amps, percent of the fundamental. */
  readonly thdV = new Float64Array(3).fill(NaN);
  readonly thdA = new Float64Array(3).fill(NaN);
  /** Watts and vars of an element's fundamental alone. */
  readonly w1 = new Float64Array(3).fill(NaN);
  readonly q1 = new Float64Array(3).fill(NaN);
  /** The K factors of an element's amps; total harmonic distortion of the volts line to line (ab, bc, ca). `finish` makes them. */
  readonly kA = new Float64Array(3).fill(NaN);
  readonly thdLl = new Float64Array(3).fill(NaN);
  /** Angles of the voltages in radians. */
  readonly angle = new Float64Array(3).fill(NaN);
  #rest: (() => void) | undefined;

  /** `rest` makes what few ask for. */
  later(rest: () => void): void {
    this.#rest = rest;
  }

  finish(): void {
    this.#rest?.();
    this.#rest = undefined;
  }
}

/** Who looks at a step: its wiring's elements, and its own definition of reactive power. Both can change at any time. */
export interface StepView {
  readonly wiring: Wiring;
  readonly reactive: "shifted" | "fundamental" | "budeanu";
}

export interface StepSource {
  readonly kind: "steps";
  /**
   * The next stretch, of at most `seconds`: its values at the beginning and the end, between which they are linear.
   * Returns its length; 0 when nothing is known of the inputs.
   */
  step(seconds: number, from: StepValues, to: StepValues, view: StepView): number;
  /**
   * Whether the last step was like the one before, for the same view (the very object) into the same `from` and `to`, which are left
   * alone: whoever looks needs no more than its length. False, or left out, where the source cannot tell.
   */
  readonly steady?: boolean;
  readonly ended: boolean;
}

export type Source = SampleSource | StepSource;
