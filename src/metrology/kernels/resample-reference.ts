import { coefficients, type SincTable } from "./sinc-table.ts";
import { CHANNELS, checkWindow } from "./window.ts";

/** What resample.ts does, in plain words: one output after the other, one channel after the other. */
export function resampleReference(
  table: SincTable,
  input: Float64Array,
  position: number,
  step: number,
  count: number,
  out: readonly Float64Array[],
  at: number,
): void {
  checkWindow(table, input, position, step, count, out, at);
  const { taps, before, stretch } = table;
  const weights = new Float64Array(taps);
  for (let k = 0; k < count; k++) {
    const instant = position + k * step;
    const whole = Math.floor(instant);
    const fraction = instant - whole;
    if (fraction === 0 && stretch === 1) {
      for (let c = 0; c < CHANNELS; c++) out[c]![at + k] = input[whole * CHANNELS + c]!;
      continue;
    }
    coefficients(table, fraction, weights);
    for (let c = 0; c < CHANNELS; c++) {
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += weights[tap]! * input[(whole - before + tap) * CHANNELS + c]!;
      out[c]![at + k] = sum;
    }
  }
}
