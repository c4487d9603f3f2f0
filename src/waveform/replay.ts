/** A recording as a meter's input: channels mapped to inputs, ratios, one rate, looping. */
import type { Recording } from "#format/recording.ts";
import { KaiserSinc } from "#metrology/kaiser-sinc.ts";
import type { SampleSource } from "./source.ts";

export const inputs = ["va", "vb", "vc", "ia", "ib", "ic"] as const;
export type Input = (typeof inputs)[number];

export interface ChannelMap {
  readonly channel: string;
  /** What the recording's values are multiplied by: a ratio, or -1 for a transformer the wrong way round. */
  readonly scale: number;
}

/** Which channel of a recording feeds which input; inputs that are not named stay at zero. */
export type InputMap = Readonly<Partial<Record<Input, ChannelMap>>>;

/** Why a map does not fit its recording. */
export class MapError extends Error {
  readonly input: Input;

  constructor(input: Input, message: string) {
    super(message);
    this.name = "MapError";
    this.input = input;
  }
}

/** Throws MapError when the map names a channel that the recording lacks. */
export function mapRecording(recording: Recording, map: InputMap): { rate: number; channels: Float64Array[] } {
  const rate = Math.max(...recording.segments.map((segment) => segment.rate));
  const channels = inputs.map((input) => {
    const mapped = map[input];
    if (mapped === undefined) return undefined;
    const channel = recording.channels.find(({ name }) => name === mapped.channel);
    if (channel === undefined) {
      const names = recording.channels.map(({ name }) => `"${name}"`).join(", ");
      throw new MapError(input, `the recording has no channel "${mapped.channel}"; it has ${names}`);
    }
    return atOneRate(filled(channel.samples), recording, rate, channel.skew).map((x) => x * mapped.scale);
  });
  const length = Math.max(0, ...channels.map((samples) => samples?.length ?? 0));
  return { rate, channels: channels.map((samples) => samples ?? new Float64Array(length)) };
}

/** Missing samples are filled on a straight line between their neighbours. */
function filled(samples: Float64Array): Float64Array {
  const out = samples.slice();
  let last = -1;
  for (let k = 0; k < out.length; k++) {
    if (Number.isNaN(out[k]!)) continue;
    if (k > last + 1) {
      const before = last >= 0 ? out[last]! : out[k]!;
      for (let j = last + 1; j < k; j++) out[j] = before + ((out[k]! - before) * (j - last)) / (k - last);
    }
    last = k;
  }
  for (let j = last + 1; j < out.length; j++) out[j] = last >= 0 ? out[last]! : 0;
  return out;
}

/**
 * Brings every segment to the highest rate of the recording, each interpolated within itself, and takes back the skew
 * of a channel that was sampled later than the others.
 */
function atOneRate(samples: Float64Array, recording: Recording, rate: number, skew: number): Float64Array {
  if (skew === 0 && recording.segments.every((segment) => segment.rate === rate)) return samples;
  const kernel = new KaiserSinc();
  const weights = new Float64Array(kernel.taps);
  const parts: number[] = [];
  let first = 0;
  let owed = 0;
  for (const segment of recording.segments) {
    owed += (segment.count * rate) / segment.rate;
    const made = Math.floor(owed + 1e-6);
    owed -= made;
    for (let k = 0; k < made; k++) {
      const at = (k / rate - skew) * segment.rate;
      const whole = Math.floor(at);
      kernel.coefficients(at - whole, weights);
      let sum = 0;
      for (let tap = 0; tap < kernel.taps; tap++) {
        const from = Math.min(segment.count - 1, Math.max(0, whole + tap - kernel.before));
        sum += weights[tap]! * samples[first + from]!;
      }
      parts.push(sum);
    }
    first += segment.count;
  }
  return Float64Array.from(parts);
}

export class Replay implements SampleSource {
  readonly kind = "samples";
  readonly perCycle = 0;
  readonly rate: number;
  readonly channels: Float64Array[] = [];
  readonly #recorded: readonly Float64Array[];
  readonly #loop: boolean;
  readonly #length: number;
  #at = 0;
  #owed = 0;

  constructor(recorded: { rate: number; channels: readonly Float64Array[] }, loop: boolean) {
    this.rate = recorded.rate;
    this.#recorded = recorded.channels;
    this.#length = recorded.channels[0]?.length ?? 0;
    this.#loop = loop;
    for (let c = 0; c < inputs.length; c++) this.channels.push(new Float64Array(Math.ceil(2 * this.rate)));
  }

  get ended(): boolean {
    return !this.#loop && this.#at >= this.#length;
  }

  read(seconds: number): number {
    this.#owed += seconds * this.rate;
    const count = Math.floor(this.#owed + 1e-3);
    this.#owed -= count;
    for (let c = 0; c < inputs.length; c++) {
      if (this.channels[c]!.length < count) this.channels[c] = new Float64Array(count);
      const from = this.#recorded[c]!;
      const to = this.channels[c]!;
      for (let k = 0, at = this.#at; k < count; k++, at++) {
        // Past its end a recording that does not loop is a dead line.
        to[k] = this.#loop ? from[at % this.#length]! : (from[at] ?? 0);
      }
    }
    this.#at += count;
    if (this.#loop) this.#at %= this.#length;
    return count;
  }
}
