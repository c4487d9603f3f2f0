/**
 * Invocation counters of one client's keys that survive whatever happens to the process (Green Book 9.2.3.3.7.3). Under one key no counter
 * may be sent twice: before the first of a block is sent, the end of the block is kept, and who begins anew begins there. What has come
 * and is not higher is refused: of what may change something it is kept before that is answered, of a mere question with what is kept
 * next. A question that comes again after a crash is answered under another counter, to nobody's use.
 */
import { unguessable } from "#io/ciphers.ts";
import { HIGHEST_COUNTER } from "./ciphering.ts";

export type ReceivedKey = "unicast" | "broadcast";

/** The highest that has come under a key, and which of the keys that were set one after the other that was. */
interface Received {
  readonly mark: string;
  readonly counter: number;
}

interface Kept {
  /** What is below may have been sent. */
  readonly reserved: number;
  readonly received: { readonly [key in ReceivedKey]?: Received | undefined };
}

export interface Keeping {
  /** What was kept last; undefined where nothing was. */
  kept(): Uint8Array | undefined;
  /** Something else has to be kept (`Counters.bytes`): at once, so that what is said next waits until it is on disk, or soon. */
  changed(when: "now" | "soon"): void;
  /** Another one whenever another key is set: counters of a new key begin anew. */
  mark(key: ReceivedKey): string;
}

/** Counters that are reserved at once: so many are skipped at each start. */
export const RESERVE = 1024;

export class Counters {
  readonly #keeping: Keeping;
  #reserved: number;
  #next: number;
  #received: Kept["received"];

  /** `first` is where somebody begins of whom nothing is kept: anywhere, so that a lost record repeats nothing. */
  constructor(keeping: Keeping, first = anywhere()) {
    this.#keeping = keeping;
    const bytes = keeping.kept();
    const kept = bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as Kept);
    this.#reserved = kept?.reserved ?? first;
    this.#next = this.#reserved;
    this.#received = kept?.received ?? {};
  }

  /** What is kept of it; undefined before anything has been sent or has come. */
  get bytes(): Uint8Array | undefined {
    const isUntouched = this.#next === this.#reserved && this.#received.unicast === undefined;
    if (isUntouched && this.#received.broadcast === undefined) return undefined;
    const kept: Kept = { reserved: this.#reserved, received: this.#received };
    return new TextEncoder().encode(JSON.stringify(kept));
  }

  /** Never the same twice. Throws an Error where they are used up: what is sent then would be read by whoever listens. */
  next(): number {
    if (this.#next > HIGHEST_COUNTER) throw new Error("the invocation counter is used up: another key has to be set");
    const next = this.#next++;
    if (next >= this.#reserved) {
      this.#reserved = next + RESERVE;
      this.#keeping.changed("now");
    }
    return next;
  }

  /** Whether a counter is higher than all that have come under the key; then it is the highest. `asks`: of what changes nothing. */
  accept(key: ReceivedKey, counter: number, asks = false): boolean {
    const mark = this.#keeping.mark(key);
    const before = this.#received[key];
    if (before !== undefined && before.mark === mark && counter <= before.counter) return false;
    this.#received = { ...this.#received, [key]: { mark, counter } };
    this.#keeping.changed(asks ? "soon" : "now");
    return true;
  }

  /** The highest that has come under the key that is set; undefined where none has. */
  received(key: ReceivedKey): number | undefined {
    const before = this.#received[key];
    return before?.mark === this.#keeping.mark(key) ? before.counter : undefined;
  }
}

/** In the lower quarter: the rest is enough for whoever asks all day, for all years. */
function anywhere(): number {
  const bytes = unguessable(4);
  return new DataView(bytes.buffer).getUint32(0) >>> 2;
}
