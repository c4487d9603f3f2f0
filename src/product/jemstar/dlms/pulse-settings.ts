/** Energy Pulse Settings, and LED and Optical Pulse Settings of Appendix D, in the manual's numbers. */
import { array, enumerated, float32, structure, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import type { Measure, MeasureDirection, MeasurePhase, MeasureQuantity } from "#quantity/measure.ts";
import type { ShownConfiguration } from "./configuration.ts";

const quantities: Readonly<Partial<Record<MeasureQuantity, number>>> = {
  Wh: 0,
  varh: 1,
  VAh: 2,
  "VAh.arithmetic": 3,
  Ah: 4,
  Qh: 5,
  A2h: 6,
  V2h: 7,
};

/** 0 is none: what is measured without one. */
const directions: Readonly<Record<MeasureDirection, number>> = {
  delivered: 1,
  received: 2,
  bidirectional: 3,
  total: 4,
  net: 5,
  q1: 6,
  q2: 7,
  q3: 8,
  q4: 9,
  absolute: 10,
};
const undirected: ReadonlySet<MeasureQuantity> = new Set(["Ah", "A2h", "V2h"]);

const phases: Readonly<Record<MeasurePhase, number>> = { a: 0, b: 1, c: 2, polyphase: 3, average: 4, neutral: 5 };

/** Digital outputs that can be energy outputs: the eighth channel is an input. */
const OUTPUTS = 7;

/** {channel, quantity, direction, phase, pulse weight} of each channel that is an energy output, and of no other. */
export function energyPulses({ io }: ShownConfiguration): Data {
  const rows = io.slice(0, OUTPUTS).flatMap(({ mode, measure, ke }, k) => {
    if (mode !== "outputEnergyPulse" || measure === undefined) return [];
    return [energyPulse(k + 1, measure, ke)];
  });
  return array(rows);
}

function energyPulse(channel: number, { quantity, direction, phase }: Measure, weight: number): Data {
  return structure(
    unsigned(channel),
    enumerated(quantities[quantity] ?? 0),
    enumerated(undirected.has(quantity) ? 0 : directions[direction]),
    enumerated(phases[phase]),
    float32(weight),
  );
}

const energies = { Wh: 0, varh: 1 } as const;

/** LED selection and scaling, optical selection and scaling. */
export function testPulses({ testPulses: { led, optical, kt } }: ShownConfiguration): Data {
  return array([enumerated(energies[led]), float32(kt), enumerated(energies[optical]), float32(kt)]);
}
