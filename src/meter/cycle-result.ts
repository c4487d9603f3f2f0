/** What one calculation cycle measured: the averages of everything that is not an energy. NaN: not measured. */
import type { Wiring } from "#quantity/wiring.ts";
import { pairs } from "#quantity/quantity.ts";
import { energy, KINDS, mean, phaseIndex } from "./integrals.ts";

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

  /** Takes the averages of the cycle's integrals; clears everything when the cycle measured nothing. */
  fill(cycle: Float64Array, wiring: Wiring, hz: number): void {
    const seconds = cycle[mean.seconds]!;
    for (const array of [this.v, this.ll, this.a, this.w, this.q, this.s]) array.fill(NaN);
    this.hz = this.n = this.wTotal = this.qTotal = this.sTotal = NaN;
    if (!(seconds > 0)) return;
    this.hz = hz;
    const root = (slot: number): number => Math.sqrt(Math.max(0, cycle[slot]! / seconds));
    for (const phase of wiring.ln) this.v[phaseIndex[phase]] = root(mean.v2 + phaseIndex[phase]);
    for (const pair of wiring.ll) this.ll[pairs.indexOf(pair)] = root(mean.ll2 + pairs.indexOf(pair));
    for (const phase of wiring.currents) this.a[phaseIndex[phase]] = root(mean.a2 + phaseIndex[phase]);
    if (wiring.ln.length > 1) this.n = root(mean.n2);
    const perHour = 3600 / seconds;
    const rate = (place: number, plus: readonly number[], minus: readonly number[]): number => {
      let sum = 0;
      for (const kind of plus) sum += cycle[place * KINDS + kind]!;
      for (const kind of minus) sum -= cycle[place * KINDS + kind]!;
      return sum * perHour;
    };
    const active = [[energy.whImport], [energy.whExport]] as const;
    const reactive = [
      [energy.q1, energy.q2],
      [energy.q3, energy.q4],
    ] as const;
    for (const { current } of wiring.elements) {
      const k = phaseIndex[current];
      this.w[k] = rate(k + 1, ...active);
      this.q[k] = rate(k + 1, ...reactive);
      this.s[k] = rate(k + 1, [energy.vahImport, energy.vahExport], []);
    }
    this.wTotal = rate(0, ...active);
    this.qTotal = rate(0, ...reactive);
    this.sTotal = Math.hypot(this.wTotal, this.qTotal);
  }
}
