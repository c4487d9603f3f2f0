/**
 * What the power-quality instrument says of a meter's inputs: distortion by IEC 61000-4-7, and the fundamentals of 10 or 12 cycles, of
 * which sequences and unbalance are made. Where it knows no fundamental that of the last cycle stands; distortion is its own, or none: that of the
 * last cycle is by another definition.
 */
import type { Measure, MeasurePhase, MeasureQuantity } from "#quantity/measure.ts";
import type { QualityPart } from "#quantity/quality-view.ts";
import type { Inputs } from "./inputs.ts";

const RADIANS = Math.PI / 180;

/** What is asked of one voltage or current: its distortion, its fundamental, the angle of that. */
interface Asked {
  readonly thd: Measure;
  readonly first: Measure;
  readonly angle: Measure;
  /** The input is the other way round than what is asked: the second element's volts, from c to b, are those from b to c. */
  readonly turned: boolean;
}

function asked(quantity: MeasureQuantity, thd: MeasureQuantity, phase: MeasurePhase, turned = false): Asked {
  const of = { phase, direction: "bidirectional", compensated: false } as const;
  const first = { ...of, quantity, method: "fundamental" } as const;
  return { thd: { ...of, quantity: thd }, first, angle: { ...first, part: "angle" }, turned };
}

const letters = ["a", "b", "c"] as const;
const amps = letters.map((phase) => asked("A", "THD.A", phase));
const toNeutral = letters.map((phase) => asked("V", "THD.V", phase));
/** Of two elements: the volts from a to b, nothing, those from c to b. */
const lineToLine = [asked("V.ll", "THD.V.ll", "a"), undefined, asked("V.ll", "THD.V.ll", "b", true)];

/** Writes what the instrument knows into the inputs of the phases that have an element. */
export function takeQuality(part: QualityPart, elements: readonly number[], neutral: boolean, out: Inputs): void {
  for (const k of elements) {
    const volts = neutral ? toNeutral[k] : lineToLine[k];
    if (volts !== undefined) take(part, volts, k, { thd: out.thdV, first: out.firstV, angle: out.angleV });
    take(part, amps[k]!, k, { thd: out.thdA, first: out.firstA, angle: out.angleA });
  }
}

type Taken = Readonly<Record<"thd" | "first" | "angle", Float64Array>>;

function take(part: QualityPart, { thd, first, angle, turned }: Asked, k: number, out: Taken): void {
  out.thd[k] = part.value(thd) ?? NaN;
  const [size, degrees] = [part.value(first), part.value(angle)];
  // One without the other is no phasor.
  if (size === undefined || degrees === undefined) return;
  out.first[k] = size;
  out.angle[k] = (degrees + (turned ? 180 : 0)) * RADIANS;
}
