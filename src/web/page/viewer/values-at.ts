/** What channels have at a cursor, and their fundamentals about it. */
import { isJoined, nearest, timeOf, type Times } from "./axis.ts";
import type { Detail, WaveContent, WaveGroup } from "./content.ts";
import type { Pyramid } from "./pyramid.ts";

/** Samples [from, …) of a channel, as far as they are there. */
export interface Held {
  readonly from: number;
  readonly samples: Float32Array<ArrayBuffer>;
}

/** Where the samples of a channel are: all of them, or those of a part of a long recording. */
export function heldOf({ samples }: Pyramid, detail: Detail | undefined, channel: number): Held | undefined {
  if (samples !== undefined) return { from: 0, samples };
  const part = detail?.channels[channel];
  return part === undefined || detail === undefined ? undefined : { from: detail.from, samples: part };
}

/** The value of the sample nearest to a time; undefined where there is none, or it is not there. */
export function valueAt(times: Times, held: Held | undefined, seconds: number): number | undefined {
  const row = nearest(times, seconds);
  const value = row === undefined || held === undefined ? undefined : held.samples[row - held.from];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

export interface FundamentalAt {
  readonly channel: number;
  readonly rms: number;
  /** Of a cosine that has its crest at the cursor: 0. */
  readonly degrees: number;
}

/** The fundamental of the cycle about a time; undefined where not all of its samples are there, or they do not follow one another. */
export function fundamentalAt(
  times: Times,
  held: Held,
  seconds: number,
  hz: number,
): Omit<FundamentalAt, "channel"> | undefined {
  const middle = nearest(times, seconds);
  if (middle === undefined || times.kind !== "rates") return undefined;
  const period = middle + 1 < times.count ? timeOf(times, middle + 1) - timeOf(times, middle) : NaN;
  const count = Math.round(1 / (hz * period));
  if (!(count >= 8)) return undefined;
  const first = middle - (count >> 1);
  const end = first + count;
  if (first < 0 || end > times.count) return undefined;
  let [re, im] = [0, 0];
  for (let row = first; row < end; row++) {
    const x = held.samples[row - held.from];
    if (x === undefined || Number.isNaN(x) || (row > first && !isJoined(times, row))) return undefined;
    const angle = 2 * Math.PI * ((row - middle) / count);
    re += x * Math.cos(angle);
    im -= x * Math.sin(angle);
  }
  const rms = (Math.SQRT2 * Math.hypot(re, im)) / count;
  return { rms, degrees: (180 / Math.PI) * Math.atan2(im, re) };
}

/** Fundamentals of the samples of volts and amps about a time, with angles from that of the first volts. */
export function phasorsAt(
  { groups, hz }: WaveContent,
  detail: Detail | undefined,
  seconds: number,
): { readonly group: WaveGroup; readonly found: readonly FundamentalAt[] } | undefined {
  const group = groups.find(({ kind }) => kind === "samples");
  if (group === undefined || hz === undefined) return undefined;
  const found = group.channels.flatMap(({ unit, pyramid }, channel): FundamentalAt[] => {
    const held = unit === "V" || unit === "A" ? heldOf(pyramid, detail, channel) : undefined;
    const one = held && fundamentalAt(group.times, held, seconds, hz);
    return one === undefined ? [] : [{ channel, ...one }];
  });
  const first = found.find(({ channel }) => group.channels[channel]?.unit === "V") ?? found[0];
  if (first === undefined) return undefined;
  const turn = (degrees: number): number => {
    const left = (((degrees - first.degrees) % 360) + 540) % 360;
    return left - 180;
  };
  return { group, found: found.map((one) => ({ ...one, degrees: turn(one.degrees) })) };
}
