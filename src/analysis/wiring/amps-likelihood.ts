/** How well the amps that a meter measures go with a hypothesis: their angles with loads, their sizes with each other. */
import { wiringOf } from "#quantity/wiring.ts";
import { phases } from "#quantity/quantity.ts";
import type { Amps, Hypothesis, Volts } from "./hypotheses.ts";
import { exportShare, lagDensity, lagsLog, type Site } from "./load.ts";
import type { Observation } from "./observation.ts";

/** Below this part of the largest current a channel is taken to have none. */
export const NO_CURRENT = 0.01;
/** How often a phase has no load though its transformer is right. */
const NO_LOAD = 0.006;
/** Phases differ by about so much (as a logarithm), and now and then by anything. */
const DIFFERENCE = 0.2;
const APART = 0.02;
const WIDEST = 4;
/** A ratio that is wrong is so by more than this, as a logarithm. */
const WRONG_RATIO = Math.log(1.3);
/** Two transformers on one conductor measure the same, and three without a neutral nothing together, within so much. */
const SAME = 0.012;
const SUM = 0.03;

/** The current channels as they are compared. */
export interface AmpsSeen {
  readonly size: readonly number[];
  /** Degrees in the frame of the volts; NaN where there are none. */
  readonly degrees: readonly number[];
  /** Degrees by which they lag their element's own voltage, of which one is true. */
  readonly lags: readonly (readonly number[])[];
  readonly largest: number;
  /** Of three wires its conductors carry no current together. */
  readonly site: Site;
}

export function ampsSeen({ system, amps, lags, generates }: Observation): AmpsSeen {
  const { currents, ln } = wiringOf(system);
  const channels = currents.map((phase) => phases.indexOf(phase));
  const size = channels.map((k) => amps[k]?.size ?? NaN);
  return {
    size,
    degrees: channels.map((k) => amps[k]?.degrees ?? NaN),
    lags: channels.map((k) => lags[k] ?? []),
    largest: Math.max(0, ...size.filter((one) => !Number.isNaN(one))),
    site: { share: exportShare(generates), threeWire: ln.length === 0 && system !== "1-phase-ll" },
  };
}

export interface AmpsFit {
  readonly log: number;
  /** Degrees by which the current lags the voltage of the conductor that each channel sees; NaN where it is not known. */
  readonly lags: readonly number[];
  readonly ratio: number;
}

/** `turn`: degrees of the frame of the hypothesis in that of the measurement; NaN where volts have no angles. */
export function fitAmps(seen: AmpsSeen, hypothesis: Hypothesis, volts: Volts, turn: number): AmpsFit {
  let best: AmpsFit = { log: -Infinity, lags: [], ratio: NaN };
  let total = 0;
  const sets = seen.lags.some((one) => one.length > 1) ? choices(seen.lags) : [seen.lags.map((one) => one[0] ?? NaN)];
  for (const own of sets) {
    const fit = fitOne(seen, hypothesis, volts, turn, own);
    total += Math.exp(fit.log) / sets.length;
    if (fit.log > best.log) best = fit;
  }
  return sets.length === 1 ? best : { ...best, log: Math.log(total) };
}

function choices(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return lists.reduce<readonly (readonly number[])[]>(
    (all, list) => all.flatMap((before) => (list.length === 0 ? [NaN] : list).map((one) => [...before, one])),
    [[]],
  );
}

function fitOne(
  seen: AmpsSeen,
  { amps, own, hasNeutral }: Hypothesis,
  { service }: Volts,
  turn: number,
  measuredLags: readonly number[],
): AmpsFit {
  const { size, degrees, largest, site } = seen;
  const lags = amps.map((expected, k) => {
    if (!(size[k]! > NO_CURRENT * largest) || expected.dead) return NaN;
    const direct = expected.degrees + turn - degrees[k]!;
    return wrap(Number.isNaN(direct) ? measuredLags[k]! + expected.degrees - own[k]! : direct);
  });
  let [log, ratio] = [0, NaN];
  const alive: number[] = [];
  const sizes: number[] = [];
  const mean = meanOf(seen, amps);
  for (let k = 0; k < amps.length; k++) {
    const { dead, free, same } = amps[k]!;
    if (Number.isNaN(size[k]!)) continue;
    const none = !(size[k]! > NO_CURRENT * largest);
    if (dead || none) {
      log += Math.log(dead ? (none ? 1 : 1e-9) : NO_LOAD);
      continue;
    }
    if (same >= 0 && !free && !amps[same]!.free) {
      // Lags are of the conductor whichever way a transformer is turned.
      const angle = wrap(lags[k]! - lags[same]!);
      const apart = Math.log(size[k]! / size[same]!);
      const off = Math.hypot(apart, Number.isNaN(angle) ? 0 : (angle * Math.PI) / 180);
      // Of sizes alone it is a density of sizes.
      const area = Number.isNaN(angle) ? (2 * Math.PI) ** 1.5 * SAME : 2 * Math.PI * SAME ** 2;
      log += Math.log(Math.exp(-0.5 * (off / SAME) ** 2) / area + 1e-9);
      continue;
    }
    if (free) {
      const apart = Math.log(size[k]! / mean);
      ratio = Math.exp(apart);
      log += Math.abs(apart) < WRONG_RATIO || Math.abs(apart) > WIDEST ? -20 : -Math.log(2 * WIDEST);
    } else sizes.push(Math.log(size[k]!));
    if (Number.isNaN(lags[k]!)) log -= Math.log(2 * Math.PI);
    else alive.push(lags[k]!);
  }
  log += lagsLog(alive, site) + sizesLog(sizes);
  if (site.threeWire && !hasNeutral) log += sumLog(seen, amps, lags, service);
  return { log, lags, ratio };
}

