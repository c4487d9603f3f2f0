/**
 * Bytes as they come, until whoever reads them has taken what they make whole. Room doubles: what comes byte by byte costs no more than
 * what comes at once. How much is kept is the reader's business.
 */
export class Intake {
  #bytes = new Uint8Array(0);
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  /** All that is there; void after `add` and `drop`. */
  get view(): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#to);
  }

  add(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (this.#to + bytes.length > this.#bytes.length) {
      const { view } = this;
      if (length > this.#bytes.length) this.#bytes = new Uint8Array(Math.max(64, 2 * length));
      this.#bytes.set(view);
      this.#from = 0;
      this.#to = view.length;
    }
    this.#bytes.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  /** Takes so many bytes away from the front; with the last one goes the room. */
  drop(count: number): void {
    this.#from += count;
    if (this.#from < this.#to) return;
    this.#from = this.#to = 0;
    if (this.#bytes.length > KEPT) this.#bytes = new Uint8Array(0);
  }
}

/** Room that an idle reader may keep. */
const KEPT = 4096;
