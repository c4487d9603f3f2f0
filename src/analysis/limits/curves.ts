/**
 * What equipment shall bear: duration of an event against its voltage.
 * ITIC (CBEMA) curve of 2000, application note of the Information Technology Industry Council, single-phase 120 V equipment: corners
 * as the Open Power Quality project (Mauka, itic_plugin) and SPGS America have them. SEMI F47-0706, and the same three requirements in
 * F47-0200: Power Standards Lab, "What is SEMI F47?", PG&E Power Quality Bulletin 3.
 */

/** Of one corner of a curve: up to and with so many seconds. */
interface Step {
  readonly upTo: number;
  /** Percent of the nominal voltage, itself still borne. */
  readonly percent: number;
}

interface Corner {
  readonly seconds: number;
  readonly percent: number;
}

/** Least voltage, by duration; what lasts longer than the last has no requirement. */
export const iticLower: readonly Step[] = [
  { upTo: 0.02, percent: 0 },
  { upTo: 0.5, percent: 70 },
  { upTo: 10, percent: 80 },
  { upTo: Infinity, percent: 90 },
];

/** The longer part of the upper one. */
export const iticUpper: readonly Step[] = [
  { upTo: 0.5, percent: 120 },
  { upTo: Infinity, percent: 110 },
];

/** And its shorter part, from a hundredth of a cycle on: straight over the logarithm of time, as it is drawn; the note gives no law. */
export const iticShort: readonly Corner[] = [
  { seconds: 0.01 / 60, percent: 500 },
  { seconds: 0.001, percent: 200 },
  { seconds: 0.003, percent: 140 },
];

/** Required; F47 recommends, too, none for a cycle, and 80 % for 10 s. */
export const f47: readonly Step[] = [
  { upTo: 0.2, percent: 50 },
  { upTo: 0.5, percent: 70 },
  { upTo: 1, percent: 80 },
];

/** Below half of the voltage F47 requires nothing of what is shorter: 0.05 s (PG&E Power Quality Bulletin 3). */
export const F47_SHORTEST = 0.05;

export type IticRegion = "no interruption" | "no damage" | "prohibited";

/** Whether equipment that keeps to a curve bears an event. */
export type Borne<Region extends string> = { readonly region: Region; readonly passes: boolean };

/** Percent of the nominal voltage above which an event of a duration is in the prohibited region; undefined below a hundredth of a cycle. */
export function iticCeiling(seconds: number): number | undefined {
  const right = iticShort.findIndex((corner) => corner.seconds >= seconds);
  if (right < 0) return iticUpper.find(({ upTo }) => seconds <= upTo)?.percent;
  const [b, a] = [iticShort[right]!, iticShort[right - 1]];
  if (seconds === b.seconds) return b.percent;
  if (a === undefined) return undefined;
  return a.percent + ((b.percent - a.percent) * Math.log(seconds / a.seconds)) / Math.log(b.seconds / a.seconds);
}

/**
 * Where an event lies: of a dip or an interruption by its residual voltage, of a swell or a transient by its largest, in percent of
 * the nominal voltage. The curve itself is borne. Undefined of what the curve does not cover: above it, shorter than a hundredth of a cycle.
 */
export function iticRegion(seconds: number, percent: number): Borne<IticRegion> | undefined {
  checkEvent(seconds, percent);
  if (percent > 100) {
    const ceiling = iticCeiling(seconds);
    if (ceiling === undefined) return percent <= 500 ? { region: "no interruption", passes: true } : undefined;
    return percent <= ceiling ? { region: "no interruption", passes: true } : { region: "prohibited", passes: false };
  }
  const floor = iticLower.find(({ upTo }) => seconds <= upTo)?.percent ?? 0;
  return percent >= floor ? { region: "no interruption", passes: true } : { region: "no damage", passes: false };
}

/** Undefined of what SEMI F47 says nothing about: swells, more than a second, less than half of the voltage for less than 50 ms. */
export function f47Region(seconds: number, percent: number): Borne<"ride through" | "below"> | undefined {
  checkEvent(seconds, percent);
  const floor = f47.find(({ upTo }) => seconds <= upTo)?.percent;
  if (floor === undefined || percent > 100) return undefined;
  if (percent >= floor) return { region: "ride through", passes: true };
  return seconds < F47_SHORTEST ? undefined : { region: "below", passes: false };
}

function checkEvent(seconds: number, percent: number): void {
  if (!(seconds > 0) || !(percent >= 0)) {
    throw new RangeError(`an event of ${seconds} s at ${percent} %: expected more than 0 s, and no less than 0 %`);
  }
}
