/**
 * What an event comes to behind its waveform, by half-cycle RMS: a motor runs up for seconds, and its voltage is back before its current is.
 */
import { type After, recoveryOf } from "./event-shape.ts";
import type { RmsTrace } from "./examination.ts";

/** Seconds behind the end of an event in which its voltages and currents may become steady. */
export const AFTER = 5;

/** They are when, for so many half cycles, currents stay within this part of what came on, and voltages within a tenth of the depth. */
const STEADY = 50;
const SAME_AMPS = 0.05;
const SAME_VOLTS = 0.1;

const SETTLED = 4;

/** `at` and `end` are those of the event. Undefined where nothing is seen to become steady. */
export function afterOf({ times, channels }: RmsTrace, at: number, end: number): After | undefined {
  const quiet = times.findIndex((time) => time > at);
  const over = times.findIndex((time) => time > end);
  if (quiet <= 0 || over < 0) return undefined;
  const of = (letter: string): Float64Array[] =>
    channels.flatMap(({ name, rms }) => (name.startsWith(letter) ? [rms] : []));
  const volts = of("V.").map((rms) => rms.map((value, _, all) => value / meanOf(all.subarray(0, quiet))));
  const u = times.map((_, k) => Math.min(...volts.map((one) => one[k]!)));
  let deepest = quiet;
  for (let k = quiet; k <= over; k++) if (u[k]! < u[deepest]!) deepest = k;
  const depth = 1 - u[deepest]!;
  const amps = times.map((_, k) => of("A.").reduce((sum, one) => sum + one[k]!, 0));
  const before = meanOf(amps.subarray(0, quiet));
  let most = 0;
  for (let k = quiet; k < amps.length; k++) most = Math.max(most, Math.abs(amps[k]! - before));
  for (let k = over; k + STEADY <= times.length; k++) {
    const to = k + STEADY;
    if (!(rangeOf(u.subarray(k, to)) <= SAME_VOLTS * depth)) continue;
    if (!(rangeOf(amps.subarray(k, to)) <= SAME_AMPS * most)) continue;
    const recovery = recoveryOf(u.subarray(0, to), deepest, depth);
    const lasting = Math.abs(meanOf(amps.subarray(to - SETTLED, to)) - before) / most;
    return {
      at: times[k]!,
      ...(recovery === undefined ? {} : { recovery }),
      ...(Number.isFinite(lasting) ? { lasting } : {}),
    };
  }
  return undefined;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rangeOf(values: Float64Array): number {
  return Math.max(...values) - Math.min(...values);
}
