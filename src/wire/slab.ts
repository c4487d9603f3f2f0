/**
 * Room for answers: pieces of one large array, handed out one after the other and never taken back, so that an answer
 * costs no allocation of its own. A piece may be kept as long as its user likes.
 */
const SIZE = 1 << 16;

export class Slab {
  #bytes = new Uint8Array(SIZE);
  #at = 0;

  /** Where the next piece begins; `bytes` has at least `count` of room there. */
  reserve(count: number): number {
    if (this.#at + count > this.#bytes.length) {
      this.#bytes = new Uint8Array(Math.max(SIZE, count));
      this.#at = 0;
    }
    return this.#at;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Takes the piece from the reserved place up to `end`. */
  take(end: number): Uint8Array {
    const piece = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return piece;
  }
}
