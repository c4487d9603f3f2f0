/** The data of a COMTRADE recording, described: what their decoders share. */
import type { ByteSource } from "./bytes.ts";
import type { ComtradeConfig } from "./comtrade-config.ts";
import type { RecordingHead } from "./recording.ts";
import type { Remarks } from "./remarks.ts";

/** What every decoder of the data needs. */
export interface ComtradeData {
  readonly config: ComtradeConfig;
  readonly file: string;
  readonly source: ByteSource;
  /** The bytes of the data: [from, to) of the source. */
  readonly from: number;
  readonly to: number;
  /** Lines of the file before the data. */
  readonly linesBefore: number;
  readonly head: RecordingHead;
  readonly remarks: Remarks;
  /** By analog channel: SI value = gain x number + offset. */
  readonly gain: Float64Array;
  readonly offset: Float64Array;
}

/** Counts after which the stamps of binary files begin at 0 again, and those of some recorders that write text. */
const WRAP = 2 ** 32;

/** From counts to seconds, over the ends of the counter. */
export class StampCounter {
  readonly #quantum: number;
  #last = NaN;
  #rounds = 0;

  constructor(quantum: number) {
    this.#quantum = quantum;
  }

  rewind(): void {
    this.#last = NaN;
    this.#rounds = 0;
  }

  /** Makes seconds of the counts at [from, to); NaN stays. */
  count(times: Float64Array, from: number, to: number): void {
    const quantum = this.#quantum;
    let last = this.#last;
    let rounds = this.#rounds;
    for (let k = from; k < to; k++) {
      const count = times[k]!;
      if (count < last - WRAP / 2 && last < WRAP) rounds += WRAP;
      if (!Number.isNaN(count)) last = count;
      times[k] = (count + rounds) * quantum;
    }
    this.#last = last;
    this.#rounds = rounds;
  }
}
