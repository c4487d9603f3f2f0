/**
 * Where a dip comes from, seen from where current and voltage are measured: downstream is where positive power flows to. Three published
 * methods, each on positive-sequence values, each may have nothing to say; the answer is what at least two of them say and none denies.
 * 1. Slope of the system trajectory: C. Li, T. Tayjasanant, W. Xu, X. Liu, "Method for voltage-sag-source detection by investigating slope
 *    of the system trajectory", IEE Proc. Gener. Transm. Distrib. 150 (2003). The line through the points (I cos phi, V) falls: downstream.
 * 2. Sign of the resistance: T. Tayjasanant, C. Li, W. Xu, "A resistance sign-based method for voltage sag source detection", IEEE Trans.
 *    Power Delivery 20 (2005). Re(dV / dI) is that of the source, and negative: downstream; that of the load, and positive: upstream.
 * 3. Disturbance power: A. C. Parsons, W. M. Grady, E. J. Powers, J. C. Soward, "A direction finder for power quality disturbances based
 *    upon disturbance power and energy", IEEE Trans. Power Delivery 15 (2000). More energy than before goes through: downstream.
 */
import { beforeOf, meanSequences, sequencesAt, type EventTrace } from "./event-trace.ts";
import { conjugate, degreesOf, magnitude, minus, over, times, type Phasor } from "./phasor.ts";

export type Direction = "upstream" | "downstream" | "unknown";

export interface DirectionVote {
  readonly method: "slope of the system trajectory" | "sign of the resistance" | "disturbance power";
  readonly direction: Direction;
  /** With the figures. */
  readonly criterion: string;
}

export interface DipDirection {
  readonly direction: Direction;
  readonly votes: readonly DirectionVote[];
  /** Why nothing is known. */
  readonly reason?: string;
}

/** Changes below these parts of what was before say nothing: ours. */
const LEAST_CHANGE = 0.01;

export function dipDirection(trace: EventTrace, deepest: number): DipDirection {
  if (trace.amps === undefined) return { direction: "unknown", votes: [], reason: "no currents were recorded" };
  const before = beforeOf(trace);
  const volts = meanSequences(trace.volts, 0, before).positive;
  const amps = meanSequences(trace.amps, 0, before).positive;
  if (!(magnitude(volts) > 0) || !(magnitude(amps) > 0)) {
    return {
      direction: "unknown",
      votes: [],
      reason: "there is no voltage or no current before the event to compare with",
    };
  }
  const points = { trace, amps: trace.amps, deepest, before, v0: volts, i0: amps };
  const votes = [slope(points), resistance(points), energy(points)];
  const said = (direction: Direction): number => votes.filter((vote) => vote.direction === direction).length;
  for (const [direction, other] of [
    ["downstream", "upstream"],
    ["upstream", "downstream"],
  ] as const) {
    if (said(direction) >= 2 && said(other) === 0) return { direction, votes };
  }
  const reason =
    said("upstream") > 0 && said("downstream") > 0 ? "the methods disagree" : "fewer than two methods can say";
  return { direction: "unknown", votes, reason };
}

interface Points {
  readonly trace: EventTrace;
  readonly amps: NonNullable<EventTrace["amps"]>;
  readonly deepest: number;
  readonly before: number;
  readonly v0: Phasor;
  readonly i0: Phasor;
}

const notKnown = "the values of the event are not known";
const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;

/** Positive-sequence volts, and amps in phase with them, from the last half cycle before to the deepest. */
function slope({ trace, amps, deepest, before, v0, i0 }: Points): DirectionVote {
  const method = "slope of the system trajectory";
  const active0 = times(v0, conjugate(i0)).re / magnitude(v0);
  if (!(active0 > 0.05 * magnitude(i0))) {
    return {
      method,
      direction: "unknown",
      criterion: "the method is of loads: before, no active power went downstream",
    };
  }
  let [n, x1, y1, xx, xy] = [0, 0, 0, 0, 0];
  let [least, most] = [Infinity, -Infinity];
  for (let k = Math.max(0, before - 1); k <= deepest; k++) {
    const v = sequencesAt(trace.volts, k).positive;
    const i = sequencesAt(amps, k).positive;
    const x = Math.abs(times(v, conjugate(i)).re) / magnitude(v) / active0;
    const y = magnitude(v) / magnitude(v0);
    if (Number.isNaN(x * y)) continue;
    n++;
    x1 += x;
    y1 += y;
    xx += x * x;
    xy += x * y;
    least = Math.min(least, x);
    most = Math.max(most, x);
  }
  if (n < 2) return { method, direction: "unknown", criterion: notKnown };
  if (most - least < LEAST_CHANGE) {
    return {
      method,
      direction: "unknown",
      criterion: `I cos phi changes by ${percent(most - least)} only`,
    };
  }
  // Two points or more that differ: the divisor is not 0, unless the numbers are beyond what can be squared.
  const steep = (n * xy - x1 * y1) / (n * xx - x1 * x1);
  if (!Number.isFinite(steep)) return { method, direction: "unknown", criterion: notKnown };
  return {
    method,
    direction: steep < 0 ? "downstream" : "upstream",
    criterion: `the line of voltage over I cos phi has the slope ${steep.toFixed(3)} (per unit; below 0: downstream)`,
  };
}

function resistance({ trace, amps, deepest, v0, i0 }: Points): DirectionVote {
  const method = "sign of the resistance";
  const dv = minus(sequencesAt(trace.volts, deepest).positive, v0);
  const di = minus(sequencesAt(amps, deepest).positive, i0);
  const change = magnitude(di) / magnitude(i0);
  if (!Number.isFinite(change * magnitude(dv))) return { method, direction: "unknown", criterion: notKnown };
  if (!(change > LEAST_CHANGE)) {
    return { method, direction: "unknown", criterion: `the current changes by ${percent(change)} only` };
  }
  const z = over(dv, di);
  if (!Number.isFinite(magnitude(z))) return { method, direction: "unknown", criterion: notKnown };
  // A pure reactance has no sign that noise would not turn.
  const isClear = Math.abs(z.re) > 0.02 * magnitude(z);
  const criterion = `dV / dI is ${magnitude(z).toPrecision(3)} ohm at ${degreesOf(z).toFixed(0)} degrees, its resistance ${z.re.toPrecision(3)} ohm (below 0: downstream)`;
  return { method, direction: !isClear ? "unknown" : z.re < 0 ? "downstream" : "upstream", criterion };
}

function energy({ trace, amps, deepest, v0, i0 }: Points): DirectionVote {
  const method = "disturbance power";
  const p0 = times(v0, conjugate(i0)).re;
  const s0 = magnitude(v0) * magnitude(i0);
  let sum = 0;
  let known = 0;
  for (let k = trace.start; k <= deepest; k++) {
    const p = times(sequencesAt(trace.volts, k).positive, conjugate(sequencesAt(amps, k).positive)).re;
    if (Number.isNaN(p)) continue;
    sum += p - p0;
    known++;
  }
  const change = sum / known / s0;
  if (!Number.isFinite(change)) return { method, direction: "unknown", criterion: notKnown };
  const criterion = `until the deepest half cycle the active power is ${percent(Math.abs(change))} of the apparent power before ${change < 0 ? "less" : "more"} than before`;
  if (!(Math.abs(change) > LEAST_CHANGE)) return { method, direction: "unknown", criterion };
  return { method, direction: change > 0 ? "downstream" : "upstream", criterion };
}
