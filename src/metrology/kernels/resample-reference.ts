import { type SincTable } from "./sinc-table.ts";
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
  const { taps, rows, phases, before, stretch } = table;
  const coefficients = new Float64Array(taps);
  for (let k = 0; k < count; k++) {
    const instant = position + k * step;
    const whole = Math.floor(instant);
    const place = (instant - whole) * phases;
    const row = Math.floor(place);
    const part = place - row;
    if (place === 0 && stretch === 1) {
      for (let c = 0; c < CHANNELS; c++) out[c]![at + k] = input[whole * CHANNELS + c]!;
      continue;
    }
    for (let tap = 0; tap < taps; tap++) {
      const low = rows[row * taps + tap]!;
      // At a row itself the next one, which the last does not have, does not count.
      coefficients[tap] = part === 0 ? low : low + part * (rows[(row + 1) * taps + tap]! - low);
    }
    for (let c = 0; c < CHANNELS; c++) {
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += coefficients[tap]! * input[(whole - before + tap) * CHANNELS + c]!;
      out[c]![at + k] = sum;
    }
  }
}
