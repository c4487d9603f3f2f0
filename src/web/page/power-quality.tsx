/** Power quality of the last 10 or 12 cycles: harmonics against their limits, distortion, unbalance, flicker. */
import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { LiveView } from "#quantity/meter-api.ts";
import type { QualityChannelView, QualityView } from "#quantity/quality-view.ts";
import { Angles } from "./angles.tsx";
import { HarmonicBars } from "./bars.tsx";
import { Choice } from "./choice.tsx";
import { say } from "./language.ts";
import { span, type Wall } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import {
  barsOf,
  channelsOf,
  flickerRows,
  kindsOf,
  phaseOf,
  shortName,
  staleMs,
  stateOf,
  verdictOf,
  type ChannelKind,
  type Spectrum,
} from "./quality.ts";
import { limitsOf, type LimitChoice, type SpectrumLimits } from "./spectrum-limits.ts";
import { Table } from "./table.tsx";
import { qualityTexts as texts } from "./texts/quality.ts";
import type { Text } from "#quantity/text.ts";
import { SideOf, Value } from "./value.tsx";

const spectra = [
  ["harmonics", texts.harmonics],
  ["interharmonics", texts.interharmonics],
] as const satisfies readonly (readonly [Spectrum, Text])[];

type Named = readonly [label: Text, decimals: number, of: (channel: QualityChannelView) => number | null | undefined];

/** What is told of each channel, and what of amps only. */
const common: readonly Named[] = [
  [texts.thd, 2, ({ thd }) => thd],
  [texts.thdOdd, 2, ({ thdOdd }) => thdOdd],
  [texts.thdEven, 2, ({ thdEven }) => thdEven],
  [texts.crest, 3, ({ crest }) => crest],
];
const ofAmps: readonly Named[] = [
  [texts.tdd, 2, ({ tdd }) => tdd],
  [texts.k, 2, ({ k }) => k],
];

interface Props extends LiveView {
  readonly choice: LimitChoice;
  /** Where the limits are chosen. */
  readonly form: ComponentChildren;
}

export function PowerQuality({ name, quality, sides, utc, local, offsetMinutes, choice, form }: Props) {
  const [chosen, choose] = useState<ChannelKind["key"]>("ln");
  const [spectrum, look] = useState<Spectrum>("harmonics");
  if (quality === undefined) return null;
  const kinds = kindsOf(quality);
  const kind = kinds.find(({ key }) => key === chosen) ?? kinds[0];
  const old = staleMs(quality, utc);
  const { flagged, missing, cycles } = quality;
  return (
    <Panel
      id="quality"
      whole
      title={say(texts.title)}
      state={stateOf(quality, utc)}
      aside={
        <>
          <SideOf side={sides?.readings} />
          {kind === undefined ? null : (
            <Choice
              label={say(texts.ofWhat)}
              of={kinds.map(({ key, label }) => [key, say(label)])}
              chosen={kind.key}
              choose={choose}
            />
          )}
          <Choice
            label={say(texts.spectrum)}
            of={spectra.map(([key, label]) => [key, say(label)])}
            chosen={spectrum}
            choose={look}
          />
        </>
      }
    >
      {form}
      {kind === undefined ? null : (
        <Channels {...{ name, quality, kind, spectrum, choice }} wall={{ local, offsetMinutes }} />
      )}
      <Unbalance {...quality} />
      {old === undefined ? null : <Notice>{say(texts.endedAgo, { cycles, ago: span(old / 1000) })}</Notice>}
      {flagged ? <Notice>{say(texts.flagged, { cycles })}</Notice> : null}
      {flaggedFlicker(quality).map((words) => (
        <Notice key={words}>{words}</Notice>
      ))}
      {missing.length === 0 ? null : <Notice>{say(texts.notKnown, { what: missing.join("; ") })}</Notice>}
    </Panel>
  );
}

interface ChannelsProps {
  readonly name: string;
  readonly quality: QualityView;
  readonly kind: ChannelKind;
  readonly spectrum: Spectrum;
  readonly choice: LimitChoice;
  readonly wall: Wall;
}

/** What the chosen standard still has to know of such channels, or that it has nothing of them. */
function lacking({ standard, busVolts }: LimitChoice, { unit }: ChannelKind, has: boolean): Text | undefined {
  if (has || standard === "none") return undefined;
  if (standard !== "ieee519") return unit === "A" ? texts.noneOfAmps : undefined;
  return unit === "A" && busVolts !== undefined ? texts.asksCurrents : texts.asksBus;
}

function percentWords(limits: SpectrumLimits | undefined, { unit }: ChannelKind): string {
  if (limits === undefined || limits.base === "fundamental") return say(texts.percentOfFundamental);
  return say(unit === "A" ? texts.percentOfLoad : texts.percentOfNominal);
}

