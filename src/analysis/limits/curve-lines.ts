/** The curves of equipment as lines to be drawn: corners of duration and voltage, one after the other. */
import { f47, F47_SHORTEST, iticCeiling, iticLower, iticShort } from "./curves.ts";

export type CurvePoint = readonly [seconds: number, percent: number];

/** Level from each corner to the next, then up. */
function stairs(corners: readonly number[], level: (from: number) => number): readonly CurvePoint[] {
  return corners.slice(0, -1).flatMap((from, k): CurvePoint[] => [
    [from, level(from)],
    [corners[k + 1]!, level(from)],
  ]);
}

/** Least voltages by duration, from one duration to another. */
export function floorLine(
  steps: readonly { readonly upTo: number; readonly percent: number }[],
  from: number,
  to: number,
): readonly CurvePoint[] {
  let start = from;
  const out: CurvePoint[] = [];
  for (const { upTo, percent } of steps) {
    const end = Math.min(upTo, to);
    if (end <= start) continue;
    out.push([start, percent], [end, percent]);
    start = end;
  }
  return out;
}

export function iticUpperLine(longest: number): readonly CurvePoint[] {
  return [
    ...iticShort.map(({ seconds, percent }): CurvePoint => [seconds, percent]),
    ...stairs([0.003, 0.5, longest], (seconds) => iticCeiling(seconds * 1.0001) ?? 0),
  ];
}

export function iticLowerLine(shortest: number, longest: number): readonly CurvePoint[] {
  return floorLine(iticLower, shortest, longest);
}

export function f47Line(): readonly CurvePoint[] {
  return [[F47_SHORTEST, 0], ...floorLine(f47, F47_SHORTEST, 1)];
}
