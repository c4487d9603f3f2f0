import { checkHalfCycle, type HalfCycleSums } from "./half-cycle-sums.ts";

/** What half-cycle.ts does, in plain words. */
export function sumHalfCycleReference(
  rings: readonly Float64Array[],
  from: number,
  n: number,
  out: HalfCycleSums,
): void {
  checkHalfCycle(rings, from, n);
  out.all.fill(0);
  for (let phase = 0; phase < 3; phase++) {
    const v = rings[phase]!;
    const i = rings[3 + phase]!;
    const next = rings[(phase + 1) % 3]!;
    for (let k = from; k < from + n; k++) {
      const earlier = v[(k - n / 2 + v.length) % v.length]!;
      out.vv[phase]! += v[k]! ** 2;
      out.ii[phase]! += i[k]! ** 2;
      out.vi[phase]! += v[k]! * i[k]!;
      out.shifted[phase]! += earlier * i[k]!;
      if (Math.abs(v[k]!) > out.vPeak[phase]!) out.vPeak[phase] = Math.abs(v[k]!);
      if (Math.abs(i[k]!) > out.iPeak[phase]!) out.iPeak[phase] = Math.abs(i[k]!);
      out.ll[phase]! += (v[k]! - next[k]!) ** 2;
    }
  }
  for (let k = from; k < from + n; k++) out.all[21]! += (rings[3]![k]! + rings[4]![k]! + rings[5]![k]!) ** 2;
}
