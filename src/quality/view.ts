/** The last block as the page and programs see it: what is not known is null, and why stands beside it. */
import type { MeasuredChannel } from "#metrology/channels.ts";
import type { FlickerView, QualityChannelView, QualityMeans, QualityView } from "#quantity/quality-view.ts";
import { instantOf } from "./interval-view.ts";
import type { GivenUp } from "./blocks.ts";
import { ANGLES, CHANNEL_COLUMNS, channelColumn, INTERHARMONICS, serviceColumn } from "./columns.ts";
import type { LastBlock } from "./measured.ts";
import type { NoFrequency, TenSeconds } from "./ten-seconds.ts";

const whyNot: Readonly<Record<GivenUp, string>> = {
  gap: "a gap: the block was given up",
  realigned: "the phase jumped: the block was given up, and windows begin at the new zero crossings",
  frequency: "no fundamental of the range is known: the block was given up",
  ended: "nothing is measured now: what it was is not what it is",
};

const whyNoFrequency: Readonly<Record<NoFrequency, string>> = {
  gap: "the frequency of ten seconds: the source was not there for all of them",
  clock: "the frequency of ten seconds: the clock was set in them",
  "no voltage": "the frequency of ten seconds: there was no voltage to take it from",
  range: "the frequency of ten seconds: no fundamental of the range was there to be followed",
};

const orNull = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/** What there is of flicker, when it ended, and why there is no Pst or Plt, in words. */
interface Flicker {
  readonly voltages: readonly FlickerView[];
  readonly ends: NonNullable<QualityView["flickerEnds"]>;
  readonly missing: readonly string[];
}

/** Without `flicker` and `ten` of what has neither. */
export function viewOf(block: LastBlock, flicker?: Flicker, ten?: TenSeconds): QualityView {
  const means = meansOf(block);
  const hasTen = ten !== undefined && !Number.isNaN(ten.utc);
  return {
    utc: instantOf(block.utcEnd),
    cycles: block.cycles,
    flagged: block.flagged,
    missing: [
      ...missing(block),
      ...(hasTen && ten.why !== undefined ? [whyNoFrequency[ten.why]] : []),
      ...(flicker?.missing ?? []),
    ],
    unbalance: means.unbalance,
    channels: means.channels.map((channel, c) => ({
      ...channel,
      ...declaredOf(block.declared[c]),
      angles: anglesOf(block.values, c * CHANNEL_COLUMNS),
    })),
    ...(flicker === undefined ? {} : { flicker: flicker.voltages, flickerEnds: flicker.ends }),
    // Of what has no frequency of ten seconds at all nothing is said.
    ...(ten === undefined ? {} : { hz10s: hasTen ? orNull(ten.hz) : null }),
  };
}

function declaredOf(volts: number | undefined): Pick<QualityChannelView, "declared"> {
  return volts !== undefined && volts > 0 ? { declared: volts } : {};
}

/** Of the orders that have a magnitude. */
function anglesOf(values: Float64Array, first: number): (number | null)[] {
  return Array.from({ length: INTERHARMONICS }, (_, k) => orNull(values[first + channelColumn.degrees + k + 1]));
}

/** Channels and service of a block, or of the means of many. */
export function meansOf({ channels, values }: Pick<LastBlock, "channels" | "values">): QualityMeans {
  const service = channels.length * CHANNEL_COLUMNS;
  const of = (column: keyof typeof serviceColumn): number | null => orNull(values[service + serviceColumn[column]]);
  return {
    channels: channels.map((channel, c) => channelView(channel, values, c * CHANNEL_COLUMNS)),
    unbalance: {
      V: { negative: of("unbalanceV"), zero: of("unbalanceZeroV") },
      A: { negative: of("unbalanceA"), zero: of("unbalanceZeroA") },
    },
  };
}

function missing({ channels, missing, orders, limitingGrid, why }: LastBlock): readonly string[] {
  if (why !== undefined) return [whyNot[why]];
  const lacking = channels.filter(({ mask }) => (mask & missing) !== 0).map(({ name }) => name);
  const whose =
    limitingGrid === undefined ? "the source's rate does" : `the meter's own ${limitingGrid} samples a cycle do`;
  return [
    ...(lacking.length > 0 ? [`${lacking.join(", ")}: samples are missing`] : []),
    ...(orders < 50 ? [`orders above ${orders}: ${whose} not carry them`] : []),
  ];
}

function channelView({ name, unit }: MeasuredChannel, values: Float64Array, first: number): QualityChannelView {
  const of = (column: keyof typeof channelColumn, order = 0): number | null =>
    orNull(values[first + channelColumn[column] + order]);
  const one = values[first + channelColumn.harmonic + 1]!;
  const rms = values[first + channelColumn.rms]!;
  // What has no fundamental has nothing that could be a part of it.
  const isThere = one > 1e-7 * rms;
  const percent = (column: "harmonic" | "interharmonic", count: number): (number | null)[] =>
    Array.from({ length: count }, (_, k) => {
      const value = values[first + channelColumn[column] + k + 1]!;
      return isThere ? orNull((100 * value) / one) : null;
    });
  return {
    name,
    unit,
    rms: of("rms"),
    fundamental: of("fundamental"),
    degrees: of("degrees", 1),
    crest: of("crest"),
    thd: of("thd"),
    thdOdd: of("thdOdd"),
    thdEven: of("thdEven"),
    ...(unit === "A" ? { k: of("k"), tdd: of("tdd") } : {}),
    harmonics: percent("harmonic", ANGLES),
    interharmonics: percent("interharmonic", INTERHARMONICS),
  };
}
