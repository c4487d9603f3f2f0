/**
 * The samples of one stretch, as they came: six channels interleaved, in one piece, with what is missing of them. Positions count
 * samples from the first of the stretch; what nobody needs any more is let go.
 */

import { bridge } from "./bridge.ts";
import { CHANNELS } from "./kernels/window.ts";

export { CHANNELS };

/** All of them. */
export const ALL_CHANNELS = (1 << CHANNELS) - 1;

/** Room at first: it grows to what the source and the heartbeat need, and a thousand slow meters need little. */
const ROOM = 512;

export class RawSamples {
  /** Interleaved; the sample at position `first` lies at its beginning. */
  samples = new Float64Array(CHANNELS * ROOM);
  /** Bit c is set where channel c has no sample. */
  #missing = new Uint8Array(ROOM);
  /** One past the last position at which anything is missing. */
  #missingEnd = 0;
  #first = 0;
  #held = 0;
  /** How many of those at the beginning nobody needs. */
  #dropped = 0;

  /** The position of the first sample held. */
  get first(): number {
    return this.#first;
  }

  /** One past the last position held. */
  get end(): number {
    return this.#first + this.#held;
  }

  clear(): void {
    this.#first = this.#held = this.#dropped = this.#missingEnd = 0;
  }

  /** Takes `count` samples of each channel; what is not a number is missing. */
  append(channels: readonly Float64Array[], count: number, missing: Uint8Array | undefined): void {
    this.#makeRoom(count);
    const at = this.#held;
    const sum = interleave(channels as Six, count, this.samples, CHANNELS * at);
    const mask = this.#missing;
    let end = -1;
    if (missing === undefined) mask.fill(0, at, at + count);
    else {
      for (let k = 0; k < count; k++) {
        mask[at + k] = missing[k]!;
        if (missing[k] !== 0) end = k;
      }
    }
    if (!Number.isFinite(sum)) end = Math.max(end, this.#takeOut(at, count));
    if (end >= 0) this.#missingEnd = this.#first + at + end + 1;
    this.#held += count;
  }

  /** Zeroes what is not finite among the `count` samples from `at` on, and says that it is missing; the last of them. */
  #takeOut(at: number, count: number): number {
    let last = -1;
    for (let k = 0; k < count; k++) {
      for (let c = 0; c < CHANNELS; c++) {
        const place = CHANNELS * (at + k) + c;
        if (Math.abs(this.samples[place]!) <= Number.MAX_VALUE) continue;
        this.samples[place] = 0;
        this.#missing[at + k]! |= 1 << c;
        last = k;
      }
    }
    return last;
  }

  /** The channels of which anything is missing from position `from` up to, not including, `to`, as bits. */
  missing(from: number, to: number): number {
    if (from >= this.#missingEnd) return 0;
    let bits = 0;
    const end = Math.min(to, this.#missingEnd, this.end) - this.#first;
    for (let k = Math.max(0, from - this.#first); k < end; k++) bits |= this.#missing[k]!;
    return bits;
  }

  /** The channels that have no sample at a position that is held, as bits. */
  missingAt(position: number): number {
    return this.#missing[position - this.#first]!;
  }

  /**
   * Puts something in the place of what is missing from position `from` up to `to` that what lies beside it can be interpolated with: up to `curved`
   * samples in a row a curve.
   */
  bridge(from: number, to: number, curved: number): void {
    const [low, high] = [Math.max(0, from - this.#first), Math.min(to, this.end) - this.#first];
    bridge({ samples: this.samples, missing: this.#missing }, low, high, curved);
  }

  /** Forgets what lies before `position`. */
  release(position: number): void {
    this.#dropped = Math.max(this.#dropped, Math.min(this.#held, Math.floor(position) - this.#first));
  }

  /** Moves what is needed to the beginning once most of the room is taken by what is not: what is moved is less than what came. */
  #makeRoom(count: number): void {
    const capacity = this.#missing.length;
    if (this.#held + count <= capacity) return;
    const kept = this.#held - this.#dropped;
    const needed = kept + count;
    const larger = needed > capacity / 2 ? 2 ** Math.ceil(Math.log2(2 * needed)) : capacity;
    const samples = larger === capacity ? this.samples : new Float64Array(CHANNELS * larger);
    const missing = larger === capacity ? this.#missing : new Uint8Array(larger);
    samples.set(this.samples.subarray(CHANNELS * this.#dropped, CHANNELS * this.#held));
    missing.set(this.#missing.subarray(this.#dropped, this.#held));
    this.samples = samples;
    this.#missing = missing;
    this.#first += this.#dropped;
    this.#held = kept;
    this.#dropped = 0;
  }
}

type Six = readonly [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

/** Writes six channels as scans; returns a sum that is as finite as what it is of, short of an overflow that no converter makes. */
function interleave([a, b, c, d, e, f]: Six, count: number, out: Float64Array, at: number): number {
  let sum = 0;
  for (let k = 0, to = at; k < count; k++, to += CHANNELS) {
    const va = a[k]!;
    const vb = b[k]!;
    const vc = c[k]!;
    const ia = d[k]!;
    const ib = e[k]!;
    const ic = f[k]!;
    out[to] = va;
    out[to + 1] = vb;
    out[to + 2] = vc;
    out[to + 3] = ia;
    out[to + 4] = ib;
    out[to + 5] = ic;
    sum += va + vb + vc + (ia + ib + ic);
  }
  return sum;
}
