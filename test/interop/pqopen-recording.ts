/** A recording that Polyphase and pqopen-lib both measure: made of sines, so that what it holds is known. */
import { writeFileSync } from "node:fs";
import { wirings } from "#quantity/wiring.ts";
import { Grid } from "#metrology/grid.ts";
import { Blocks } from "#quality/blocks.ts";
import { BlockSpectrum } from "#quality/block-spectrum.ts";
import { channelsOf } from "#metrology/channels.ts";
import { CHANNEL_COLUMNS, channelColumn, serviceColumn } from "#quality/columns.ts";
import { peersPython, runProgram } from "./programs.ts";

export interface Recording {
  readonly rate: number;
  readonly seconds: number;
  /** Volts first; amps only where there are three of each. */
  readonly channels: readonly ((t: number) => number)[];
}

/** Each second: all samples of one channel after those of the one before, as 32-bit floats. Both sides see the same rounding. */
export function samplesOf({ rate, seconds, channels }: Recording): Float32Array {
  const out = new Float32Array(rate * seconds * channels.length);
  let at = 0;
  for (let second = 0; second < seconds; second++) {
    for (const channel of channels) for (let k = 0; k < rate; k++) out[at++] = channel(second + k / rate);
  }
  return out;
}

/** One second of such samples, as a source hands it out. */
export function* runsOf({ rate, seconds, channels }: Recording, samples: Float32Array) {
  for (let second = 0; second < seconds; second++) {
    const from = second * channels.length;
    yield {
      channels: channels.map((_, c) => Float64Array.from(samples.subarray((from + c) * rate, (from + c + 1) * rate))),
      count: rate,
      rate,
      perCycle: 0,
      at: second,
      joined: second > 0,
      missing: undefined,
    };
  }
}

const script = new URL("./pqopen-peer.py", import.meta.url).pathname;

export interface PqopenResult {
  /** Of its own processing, without reading the file. */
  readonly seconds: number;
  /** The same, of the processor. */
  readonly cpu: number;
  readonly told: Readonly<Record<string, number | readonly number[]>>;
}

/** What pqopen-lib makes of a recording in `folder`, that begins at `utc` (milliseconds since 1970). */
export async function measureWithPqopen(
  { rate, channels, seconds }: Recording,
  samples: Float32Array,
  folder: string,
  {
    hz,
    utc,
    what,
    patience = 300_000,
  }: {
    readonly hz: 50 | 60;
    readonly utc: number;
    readonly what: "harmonics" | "flicker" | "all";
    /** Milliseconds. */
    readonly patience?: number;
  },
): Promise<PqopenResult> {
  const file = `${folder}/recording.f32`;
  // Again and again, where it is longer than its samples.
  const once = rate * channels.length;
  const rounds = (seconds * once) / samples.length;
  for (let round = 0; round < rounds; round++) {
    const left = seconds * once - round * samples.length;
    writeFileSync(file, samples.subarray(0, Math.min(samples.length, left)), { flag: round === 0 ? "w" : "a" });
  }
  const volts = channels.length === 6 ? 3 : channels.length;
  const args = [script, file, rate, volts, channels.length - volts, hz, utc * 1000, what];
  const { out, status } = await runProgram(peersPython, args.map(String), patience);
  if (status !== 0) throw new Error(`pqopen-lib: ${out}`);
  return JSON.parse(out.trim().split("\n").at(-1) ?? "") as PqopenResult;
}

/** Means of the blocks of a recording of three voltages and currents. */
export class BlockMeans {
  count = 0;
  readonly #sums: Float64Array;
  readonly #channels = channelsOf(wirings.wye);
  /** Seconds that the measuring took. */
  measuringSeconds = 0;

  constructor(recording: Recording, samples: Float32Array, hz: 50 | 60, grid = 256) {
    const cycles = hz === 50 ? 10 : 12;
    const feed = new Grid({ grid, wiring: wirings.wye, frequency: [42.5, 69], cyclesKept: 3 * cycles });
    const spectrum = new BlockSpectrum({
      wiring: wirings.wye,
      channels: this.#channels,
      cycles,
      grid,
      rotation: "abc",
      declaredVolts: () => undefined,
    });
    this.#sums = new Float64Array(spectrum.values.length);
    const blocks = new Blocks(cycles, () => NaN, {
      measure: (block) => {
        spectrum.measure(feed.ring, block);
        for (let k = 0; k < this.#sums.length; k++) this.#sums[k]! += spectrum.values[k]!;
        this.count++;
      },
      take: () => undefined,
      giveUp: () => undefined,
    });
    for (const run of runsOf(recording, samples)) {
      const began = performance.now();
      feed.push(run);
      while (feed.next()) blocks.half(feed);
      this.measuringSeconds += (performance.now() - began) / 1000;
    }
  }

  of(channel: string, column: keyof typeof channelColumn, order = 0): number {
    const index = this.#channels.findIndex(({ name }) => name === channel);
    return this.#sums[index * CHANNEL_COLUMNS + channelColumn[column] + order]! / this.count;
  }

  service(column: keyof typeof serviceColumn): number {
    return this.#sums[this.#channels.length * CHANNEL_COLUMNS + serviceColumn[column]]! / this.count;
  }
}
