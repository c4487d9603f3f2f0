/** What the last block has, by the words of the vocabulary. */
import type { Measure } from "#quantity/measure.ts";
import { overDeviation, underDeviation } from "./aggregate.ts";
import type { GivenUp } from "./blocks.ts";
import type { MeasuredChannel } from "#metrology/channels.ts";
import { ANGLES, CHANNEL_COLUMNS, channelColumn, HARMONICS, INTERHARMONICS, serviceColumn } from "./columns.ts";

/** The last block that was handed out, or given up: then nothing of it is known, and why. */
export interface LastBlock {
  readonly channels: readonly MeasuredChannel[];
  /** Declared volts by channel; NaN of amps. */
  readonly declared: Float64Array;
  readonly cycles: 10 | 12;
  /** See columns.ts. */
  readonly values: Float64Array;
  orders: number;
  /** Instants a cycle of the meter's own, where it is they that carry no more orders, and not the source. */
  limitingGrid: number | undefined;
  /** Milliseconds since 1970. */
  utcEnd: number;
  flagged: boolean;
  missing: number;
  why: GivenUp | undefined;
  /** There has been one. */
  isThere: boolean;
}

const pairs: Partial<Record<string, string>> = { a: "ab", b: "bc", c: "ca" };

/** Quantities of a channel: which volts or amps, and the column. */
const ofChannel: Partial<Record<string, readonly ["V" | "V.ll" | "A", keyof typeof channelColumn]>> = {
  V: ["V", "rms"],
  "V.ll": ["V.ll", "rms"],
  A: ["A", "rms"],
  "THD.V": ["V", "thd"],
  "THD.V.ll": ["V.ll", "thd"],
  "THD.A": ["A", "thd"],
  "TDD.A": ["A", "tdd"],
  "crest.V": ["V", "crest"],
  "crest.V.ll": ["V.ll", "crest"],
  "crest.A": ["A", "crest"],
  "K.A": ["A", "k"],
  "under.V": ["V", "low"],
  "under.V.ll": ["V.ll", "low"],
  "over.V": ["V", "high"],
  "over.V.ll": ["V.ll", "high"],
  Pinst: ["V", "pinst"],
  "Pinst.ll": ["V.ll", "pinst"],
  MSV: ["V", "signal"],
  "MSV.ll": ["V.ll", "signal"],
};

/** Quantities of the service, and their angles. */
const ofService: Partial<Record<string, readonly [keyof typeof serviceColumn, (keyof typeof serviceColumn)?]>> = {
  "V.positive": ["positiveV", "positiveDegreesV"],
  "V.negative": ["negativeV", "negativeDegreesV"],
  "V.zero": ["zeroV", "zeroDegreesV"],
  "A.positive": ["positiveA", "positiveDegreesA"],
  "A.negative": ["negativeA", "negativeDegreesA"],
  "A.zero": ["zeroA", "zeroDegreesA"],
  "unbalance.V": ["unbalanceV"],
  "unbalance.V.sequence": ["unbalanceV"],
  "unbalance.V.zero": ["unbalanceZeroV"],
  "unbalance.A": ["unbalanceA"],
  "unbalance.A.sequence": ["unbalanceA"],
  "unbalance.A.zero": ["unbalanceZeroA"],
};

/** The value of a measure; undefined of what blocks do not have, NaN of what is not known. */
export function measured(
  block: Pick<LastBlock, "channels" | "declared" | "values">,
  measure: Measure,
): number | undefined {
  const service = ofService[measure.quantity];
  if (service !== undefined) {
    const column = measure.part === "angle" ? service[1] : service[0];
    if (column === undefined) return undefined;
    return block.values[block.channels.length * CHANNEL_COLUMNS + serviceColumn[column]];
  }
  const found = ofChannel[measure.quantity];
  if (found === undefined) return undefined;
  const [of, column] = found;
  const name = of === "V.ll" ? `V.${pairs[measure.phase]}` : `${of}.${measure.phase}`;
  const c = block.channels.findIndex((channel) => channel.name === name);
  if (c < 0) return undefined;
  const at = columnOf(measure, column);
  if (at === undefined) return undefined;
  const value = block.values[c * CHANNEL_COLUMNS + at]!;
  if (at === channelColumn.low) return underDeviation(value, block.declared[c]!);
  if (at === channelColumn.high) return overDeviation(value, block.declared[c]!);
  return value;
}

function columnOf(measure: Measure, column: keyof typeof channelColumn): number | undefined {
  const { order, interharmonic, parity, part, method } = measure;
  const further = { odd: { thd: "thdOdd", tdd: "tddOdd" }, even: { thd: "thdEven", tdd: "tddEven" } } as const;
  if (parity !== undefined) {
    return column === "thd" || column === "tdd" ? channelColumn[further[parity][column]] : undefined;
  }
  if (column !== "rms") return channelColumn[column];
  if (interharmonic !== undefined) {
    return interharmonic <= INTERHARMONICS ? channelColumn.interharmonic + interharmonic : undefined;
  }
  const of = order ?? (method === "fundamental" ? 1 : undefined);
  if (part === "angle") return of !== undefined && of <= ANGLES ? channelColumn.degrees + of : undefined;
  if (order !== undefined) return order <= HARMONICS ? channelColumn.harmonic + order : undefined;
  return method === "fundamental" ? channelColumn.fundamental : channelColumn.rms;
}
