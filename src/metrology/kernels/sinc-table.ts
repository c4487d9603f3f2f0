/**
 * The windowed-sinc interpolator as a table that all meters of a process share: `phases` + 1 rows of `taps`
 * coefficients, one row a fraction of an input sample, each row normalised to sum 1. What lies between two rows is
 * interpolated linearly.
 *
 * Oppenheim and Schafer, Discrete-Time Signal Processing, 7.5 and 7.6. The window is a hyperbolic sine of half a circle, Kaiser's
 * with I(1/2) for I(0): 32 taps of it hold every tone up to 0.37 of the input's rate, and what others leave there,
 * within 1e-6 of itself; Kaiser's own 24 taps with beta 10.5 are 3e-4 off at 0.37. (docs/decisions/016-kernels.md)
 */
export interface SincTable {
  /** How much wider than at one the kernel is, and its cut-off lower. */
  readonly stretch: number;
  readonly taps: number;
  /** Taps that lie before the sample at or before the wanted instant, and after it. */
  readonly before: number;
  readonly after: number;
  readonly phases: number;
  /** Up to here, as a fraction of the input's rate, what is resampled is right. */
  readonly passband: number;
  /** Row r starts at r * taps. */
  readonly rows: Float64Array;
}

const TAPS = 32;
const BETA = 13.2;
const PHASES = 4096;
/** Of the kernel that is not stretched: right up to here, and nothing left from there on, in parts of the input's rate. */
const PASS = 0.37;
const STOP = 0.63;
/** Stretches are powers of 2 ** (1 / 16), so that sources of nearly one rate share one table. */
const STEPS_AN_OCTAVE = 16;
/**
 * Orders that a grid carries of any source that is faster than it, in parts of its instants a cycle: the kernel is stretched so far that
 * no source, however fast, makes them more than PASS, and by a step of stretches less at worst.
 */
export const GRID_PASSBAND = PASS / 2 ** (1 / STEPS_AN_OCTAVE);
/** A megahertz to 64 samples of a cycle of 42.5 Hz is 368 to one. */
const FARTHEST = 512;

/** Tables that are kept, and how many numbers one of them has at most: of 16 stretches an octave up to 512. */
export const KEPT = 16;
export const LARGEST = 163_840;

/** The one used last is at the end. */
const tables = new Map<number, SincTable>();
let last: SincTable | undefined;

/**
 * The table for outputs that lie `step` input samples apart. Above the output's own limit the input folds: the kernel is stretched until
 * nothing that folds falls into its passband.
 */
export function sincTable(step: number): SincTable {
  const stretch = stretchFor(step);
  if (last?.stretch === stretch) return last;
  const table = tables.get(stretch) ?? makeTable(stretch);
  tables.delete(stretch);
  tables.set(stretch, table);
  if (tables.size > KEPT) tables.delete(tables.keys().next().value!);
  last = table;
  return table;
}

/** Writes the `taps` coefficients of an instant that lies a part of 0 up to 1 of a sample behind one. */
export function coefficients({ rows, taps, phases }: SincTable, fraction: number, out: Float64Array): void {
  const place = fraction * phases;
  const row = Math.floor(place);
  const part = place - row;
  for (let tap = 0, at = row * taps; tap < taps; tap++, at++) {
    const low = rows[at]!;
    // At a row itself the next one, which the last does not have, does not count.
    out[tap] = part === 0 ? low : low + part * (rows[at + taps]! - low);
  }
}

function stretchFor(step: number): number {
  if (!(step > 0 && step <= FARTHEST)) {
    throw new RangeError(`outputs lie ${step} input samples apart; expected more than 0 and at most ${FARTHEST}`);
  }
  for (let k = 0; ; k++) {
    const stretch = 2 ** (k / STEPS_AN_OCTAVE);
    // A tone at f of the input's rate folds to 1 / step - f; there is none above 0.5, and none is left above the stop.
    if (1 / step - PASS / stretch >= Math.min(0.5, STOP / stretch) - 1e-12) return stretch;
  }
}

function makeTable(stretch: number): SincTable {
  // Where the window ends the sinc is zero: neither has a step there.
  const reach = (TAPS / 2) * stretch;
  const half = Math.ceil(reach);
  const taps = 2 * half;
  const phases = Math.ceil(PHASES / stretch);
  const rows = new Float64Array((phases + 1) * taps);
  const cut = 1 / stretch;
  for (let row = 0; row <= phases; row++) {
    const fraction = row / phases;
    const from = row * taps;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      // Tap k sits at sample k - half + 1 relative to the sample at or before the wanted instant.
      const x = k - half + 1 - fraction;
      const value = sinc(cut * x) * sinhWindow(x / reach);
      rows[from + k] = value;
      sum += value;
    }
    for (let k = 0; k < taps; k++) rows[from + k]! /= sum;
  }
  return { stretch, taps, before: half - 1, after: half, phases, passband: PASS / stretch, rows };
}

function sinc(x: number): number {
  // At whole numbers the sine of a multiple of pi is not quite zero, and a coherent source must pass unchanged.
  if (Number.isInteger(x)) return x === 0 ? 1 : 0;
  return Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The window at `edge`, from -1 to 1 of its length. */
function sinhWindow(edge: number): number {
  if (Math.abs(edge) >= 1) return 0;
  const circle = Math.sqrt(1 - edge * edge);
  return Math.sinh(BETA * circle) / (circle * Math.sinh(BETA));
}
