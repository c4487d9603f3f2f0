/** Sources made of a Network: samples as a converter would take them, or steps for fast time. */
import { kFactor } from "#metrology/k-factor.ts";
import { connectPhasors } from "./connection.ts";
import { EDGE_SECONDS, raisedCosine, type Network } from "./network.ts";
import { OrderedNetworks, type Changeable } from "./ordered-networks.ts";
import { Random } from "./random.ts";
import type { SampleRun, SampleSource, StepSource, StepValues, StepView } from "./source.ts";
import { Wave } from "./wave.ts";

/** Within so many seconds the frequency and the load are taken as constant. */
const CONTROL_SECONDS = 0.01;

/** How one network goes over into the next: both are there for so long. */
interface Passing {
  readonly from: Wave;
  /** Seconds of the source. */
  readonly began: number;
}

export class SyntheticSamples implements SampleSource, Changeable {
  readonly kind = "samples";
  readonly utc = NaN;
  readonly ended = false;
  readonly channels: Float64Array[];
  readonly perCycle: number;
  rate: number;
  readonly #random: Random;
  readonly #ordered = new OrderedNetworks();
  #wave: Wave;
  #passing: Passing | undefined;
  #t = 0;
  #elapsed = 0;
  /** Angle of the fundamental, radians. */
  #theta = 0;
  /** Samples owed: elapsed seconds times rate, less those made. */
  #owed = 0;

  constructor(network: Network, sampling: { perSecond: number } | { perCycle: number }) {
    this.perCycle = "perCycle" in sampling ? sampling.perCycle : 0;
    this.rate = "perSecond" in sampling ? sampling.perSecond : sampling.perCycle * network.hz(0);
    this.channels = Array.from({ length: 6 }, () => new Float64Array(Math.ceil(this.rate * 2) + 64));
    this.#random = new Random(network.options.seed + 1);
    this.#wave = new Wave(network, this.#random);
  }

  get elapsed(): number {
    return this.#elapsed;
  }

  change(at: number, network: Network): void {
    this.#ordered.add(at, network);
  }

  /** One run, or, where it is locked to the line, one more for each network that begins meanwhile: each has its own rate. */
  read(seconds: number): readonly SampleRun[] {
    const runs: { readonly first: number; readonly count: number; readonly rate: number; readonly at: number }[] = [];
    const end = this.#elapsed + seconds;
    let first = 0;
    for (let left = seconds; left > 0;) {
      this.#take(this.#elapsed);
      const until = this.#ordered.next - this.#elapsed;
      const part = this.perCycle > 0 && until > 0 && until < left ? until : left;
      const at = this.#t;
      const count = this.#go(part, first);
      runs.push({ first, count, rate: this.rate, at });
      first += count;
      left -= part;
      this.#elapsed += part;
    }
    this.#elapsed = end;
    return runs.map((run) => ({
      channels: run.first === 0 ? this.channels : this.channels.map((channel) => channel.subarray(run.first)),
      count: run.count,
      rate: run.rate,
      perCycle: this.perCycle,
      at: run.at,
      joined: run.at > 0,
      missing: undefined,
    }));
  }

  /** Makes the samples of `seconds` behind those that are there; how many. */
  #go(seconds: number, first: number): number {
    if (this.perCycle > 0) this.rate = this.perCycle * this.#wave.network.hz(this.#t);
    this.#owed += seconds * this.rate;
    // Half an hour of seconds does not add up to exactly its samples; a thousandth of a sample is no sample.
    const count = Math.floor(this.#owed + 1e-3);
    this.#owed -= count;
    this.#makeRoom(first, count);
    const block = Math.max(1, Math.round(CONTROL_SECONDS * this.rate));
    const end = first + count;
    for (let from = first; from < end; from += block) this.#control(from, Math.min(end, from + block));
    return count;
  }

