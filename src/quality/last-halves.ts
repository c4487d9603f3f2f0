/** Which half cycles lie in a grid's rings, where, and when they were: those since the last gap. */
import type { GridHalf } from "#metrology/grid-half.ts";

export class LastHalves {
  /** The number of the oldest that is there, and of the one that comes next: they count on over gaps. */
  first = 0;
  next = 0;
  ring: readonly Float64Array[] = [];
  /** Instants of a half cycle. */
  readonly half: number;
  /** As many as the rings have room for. */
  #room = 0;
  #from = new Int32Array(0);
  #index = new Float64Array(0);
  #at = new Float64Array(0);
  #seconds = new Float64Array(0);
  #hz = new Float64Array(0);
  #missing = new Uint8Array(0);

  constructor(half: number) {
    this.half = half;
  }

  /** Takes a half cycle that follows the last one without a gap, or after `clear`. */
  take({ ring, from, index, at, seconds, hz, missing }: GridHalf): void {
    if (ring !== this.ring) this.#begin(ring);
    const slot = this.next % this.#room;
    if (this.next - this.first === this.#room) this.first++;
    this.#from[slot] = from;
    this.#index[slot] = index;
    this.#at[slot] = at;
    this.#seconds[slot] = seconds;
    this.#hz[slot] = hz;
    this.#missing[slot] = missing;
    this.next++;
    // After a jump of the phase numbers skip one, and a place in the rings with it.
    while (this.#index[this.first % this.#room]! <= index - this.#room) this.first++;
  }

  #begin(ring: readonly Float64Array[]): void {
    this.ring = ring;
    this.#room = ring[0]!.length / this.half;
    this.#from = new Int32Array(this.#room);
    this.#index = new Float64Array(this.#room);
    this.#at = new Float64Array(this.#room);
    this.#seconds = new Float64Array(this.#room);
    this.#hz = new Float64Array(this.#room);
    this.#missing = new Uint8Array(this.#room);
    this.clear();
  }

  /** Nothing that was before goes on. */
  clear(): void {
    this.first = this.next;
  }

  /** The number of the half cycle in which a time lies: the oldest of what was before, the next of what is not there yet. */
  numberAt(seconds: number): number {
    if (this.first === this.next || !(seconds < this.endOf(this.next - 1))) return this.next;
    let number = this.next - 1;
    while (number > this.first && this.beginOf(number) > seconds) number--;
    return number;
  }

  beginOf(number: number): number {
    return this.#at[number % this.#room]!;
  }

  secondsOf(number: number): number {
    return this.#seconds[number % this.#room]!;
  }

  endOf(number: number): number {
    return this.beginOf(number) + this.secondsOf(number);
  }

  hzOf(number: number): number {
    return this.#hz[number % this.#room]!;
  }

  /** Where it lies in the rings. */
  fromOf(number: number): number {
    return this.#from[number % this.#room]!;
  }

  missingOf(number: number): number {
    return this.#missing[number % this.#room]!;
  }
}
