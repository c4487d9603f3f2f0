/** Power quality of the last 10 or 12 cycles: harmonics, distortion, unbalance, flicker. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import type { QualityChannelView, QualityView } from "#quantity/quality-view.ts";
import { HarmonicBars } from "./bars.tsx";
import { Choice } from "./choice.tsx";
import { span, type Wall } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import {
  barsOf,
  channelsOf,
  flickerRows,
  isLowVoltage,
  kindsOf,
  phaseOf,
  shortName,
  staleMs,
  stateOf,
  verdictOf,
  type ChannelKind,
  type Spectrum,
} from "./quality.ts";
import { Table } from "./table.tsx";
import { SideOf, Value } from "./value.tsx";

const spectra = [
  ["harmonics", "Harmonics"],
  ["interharmonics", "Interharmonics"],
] as const satisfies readonly (readonly [Spectrum, string])[];

type Named = readonly [label: string, decimals: number, of: (channel: QualityChannelView) => number | null | undefined];

/** What is told of each channel, and what of amps only. */
const common: readonly Named[] = [
  ["THD, %", 2, ({ thd }) => thd],
  ["THD of odd orders, %", 2, ({ thdOdd }) => thdOdd],
  ["THD of even orders, %", 2, ({ thdEven }) => thdEven],
  ["Crest factor", 3, ({ crest }) => crest],
];
const ofAmps: readonly Named[] = [
  ["TDD, %", 2, ({ tdd }) => tdd],
  ["K factor", 2, ({ k }) => k],
];

export function PowerQuality({ quality, sides, utc, nameplate, local, offsetMinutes }: LiveView) {
  const [chosen, choose] = useState<ChannelKind["key"]>("ln");
  const [spectrum, look] = useState<Spectrum>("harmonics");
  if (quality === undefined) return null;
  const kinds = kindsOf(quality);
  const kind = kinds.find(({ key }) => key === chosen) ?? kinds[0];
  const old = staleMs(quality, utc);
  const hasLevels = isLowVoltage(quality, nameplate?.ratings.pt.primary);
  const { flagged, missing, cycles } = quality;
  return (
    <Panel
      id="quality"
      title="Power quality"
      state={stateOf(quality, utc)}
      aside={
        <>
          <SideOf side={sides?.readings} />
          {kind === undefined ? null : (
            <Choice
              label="Of what the harmonics are"
              of={kinds.map(({ key, label }) => [key, label])}
              chosen={kind.key}
              choose={choose}
            />
          )}
          <Choice label="What lies between" of={spectra} chosen={spectrum} choose={look} />
        </>
      }
    >
      {kind === undefined ? null : (
        <Channels {...{ quality, kind, spectrum, hasLevels }} wall={{ local, offsetMinutes }} />
      )}
      <Unbalance {...quality} />
      {old === undefined ? null : (
        <Notice>
          The last block of {cycles} cycles ended {span(old / 1000)} ago.
        </Notice>
      )}
      {flagged ? (
        <Notice>
          Flagged: a dip, a swell, an interruption or a jump of the phase was in these {cycles} cycles (IEC 61000-4-30).
        </Notice>
      ) : null}
      {flaggedFlicker(quality).map((words) => (
        <Notice key={words}>{words}</Notice>
      ))}
      {missing.length === 0 ? null : <Notice>Not known: {missing.join("; ")}.</Notice>}
    </Panel>
  );
}

interface ChannelsProps {
  readonly quality: QualityView;
  readonly kind: ChannelKind;
  readonly spectrum: Spectrum;
  /** The compatibility levels are those of its network. */
  readonly hasLevels: boolean;
  readonly wall: Wall;
}

function Channels({ quality, kind, spectrum, hasLevels, wall }: ChannelsProps) {
  const channels = channelsOf(quality, kind.key);
  const bars = barsOf(channels, spectrum, hasLevels);
  const verdict = hasLevels && spectrum === "harmonics" ? verdictOf(channels) : undefined;
  const isLevelled = bars.some(({ level }) => level !== undefined);
  const heads = [[""], ...channels.map((one) => [shortName(one), phaseOf(one.name)] as const)] as const;
  const what = `${spectrum} of ${kind.label.toLowerCase()}, percent of the fundamental`;
  return (
    <>
      <ul class="legend">
        {channels.map((one) => (
          <li key={one.name} class={phaseOf(one.name)}>
            <span class="swatch" /> {shortName(one)}
          </li>
        ))}
        {isLevelled ? (
          <li>
            <span class="swatch level" /> compatibility level
          </li>
        ) : null}
      </ul>
      <HarmonicBars label={`Bars of ${what}; they stand as numbers below`} {...{ channels, bars }} />
      {verdict === undefined ? null : <Notice>{verdict}</Notice>}
      <Table
        id="distortion"
        label="Distortion and flicker by phase"
        heads={heads}
        rows={rowsOf(quality, channels, wall)}
        phased
      />
      <details>
        <summary>All orders as numbers</summary>
        <Table
          id="orders"
          label={`All ${what}`}
          heads={[["Order"], ...heads.slice(1), ...(isLevelled ? [["Level"] as const] : [])]}
          rows={bars.map(({ order, percents, level }) => ({
            key: String(order),
            name: order,
            cells: [...percents, ...(isLevelled ? [level] : [])].map((percent) => (
              <Value value={percent} unit="%" decimals={2} />
            )),
          }))}
        />
      </details>
    </>
  );
}

/** Which flicker a dip, a swell or an interruption was in, in words. */
function flaggedFlicker({ flicker = [] }: QualityView): string[] {
  const words = (what: string, named: readonly { readonly name: string }[], of: string): string[] =>
    named.length === 0
      ? []
      : [
          `Flagged: a dip, a swell or an interruption was in the ${of} of ${what} of ${named.map(({ name }) => name).join(", ")}.`,
        ];
  return [
    ...words(
      "Pst",
      flicker.filter(({ pstFlagged }) => pstFlagged),
      "ten minutes",
    ),
    ...words(
      "Plt",
      flicker.filter(({ pltFlagged }) => pltFlagged),
      "two hours",
    ),
  ];
}

function rowsOf(quality: QualityView, channels: readonly QualityChannelView[], wall: Wall) {
  const { flicker = [] } = quality;
  const isAmps = channels.some(({ unit }) => unit === "A");
  const rows = [...common, ...(isAmps ? ofAmps : [])].map(([label, decimals, of]) => ({
    key: label,
    name: label,
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
        label="Unbalance of volts and amps"
        heads={[[""], ["Volts"], ["Amps"]]}
        rows={[row("Unbalance, negative sequence u2, %", "negative"), row("Zero sequence u0, %", "zero")]}
        phased
      />
      {hz10s === undefined ? null : (
        <p class="scale">
          Frequency of the last 10 s <Value value={hz10s} unit="" decimals={4} /> Hz
        </p>
      )}
    </>
  );
}
