/** What one calculation cycle measured: the averages of everything that is not an energy. NaN: not measured. */
import type { Wiring } from "#quantity/wiring.ts";
import { pairs } from "#quantity/quantity.ts";
import { energy, KINDS, mean, phaseIndex, secondsOf } from "./integrals.ts";

export class CycleResult {
  hz = NaN;
  readonly v = new Float64Array(3).fill(NaN);
  readonly ll = new Float64Array(3).fill(NaN);
  readonly a = new Float64Array(3).fill(NaN);
  n = NaN;
  /** By element, at the index of its current; then the totals. */
  readonly w = new Float64Array(3).fill(NaN);
  readonly q = new Float64Array(3).fill(NaN);
  readonly s = new Float64Array(3).fill(NaN);
  wTotal = NaN;
  qTotal = NaN;
  /** Vector sum: sqrt(W² + var²). */
  sTotal = NaN;

  /** Takes the averages of the cycle's integrals, each over the time in which it was known. */
  fill(cycle: Float64Array, wiring: Wiring, hz: number): void {
    for (const array of [this.v, this.ll, this.a, this.w, this.q, this.s]) array.fill(NaN);
    this.n = NaN;
    const average = (slot: number): number => {
      const seconds = cycle[secondsOf(slot)]!;
      return seconds > 0 ? cycle[slot]! / seconds : NaN;
    };
    const root = (slot: number): number => Math.sqrt(Math.max(0, average(slot)));
    for (const phase of wiring.ln) this.v[phaseIndex[phase]] = root(mean.v2 + phaseIndex[phase]);
    for (const pair of wiring.ll) this.ll[pairs.indexOf(pair)] = root(mean.ll2 + pairs.indexOf(pair));
    for (const phase of wiring.currents) this.a[phaseIndex[phase]] = root(mean.a2 + phaseIndex[phase]);
    if (wiring.ln.length > 1) this.n = root(mean.n2);
    for (const { current } of wiring.elements) {
      const k = phaseIndex[current];
      const seconds = cycle[secondsOf(mean.w + k)]!;
      if (!(seconds > 0)) continue;
      const at = (k + 1) * KINDS;
      const of = (kind: number): number => (cycle[at + kind]! * 3600) / seconds;
      this.w[k] = of(energy.whImport) - of(energy.whExport);
      // A cycle with a jump of the phase has watts, and no vars.
      const known = seconds / cycle[secondsOf(mean.q + k)]!;
      if (known < Infinity) this.q[k] = (of(energy.q1) + of(energy.q2) - of(energy.q3) - of(energy.q4)) * known;
      this.s[k] = of(energy.vahImport) + of(energy.vahExport);
    }
    this.wTotal = average(mean.wTotal);
    this.qTotal = average(mean.qTotal);
    this.sTotal = Math.hypot(this.wTotal, this.qTotal);
    const isKnown = [this.v, this.ll].some((volts) => volts.some((one) => !Number.isNaN(one)));
    this.hz = isKnown ? hz : NaN;
  }
}
