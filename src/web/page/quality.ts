/** What the page makes of a power-quality block: kinds of channels, bars and their scale, what is beyond its level, how old it is. */
import type { QualityChannelView, QualityView } from "#quantity/quality-view.ts";
import { compatibilityLevel, LAST_ORDER, THD_LEVEL } from "./compatibility-levels.ts";
import { endedSpan, type Wall } from "./local-time.ts";
import type { Phase } from "./sags.ts";

/** Channels that are looked at together: one of each phase. */
export interface ChannelKind {
  readonly key: "ln" | "ll" | "amps";
  readonly label: string;
  readonly unit: "V" | "A";
}

const kinds: readonly ChannelKind[] = [
  { key: "ln", label: "Volts", unit: "V" },
  { key: "ll", label: "Line to line", unit: "V" },
  { key: "amps", label: "Amps", unit: "A" },
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

/** Harmonics from the second on, interharmonics from the one below it on: what is shown ends where compatibility levels do. */
export function barsOf(channels: readonly QualityChannelView[], spectrum: Spectrum, hasLevels = true): readonly Bars[] {
  const first = spectrum === "harmonics" ? 2 : 1;
  const ofVolts = channels.some(({ unit }) => unit === "V");
  return Array.from({ length: LAST_ORDER - first + 1 }, (_, k) => {
    const order = first + k;
    return {
      order,
      percents: channels.map((one) => one[spectrum][order - 1] ?? undefined),
      level: hasLevels && spectrum === "harmonics" && ofVolts ? compatibilityLevel(order) : undefined,
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

/** What the levels say of voltages, in words; undefined where nothing is measured that they could be held against. */
export function verdictOf(channels: readonly QualityChannelView[]): string | undefined {
  const volts = channels.filter(({ unit }) => unit === "V");
  const known = volts.map(({ harmonics }) => harmonics.slice(1, LAST_ORDER).filter((one) => one !== null).length);
  if (Math.max(0, ...known) === 0) return undefined;
  const which = "the compatibility levels of public low-voltage networks (IEC 61000-2-2)";
  const beyond = beyondOf(volts);
  if (beyond.length > 0) return `Beyond ${which}: ${beyond.join("; ")}.`;
  return Math.min(...known) < LAST_ORDER - 1 ? `Within ${which}, as far as is measured.` : `Within ${which}.`;
}

/** What is shown decides: hundredths of a percent, as the words have them. */
function isBeyond(percent: number, level: number): boolean {
  return Math.round(100 * percent) > Math.round(100 * level);
}

/** What is beyond its compatibility level, in words. */
export function beyondOf(channels: readonly QualityChannelView[]): readonly string[] {
  return channels
    .filter(({ unit }) => unit === "V")
    .flatMap((channel) => {
      const of = shortName(channel);
      const { thd } = channel;
      const orders = channel.harmonics.flatMap((percent, k) => {
        const level = compatibilityLevel(k + 1);
        if (percent === null || level === undefined || !isBeyond(percent, level)) return [];
        return [`harmonic ${k + 1} of ${of}: ${percent.toFixed(2)} % of ${Number(level.toFixed(2))} %`];
      });
      return thd !== null && isBeyond(thd, THD_LEVEL)
        ? [`THD of ${of}: ${thd.toFixed(2)} % of ${THD_LEVEL} %`, ...orders]
        : orders;
    });
}

/** What there is of flicker, and of when. */
export function flickerRows(
  { flickerEnds }: Pick<QualityView, "flickerEnds">,
  wall: Wall,
): readonly (readonly [label: string, key: "pinst" | "pst" | "plt"])[] {
  const ofSpan = (what: string, end: string | null | undefined, minutes: number): string =>
    end === null || end === undefined ? what : `${what} (${endedSpan(end, minutes, wall)})`;
  return [
    ["Flicker now, Pinst", "pinst"],
    [ofSpan("Flicker of ten minutes, Pst", flickerEnds?.pst, 10), "pst"],
    [ofSpan("Flicker of two hours, Plt", flickerEnds?.plt, 120), "plt"],
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
