/** Several readings of a meter as one: of a load that is restless a minute says more than a moment. */
import { byPhase, type ByPhase, type Measured, type Observation } from "./observation.ts";

const RADIAN = Math.PI / 180;
/** Part of the largest voltage from which on one is worth to count angles from. */
const WORTH = 0.1;

/** Their means, of phasors where they have angles, which each reading may count from elsewhere; what is absent in any is absent. */
export function averaged(observations: readonly [Observation, ...Observation[]]): Observation {
  const [first] = observations;
  if (observations.length === 1) return first;
  const turns = observations.map(turnOf);
  const mean = (of: (one: Observation) => ByPhase<Measured | undefined>): Observation["volts"] =>
    byPhase((k) =>
      meanOf(
        observations.map((one) => of(one)[k]),
        turns,
      ),
    );
  return {
    ...first,
    volts: mean(({ volts }) => volts),
    lines: mean(({ lines }) => lines),
    amps: mean(({ amps }) => amps),
    lags: byPhase((k) => lagOf(observations.map(({ lags }) => lags[k]))),
  };
}

/** What angles of a reading are counted from: its first voltage that has one. */
function turnOf({ volts, lines }: Observation): number {
  const known = [...volts, ...lines];
  const largest = Math.max(0, ...known.map((one) => one?.size ?? 0));
  return known.find((one) => one?.degrees !== undefined && one.size > WORTH * largest)?.degrees ?? 0;
}

function meanOf(list: readonly (Measured | undefined)[], turns: readonly number[]): Measured | undefined {
  let [re, im, size] = [0, 0, 0];
  let hasAngles = true;
  for (const [k, one] of list.entries()) {
    if (one === undefined) return undefined;
    size += one.size;
    hasAngles &&= one.degrees !== undefined;
    const angle = ((one.degrees ?? 0) - (turns[k] ?? 0)) * RADIAN;
    re += one.size * Math.cos(angle);
    im += one.size * Math.sin(angle);
  }
  if (!hasAngles) return { size: size / list.length };
  return { size: Math.hypot(re, im) / list.length, degrees: Math.atan2(im, re) / RADIAN };
}

/** Where only a power factor is known, both signs stay. */
function lagOf(list: readonly (readonly number[] | undefined)[]): readonly number[] | undefined {
  let [x, y] = [0, 0];
  let isOpen = false;
  for (const lags of list) {
    const [lag] = lags ?? [];
    if (lag === undefined) return undefined;
    isOpen ||= (lags?.length ?? 0) > 1;
    x += Math.cos(lag * RADIAN);
    y += Math.sin(lag * RADIAN);
  }
  const lag = Math.atan2(y, x) / RADIAN;
  return isOpen ? [lag, -lag] : [lag];
}
