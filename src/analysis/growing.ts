/** Columns that grow by one value at a time. */
export class GrowingColumn {
  #values = new Float64Array(64);
  #count = 0;

  push(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  get count(): number {
    return this.#count;
  }

  get last(): number {
    return this.#count === 0 ? NaN : this.#values[this.#count - 1]!;
  }

  /** What there is, in an array of its own. */
  get values(): Float64Array {
    return this.#values.slice(0, this.#count);
  }

  /** The same of zeros and ones. */
  get flags(): Uint8Array {
    return Uint8Array.from(this.#values.subarray(0, this.#count));
  }
}
