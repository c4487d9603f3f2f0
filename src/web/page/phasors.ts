/** The fundamentals of a meter as phasors, from its readings or from a power-quality block. */
import type { QualityView } from "#quantity/quality-view.ts";
import type { Value } from "./numbers.ts";
import { channelsOf, phaseOf } from "./quality.ts";
import { phases, type Phase } from "./sags.ts";

export interface Phasor {
  readonly phase: Phase;
  /** What stands at its arrow behind V or I: "a", "ab". */
  readonly label: string;
  readonly unit: "V" | "A";
  readonly size: number;
  readonly degrees: number;
}

/** What the readings have of them. */
export function phasorsOf(readings: Readonly<Record<string, Value>>): readonly Phasor[] {
  return (["V", "A"] as const).flatMap((unit) =>
    phases.flatMap((phase) => {
      const [size, degrees] = [readings[`${unit}.${phase}.fundamental`], readings[`deg.${unit}.${phase}`]];
      return size === null || size === undefined || degrees === null || degrees === undefined
        ? []
        : [{ phase, label: phase, unit, size, degrees }];
    }),
  );
}

/** Fundamentals as phasors: of volts to neutral, or from line to line where there are no others. */
export function phasorsIn(view: QualityView): readonly Phasor[] {
  const volts = channelsOf(view, "ln");
  const shown = [...(volts.length > 0 ? volts : channelsOf(view, "ll")), ...channelsOf(view, "amps")];
  return shown.flatMap(({ name, unit, fundamental: size, degrees }) =>
    size === null || degrees === null ? [] : [{ phase: phaseOf(name), label: shortLabel(name), unit, size, degrees }],
  );
}

function shortLabel(name: string): string {
  return name.split(".")[1] ?? "";
}
