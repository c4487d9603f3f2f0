import type { Coverage } from "./coverage.ts";

/**
 * What is known of the fundamental: there is no voltage to have one; it is followed; it is followed, but lies outside of the range in which a
 * meter measures; there is a voltage, and no fundamental is found in it.
 */
export type Lock = "dead" | "locked" | "outside" | "lost";

/** Whether what is made of a fundamental can be made: of a dead line it is nothing, which is known. */
export function hasFundamental(lock: Lock): boolean {
  return lock === "locked" || lock === "dead";
}

/** What a grid hands out: half a cycle of the fundamental, in rings of the last cycles. */
export interface GridHalf {
  /** Instants a cycle, and a half cycle. */
  readonly grid: number;
  readonly half: number;
  /** va, vb, vc, ia, ib, ic: the last cycles, in primary volts and amps; half cycles do not wrap. */
  readonly ring: readonly Float64Array[];
  /** Its number since the source began: even ones begin at a rising zero crossing of the reference. A gap counts. */
  readonly index: number;
  /** Where in the rings its first instant lies. */
  readonly from: number;
  /** Seconds from the source's beginning to its own, and its length. */
  readonly at: number;
  readonly seconds: number;
  /** Bit c is set where channel c is not valid in it: something that it is made of is missing. */
  readonly missing: number;
  /** How much is there of it, and of those before it. */
  readonly coverage: Coverage;
  /** Sums over it of va, vb and vc times a cosine, and times a sine, of which it is half a period from 0 on. */
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  /** It follows the half cycle before it without a gap. */
  readonly joined: boolean;
  /**
   * It was made longer or shorter than half a period, so that the next one begins at a zero crossing again: no window of whole
   * cycles has it. Where the fundamental is lost none is half a period of anything.
   */
  readonly uneven: boolean;
  readonly lock: Lock;
  /** The phase of the cycle that ends with it is not what was expected: a jump, or the edge of a dip, lies in it. */
  readonly doubtful: boolean;
  /** The frequency at its end, in Hz; NaN unless it is locked, and has been for half an interval of the tracker. */
  readonly hz: number;
  /** The highest order of a harmonic that the source's rate carries; not whole. */
  readonly harmonicLimit: number;
}
