/**
 * The measurement log (option ML, PQ2, PQ3): what its groups record, and what the manual's table of its channels has (Appendix on
 * Meter Measurements, Measurement Log).
 */
import type { Measure, MeasureQuantity, Reduction, Side } from "#quantity/measure.ts";
import type { IntervalMinutes } from "#quantity/quality-view.ts";

/** Groups of channels, channels of a group, and lengths of intervals in them besides ten minutes ("up to 3 ... one of them is 10 minutes"). */
export const MOST_GROUPS = 8;
export const MOST_CHANNELS = 50;
export const MOST_OTHER_INTERVALS = 2;

/** What an engineering unit is of the measure's own. */
export const unitFactors = { units: 1, kilo: 1e3, mega: 1e6 } as const;

export interface LogChannel {
  readonly measure: Measure;
  readonly method: Reduction;
  /** On which side of the transformers. */
  readonly side: Side;
  readonly units: keyof typeof unitFactors;
}

export interface LogGroupSettings {
  /** 150 or 180 cycles, or minutes of UTC. */
  readonly interval: "cycles" | IntervalMinutes;
  readonly channels: readonly LogChannel[];
}

/** How much a group keeps: values, and days. */
const MOST_VALUES = 1_460_000;
const MOST_DAYS = 1095;
const DAY_MS = 86_400_000;

/** How long an interval is; 150 cycles of 50 Hz are as long as 180 of 60 Hz. */
export function intervalMs(interval: LogGroupSettings["interval"]): number {
  return interval === "cycles" ? 3000 : interval * 60_000;
}

/** Records that a group keeps. */
export function logCapacity({ interval, channels }: LogGroupSettings): number {
  const byValues = Math.floor(MOST_VALUES / Math.max(1, channels.length));
  return Math.min(byValues, (MOST_DAYS * DAY_MS) / intervalMs(interval));
}

const each = ["minimum", "maximum", "average", "snapshot"] as const;
const total = ["total"] as const;
const average = ["average"] as const;
const snapshot = ["snapshot"] as const;

/**
 * By quantity, how it can be recorded. Q is in the text only; so is the ratio of the zero sequence, where the unbalance of power quality
 * is said to be both.
 */
const methods: Readonly<Partial<Record<MeasureQuantity, readonly Reduction[]>>> = {
  V: each,
  "V.ll": each,
  A: each,
  Hz: each,
  V2: each,
  "V2.ll": each,
  A2: each,
  W: each,
  var: each,
  VA: each,
  "VA.arithmetic": each,
  Q: each,
  PF: each,
  "PF.arithmetic": each,
  "unbalance.V": each,
  "unbalance.A": each,
  "unbalance.V.zero": each,
  "unbalance.A.zero": each,
  "THD.V": each,
  "THD.V.ll": each,
  "THD.A": each,
  "TDD.A": each,
  "crest.V": each,
  "crest.V.ll": each,
  "crest.A": each,
  Pinst: each,
  "Pinst.ll": each,
  Pst: average,
  "Pst.ll": average,
  Plt: average,
  "Plt.ll": average,
  "V.positive": snapshot,
  "V.negative": snapshot,
  "V.zero": snapshot,
  "A.positive": snapshot,
  "A.negative": snapshot,
  "A.zero": snapshot,
  Wh: total,
  varh: total,
  VAh: total,
  "VAh.arithmetic": total,
  Qh: total,
  Ah: total,
  V2h: total,
  A2h: total,
  closed: total,
  pulses: total,
  totalization: total,
  communicated: total,
};

/** How a quantity can be recorded; not at all where there is none. */
export function methodsOf({ quantity }: Pick<Measure, "quantity">): readonly Reduction[] {
  return methods[quantity] ?? [];
}
