/** What is measured of a wiring: voltages to neutral and from line to line, and amps. */
import type { Phase } from "#quantity/quantity.ts";
import type { Wiring } from "#quantity/wiring.ts";

export interface MeasuredChannel {
  /** "V.a", "V.ab", "A.a". */
  readonly name: string;
  readonly unit: "V" | "A";
  /** The channels of the grid whose difference it is; of a voltage to neutral and of amps there is but one. */
  readonly plus: number;
  readonly minus: number | undefined;
  /** The bits that these have in `missing` of a half cycle. */
  readonly mask: number;
}

const phaseIndex: Readonly<Record<Phase, number>> = { a: 0, b: 1, c: 2 };

/** Where the amps begin among the channels of a grid. */
const AMPS = 3;

/** Voltages to neutral first, then those from line to line, then amps: the first one is what angles are measured against. */
export function channelsOf(wiring: Wiring): readonly MeasuredChannel[] {
  const out: MeasuredChannel[] = [];
  for (const phase of wiring.ln) {
    const plus = phaseIndex[phase];
    out.push({ name: `V.${phase}`, unit: "V", plus, minus: undefined, mask: 1 << plus });
  }
  for (const pair of wiring.ll) {
    const [plus, minus] = [phaseIndex[pair[0] as Phase], phaseIndex[pair[1] as Phase]];
    out.push({ name: `V.${pair}`, unit: "V", plus, minus, mask: (1 << plus) | (1 << minus) });
  }
  for (const phase of wiring.currents) {
    const plus = AMPS + phaseIndex[phase];
    out.push({ name: `A.${phase}`, unit: "A", plus, minus: undefined, mask: 1 << plus });
  }
  return out;
}
