/**
 * A recording as a meter's input, as it was recorded: each stretch at its own rate, gaps as long as they were, what is missing missing, and
 * an end where the file ends.
 */
import type { RecordingReader, Stretch } from "#format/reader.ts";
import { Chain } from "./chain.ts";
import { feedsOf, inputs, type Feed, type InputMap } from "./channel-map.ts";
import type { SampleRun, SampleSource } from "./source.ts";

/** Samples of one run: more are several runs. */
const MOST = 1 << 16;

/** Samples that a chain takes at once: what it holds is little more. */
const PIECE = 4096;

/** A part of a sample by which sums of time may be off. */
const ROUNDING = 1e-3;

/** What one run is handed out in. */
interface Slot {
  readonly channels: Float64Array[];
  missing: Uint8Array;
}

export class Replay implements SampleSource {
  readonly kind = "samples";
  readonly utc: number;
  /** Samples a second with which it begins; 0 of one that has none. */
  readonly firstRate: number;
  /** Why the recording was left before its end; undefined when it was not. */
  trouble: Error | undefined;
  readonly #reader: RecordingReader;
  readonly #feeds: readonly Feed[];
  readonly #loop: boolean;
  readonly #slots: Slot[] = [];
  #chain: Chain | undefined;
  /** What the reader gave and belongs to no chain yet. */
  #next: Stretch | undefined;
  /** What the chain under way has not taken yet of the stretch that it has come to. */
  #rest: Stretch | undefined;
  /** Seconds at which this round of the recording began, and at which it ends as far as it was read. */
  #round = 0;
  #end = 0;
  #joined = false;
  #elapsed = 0;
  #ended = false;

  /** Throws FormatError of a file without samples, and MapError of a map that does not fit it. */
  constructor(reader: RecordingReader, map: InputMap, loop: boolean) {
    this.#reader = reader;
    this.#feeds = feedsOf(reader.head.channels, map);
    this.#loop = loop;
    this.utc = reader.head.start;
    this.#next = reader.next();
    this.firstRate = this.#next?.rate ?? 0;
    this.#ended = this.#next === undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get elapsed(): number {
    return this.#elapsed;
  }

  /** Seconds until the next sample, as far as that is known: 0 while samples follow one another. */
  get quiet(): number {
    const at = this.#chain?.at ?? (this.#next === undefined ? NaN : this.#round + this.#next.at);
    return Math.max(0, at - this.#elapsed) || 0;
  }

  read(seconds: number): readonly SampleRun[] {
    this.#elapsed += seconds;
    const runs: SampleRun[] = [];
    while (!this.#ended) {
      const chain = (this.#chain ??= this.#begin());
      if (chain === undefined) {
        this.#ended = true;
        break;
      }
      const due = Math.ceil((this.#elapsed - chain.at) * chain.rate - ROUNDING);
      if (due <= 0) break;
      this.#fill(chain, Math.min(due, MOST));
      const count = Math.min(due, MOST, chain.ready);
      if (count > 0) runs.push(this.#run(chain, count, runs.length));
      if (!chain.isDone) continue;
      this.#chain = undefined;
      // Whether that was the end.
      if (this.#next === undefined && !this.#loop) this.#ended = true;
    }
    return runs;
  }

  #run(chain: Chain, count: number, index: number): SampleRun {
    const slot = (this.#slots[index] ??= {
      channels: inputs.map(() => new Float64Array(count)),
      missing: new Uint8Array(count),
    });
    const { channels } = slot;
    if (slot.missing.length < count) {
      for (let c = 0; c < channels.length; c++) channels[c] = new Float64Array(count);
      slot.missing = new Uint8Array(count);
    }
    const { at, rate } = chain;
    const some = chain.take(count, channels, slot.missing);
    const run = {
      channels,
      count,
      rate,
      perCycle: 0,
      at,
      joined: this.#joined,
      missing: some ? slot.missing : undefined,
    };
    this.#joined = true;
    return run;
  }

  /** Begins a chain with what comes next. */
  #begin(): Chain | undefined {
    const next = this.#next ?? this.#pull();
    if (next === undefined) return undefined;
    this.#next = undefined;
    this.#joined = false;
    const chain = new Chain(this.#feeds, this.#round + next.at, next.rate);
    this.#append(chain, next);
    return chain;
  }

  /** Appends as much of a stretch as a chain takes at once; the rest waits. */
  #append(chain: Chain, stretch: Stretch): void {
    const { rows, from, count, rate, at } = stretch;
    const piece = Math.min(count, PIECE);
    chain.append(rows.channels, [from, piece], rate, this.#round + at);
    this.#end = at + piece / rate;
    const rest = { ...stretch, from: from + piece, count: count - piece, at: this.#end };
    this.#rest = rest.count > 0 ? rest : undefined;
  }

  /** Reads on until a chain has so many samples, or has ended. */
  #fill(chain: Chain, count: number): void {
    while (this.#next === undefined && chain.ready < count && !chain.isDone) {
      if (this.#rest !== undefined) {
        this.#append(chain, this.#rest);
        continue;
      }
      const next = this.#pull();
      if (next !== undefined && next.follows && chain.takes(next.rate)) this.#append(chain, next);
      else {
        this.#next = next;
        chain.close();
        break;
      }
    }
  }

  /** The next stretch; with a loop the first one again, which follows the last one. */
  #pull(): Stretch | undefined {
    try {
      const next = this.#reader.next();
      if (next !== undefined || !this.#loop) return next;
      this.#reader.rewind();
      this.#round += this.#end;
      const first = this.#reader.next();
      return first && { ...first, follows: true };
    } catch (error) {
      // It was read once, or to here: whoever writes on the file ends it.
      this.trouble = error instanceof Error ? error : new Error(String(error));
      return undefined;
    }
  }
}
