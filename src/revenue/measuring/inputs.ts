/** What a revenue meter measures from: the inputs at its terminals at one instant, and what corrects them for their transformers. */

/** By phase: RMS volts and amps, watts and vars by element, at the index of its current. */
export interface Inputs {
  hz: number;
  readonly v: Float64Array;
  /** Line to line: ab, bc, ca. */
  readonly ll: Float64Array;
  /** Volts as triggers and logs see them, to neutral, or from line to line where there is none: each over a cycle of its own. */
  readonly seen: Float64Array;
  readonly a: Float64Array;
  n: number;
  readonly w: Float64Array;
  readonly q: Float64Array;
  /** RMS of an element's volts and amps in what is present of a cycle that lost samples: `w` and `q` are of the same. Where `v` and `a` are known, unused. */
  readonly presentV: Float64Array;
  readonly presentA: Float64Array;
  readonly thdV: Float64Array;
  readonly thdA: Float64Array;
  /** Fundamentals of an element's volts and amps, RMS. */
  readonly firstV: Float64Array;
  readonly firstA: Float64Array;
  /** Angles of them, radians; NaN where they are not known. */
  readonly angleV: Float64Array;
  readonly angleA: Float64Array;
}

export function newInputs(): Inputs {
  const three = (): Float64Array => new Float64Array(3);
  return {
    hz: NaN,
    n: 0,
    v: three(),
    ll: three(),
    seen: three(),
    a: three(),
    w: three(),
    q: three(),
    presentV: three().fill(NaN),
    presentA: three().fill(NaN),
    thdV: three(),
    thdA: three(),
    firstV: three(),
    firstA: three(),
    angleV: three().fill(NaN),
    angleA: three().fill(NaN),
  };
}

/** What corrects the transformers of one phase: gains of volts and amps, and by what each is turned ahead, radians. */
export interface PhaseCorrection {
  readonly volts: number;
  readonly amps: number;
  readonly voltsAhead: number;
  readonly ampsAhead: number;
}

/** The two volts of a delta, ab and cb, are 60 degrees apart. */
const AHEAD = Math.PI / 3;

/**
 * The inner product of two volts whose difference is `d`, after the first was turned ahead: what they are to each other is theirs
 * whatever their wave; only turning takes which of them is ahead, which is the first unless `turn` has its sign changed.
 */
function product(x: number, y: number, d: number, turn: number): number {
  const inner = (x * x + y * y - d * d) / 2;
  if (turn === 0) return inner;
  const across = Math.sqrt(Math.max(0, x * x * y * y - inner * inner));
  return inner * Math.cos(turn) - across * Math.sin(turn);
}

/** The volts between two, by their inner product. */
function apart(x: number, y: number, product: number): number {
  return Math.sqrt(Math.max(0, x * x + y * y - 2 * product));
}

const fixed = newInputs();

/**
 * Gains of the transformers, and the angles by which they turn volts, amps and power. A meter with two elements has two voltage
 * transformers, from a to b and from c to b: line volts bc are the second one's, and ca what is between the two.
 */
export function corrected(given: Inputs, correction: readonly PhaseCorrection[], neutral: boolean): Inputs {
  fixed.hz = given.hz;
  fixed.n = (given.n * (correction[0]!.amps + correction[1]!.amps + correction[2]!.amps)) / 3;
  for (let k = 0; k < 3; k++) {
    const { volts, amps, voltsAhead, ampsAhead } = correction[k]!;
    const next = (k + 1) % 3;
    const other = correction[next]!;
    const [cos, sin] = [Math.cos(voltsAhead - ampsAhead), Math.sin(voltsAhead - ampsAhead)];
    fixed.v[k] = given.v[k]! * volts;
    fixed.seen[k] = given.seen[k]! * volts;
    if (neutral) {
      // In the sequence abc every phase is ahead of the next.
      const inner = product(given.v[k]!, given.v[next]!, given.ll[k]!, voltsAhead - other.voltsAhead);
      fixed.ll[k] = apart(given.v[k]! * volts, given.v[next]! * other.volts, inner * volts * other.volts);
    }
    fixed.a[k] = given.a[k]! * amps;
    fixed.w[k] = (given.w[k]! * cos - given.q[k]! * sin) * volts * amps;
    fixed.q[k] = (given.w[k]! * sin + given.q[k]! * cos) * volts * amps;
    fixed.presentV[k] = given.presentV[k]! * volts;
    fixed.presentA[k] = given.presentA[k]! * amps;
    fixed.thdV[k] = given.thdV[k]!;
    fixed.thdA[k] = given.thdA[k]!;
    fixed.firstV[k] = given.firstV[k]! * volts;
    fixed.firstA[k] = given.firstA[k]! * amps;
    fixed.angleV[k] = given.angleV[k]! + voltsAhead;
    fixed.angleA[k] = given.angleA[k]! + ampsAhead;
  }
  if (neutral) return fixed;
  const [ab, cb] = [correction[0]!, correction[2]!];
  correctDelta(given.ll, ab, cb, fixed.ll);
  correctDelta(given.seen, ab, cb, fixed.seen);
  return fixed;
}

function correctDelta(given: Float64Array, ab: PhaseCorrection, cb: PhaseCorrection, out: Float64Array): void {
  out[0] = given[0]! * ab.volts;
  out[1] = given[1]! * cb.volts;
  // And cb is ahead of ab.
  const inner = product(given[0]!, given[1]!, given[2]!, cb.voltsAhead - ab.voltsAhead);
  out[2] = apart(out[0], out[1], inner * ab.volts * cb.volts);
}

/** By how much the second of a delta's volts (cb) is ahead of the first (ab), as their magnitudes have it. */
export function aheadOf(ab: number, bc: number, ca: number): number {
  const cos = (ab * ab + bc * bc - ca * ca) / (2 * ab * bc);
  return Number.isNaN(cos) ? AHEAD : Math.acos(Math.max(-1, Math.min(1, cos)));
}
