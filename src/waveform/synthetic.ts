/** Sources made of a Network: samples as a converter would take them, or steps for fast time. */
import { kFactor } from "#metrology/k-factor.ts";
import { connectPhasors, connectSamples } from "./connection.ts";
import { EDGE_SECONDS, type Harmonic, type Network } from "./network.ts";
import { Random } from "./random.ts";
import type { SampleRun, SampleSource, StepSource, StepValues, StepView } from "./source.ts";

/** Within so many seconds the frequency and the load are taken as constant. */
const CONTROL_SECONDS = 0.01;

/** One sine of one phase: its order, and its share of the phase's fundamental as sine and cosine. */
interface Component {
  readonly order: number;
  /** amplitude x sin(order x (theta + phase's angle) + degrees), split at theta. */
  readonly sin: number;
  readonly cos: number;
}

function components(harmonics: readonly Harmonic[], angle: number, lag: number): Component[] {
  const radians = Math.PI / 180;
  const all = [{ order: 1, percent: 100, degrees: -lag }, ...harmonics];
  return all.map(({ order, percent, degrees }) => {
    const shift = order * angle * radians + degrees * radians;
    return { order, sin: (percent / 100) * Math.cos(shift), cos: (percent / 100) * Math.sin(shift) };
  });
}

export class SyntheticSamples implements SampleSource {
  readonly kind = "samples";
  readonly utc = NaN;
  readonly ended = false;
  readonly channels: Float64Array[];
  readonly perCycle: number;
  rate: number;
  readonly #run: { -readonly [K in keyof SampleRun]: SampleRun[K] };
  readonly #runs: readonly SampleRun[];
  readonly #network: Network;
  readonly #components: Component[][];
  readonly #orders: number[];
  readonly #random: Random;
  #t = 0;
  #elapsed = 0;
  /** Angle of the fundamental, radians. */
  #theta = 0;
  /** Samples owed: elapsed seconds times rate, less those made. */
  #owed = 0;

