/** Harmonics, interharmonics and flicker of a bench, and mistakes of wiring. */
import { useState } from "preact/hooks";
import type { BenchHarmonic, BenchView } from "#quantity/bench-view.ts";
import type { BenchLink } from "./bench-link.ts";
import { withOrder, type Phase } from "./bench-orders.ts";
import { NumberField, PhaseBoxes, Select } from "./bench-parts.tsx";
import { counted, say } from "./language.ts";
import { Panel } from "./panel.tsx";
import { benchTexts } from "./texts/bench.ts";

interface Props {
  readonly link: BenchLink;
  readonly view: BenchView;
}

interface HarmonicsProps extends Props {
  readonly of: "volts" | "amps";
}

function Harmonics({ link, view: { now }, of }: HarmonicsProps) {
  const [one, change] = useState<BenchHarmonic>({ order: 5, percent: 5, degrees: 0 });
  const list = now.harmonics[of];
  const set = (harmonic: BenchHarmonic): void => void link.change({ harmonics: { [of]: withOrder(list, harmonic) } });
  const title = say(of === "volts" ? benchTexts.ofVolts : benchTexts.ofAmps);
  return (
    <fieldset>
      <legend>{title}</legend>
      <ul class="bench-list">
        {list.length === 0 ? <li>{say(benchTexts.none)}</li> : null}
        {list.map((harmonic) => (
          <li key={harmonic.order}>
            {counted(harmonic.order)}: {counted(harmonic.percent)} %, {counted(harmonic.degrees)}°{" "}
            <button
              type="button"
              aria-label={`${title}: ${say(benchTexts.remove, { order: harmonic.order })}`}
              onClick={() => set({ ...harmonic, percent: 0 })}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <div class="bench-row">
        <NumberField
          label={say(benchTexts.order)}
          value={one.order}
          least={0.1}
          most={256}
          set={(order) => change({ ...one, order })}
        />
        <NumberField
          label={say(benchTexts.percent)}
          value={one.percent}
          least={0}
          most={1000}
          set={(percent) => change({ ...one, percent })}
        />
        <NumberField
          label={say(benchTexts.degrees)}
          value={one.degrees}
          least={-360}
          most={360}
          set={(degrees) => change({ ...one, degrees })}
        />
        <button type="button" onClick={() => set(one)}>
          {say(benchTexts.add)}
        </button>
      </div>
    </fieldset>
  );
}

type Flicker = NonNullable<BenchView["now"]["flicker"]>;

function FlickerForm({ link, view: { now } }: Props) {
  const [one, change] = useState<Flicker>(now.flicker ?? { hz: 8.8, percent: 1, shape: "square" });
  return (
    <fieldset>
      <legend>{say(benchTexts.flicker)}</legend>
      <p>
        {now.flicker === null
          ? say(benchTexts.none)
          : `${counted(now.flicker.hz)} Hz, ${counted(now.flicker.percent)} %, ${say(benchTexts[now.flicker.shape])}`}
      </p>
      <div class="bench-row">
        <NumberField
          label={say(benchTexts.modulation)}
          value={one.hz}
          least={0.01}
          most={60}
          set={(hz) => change({ ...one, hz })}
        />
        <NumberField
          label={say(benchTexts.swing)}
          value={one.percent}
          least={0.001}
          most={100}
          set={(percent) => change({ ...one, percent })}
        />
        <Select
          label={say(benchTexts.shape)}
          value={one.shape}
          of={(["square", "sine"] as const).map((shape) => [shape, say(benchTexts[shape])])}
          set={(shape) => change({ ...one, shape: shape === "sine" ? "sine" : "square" })}
        />
        <button type="button" onClick={() => void link.change({ flicker: one })}>
          {say(benchTexts.add)}
        </button>
        <button type="button" disabled={now.flicker === null} onClick={() => void link.change({ flicker: null })}>
          {say(benchTexts.noFlicker)}
        </button>
      </div>
    </fieldset>
  );
}

export function BenchDistortion(props: Props) {
  return (
    <Panel id="bench-distortion" title={say(benchTexts.distortion)}>
      <Harmonics {...props} of="volts" />
      <Harmonics {...props} of="amps" />
      <FlickerForm {...props} />
    </Panel>
  );
}

const pairs = ["", "a,b", "b,c", "a,c"] as const;

export function BenchWiring({ link, view: { now } }: Props) {
  const mistakes = now.wiring ?? {};
  const listOf = (key: string): readonly string[] => {
    const value = mistakes[key];
    return Array.isArray(value) ? value.map(String) : [];
  };
  /** What is left of the mistakes with another one in place; nothing is none. */
  const set = (key: string, value: readonly string[]): void => {
    const rest = Object.entries(mistakes).filter(([one]) => one !== key);
    const all = value.length === 0 ? rest : [...rest, [key, value] as const];
    void link.change({ wiring: all.length === 0 ? null : Object.fromEntries(all) });
  };
  return (
    <Panel id="bench-wiring" title={say(benchTexts.wiring)}>
      <div class="bench-row">
        {(["swapVolts", "swapAmps"] as const).map((key) => (
          <Select
            key={key}
            label={say(benchTexts[key])}
            value={[...listOf(key)].sort().join(",")}
            of={pairs.map((pair) => [
              pair,
              pair === "" ? say(benchTexts.none) : pair.toUpperCase().replace(",", " ↔ "),
            ])}
            set={(pair) => set(key, pair === "" ? [] : pair.split(","))}
          />
        ))}
      </div>
      {(["reversed", "deadVolts", "deadAmps"] as const).map((key) => (
        <PhaseBoxes
          key={key}
          label={say(benchTexts[key])}
          chosen={listOf(key)}
          set={(chosen: readonly Phase[]) => set(key, chosen)}
        />
      ))}
      <button type="button" disabled={now.wiring === null} onClick={() => void link.change({ wiring: null })}>
        {say(benchTexts.mend)}
      </button>
    </Panel>
  );
}
