/** What the page makes of a power-quality block: kinds of channels, bars and their scale, what is beyond its level, how old it is. */
import type { QualityChannelView, QualityView } from "#quantity/quality-view.ts";
import { LAST_ORDER } from "#analysis/limits/compatibility-levels.ts";
import { say } from "./language.ts";
import { endedSpan, type Wall } from "./local-time.ts";
import { fixed } from "./numbers.ts";
import type { Phase } from "./sags.ts";
import { beyondOf, limitsOf, percentOf, seenOf, type Beyond, type LimitChoice } from "./spectrum-limits.ts";
import { limitNames, qualityTexts as texts } from "./texts/quality.ts";
import type { Text } from "#quantity/text.ts";

/** Channels that are looked at together: one of each phase. */
export interface ChannelKind {
  readonly key: "ln" | "ll" | "amps";
  readonly label: Text;
  readonly unit: "V" | "A";
}

const kinds: readonly ChannelKind[] = [
  { key: "ln", label: texts.volts, unit: "V" },
  { key: "ll", label: texts.lineToLine, unit: "V" },
  { key: "amps", label: texts.amps, unit: "A" },
];

/** The phase of "V.a", and of "V.ab" that it begins at. */
export function phaseOf(name: string): Phase {
  return (name.split(".")[1]?.[0] ?? "a") as Phase;
}

function kindOf({ name, unit }: QualityChannelView): ChannelKind["key"] {
  return unit === "A" ? "amps" : name.length > "V.a".length ? "ll" : "ln";
}

export function channelsOf(view: QualityView, key: ChannelKind["key"]): readonly QualityChannelView[] {
  return view.channels.filter((one) => kindOf(one) === key);
}

/** The kinds of which there are channels. */
export function kindsOf(view: QualityView): readonly ChannelKind[] {
  return kinds.filter(({ key }) => channelsOf(view, key).length > 0);
}

/** "VA", "VAB", "IC": as people write them. */
export function shortName({ name, unit }: Pick<QualityChannelView, "name" | "unit">): string {
  return `${unit === "A" ? "I" : "V"}${(name.split(".")[1] ?? "").toUpperCase()}`;
}

export type Spectrum = "harmonics" | "interharmonics";

/** What is drawn of one order: percent of each channel, undefined of what is not known; and the level of voltages. */
export interface Bars {
  readonly order: number;
  readonly percents: readonly (number | undefined)[];
  readonly level: number | undefined;
}

/** Harmonics from the second on, interharmonics from the one below it on, with the limits of harmonics where there are any. */
export function barsOf(
  channels: readonly QualityChannelView[],
  spectrum: Spectrum,
  choice: LimitChoice = { standard: "none" },
): readonly Bars[] {
  const first = spectrum === "harmonics" ? 2 : 1;
  const limits = channels.map((one) => (spectrum === "harmonics" ? limitsOf(choice, one) : undefined));
  return Array.from({ length: LAST_ORDER - first + 1 }, (_, k) => {
    const order = first + k;
    return {
      order,
      percents: channels.map((one, c) => percentOf(limits[c], one[spectrum][order - 1], one.fundamental) ?? undefined),
      level: limits[0]?.limitOf(order),
    };
  });
}

/** The round number at which a scale ends that has to have room for so much: 1, 2 or 5 with zeros. */
export function scaleOf(bars: readonly Bars[]): number {
  const largest = Math.max(0.1, ...bars.flatMap(({ percents, level }) => [...percents, level].map((one) => one ?? 0)));
  const decade = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 5, 10].map((one) => Number((one * decade).toPrecision(1))).find((one) => one >= largest) ?? 10 * decade;
}

/** Volts up to which a network is a low-voltage one. */
const LOW_VOLTS = 1000;

/** Whether the levels are those of its network: by what is measured, and by the transformers that it is measured through. */
export function isLowVoltage({ channels }: QualityView, ptPrimary = 0): boolean {
  return Math.max(ptPrimary, ...channels.map(({ unit, rms }) => (unit === "V" ? (rms ?? 0) : 0))) <= LOW_VOLTS;
}

/** What is beyond, in words. */
export function beyondText({ channel, order, percent, limit }: Beyond): string {
  const values = { of: shortName(channel), percent: fixed(percent, 2), limit: limitText(limit) };
  if (order !== "whole") return say(texts.beyondOrder, { ...values, order });
  return say(channel.unit === "A" ? texts.beyondTdd : texts.beyondThd, values);
}

/** As many decimals as a limit has, two at most. */
export function limitText(limit: number): string {
  const decimals = [0, 1].find((count) => Math.abs(limit * 10 ** count - Math.round(limit * 10 ** count)) < 1e-9) ?? 2;
  return fixed(limit, decimals);
}

/** What the limits say, in words; undefined where nothing is measured that they could be held against. */
export function verdictOf(channels: readonly QualityChannelView[], choice: LimitChoice): string | undefined {
  const seen = seenOf(channels, choice);
  if (seen === "nothing") return undefined;
  const which = say(limitNames[choice.standard]);
  const beyond = beyondOf(channels, choice);
  if (beyond.length > 0) return say(texts.beyond, { which, what: beyond.map(beyondText).join("; ") });
  return say(seen === "part" ? texts.withinAsKnown : texts.within, { which });
}

/** What there is of flicker, and of when. */
export function flickerRows(
  { flickerEnds }: Pick<QualityView, "flickerEnds">,
  wall: Wall,
): readonly (readonly [label: string, key: "pinst" | "pst" | "plt"])[] {
  const ofSpan = (what: string, end: string | null | undefined, minutes: number): string =>
    end === null || end === undefined ? what : `${what} (${endedSpan(end, minutes, wall)})`;
  return [
    [say(texts.pinst), "pinst"],
    [ofSpan(say(texts.pst), flickerEnds?.pst, 10), "pst"],
    [ofSpan(say(texts.plt), flickerEnds?.plt, 120), "plt"],
  ];
}

/** Names of readings that stand in a block, or are made of what does. */
const ofBlock = /^((P(inst|st|lt)|TDD|crest|K|deg|unbalance)\.|Hz\.10s$)|\.(odd|even|fundamental)$/;

/** Whether a reading is one of those that a block has. */
export function isOfBlock(name: string): boolean {
  return ofBlock.test(name);
}

/** Milliseconds after which a block, of which there are five a second, is not of now. */
const STALE_MS = 10_000;

/** Milliseconds since the end of the block where it is not of now, at a UTC of the site; undefined where it is. */
export function staleMs({ utc }: QualityView, now: number): number | undefined {
  if (utc === null) return undefined;
  const age = now - Date.parse(utc);
  return age > STALE_MS ? age : undefined;
}

/** How a panel of it looks. */
export function stateOf(view: QualityView, now: number): "old" | "flagged" | undefined {
  if (staleMs(view, now) !== undefined) return "old";
  return view.flagged ? "flagged" : undefined;
}