  #makeRoom(first: number, count: number): void {
    if (first + count <= this.channels[0]!.length) return;
    for (let c = 0; c < 6; c++) {
      const larger = new Float64Array(first + count);
      larger.set(this.channels[c]!.subarray(0, first));
      this.channels[c] = larger;
    }
  }

  /** The next network, where it is time for it. */
  #take(t: number): void {
    const next = this.#ordered.take(t);
    if (next === undefined) return;
    if (this.#t > 0) this.#passing = { from: this.#wave, began: next.at };
    this.#wave = new Wave(next.network, this.#random);
  }

  /** Samples [from, to), in which another network may begin. */
  #control(from: number, to: number): void {
    const dt = 1 / this.rate;
    for (let k = from; k < to;) {
      this.#take(this.#t);
      const passed = this.#passing === undefined ? Infinity : this.#passing.began + EDGE_SECONDS;
      if (passed <= this.#t) this.#passing = undefined;
      const next = Math.min(this.#ordered.next, this.#passing === undefined ? Infinity : passed);
      const samples = next === Infinity ? to - k : Math.max(1, Math.ceil((next - this.#t) / dt - 1e-6));
      const until = Math.min(to, k + samples);
      this.#fill(k, until, dt);
      k = until;
    }
  }

  #fill(from: number, to: number, dt: number): void {
    const hz = this.perCycle > 0 ? this.rate / this.perCycle : this.#wave.network.hz(this.#t);
    const w = 2 * Math.PI * hz * dt;
    const at = { t: this.#t, dt, theta: this.#theta, w };
    if (this.#passing !== undefined) {
      const { from: wave, began } = this.#passing;
      wave.fill(this.channels, from, to, at);
      const before = this.channels.map((channel) => channel.slice(from, to));
      this.#wave.fill(this.channels, from, to, at);
      this.channels.forEach((channel, c) => {
        for (let k = from; k < to; k++) {
          const part = raisedCosine((this.#t + (k - from) * dt - began) / EDGE_SECONDS);
          channel[k] = part * channel[k]! + (1 - part) * before[c]![k - from]!;
        }
      });
    } else this.#wave.fill(this.channels, from, to, at);
    this.#theta = (this.#theta + w * (to - from)) % (2 * Math.PI * 1e6);
    this.#t += (to - from) * dt;
  }
}

/** Steps no longer than this, so that a drifting frequency is followed. */
const LONGEST_STEP = 3600;

/** The phasors of one order: RMS real and imaginary parts of three voltages and three currents. */
interface Order {
  readonly order: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const index = { a: 0, b: 1, c: 2 } as const;

/** What is not of the fundamental, in percent of it; 0 where there is no fundamental. */
function distortion(orders: readonly Order[], of: (x: Float64Array) => number): number {
  let [fundamental, rest] = [0, 0];
  for (const { order, re, im } of orders) {
    const square = of(re) ** 2 + of(im) ** 2;
    if (order === 1) fundamental = square;
    else rest += square;
  }
  return fundamental > 0 ? 100 * Math.sqrt(rest / fundamental) : 0;
}

/** The K factor of a channel. */
function kOf(orders: readonly Order[], c: number): number {
  const rms: number[] = [];
  for (const { order, re, im } of orders) rms[order] = Math.hypot(re[c]!, im[c]!);
  return kFactor(rms);
}

/** NaN, what is not known, is like itself. */
function alike(from: StepValues, to: StepValues): boolean {
  if (!Object.is(from.hz, to.hz) || !Object.is(from.n, to.n)) return false;
  for (let k = 0; k < 3; k++) {
    if (!Object.is(from.v[k], to.v[k]) || !Object.is(from.a[k], to.a[k]) || !Object.is(from.ll[k], to.ll[k]))
      return false;
    if (!Object.is(from.w[k], to.w[k]) || !Object.is(from.q[k], to.q[k]) || !Object.is(from.e[k], to.e[k]))
      return false;
    if (!Object.is(from.angle[k], to.angle[k])) return false;
  }
  return true;
}

export class SyntheticSteps implements StepSource, Changeable {
  readonly kind = "steps";
  readonly ended = false;
  readonly #ordered = new OrderedNetworks();
  #network: Network;
  #t = 0;
  /** Whether the last step repeated the one before; until when that can go on, into which values and for whom. */
  #steady = false;
  #stillUntil = 0;
  #given: { readonly from: StepValues; readonly to: StepValues; readonly view: StepView } | undefined;

  constructor(network: Network) {
    this.#network = network;
  }

  get steady(): boolean {
    return this.#steady;
  }

  change(at: number, network: Network): void {
    this.#ordered.add(at, network);
    // Who looks next looks anew.
    this.#steady = false;
    this.#stillUntil = Math.min(this.#stillUntil, at);
  }

  step(seconds: number, from: StepValues, to: StepValues, view: StepView): number {
    const start = this.#t;
    const next = this.#ordered.take(start);
    if (next !== undefined) this.#network = next.network;
    const given = this.#given;
    this.#steady =
      start + Math.min(seconds, LONGEST_STEP) <= this.#stillUntil &&
      given?.from === from &&
      given.to === to &&
      given.view === view;
    if (this.#steady) {
      const took = Math.min(seconds, LONGEST_STEP);
      this.#t = start + took;
      return took;
    }
    const end = Math.min(start + Math.min(seconds, LONGEST_STEP), this.#nextChange(start));
    // An event's edge is part of neither side: a step looks just behind it and just before the next.
    this.#measure(start + Math.min(EDGE_SECONDS, (end - start) / 2), from, view);
    this.#measure(end, to, view);
    this.#t = end;
    // Values that are the same at both ends are of no edge.
    this.#stillUntil = alike(from, to) ? Math.min(this.#network.stillUntil(start), this.#ordered.next) : start;
    this.#given = { from, to, view };
    return end - start;
  }

  #nextChange(t: number): number {
    return Math.min(this.#network.nextChange(t), this.#ordered.next);
  }

  #orders(t: number): Order[] {
    const network = this.#network;
    const { harmonics, volts, amps, angles, lag, connection } = network.options;
    const orders = new Set([1, ...harmonics.volts.map((h) => h.order), ...harmonics.amps.map((h) => h.order)]);
    return [...orders].map((order) => {
      const out: Order = { order, re: new Float64Array(6), im: new Float64Array(6) };
      for (let c = 0; c < 6; c++) {
        const k = c % 3;
        const phase = c < 3 ? network.voltagePhase(t, k) : k;
        const list = c < 3 ? harmonics.volts : harmonics.amps;
        const own = order === 1 ? { percent: 100, degrees: c < 3 ? 0 : -lag[k]! } : list.find((h) => h.order === order);
        if (own === undefined) continue;
        const level = c < 3 ? volts[phase]! * network.voltsAt(t, k) : amps[k]! * network.ampsAt(t, k);
        const angle = ((order * angles[phase]! + own.degrees) * Math.PI) / 180;
        out.re[c] = ((level * own.percent) / 100) * Math.cos(angle);
        out.im[c] = ((level * own.percent) / 100) * Math.sin(angle);
      }
      if (connection !== undefined) connectPhasors(out, connection);
      return out;
    });
  }

  #measure(t: number, out: StepValues, { wiring, reactive }: StepView): void {
    const orders = this.#orders(t);
    out.hz = this.#network.hz(t);
    const rms = (re: (o: Order) => number, im: (o: Order) => number): number =>
      Math.sqrt(orders.reduce((sum, o) => sum + re(o) ** 2 + im(o) ** 2, 0));
    for (let k = 0; k < 3; k++) {
      const next = (k + 1) % 3;
      out.v[k] = rms(
        (o) => o.re[k]!,
        (o) => o.im[k]!,
      );
      out.a[k] = rms(
        (o) => o.re[3 + k]!,
        (o) => o.im[3 + k]!,
      );
      out.ll[k] = rms(
        (o) => o.re[k]! - o.re[next]!,
        (o) => o.im[k]! - o.im[next]!,
      );
      out.angle[k] = Math.atan2(orders[0]!.im[k]!, orders[0]!.re[k]!);
    }
    out.later(() => {
      for (let k = 0; k < 3; k++) out.thdLl[k] = distortion(orders, (x) => x[k]! - x[(k + 1) % 3]!);
      for (const { current } of wiring.elements) out.kA[index[current]] = kOf(orders, 3 + index[current]);
    });
    const total = (x: Float64Array, from: number): number => x[from]! + x[from + 1]! + x[from + 2]!;
    out.n = rms(
      (o) => total(o.re, 3),
      (o) => total(o.im, 3),
    );
    for (const { plus, minus, current } of wiring.elements) {
      const k = index[current];
      const voltage = (x: Float64Array): number =>
        x[index[plus]]! - (minus === "n" ? 0 : minus === "star" ? total(x, 0) / 3 : x[index[minus]]!);
      out.e[k] = rms(
        (o) => voltage(o.re),
        (o) => voltage(o.im),
      );
      out.thdV[k] = distortion(orders, voltage);
      out.thdA[k] = distortion(orders, (x) => x[3 + k]!);
      out.w[k] = 0;
      out.q[k] = 0;
      for (const { order, re, im } of orders) {
        const [vr, vi, ir, ii] = [voltage(re), voltage(im), re[3 + k]!, im[3 + k]!];
        const p = vr * ir + vi * ii;
        const q = vi * ir - vr * ii;
        out.w[k]! += p;
        if (order === 1) [out.w1[k], out.q1[k]] = [p, q];
        // A quarter of a cycle is `order` quarters of the harmonic's own.
        const quarter = (order * Math.PI) / 2;
        if (reactive === "shifted") out.q[k]! += p * Math.cos(quarter) + q * Math.sin(quarter);
        else if (reactive === "budeanu" || order === 1) out.q[k]! += q;
      }
    }
  }
}