function Channels({ name, quality, kind, spectrum, choice, wall }: ChannelsProps) {
  const channels = channelsOf(quality, kind.key);
  const isHarmonic = spectrum === "harmonics";
  const bars = barsOf(channels, spectrum, choice);
  const limits = channels[0] === undefined || !isHarmonic ? undefined : limitsOf(choice, channels[0]);
  const verdict = isHarmonic ? verdictOf(channels, choice) : undefined;
  const asks = isHarmonic ? lacking(choice, kind, limits !== undefined) : undefined;
  const isLimited = bars.some(({ level }) => level !== undefined);
  const heads = [[""], ...channels.map((one) => [shortName(one), phaseOf(one.name)] as const)] as const;
  const what = say(texts.spectrumOf, {
    spectrum: say(isHarmonic ? texts.harmonics : texts.interharmonics),
    kind: say(kind.label),
    percent: percentWords(limits, kind),
  });
  return (
    <>
      <ul class="legend">
        {channels.map((one) => (
          <li key={one.name} class={phaseOf(one.name)}>
            <span class="swatch" /> {shortName(one)}
          </li>
        ))}
        {isLimited ? (
          <li>
            <span class="swatch level" /> {say(texts.limit)}
          </li>
        ) : null}
        <li class="scale">{percentWords(limits, kind)}</li>
      </ul>
      <HarmonicBars label={say(texts.barsOf, { what })} {...{ channels, bars }} />
      {verdict === undefined ? null : (
        <p id="verdict" class="notice quiet">
          <strong>{verdict}</strong> {say(texts.momentary)}
        </p>
      )}
      {asks === undefined ? null : <Notice>{say(asks)}</Notice>}
      <Table id="distortion" label={say(texts.byPhase)} heads={heads} rows={rowsOf(quality, channels, wall)} phased />
      <details>
        <summary>{say(texts.allOrders)}</summary>
        <Table
          id="orders"
          label={say(texts.allOf, { what })}
          heads={[[say(texts.order)], ...heads.slice(1), ...(isLimited ? [[say(texts.limit)] as const] : [])]}
          rows={bars.map(({ order, percents, level }) => ({
            key: String(order),
            name: order,
            cells: [...percents, ...(isLimited ? [level] : [])].map((percent) => (
              <Value value={percent} unit="%" decimals={2} />
            )),
          }))}
        />
      </details>
      <Angles key={`${name} ${kind.key}`} meter={name} kind={kind.key} />
    </>
  );
}

/** Which flicker a dip, a swell or an interruption was in, in words. */
function flaggedFlicker({ flicker = [] }: QualityView): string[] {
  const words = (text: typeof texts.flaggedPst | typeof texts.flaggedPlt, of: readonly { readonly name: string }[]) =>
    of.length === 0 ? [] : [say(text, { names: of.map(({ name }) => name).join(", ") })];
  return [
    ...words(
      texts.flaggedPst,
      flicker.filter(({ pstFlagged }) => pstFlagged),
    ),
    ...words(
      texts.flaggedPlt,
      flicker.filter(({ pltFlagged }) => pltFlagged),
    ),
  ];
}

function rowsOf(quality: QualityView, channels: readonly QualityChannelView[], wall: Wall) {
  const { flicker = [] } = quality;
  const isAmps = channels.some(({ unit }) => unit === "A");
  const rows = [...common, ...(isAmps ? ofAmps : [])].map(([label, decimals, of]) => ({
    key: label[0],
    name: say(label),
    cells: channels.map((channel) => <Value value={of(channel)} unit="" decimals={decimals} />),
  }));
  const ofThese = channels.map(({ name }) => flicker.find((one) => one.name === name));
  if (ofThese.every((one) => one === undefined)) return rows;
  return [
    ...rows,
    ...flickerRows(quality, wall).map(([label, key]) => ({
      key,
      name: label,
      cells: ofThese.map((one) => <Value value={one?.[key]} unit="" decimals={3} />),
    })),
  ];
}

function Unbalance({ unbalance: { V, A }, hz10s }: QualityView) {
  const row = (name: string, of: "negative" | "zero") => ({
    key: of,
    name,
    cells: [V, A].map((one) => <Value value={one[of]} unit="" decimals={2} />),
  });
  return (
    <>
      <Table
        id="unbalance"
        label={say(texts.unbalances)}
        heads={[[""], [say(texts.volts)], [say(texts.amps)]]}
        rows={[row(say(texts.u2), "negative"), row(say(texts.u0), "zero")]}
        phased
      />
      {hz10s === undefined ? null : (
        <p class="scale">
          {say(texts.hz10s)} <Value value={hz10s} unit="" decimals={4} /> Hz
        </p>
      )}
    </>
  );
}
