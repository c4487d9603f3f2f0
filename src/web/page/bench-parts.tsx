/** What the bench is put together of: a number that is set when it is left, a choice, phases to tick. */
import { useState } from "preact/hooks";
import { phases, type Phase } from "./bench-orders.ts";

interface NumberProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step?: number;
  /** Behind the field. */
  readonly unit?: string | undefined;
  /** The label is for who does not see where it stands. */
  readonly hidden?: true;
  readonly set: (value: number) => void;
}

/** A number; what is typed is set when the field is left, or with Enter. */
export function NumberField({ label, value, least, most, step, unit, hidden, set }: NumberProps) {
  const [typed, type] = useState<string | undefined>(undefined);
  return (
    <label class="number-field">
      {hidden === true ? null : <span>{label}</span>}
      <span>
        <input
          type="number"
          aria-label={hidden === true ? label : undefined}
          value={typed ?? String(value)}
          min={least}
          max={most}
          step={step ?? "any"}
          required
          onInput={(event) => type(event.currentTarget.value)}
          onChange={(event) => {
            const { valueAsNumber: number, validity } = event.currentTarget;
            if (!validity.valid || Number.isNaN(number)) return event.currentTarget.reportValidity();
            type(undefined);
            if (number !== value) set(number);
            return true;
          }}
        />
        {unit === undefined ? null : <span class="unit"> {unit}</span>}
      </span>
    </label>
  );
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly step: number;
  readonly set: (value: number) => void;
}

/** A value by hand; it is set when it is let go of. */
export function Slider({ label, value, most, step, set }: SliderProps) {
  return (
    <input
      type="range"
      aria-label={label}
      min={0}
      max={most}
      step={step}
      value={value}
      onChange={(event) => set(event.currentTarget.valueAsNumber)}
    />
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly of: readonly (readonly [value: string, words: string])[];
  readonly disabled?: boolean;
  readonly set: (value: string) => void;
}

export function Select({ label, value, of, disabled, set }: SelectProps) {
  return (
    <label class="select-field">
      <span>{label}</span>
      <select value={value} disabled={disabled} onChange={(event) => set(event.currentTarget.value)}>
        {of.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

interface PhasesProps {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly set: (chosen: readonly Phase[]) => void;
}

/** Which phases. */
export function PhaseBoxes({ label, chosen, set }: PhasesProps) {
  return (
    <fieldset class="phases">
      <legend>{label}</legend>
      {phases.map((phase) => (
        <label key={phase} class={phase}>
          <input
            type="checkbox"
            checked={chosen.includes(phase)}
            onChange={({ currentTarget: { checked } }) =>
              set(phases.filter((one) => (one === phase ? checked : chosen.includes(one))))
            }
          />{" "}
          {phase.toUpperCase()}
        </label>
      ))}
    </fieldset>
  );
}
