/**
 * What can be recorded of a disturbance, how long, and how much of it fits: the four kinds of the JEMStar II's manual (High Speed RMS
 * Recording, Waveform Capture Recording), their ranges and factory values, in cycles.
 */
import type { CaptureKind } from "#quantity/captured.ts";

export interface CaptureSettings {
  /** Cycles from before the trigger, and after its cause is over. */
  readonly pre: number;
  readonly post: number;
  /** Cycles of the whole, at most. Where `pre` alone would fill it there is less of it: the cycle of the trigger is always there. */
  readonly limit: number;
}

/** Values a cycle. */
export const perCycleOf = { rms: 2, low: 16, medium: 128, high: 512 } as const satisfies Record<CaptureKind, number>;

// prettier-ignore
export const factoryCaptures: Readonly<Record<CaptureKind, CaptureSettings>> = {
  rms:    { pre: 15, post: 30, limit: 1800 },
  low:    { pre: 15, post: 15, limit: 480 },
  medium: { pre: 5,  post: 5,  limit: 120 },
  high:   { pre: 2,  post: 1,  limit: 15 },
};

type Range = readonly [least: number, most: number];
export type CaptureRanges = Readonly<Record<keyof CaptureSettings, Range>>;

// prettier-ignore
const ofWaveforms: Readonly<Record<Exclude<CaptureKind, "rms">, CaptureRanges>> = {
  low:    { pre: [0, 30], post: [0, 30], limit: [2, 960] },
  medium: { pre: [0, 10], post: [0, 10], limit: [2, 240] },
  high:   { pre: [0, 5],  post: [0, 5],  limit: [2, 30] },
};

/**
 * What each setting may be. High-speed RMS has half a second before, one behind (the printed "1.0" is garbled in the picture of the screen), and
 * 60 of the whole; the least of the whole is that of waveforms, since the manual says none.
 */
export function captureRanges(kind: CaptureKind, hz: 50 | 60): CaptureRanges {
  return kind === "rms" ? { pre: [0, hz / 2], post: [0, hz], limit: [2, 60 * hz] } : ofWaveforms[kind];
}

/** What is wrong with settings, in words; undefined when nothing is. */
export function captureTrouble(kind: CaptureKind, settings: CaptureSettings, hz: 50 | 60): string | undefined {
  const ranges = captureRanges(kind, hz);
  for (const name of ["pre", "post", "limit"] as const) {
    const [least, most] = ranges[name];
    const cycles = settings[name];
    if (Number.isInteger(cycles) && cycles >= least && cycles <= most) continue;
    return `captures: ${name} of ${kind} is ${cycles} cycles: expected a whole number from ${least} to ${most}`;
  }
  return undefined;
}

/** What is kept of each kind, in kB: the first in are the first out. */
export const CAPTURE_STORE_KB = 12_288;

/** A record, in kB: what any file has; of each instant of a cycle six values of 4 bytes and a time of 8; what repeats in other cycles, compressed. */
const OF_ANY = 3.75;
const OF_ONE_CYCLE = 32 / 1024;
const OF_OTHERS = 0.5 / 1024;

export interface Capacity {
  /** Of a record, in whole kB. */
  readonly kB: number;
  /** Records that fit, about. */
  readonly records: number;
}

/**
 * About how large a record is, and how many fit: what the manual's screen shows beside the settings. The count is what goes into 12,288 kB, to
 * the nearest (2,457.6 are shown as 2,458). How the size is made the manual does not say: this rule gives its four sizes at the factory's settings, of
 * a record that is as short as they allow.
 */
export function capacityOf(kind: CaptureKind, { pre, post, limit }: CaptureSettings): Capacity {
  const perCycle = perCycleOf[kind];
  const cycles = Math.min(limit, Math.max(1, pre + post));
  const kB = Math.ceil(OF_ANY + perCycle * OF_ONE_CYCLE + cycles * perCycle * OF_OTHERS);
  return { kB, records: Math.round(CAPTURE_STORE_KB / kB) };
}
