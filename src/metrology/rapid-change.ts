/**
 * Rapid voltage changes (IEC 61000-4-30, 5.11): volts are steady while every half-cycle value of the last second lies within a
 * threshold of their mean. An event begins when one of them leaves it and ends when all are steady again; that second is
 * none of its duration.
 */

/** What an event came to, in volts by phase. */
export interface RapidChangeEvent {
  /** From the first value that was off until the volts had settled. */
  readonly seconds: number;
  /** How long ago it ended. */
  readonly endedAgo: number;
  readonly largest: readonly number[];
  readonly settled: readonly number[];
}

/** Half-cycle values of a second, of one phase. While all of them are one value, that is all there is. */
class Second {
  readonly #halves: number;
  #ring: Float64Array | undefined;
  #next = 0;
  #count = 0;
  #sum = 0;
  #least = Infinity;
  #most = -Infinity;
  /** Mean of the last steady second, and how far an event went from it. */
  before = NaN;
  largest = 0;

  constructor(halves: number) {
    this.#halves = halves;
  }

  push(value: number): void {
    if (this.#ring === undefined) {
      if (this.#count === 0) this.#least = this.#most = value;
      if (value === this.#least) {
        if (this.#count < this.#halves) this.#count++;
        this.#sum = this.#count * value;
        return;
      }
      this.#ring = new Float64Array(this.#halves).fill(this.#least, 0, this.#count);
      this.#next = this.#count % this.#halves;
    }
    this.#pushTo(this.#ring, value);
    // Settled to one value again.
    if (this.isOnly(value)) this.#ring = undefined;
  }

  #pushTo(ring: Float64Array, value: number): void {
    const old = ring[this.#next]!;
    ring[this.#next] = value;
    this.#next = (this.#next + 1) % ring.length;
    this.#sum += value;
    if (this.#count < ring.length) {
      this.#count++;
      this.#least = Math.min(this.#least, value);
      this.#most = Math.max(this.#most, value);
      return;
    }
    this.#sum -= old;
    if (old === this.#least || old === this.#most) this.#scan(ring);
    else {
      this.#least = Math.min(this.#least, value);
      this.#most = Math.max(this.#most, value);
    }
  }

  #scan(ring: Float64Array): void {
    // Summed anew as well, so that nothing is left of what has gone.
    [this.#sum, this.#least, this.#most] = [0, Infinity, -Infinity];
    for (const value of ring) {
      this.#sum += value;
      this.#least = Math.min(this.#least, value);
      this.#most = Math.max(this.#most, value);
    }
  }

  get isFull(): boolean {
    return this.#count === this.#halves;
  }

  get mean(): number {
    return this.#sum / this.#count;
  }

  /** Whether all of them lie within `threshold` of their mean. */
  isSteady(threshold: number): boolean {
    const { mean } = this;
    return this.#most - mean <= threshold && mean - this.#least <= threshold;
  }

  /** Whether the whole second was this value. */
  isOnly(value: number): boolean {
    return this.isFull && this.#least === value && this.#most === value;
  }
}

export class RapidChange {
  readonly #phases: readonly Second[];
  readonly #halves: number;
  readonly #halfSeconds: number;
  readonly #threshold: number;
  readonly #hysteresis: number;
  /** An event is under way. */
  active = false;
  /** How far the phase that began it went then, volts. */
  value = 0;
  #halvesActive = 0;

  /** `threshold` begins an event, `hysteresis` (less) must be kept to end it; volts. */
  constructor(options: { phases: number; hz: number; threshold: number; hysteresis: number }) {
    this.#halves = 2 * options.hz;
    this.#halfSeconds = 1 / this.#halves;
    this.#threshold = options.threshold;
    this.#hysteresis = options.hysteresis;
    this.#phases = Array.from({ length: options.phases }, () => new Second(this.#halves));
  }

  /** Takes the volts of the next `seconds`; true when an event has begun or ended, in `active` and `ended`. */
  look(volts: Float64Array, seconds: number): boolean {
    if (!this.active && this.isConstant(volts)) return false;
    // What is constant for longer than a second has settled after one.
    const halves = Math.max(1, Math.round(seconds / this.#halfSeconds));
    let changed = false;
    for (let half = 0; half < Math.min(halves, 2 * this.#halves); half++) {
      if (this.#half(volts)) changed = true;
      if (changed && !this.active) {
        this.ended = { ...this.ended!, endedAgo: this.ended!.endedAgo + (halves - half - 1) * this.#halfSeconds };
        break;
      }
    }
    return changed;
  }

  /** The whole last second was these volts. */
  isConstant(volts: Float64Array): boolean {
    for (let k = 0; k < this.#phases.length; k++) if (!this.#phases[k]!.isOnly(volts[k]!)) return false;
    return true;
  }

  /** The last event that ended. */
  ended: RapidChangeEvent | undefined;

  #half(volts: Float64Array): boolean {
    const threshold = this.active ? this.#hysteresis : this.#threshold;
    let steady = true;
    let full = true;
    for (let k = 0; k < this.#phases.length; k++) {
      const phase = this.#phases[k]!;
      // The mean before an event is the one before its first value.
      if (!this.active && phase.isFull) phase.before = phase.mean;
      phase.push(volts[k]!);
      full &&= phase.isFull;
      steady &&= phase.isSteady(threshold);
    }
    if (!full || Number.isNaN(this.#phases[0]!.before)) return false;
    if (!this.active) {
      if (steady) return false;
      this.active = true;
      this.#halvesActive = 0;
      for (const phase of this.#phases) phase.largest = 0;
    }
    this.#halvesActive++;
    let most = 0;
    for (let k = 0; k < this.#phases.length; k++) {
      const phase = this.#phases[k]!;
      phase.largest = Math.max(phase.largest, Math.abs(volts[k]! - phase.before));
      most = Math.max(most, phase.largest);
    }
    if (this.#halvesActive === 1) {
      this.value = most;
      return true;
    }
    if (!steady) return false;
    this.active = false;
    const halves = Math.max(1, this.#halvesActive - this.#halves);
    this.ended = {
      seconds: halves * this.#halfSeconds,
      endedAgo: this.#halves * this.#halfSeconds,
      largest: this.#phases.map(({ largest }) => largest),
      settled: this.#phases.map((phase) => Math.abs(phase.mean - phase.before)),
    };
    return true;
  }
}
