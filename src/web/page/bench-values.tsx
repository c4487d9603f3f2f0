/** What a meter is given, phase by phase: volts, amps and power factor with a slider and a field each, and what all phases have in common. */
import { useRef } from "preact/hooks";
import type { BenchView } from "#quantity/bench-view.ts";
import type { BenchLink } from "./bench-link.ts";
import { phases } from "./bench-orders.ts";
import { NumberField, Slider } from "./bench-parts.tsx";
import { say } from "./language.ts";
import { Panel } from "./panel.tsx";
import { benchTexts } from "./texts/bench.ts";

const MOST = 2e6;

/** Where a slider ends: a round number above twice what there was. */
function endOf(values: readonly number[]): number {
  const wanted = 2 * Math.max(...values, 1);
  const size = 10 ** Math.floor(Math.log10(wanted));
  return Math.ceil(wanted / size) * size;
}

interface Props {
  readonly link: BenchLink;
  readonly view: BenchView;
}

export function BenchValues({ link, view: { now } }: Props) {
  // A slider does not grow under the hand that moves it.
  const ends = useRef({ volts: endOf(now.volts), amps: endOf(now.amps) });
  const rows = [
    { key: "volts", unit: "V", most: MOST, end: ends.current.volts },
    { key: "amps", unit: "A", most: MOST, end: ends.current.amps },
    { key: "pf", unit: undefined, most: 1, end: 1 },
  ] as const;
  return (
    <Panel id="bench-values" title={say(benchTexts.values)}>
      <div class="scroll">
        <table class="bench-values">
          <thead>
            <tr>
              <td />
              {phases.map((phase) => (
                <th key={phase} scope="col" class={phase}>
                  {say(benchTexts.phase)} {phase.toUpperCase()}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, unit, most, end }) => (
              <tr key={key}>
                <th scope="row">
                  {say(benchTexts[key])}
                  {unit === undefined ? "" : `, ${unit}`}
                </th>
                {phases.map((phase, k) => {
                  const label = say(benchTexts.ofPhase, { what: say(benchTexts[key]), phase: phase.toUpperCase() });
                  const set = (value: number): void => void link.change({ [key]: { [phase]: value } });
                  const value = now[key][k] ?? 0;
                  return (
                    <td key={phase}>
                      <NumberField hidden label={label} value={value} least={0} most={most} set={set} />
                      <Slider
                        label={say(benchTexts.slider, { what: label })}
                        value={value}
                        most={end}
                        step={end / 1000}
                        set={set}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="bench-row">
        <NumberField
          label={say(benchTexts.hz)}
          value={now.hz}
          least={40}
          most={70}
          unit="Hz"
          set={(hz) => void link.change({ hz })}
        />
        <NumberField
          label={say(benchTexts.noise)}
          value={now.noise}
          least={0}
          most={100}
          set={(noise) => void link.change({ noise })}
        />
        {(["leading", "export"] as const).map((key) => (
          <label key={key}>
            <input
              type="checkbox"
              checked={now[key]}
              onChange={({ currentTarget: { checked } }) => void link.change({ [key]: checked })}
            />{" "}
            {say(benchTexts[key])}
          </label>
        ))}
      </div>
    </Panel>
  );
}
