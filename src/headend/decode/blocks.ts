/** Blocks of one value, or of one APDU, as they come. */

/** What blocks may come to; what is longer is shown by its blocks alone. */
const LONGEST = 1 << 24;

export class Blocks {
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** All of them, when the last has come and none is missing. `number` counts from 1. */
  add(number: number, bytes: Uint8Array, isLast: boolean): Uint8Array | undefined {
    if (number === 1) this.#clear();
    // The same once more is sent again, not another; with one missing, and with too many, nothing is made of them.
    if (number === this.#pieces.length) return undefined;
    if (number !== this.#pieces.length + 1 || this.#length + bytes.length > LONGEST) {
      this.#clear();
      return undefined;
    }
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (!isLast) return undefined;
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#clear();
    return whole;
  }

  #clear(): void {
    this.#pieces = [];
    this.#length = 0;
  }
}