/** The geometric mean of those that are not free. */
function meanOf({ size, largest }: AmpsSeen, amps: readonly Amps[]): number {
  let [sum, n] = [0, 0];
  for (let k = 0; k < amps.length; k++) {
    if (amps[k]!.free || amps[k]!.dead || !(size[k]! > NO_CURRENT * largest)) continue;
    sum += Math.log(size[k]!);
    n++;
  }
  return n === 0 ? largest : Math.exp(sum / n);
}

/** Log density of the logarithms of loads: all much alike, one that is anything, or all. */
function sizesLog(sizes: readonly number[]): number {
  if (sizes.length < 2) return 0;
  const anything = APART / (2 * WIDEST);
  let density = anything ** (sizes.length - 1);
  // The last turn leaves out none.
  for (let out = 0; out <= sizes.length; out++) {
    const some = sizes.filter((_, k) => k !== out);
    const middle = some.reduce((sum, one) => sum + one, 0) / some.length;
    const squares = some.reduce((sum, one) => sum + (one - middle) ** 2, 0);
    const alike =
      Math.exp(-0.5 * (squares / DIFFERENCE ** 2)) * (Math.sqrt(2 * Math.PI) * DIFFERENCE) ** (1 - some.length);
    density += alike * (out < sizes.length ? anything : 1 - APART * sizes.length);
  }
  return Math.log(density);
}

/** Of three wires without a neutral: what the third carries is plausible, or what all three carry is nothing. */
function sumLog(
  { size, site, largest }: AmpsSeen,
  amps: readonly Amps[],
  lags: readonly number[],
  service: readonly number[],
): number {
  const phasor = (k: number): readonly [number, number] => {
    const { conductor } = amps[k]!;
    const angle = ((service[conductor]! - lags[k]!) * Math.PI) / 180;
    return [size[k]! * Math.cos(angle), size[k]! * Math.sin(angle)];
  };
  const known = amps.map((_, k) => k).filter((k) => !Number.isNaN(lags[k]!));
  const conductors = new Set(known.map((k) => amps[k]!.conductor));
  if (conductors.size !== known.length || known.some((k) => amps[k]!.dead)) return 0;
  if (known.length === 3) {
    const free = known.findIndex((k) => amps[k]!.free);
    const all = known.map(phasor);
    let [x, y] = [0, 0];
    all.forEach(([re, im], k) => {
      if (k === free) return;
      x += re;
      y += im;
    });
    if (free >= 0) {
      // Its angle is known; of its size nothing but what the ratio makes of it.
      const [re, im] = all[free]!;
      const aside = (re * y - im * x) / Math.hypot(re, im) / Math.hypot(x, y);
      const onward = re * x + im * y < 0;
      return onward ? line(aside, SUM) : -20;
    }
    const [re, im] = all.reduce(([a, b], [c, d]) => [a + c, b + d] as const, [0, 0] as const);
    return Math.log(Math.exp(-0.5 * ((re * re + im * im) / (SUM * largest) ** 2)) / (2 * Math.PI * SUM ** 2) + 1e-6);
  }
  if (known.length === 2 && amps.length === 2) {
    const [[a, b], [c, d]] = [phasor(known[0]!), phasor(known[1]!)];
    const third = [0, 1, 2].find((one) => !conductors.has(one)) ?? 1;
    const [x, y] = [-a - c, -b - d];
    const lag = wrap(service[third]! - (Math.atan2(y, x) * 180) / Math.PI);
    const apart = Math.log(Math.hypot(x, y) / Math.sqrt(size[known[0]!]! * size[known[1]!]!));
    // Where two conductors give power back the third one does: that has been weighed with them.
    const gives = known.every((k) => Math.cos((lags[k]! * Math.PI) / 180) < 0);
    const share = gives ? 1 : site.share;
    // Against a lag that is usual and a size like the others'.
    const usual = (2 * Math.PI * 64.5) / 360;
    return (
      Math.log(lagDensity(lag, { ...site, share }) * usual) + Math.max(-8, -0.5 * (apart / (DIFFERENCE + 0.1)) ** 2)
    );
  }
  return 0;
}

function line(off: number, deviation: number): number {
  return Math.log(Math.exp(-0.5 * (off / deviation) ** 2) / (Math.sqrt(2 * Math.PI) * deviation) + 1e-6);
}

function wrap(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
