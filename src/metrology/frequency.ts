/**
 * Frequency of the fundamental. `estimateFrequency` finds it in a stretch of samples with no idea but the range;
 * `PhaseTracker` follows it from cycle to cycle.
 */

/** The phasor of `frequency` (cycles a sample) in samples [from, from + n) under a Hann window, about the middle. */
function hannPhasor(x: Float64Array, from: number, n: number, frequency: number, out: Float64Array): void {
  const w = 2 * Math.PI * frequency;
  const middle = (n - 1) / 2;
  let re = 0;
  let im = 0;
  for (let k = 0; k < n; k++) {
    const weight = (0.5 - 0.5 * Math.cos((2 * Math.PI * (k + 0.5)) / n)) * x[from + k]!;
    re += weight * Math.cos(w * (k - middle));
    im -= weight * Math.sin(w * (k - middle));
  }
  out[0] = re;
  out[1] = im;
}

const early = new Float64Array(2);
const late = new Float64Array(2);

/**
 * The frequency, in cycles a sample, of the strongest component between `low` and `high` cycles a sample in
 * [from, from + n): the best of a coarse scan, then sharpened by the turn of the phase between the first and the
 * last three quarters. NaN where nothing reaches `floor` (RMS). About four cycles are needed.
 */
export function estimateFrequency(
  x: Float64Array,
  from: number,
  n: number,
  low: number,
  high: number,
  floor: number,
): number {
  let squares = 0;
  for (let k = from; k < from + n; k++) squares += x[k]! * x[k]!;
  if (!(Math.sqrt(squares / n) >= floor) || floor <= 0) return NaN;
  let best = low;
  let most = -1;
  for (let step = 0; step <= 24; step++) {
    const frequency = low + ((high - low) * step) / 24;
    hannPhasor(x, from, n, frequency, early);
    const power = early[0]! * early[0]! + early[1]! * early[1]!;
    if (power > most) {
      most = power;
      best = frequency;
    }
  }
  const part = Math.floor((3 * n) / 4);
  const apart = n - part;
  for (let round = 0; round < 6; round++) {
    hannPhasor(x, from, part, best, early);
    hannPhasor(x, from + apart, part, best, late);
    const turn = Math.atan2(late[1]! * early[0]! - late[0]! * early[1]!, late[0]! * early[0]! + late[1]! * early[1]!);
    // Each phasor is taken about its own middle, so the carrier has turned by best x apart in between.
    const expected = 2 * Math.PI * best * apart;
    let excess = (turn - expected) % (2 * Math.PI);
    if (excess > Math.PI) excess -= 2 * Math.PI;
    if (excess < -Math.PI) excess += 2 * Math.PI;
    best += excess / (2 * Math.PI * apart);
  }
  return best;
}

/** Outliers in a row that a locked tracker takes for a phase jump before it follows them. */
const PATIENCE = 3;

/** A window may be off a whole period by this part to drift towards a zero crossing: it costs as much accuracy. */
const MOST_SLEW = 5e-6;

/**
 * Follows the fundamental of one channel. Each cycle it is told the phase at which that cycle's window began and
 * the length of the window, and says how long the next window shall be: one period, slightly stretched so that
 * windows drift to begin at rising zero crossings.
 */
export class PhaseTracker {
  /** The running estimate, in Hz. */
  hz: number;
  /** Cycles and seconds measured since `take`; their quotient is the frequency. */
  #cycles = 0;
  #seconds = 0;
  #phase = NaN;
  #seconds1 = NaN;
  #outliers = 0;

  constructor(hz: number) {
    this.hz = hz;
  }

  /** The mean frequency since the last call, NaN when no cycle was fit to be measured. */
  take(): number {
    const hz = this.#cycles / this.#seconds;
    this.#cycles = 0;
    this.#seconds = 0;
    return hz;
  }

  /** Says that the next phase has no connection with the last one: another channel, or no voltage. */
  lose(): void {
    this.#phase = NaN;
    this.#outliers = 0;
  }

  get lost(): boolean {
    return this.#outliers > PATIENCE;
  }

  /** Sets a frequency that was found otherwise. */
  reset(hz: number): void {
    this.hz = hz;
    this.lose();
  }

  /**
   * Takes the phase (radians, 0 at a rising zero crossing) at the start of a window of `seconds`, and returns the
   * length of the next window in seconds.
   */
  follow(phase: number, seconds: number): number {
    if (!Number.isNaN(this.#phase)) {
      let turn = (phase - this.#phase) / (2 * Math.PI);
      turn -= Math.round(turn);
      // From the start of the last window to the start of this one passed the last window's length.
      const measured = (1 + turn) / this.#seconds1;
      const off = measured / this.hz - 1;
      if (Math.abs(off) < 0.005) {
        this.#outliers = 0;
        this.#cycles += 1 + turn;
        this.#seconds += this.#seconds1;
        this.hz *= 1 + 0.2 * off;
      } else this.#outliers++;
    }
    this.#phase = phase;
    this.#seconds1 = seconds;
    return (1 - Math.max(-MOST_SLEW, Math.min(MOST_SLEW, (0.05 * phase) / (2 * Math.PI)))) / this.hz;
  }
}

/** The phase, in radians of a sine, that a component of `frequency` cycles a sample has at index `from`. */
export function phaseAt(x: Float64Array, from: number, n: number, frequency: number): number {
  hannPhasor(x, from, n, frequency, early);
  return Math.atan2(early[0]!, -early[1]!) - Math.PI * frequency * (n - 1);
}
