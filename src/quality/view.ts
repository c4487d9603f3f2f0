/** The last block as the page and programs see it: what is not known is null, and why stands beside it. */
import type { FlickerView, QualityChannelView, QualityView } from "#quantity/quality-view.ts";
import type { GivenUp } from "./blocks.ts";
import { ANGLES, CHANNEL_COLUMNS, channelColumn, INTERHARMONICS, serviceColumn } from "./columns.ts";
import type { LastBlock } from "./measured.ts";
import type { NoFrequency, TenSeconds } from "./ten-seconds.ts";

const whyNot: Readonly<Record<GivenUp, string>> = {
  gap: "a gap: the block was given up",
  realigned: "the phase jumped: the block was given up, and windows begin at the new zero crossings",
  ended: "the source stopped: what it was is not what it is",
};

const whyNoFrequency: Readonly<Record<NoFrequency, string>> = {
  gap: "the frequency of ten seconds: the source was not there for all of them",
  clock: "the frequency of ten seconds: the clock was set in them",
  "no voltage": "the frequency of ten seconds: there was no voltage to take it from",
};

const orNull = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/** `noFlicker` says why there is no Pst or Plt. */
export function viewOf(
  block: LastBlock,
  flicker: readonly FlickerView[],
  ten: TenSeconds | undefined,
  noFlicker: readonly string[] = [],
): QualityView {
  const service = block.channels.length * CHANNEL_COLUMNS;
  const of = (column: keyof typeof serviceColumn): number | null =>
    orNull(block.values[service + serviceColumn[column]]);
  const hasTen = ten !== undefined && !Number.isNaN(ten.utc);
  return {
    utc: Number.isNaN(block.utcEnd)
      ? null
      : Temporal.Instant.fromEpochMilliseconds(Math.round(block.utcEnd)).toString(),
    cycles: block.cycles,
    flagged: block.flagged,
    missing: [...missing(block), ...(hasTen && ten.why !== undefined ? [whyNoFrequency[ten.why]] : []), ...noFlicker],
    channels: block.channels.map((_, c) => channelView(block, c)),
    unbalance: {
      V: { negative: of("unbalanceV"), zero: of("unbalanceZeroV") },
      A: { negative: of("unbalanceA"), zero: of("unbalanceZeroA") },
    },
    flicker,
    // Of what has no frequency of ten seconds at all nothing is said.
    ...(ten === undefined ? {} : { hz10s: hasTen ? orNull(ten.hz) : null }),
  };
}

function missing({ channels, missing, orders, why }: LastBlock): readonly string[] {
  if (why !== undefined) return [whyNot[why]];
  const lacking = channels.filter(({ mask }) => (mask & missing) !== 0).map(({ name }) => name);
  return [
    ...(lacking.length > 0 ? [`${lacking.join(", ")}: samples are missing`] : []),
    ...(orders < 50 ? [`orders above ${orders}: the source's rate does not carry them`] : []),
  ];
}

function channelView({ channels, values }: LastBlock, c: number): QualityChannelView {
  const { name, unit } = channels[c]!;
  const first = c * CHANNEL_COLUMNS;
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