  constructor(network: Network, sampling: { perSecond: number } | { perCycle: number }) {
    this.#network = network;
    const { options } = network;
    this.perCycle = "perCycle" in sampling ? sampling.perCycle : 0;
    this.rate = "perSecond" in sampling ? sampling.perSecond : sampling.perCycle * network.hz(0);
    this.channels = Array.from({ length: 6 }, () => new Float64Array(Math.ceil(this.rate * 2) + 64));
    this.#run = {
      channels: this.channels,
      count: 0,
      rate: this.rate,
      perCycle: this.perCycle,
      at: 0,
      joined: false,
      missing: undefined,
    };
    this.#runs = [this.#run];
    this.#random = new Random(options.seed + 1);
    this.#components = [0, 1, 2]
      .map((k) => components(options.harmonics.volts, options.angles[k]!, 0))
      .concat([0, 1, 2].map((k) => components(options.harmonics.amps, options.angles[k]!, options.lag[k]!)));
    this.#orders = [...new Set(this.#components.flatMap((list) => list.map(({ order }) => order)))];
  }

  get elapsed(): number {
    return this.#elapsed;
  }

  read(seconds: number): readonly SampleRun[] {
    this.#elapsed += seconds;
    const run = this.#run;
    run.joined = this.#t > 0;
    run.at = this.#t;
    if (this.perCycle > 0) this.rate = this.perCycle * this.#network.hz(this.#t);
    this.#owed += seconds * this.rate;
    // Half an hour of seconds does not add up to exactly its samples; a thousandth of a sample is no sample.
    const count = Math.floor(this.#owed + 1e-3);
    this.#owed -= count;
    if (count > this.channels[0]!.length) {
      for (let c = 0; c < 6; c++) this.channels[c] = new Float64Array(count);
    }
    const block = Math.max(1, Math.round(CONTROL_SECONDS * this.rate));
    for (let from = 0; from < count; from += block) this.#fill(from, Math.min(count, from + block));
    run.rate = this.rate;
    run.count = count;
    return this.#runs;
  }

  #fill(from: number, to: number): void {
    const { options } = this.#network;
    const dt = 1 / this.rate;
    const hz = this.perCycle > 0 ? this.rate / this.perCycle : this.#network.hz(this.#t);
    const w = 2 * Math.PI * hz * dt;
    const nyquist = Math.PI / w;
    for (const channel of this.channels) channel.fill(0, from, to);
    for (const order of this.#orders) {
      if (order >= nyquist) continue;
      const turnRe = Math.cos(order * w);
      const turnIm = Math.sin(order * w);
      for (let c = 0; c < 6; c++) {
        const source = c < 3 ? this.#network.voltagePhase(this.#t, c) : c;
        const channel = this.channels[c]!;
        for (const component of this.#components[source]!) {
          if (component.order !== order) continue;
          const peak = Math.SQRT2 * (c < 3 ? options.volts[source]! : options.amps[c - 3]!);
          const { sin, cos } = component;
          let re = Math.cos(order * this.#theta);
          let im = Math.sin(order * this.#theta);
          for (let k = from; k < to; k++) {
            channel[k]! += peak * (sin * im + cos * re);
            const next = re * turnRe - im * turnIm;
            im = re * turnIm + im * turnRe;
            re = next;
          }
        }
      }
    }
    this.#noise(from, to);
    this.#envelope(from, to, dt);
    this.#ring(from, to, dt);
    if (options.connection !== undefined) connectSamples(this.channels, options.connection, from, to);
    this.#theta = (this.#theta + w * (to - from)) % (2 * Math.PI * 1e6);
    this.#t += (to - from) * dt;
  }

  #noise(from: number, to: number): void {
    const { noise, volts, amps } = this.#network.options;
    if (noise === 0) return;
    for (let c = 0; c < 6; c++) {
      const size = (noise / 100) * (c < 3 ? volts[c]! : amps[c - 3]!);
      const channel = this.channels[c]!;
      for (let k = from; k < to; k++) channel[k]! += size * this.#random.normal();
    }
  }

  #ring(from: number, to: number, dt: number): void {
    const network = this.#network;
    if (network.options.transients === undefined) return;
    for (let c = 0; c < 3; c++) {
      const channel = this.channels[c]!;
      for (const [{ part, hz, for: lasts }, began] of network.transients(this.#t, this.#t + (to - from) * dt, c)) {
        const peak = part * Math.SQRT2 * network.options.volts[c]!;
        for (let k = from; k < to; k++) {
          const since = this.#t + (k - from) * dt - began;
          if (since < 0 || since > lasts) continue;
          channel[k]! += peak * DIED_AWAY ** (since / lasts) * Math.sin(2 * Math.PI * hz * since);
        }
      }
    }
  }

  #envelope(from: number, to: number, dt: number): void {
    const network = this.#network;
    const restless = network.restless(this.#t, this.#t + (to - from) * dt);
    for (let c = 0; c < 6; c++) {
      const channel = this.channels[c]!;
      const phase = c % 3;
      const at = (t: number): number => (c < 3 ? network.voltsAt(t, phase) : network.ampsAt(t, phase));
      if (restless) {
        for (let k = from; k < to; k++) channel[k]! *= at(this.#t + (k - from) * dt);
        continue;
      }
      const factor = at(this.#t);
      if (factor !== 1) for (let k = from; k < to; k++) channel[k]! *= factor;
    }
  }
}

/** What is left of a transient at its end. */
const DIED_AWAY = 0.01;

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

export class SyntheticSteps implements StepSource {
  readonly kind = "steps";
  readonly ended = false;
  readonly #network: Network;
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

  step(seconds: number, from: StepValues, to: StepValues, view: StepView): number {
    const start = this.#t;
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
    const end = Math.min(start + Math.min(seconds, LONGEST_STEP), this.#network.nextChange(start));
    // An event's edge is part of neither side: a step looks just behind it and just before the next.
    this.#measure(start + Math.min(EDGE_SECONDS, (end - start) / 2), from, view);
    this.#measure(end, to, view);
    this.#t = end;
    // Values that are the same at both ends are of no edge.
    this.#stillUntil = alike(from, to) ? this.#network.stillUntil(start) : start;
    this.#given = { from, to, view };
    return end - start;
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
