/** What a network looks like on six channels: the sines of its fundamental and harmonics, noise, events and transients, as samples. */
import { connectSamples } from "./connection.ts";
import type { Harmonic, Network } from "./network.ts";
import type { Random } from "./random.ts";

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

/** What is left of a transient at its end. */
const DIED_AWAY = 0.01;

/** Where samples begin. */
export interface WaveStart {
  /** Seconds of the source, and from one sample to the next. */
  readonly t: number;
  readonly dt: number;
  /** Angle of the fundamental, radians, and by how much it turns from one sample to the next. */
  readonly theta: number;
  readonly w: number;
}

export class Wave {
  readonly network: Network;
  readonly #components: Component[][];
  readonly #orders: number[];
  readonly #random: Random;

  constructor(network: Network, random: Random) {
    const { options } = network;
    this.network = network;
    this.#random = random;
    this.#components = [0, 1, 2]
      .map((k) => components(options.harmonics.volts, options.angles[k]!, 0))
      .concat([0, 1, 2].map((k) => components(options.harmonics.amps, options.angles[k]!, options.lag[k]!)));
    this.#orders = [...new Set(this.#components.flatMap((list) => list.map(({ order }) => order)))];
  }

  /** Fills samples [from, to) of the channels; within them frequency and load are taken as constant. */
  fill(channels: readonly Float64Array[], from: number, to: number, at: WaveStart): void {
    const { options } = this.network;
    for (const channel of channels) channel.fill(0, from, to);
    this.#sines(channels, from, to, at);
    this.#noise(channels, from, to);
    this.#envelope(channels, from, to, at);
    this.#ring(channels, from, to, at);
    if (options.connection !== undefined) connectSamples(channels, options.connection, from, to);
  }

  #sines(channels: readonly Float64Array[], from: number, to: number, { t, theta, w }: WaveStart): void {
    const { options } = this.network;
    const nyquist = Math.PI / w;
    for (const order of this.#orders) {
      if (order >= nyquist) continue;
      const turnRe = Math.cos(order * w);
      const turnIm = Math.sin(order * w);
      for (let c = 0; c < 6; c++) {
        const source = c < 3 ? this.network.voltagePhase(t, c) : c;
        const channel = channels[c]!;
        for (const component of this.#components[source]!) {
          if (component.order !== order) continue;
          const peak = Math.SQRT2 * (c < 3 ? options.volts[source]! : options.amps[c - 3]!);
          const { sin, cos } = component;
          let re = Math.cos(order * theta);
          let im = Math.sin(order * theta);
          for (let k = from; k < to; k++) {
            channel[k]! += peak * (sin * im + cos * re);
            const next = re * turnRe - im * turnIm;
            im = re * turnIm + im * turnRe;
            re = next;
          }
        }
      }
    }
  }

  #noise(channels: readonly Float64Array[], from: number, to: number): void {
    const { noise, volts, amps } = this.network.options;
    if (noise === 0) return;
    for (let c = 0; c < 6; c++) {
      const size = (noise / 100) * (c < 3 ? volts[c]! : amps[c - 3]!);
      const channel = channels[c]!;
      for (let k = from; k < to; k++) channel[k]! += size * this.#random.normal();
    }
  }

  #ring(channels: readonly Float64Array[], from: number, to: number, { t, dt }: WaveStart): void {
    const { network } = this;
    if (network.options.transients === undefined) return;
    for (let c = 0; c < 3; c++) {
      const channel = channels[c]!;
      for (const [{ part, hz, for: lasts }, began] of network.transients(t, t + (to - from) * dt, c)) {
        const peak = part * Math.SQRT2 * network.options.volts[c]!;
        for (let k = from; k < to; k++) {
          const since = t + (k - from) * dt - began;
          if (since < 0 || since > lasts) continue;
          channel[k]! += peak * DIED_AWAY ** (since / lasts) * Math.sin(2 * Math.PI * hz * since);
        }
      }
    }
  }

  #envelope(channels: readonly Float64Array[], from: number, to: number, { t, dt }: WaveStart): void {
    const { network } = this;
    const restless = network.restless(t, t + (to - from) * dt);
    for (let c = 0; c < 6; c++) {
      const channel = channels[c]!;
      const phase = c % 3;
      const at = (when: number): number => (c < 3 ? network.voltsAt(when, phase) : network.ampsAt(when, phase));
      if (restless) {
        for (let k = from; k < to; k++) channel[k]! *= at(t + (k - from) * dt);
        continue;
      }
      const factor = at(t);
      if (factor !== 1) for (let k = from; k < to; k++) channel[k]! *= factor;
    }
  }
}
