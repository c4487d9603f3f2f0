/** The records of binary COMTRADE data as they are written (IEEE C37.111-2013, clause 8.6), and how samples become their numbers. */
import type { ComtradeType, NewComtrade } from "./comtrade-writer-recording.ts";

interface Numbers {
  readonly width: 2 | 4;
  /** The least and the greatest number. */
  readonly limits: readonly [low: number, high: number];
  /** What stands for a sample that is not there: the most negative number of each type. */
  readonly missing: number;
  /** Steps that the range of a channel is made of: half of one is the most that a sample is off by. Undefined of floats. */
  readonly steps: number | undefined;
}

/** The greatest 32-bit float. */
const FLOAT_MAX = 3.4028234663852886e38;

const types: Readonly<Record<ComtradeType, Numbers>> = {
  BINARY: { width: 2, limits: [-32_767, 32_767], missing: -32_768, steps: 65_000 },
  // Steps finer than a double's own would not be any more exact.
  BINARY32: { width: 4, limits: [-2_147_483_647, 2_147_483_647], missing: -2_147_483_648, steps: 4_000_000_000 },
  FLOAT32: { width: 4, limits: [-FLOAT_MAX, FLOAT_MAX], missing: -FLOAT_MAX, steps: undefined },
};

export function limitsOf(type: ComtradeType): readonly [low: number, high: number] {
  return types[type].limits;
}

/** Value in the channel's unit = multiplier x number + offset. */
export interface Coding {
  /** What a sample is multiplied by to be in that unit, on the side that is stored. */
  readonly gain: number;
  readonly multiplier: number;
  readonly offset: number;
}

/** How a channel is stored so that its range takes all steps of the type. */
export function codingOf(
  { samples, gain }: { readonly samples: Float64Array; readonly gain: number },
  type: ComtradeType,
): Coding {
  const { steps } = types[type];
  if (steps === undefined) return { gain, multiplier: 1, offset: 0 };
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < samples.length; k++) {
    const value = samples[k]! * gain;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high > low)) return { gain, multiplier: 1, offset: Number.isFinite(low) ? low : 0 };
  // Of a range that is a small part of the values a double has fewer steps.
  const least = Math.max(Math.abs(low), Math.abs(high)) * 2 ** -50;
  return { gain, multiplier: Math.max(high / steps - low / steps, least, 2 ** -1000), offset: low / 2 + high / 2 };
}

/** A stamp that is not there; those of a recording that is longer than 32 bits of microseconds are not. */
const NO_STAMP = 0xffff_ffff;

export function encodeRecords(
  { channels, statuses = [], rates }: NewComtrade,
  type: ComtradeType,
  codings: readonly Coding[],
): Uint8Array<ArrayBuffer> {
  const { width } = types[type];
  const size = 8 + width * channels.length + 2 * Math.ceil(statuses.length / 16);
  const total = rates.reduce((sum, { count }) => sum + count, 0);
  const view = new DataView(new ArrayBuffer(size * total));
  putStamps(view, rates, size);
  channels.forEach(({ samples }, c) => putAnalog(view, { samples, coding: codings[c]!, type }, 8 + width * c, size));
  statuses.forEach(({ samples }, c) => {
    let at = 8 + width * channels.length + 2 * (c >> 4);
    const bit = 1 << (c & 15);
    for (let k = 0; k < total; k++, at += size)
      if (samples[k] !== 0) view.setUint16(at, view.getUint16(at, true) | bit, true);
  });
  return new Uint8Array(view.buffer);
}

function putStamps(view: DataView<ArrayBuffer>, rates: NewComtrade["rates"], size: number): void {
  const length = rates.reduce((sum, { rate, count }) => sum + count / rate, 0);
  const stamped = length * 1e6 < NO_STAMP;
  let at = 0;
  let number = 1;
  let from = 0;
  for (const { rate, count } of rates) {
    for (let k = 0; k < count; k++, at += size) {
      view.setUint32(at, number++, true);
      view.setUint32(at + 4, stamped ? Math.round(1e6 * (from + k / rate)) : NO_STAMP, true);
    }
    from += count / rate;
  }
}

interface Analog {
  readonly samples: Float64Array;
  readonly coding: Coding;
  readonly type: ComtradeType;
}

function putAnalog(view: DataView, { samples, coding, type }: Analog, from: number, size: number): void {
  const { gain, multiplier, offset } = coding;
  const { missing, limits } = types[type];
  const [low, high] = limits;
  for (let k = 0, at = from; k < samples.length; k++, at += size) {
    const value = samples[k]! * gain;
    if (type === "FLOAT32") {
      // What a float cannot hold is not there either.
      view.setFloat32(at, value > low && value < high ? value : missing, true);
      continue;
    }
    const number = Number.isFinite(value) ? Math.round((value - offset) / multiplier) : missing;
    if (type === "BINARY") view.setInt16(at, number, true);
    else view.setInt32(at, number, true);
  }
}
