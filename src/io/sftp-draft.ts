/** A file that a peer sends piece by piece: kept until it is whole, within a bound. */
export class Draft {
  readonly #most: number;
  #octets = new Uint8Array(0);
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** False of what is beyond the bound, or leaves a gap behind what there is: nothing of it is kept. */
  write(at: number, data: Uint8Array): boolean {
    const end = at + data.length;
    if (at > this.#length || end > this.#most) return false;
    if (end > this.#octets.length) {
      const longer = new Uint8Array(Math.min(this.#most, Math.max(end, 2 * this.#octets.length)));
      longer.set(this.#octets.subarray(0, this.#length));
      this.#octets = longer;
    }
    this.#octets.set(data, at);
    this.#length = Math.max(this.#length, end);
    return true;
  }

  get bytes(): Uint8Array {
    return this.#octets.subarray(0, this.#length);
  }
}
