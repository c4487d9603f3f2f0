/**
 * How well the volts that a meter measures go with those that a hypothesis expects: a service is balanced within a few percent,
 * and near its nominal volts. Densities are of a channel's phasor over the volts of the service.
 */
import { wiringOf, type WiringName } from "#quantity/wiring.ts";
import type { Volts } from "./hypotheses.ts";
import type { Observation } from "./observation.ts";

/** Standard deviation of a channel, of the volts of the service: its unbalance, and what a meter measures. */
const UNBALANCE = 0.025;
/** A channel without a voltage still shows a part of the others' through its burden. */
const RESIDUE = 0.04;
/** Part of the largest volts below which there is no angle to know. */
const NOTHING = 0.05;
/** How far the volts of a service are from nominal. */
const OFF_NOMINAL = 0.05;
/** How often a channel is anywhere. */
const ANYWHERE = 1e-5;
/** Ratios that are wrong are so by more than this (as a logarithm), evenly up to e³. */
const WRONG_RATIO = Math.log(1.12);
const WIDEST_RATIO = 3;

/** The channels as they are compared. */
export interface VoltsSeen {
  readonly size: readonly number[];
  /** The same as phasors; NaN where an angle is not known. */
  readonly re: readonly number[];
  readonly im: readonly number[];
  /** Of volts to neutral without angles: those from line to line. */
  readonly between: readonly number[];
  readonly withAngles: boolean;
  readonly toNeutral: boolean;
  /** What its channels are of, line to neutral; NaN where it is not known. */
  readonly nominal: number;
}

const RADIAN = Math.PI / 180;

export function voltsSeen({ system, volts, lines, nominalVolts }: Observation): VoltsSeen {
  const toNeutral = wiringOf(system).ln.length > 0;
  const channels = toNeutral ? volts : lines;
  const size = channels.map((one) => one?.size ?? NaN);
  const largest = Math.max(0, ...size.filter((one) => !Number.isNaN(one)));
  // What is next to nothing has no angle that matters.
  const angle = channels.map((one) => (one?.degrees ?? ((one?.size ?? NaN) < NOTHING * largest ? 0 : NaN)) * RADIAN);
  const needed = toNeutral ? size : size.slice(0, 2);
  return {
    size,
    re: size.map((one, k) => one * Math.cos(angle[k]!)),
    im: size.map((one, k) => one * Math.sin(angle[k]!)),
    between: lines.map((one) => one?.size ?? NaN),
    withAngles: needed.every((one, k) => Number.isNaN(one) || !Number.isNaN(angle[k]!)),
    toNeutral,
    nominal: (nominalVolts ?? NaN) * toStar(system),
  };
}

/** Volts of a conductor to neutral, as hypotheses have 1 V of them, over the nominal ones. */
export function toStar(system: WiringName): number {
  if (system === "1-phase-ll") return 0.5;
  const { lnOverSystem } = wiringOf(system);
  return lnOverSystem > 0 ? lnOverSystem : 1 / Math.sqrt(3);
}

export interface VoltsFit {
  readonly log: number;
  /** Of a hypothesis: the volts to neutral of its service, and by how much the reference of its angles is turned, radians. */
  readonly scale: number;
  readonly turn: number;
  /** What a ratio is found to be off by; NaN where none is free. */
  readonly ratio: number;
}

const NEVER: VoltsFit = { log: -Infinity, scale: NaN, turn: NaN, ratio: NaN };

export function fitVolts(seen: VoltsSeen, expected: Volts): VoltsFit {
  const { log, scale, turn, ratio } = seen.withAngles ? fitPhasors(seen, expected) : fitSizes(seen, expected);
  if (!(scale > 0)) return NEVER;
  if (Number.isNaN(seen.nominal)) return expected.allFree ? NEVER : { log, scale, turn, ratio };
  const off = Math.log(scale / seen.nominal);
  if (expected.allFree) {
    if (Math.abs(off) < WRONG_RATIO) return NEVER;
    return { log: log - Math.log(2 * WIDEST_RATIO), scale, turn, ratio: Math.exp(off) };
  }
  const density =
    (1 - ANYWHERE) * (Math.exp(-0.5 * (off / OFF_NOMINAL) ** 2) / (OFF_NOMINAL * Math.sqrt(2 * Math.PI))) +
    ANYWHERE / (2 * WIDEST_RATIO);
  return { log: log + Math.log(density), scale, turn, ratio };
}

function plane(squared: number, deviation: number): number {
  return Math.log(
    ((1 - ANYWHERE) * Math.exp(-0.5 * (squared / deviation ** 2))) / (2 * Math.PI * deviation ** 2) + ANYWHERE,
  );
}

