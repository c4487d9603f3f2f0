/**
 * TPKT (RFC 1006, 6): version 3, an octet of 0, and the length of a whole packet in two, before each TPDU. What comes whole is handed on where it
 * lies; what does not is kept until it is.
 */
import { WireError } from "#wire/cursor.ts";
import { Intake } from "#wire/intake.ts";

export const TPKT_HEADER = 4;
/** A TPDU has its length and a code. */
const SHORTEST = TPKT_HEADER + 2;

const NOTHING = new Uint8Array(0);

export class TpktReader {
  readonly #take: (bytes: Uint8Array, from: number, to: number) => void;
  /** Of a packet that is not whole; of several while nobody takes any. */
  readonly #intake = new Intake();
  /** What comes while something is worked off, and while nobody takes any. */
  readonly #later: Uint8Array[] = [];
  #working = false;
  #paused = false;
  #ended = false;

  /** `take` is given a TPDU, octets [from, to), good until it returns. */
  constructor(take: (bytes: Uint8Array, from: number, to: number) => void) {
    this.#take = take;
  }

  /** Throws WireError where no packet begins, and whatever `take` throws: nothing that follows can be trusted. */
  receive(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#working || this.#paused) this.#later.push(bytes);
    else this.#work(bytes);
  }

  /** No more are handed on until `resume`; whoever pauses pauses the link, too. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (!this.#working && !this.#ended) this.#work(NOTHING);
  }

  /** Nothing is taken in or handed on any more. */
  end(): void {
    this.#ended = true;
    this.#later.length = 0;
  }

  #work(bytes: Uint8Array): void {
    this.#working = true;
    try {
      this.#run(bytes);
      while (!this.#paused && !this.#ended) {
        const next = this.#later.shift();
        if (next === undefined) break;
        this.#run(next);
      }
    } finally {
      this.#working = false;
    }
  }

  #run(chunk: Uint8Array): void {
    const isKept = this.#intake.length > 0;
    if (isKept) this.#intake.add(chunk);
    const bytes = isKept ? this.#intake.view : chunk;
    let at = 0;
    while (!this.#paused && !this.#ended) {
      const end = endOf(bytes, at);
      if (end === undefined) break;
      this.#take(bytes, at + TPKT_HEADER, end);
      at = end;
    }
    if (isKept) this.#intake.drop(at);
    else if (at < bytes.length) this.#intake.add(bytes.subarray(at));
  }
}

/** Where the packet that begins at `at` ends; undefined where it is not whole. */
function endOf(bytes: Uint8Array, at: number): number | undefined {
  const left = bytes.length - at;
  if (left === 0) return undefined;
  if (bytes[at] !== 3 || (left > 1 && bytes[at + 1] !== 0)) throw new WireError("expected a TPKT of version 3", at);
  if (left < TPKT_HEADER) return undefined;
  const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  if (length < SHORTEST) throw new WireError(`a TPKT of ${length} octets`, at);
  return length <= left ? at + length : undefined;
}
