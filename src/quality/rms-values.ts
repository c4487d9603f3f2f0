/**
 * High-speed RMS of the last cycles: Urms(1/2) and Irms(1/2) of each half cycle (IEC 61000-4-30, 5.4.1 and 5.13.1), and the angle of each fundamental
 * over the cycle that ends with it, against that of the first voltage, counter-clockwise.
 */
import type { MeasuredChannel } from "#metrology/channels.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import { HalfFundamental } from "#metrology/half-fundamental.ts";
import { HalfPhasors } from "#metrology/half-phasors.ts";
import { Urms } from "#metrology/urms.ts";
import type { CaptureArrays, LastValues } from "./last-values.ts";

/** Half cycles that are remembered: half a second before a trigger, and as much again for one that comes late. */
const KEPT = 128;

/** Below this part of the declared voltage, and of the RMS of a current, there is no fundamental to have an angle. */
const FLOOR_VOLTS = 0.02;
const FLOOR_AMPS = 1e-3;

/** Seconds by which a half cycle may have ended before a time and still be that of it: times are rounded. */
const ROUNDING = 1e-7;

/** The first of the amps among the channels of a grid. */
const AMPS = 3;

export class RmsValues implements LastValues {
  readonly names: readonly string[];
  first = 0;
  next = 0;
  readonly #channels: readonly MeasuredChannel[];
  readonly #declared: Float64Array;
  readonly #ownUrms: Urms;
  /** Of the last half cycle. */
  #rms: Float64Array;
  readonly #volts = new HalfPhasors();
  readonly #amps = new HalfPhasors();
  readonly #ofAmps: HalfFundamental;
  /** The amps of the rings, as of three terminals. */
  #ring: readonly Float64Array[] = [];
  #ampsRing: readonly Float64Array[] = [];
  /** Of each half cycle: RMS by channel, then angles; when it ended, and the frequency. */
  readonly #kept: readonly Float64Array[];
  readonly #ends = new Float64Array(KEPT);
  readonly #hz = new Float64Array(KEPT);

  /** `half` are the instants of a half cycle. */
  constructor(channels: readonly MeasuredChannel[], declaredVolts: (channel: MeasuredChannel) => number, half: number) {
    this.#channels = channels;
    this.#declared = Float64Array.from(channels, (channel) => (channel.unit === "V" ? declaredVolts(channel) : NaN));
    this.names = [...channels.map(({ name }) => name), ...channels.map(({ name }) => `${name}.angle`)];
    this.#ownUrms = new Urms(channels, declaredVolts, this.#volts);
    this.#rms = this.#ownUrms.rms;
    this.#ofAmps = new HalfFundamental(half);
    this.#kept = this.names.map(() => new Float64Array(KEPT));
  }

  /** Measures a half cycle; whether it is one of the values. `urms` are those of somebody who has taken it already, of the same channels. */
  half(half: GridHalf, isValue: boolean, urms?: Urms): void {
    this.#volts.half(half);
    if (urms === undefined) this.#ownUrms.half(half);
    this.#rms = this.#rmsOf(urms ?? this.#ownUrms);
    this.#halfOfAmps(half);
    if (!isValue) return;
    const slot = this.next % KEPT;
    const rms = this.#rms;
    const reference = this.#turnsOf(0);
    for (let c = 0; c < this.#channels.length; c++) {
      this.#kept[c]![slot] = rms[c]!;
      const turns = this.#turnsOf(c) - reference;
      this.#kept[this.#channels.length + c]![slot] = 360 * (turns - Math.round(turns));
    }
    this.#ends[slot] = half.at + half.seconds;
    this.#hz[slot] = half.hz;
    this.next++;
    if (this.next - this.first > KEPT) this.first++;
  }

  #rmsOf({ rms, channels }: Urms): Float64Array {
    const own = this.#channels;
    let isSame = channels.length === own.length;
    for (let c = 0; isSame && c < own.length; c++) isSame = channels[c]!.name === own[c]!.name;
    if (isSame) return rms;
    const [expected, given] = [own, channels].map((of) => of.map(({ name }) => name).join(", "));
    throw new RangeError(`captures: RMS of ${given}: expected ${expected}`);
  }

  #halfOfAmps(half: GridHalf): void {
    if (half.ring !== this.#ring) {
      this.#ring = half.ring;
      this.#ampsRing = half.ring.slice(AMPS);
    }
    this.#ofAmps.measure(this.#ampsRing, half.from);
    this.#amps.take(half, this.#ofAmps, half.missing >> AMPS);
  }

  /** Of the fundamental over the last cycle; NaN of what has none. */
  #turnsOf(c: number): number {
    const { unit, plus, minus, mask } = this.#channels[c]!;
    const isVolts = unit === "V";
    const phasors = isVolts ? this.#volts : this.#amps;
    const terminals = isVolts ? mask : mask >> AMPS;
    if (phasors.since < 2 || (phasors.missing(2) & terminals) !== 0) return NaN;
    phasors.sum(isVolts ? plus : plus - AMPS, minus, 2);
    const floor = isVolts ? FLOOR_VOLTS * this.#declared[c]! : FLOOR_AMPS * this.#rms[c]!;
    return phasors.rms > floor ? phasors.turns : NaN;
  }

  /** Nothing that was before goes on. */
  clear(): void {
    this.first = this.next;
  }

  numberAt(seconds: number): number {
    let number = this.next;
    while (number > this.first && this.#ends[(number - 1) % KEPT]! >= seconds - ROUNDING) number--;
    return number;
  }

  hzAt(number: number): number {
    return this.#hz[number % KEPT]!;
  }

  copy(from: number, to: number, { times, channels }: CaptureArrays, at: number): void {
    for (let number = from, k = at; number < to; number++, k++) {
      const slot = number % KEPT;
      times[k] = this.#ends[slot]!;
      for (let c = 0; c < channels.length; c++) channels[c]![k] = this.#kept[c]![slot]!;
    }
  }
}