function line(off: number, deviation: number): number {
  return Math.log(
    ((1 - ANYWHERE) * Math.exp(-0.5 * (off / deviation) ** 2)) / (Math.sqrt(2 * Math.PI) * deviation) + ANYWHERE,
  );
}

/** A ratio that may be anything but right, as a density of its size. */
function ratioLog(ratio: number): number {
  const log = Math.log(ratio);
  if (!(Math.abs(log) > WRONG_RATIO && Math.abs(log) < WIDEST_RATIO)) return -Infinity;
  return -Math.log(2 * WIDEST_RATIO * ratio);
}

function fitPhasors({ re: seenRe, im: seenIm, toNeutral }: VoltsSeen, { re, im, free }: Volts): VoltsFit {
  const channels = toNeutral ? 3 : 2;
  let [along, across, square] = [0, 0, 0];
  for (let k = 0; k < channels; k++) {
    if (free.includes(k) || Number.isNaN(seenRe[k]!)) continue;
    const x = seenRe[k]!;
    const y = seenIm[k]!;
    along += re[k]! * x + im[k]! * y;
    across += re[k]! * y - im[k]! * x;
    square += re[k]! ** 2 + im[k]! ** 2;
  }
  if (square < 1e-9) return NEVER;
  const [cr, ci] = [along / square, across / square];
  const scale = Math.hypot(cr, ci);
  if (!(scale > 1e-6)) return NEVER;
  let [log, ratio] = [0, NaN];
  for (let k = 0; k < channels; k++) {
    if (Number.isNaN(seenRe[k]!)) continue;
    // The channel as the hypothesis would have it: turned and scaled back.
    const x = seenRe[k]!;
    const y = seenIm[k]!;
    const [vr, vi] = [(x * cr + y * ci) / scale ** 2, (y * cr - x * ci) / scale ** 2];
    const expected = Math.hypot(re[k]!, im[k]!);
    if (free.includes(k)) {
      if (expected < 1e-9) return NEVER;
      ratio = (vr * re[k]! + vi * im[k]!) / expected ** 2;
      const aside = (vi * re[k]! - vr * im[k]!) / expected;
      log += ratioLog(ratio) + line(aside, UNBALANCE * Math.max(ratio, 0.1) * expected);
    } else {
      const off = (vr - re[k]!) ** 2 + (vi - im[k]!) ** 2;
      log += plane(off, expected < 1e-9 ? RESIDUE : UNBALANCE);
    }
  }
  return { log, scale, turn: Math.atan2(ci, cr), ratio };
}

/** Of sizes alone neither the rotation is known nor, where only volts to neutral are, any angle between them. */
function fitSizes({ size, between, toNeutral }: VoltsSeen, { re, im, free }: Volts): VoltsFit {
  const sizes: number[] = [];
  const expected: number[] = [];
  const channels = toNeutral ? 3 : 2;
  let [product, square] = [0, 0];
  for (let k = 0; k < channels; k++) {
    if (free.includes(k) || Number.isNaN(size[k]!)) continue;
    const one = Math.hypot(re[k]!, im[k]!);
    product += one * size[k]!;
    square += one ** 2;
  }
  const scale = product / square;
  if (!(scale > 1e-6)) return NEVER;
  let [log, ratio] = [0, NaN];
  const gains = [1, 1, 1];
  for (let k = 0; k < channels; k++) {
    if (Number.isNaN(size[k]!)) continue;
    const one = Math.hypot(re[k]!, im[k]!);
    if (free.includes(k)) {
      ratio = size[k]! / scale / one;
      gains[k] = ratio;
      log += ratioLog(ratio);
    } else {
      sizes.push(size[k]! / scale);
      expected.push(one);
    }
  }
  const [r, i] = [re.map((x, k) => x * gains[k]!), im.map((x, k) => x * gains[k]!)];
  for (let k = 0; k < 3; k++) {
    const next = (k + 1) % 3;
    if (toNeutral) {
      // A phase that is not measured has no line either.
      if (Number.isNaN(between[k]!) || Number.isNaN(size[k]!) || Number.isNaN(size[next]!)) continue;
      sizes.push(between[k]! / scale);
      expected.push(Math.hypot(r[k]! - r[next]!, i[k]! - i[next]!));
    } else if (k === 2 && !Number.isNaN(size[2]!)) {
      sizes.push(size[2]! / scale);
      expected.push(Math.hypot(r[0]! + r[1]!, i[0]! + i[1]!));
    }
  }
  sizes.forEach((one, k) => (log += line(one - expected[k]!, expected[k]! < 1e-9 ? RESIDUE : UNBALANCE)));
  return { log, scale, turn: 0, ratio };
}
