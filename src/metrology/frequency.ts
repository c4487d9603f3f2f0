/** The frequency of the fundamental in a stretch of samples of which nothing is known but its range. */

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
  for (let round = 0; round < 6; round++) {
    if (!(best > 0)) return NaN;
    // Of whole half cycles neither harmonics nor what lies at the frequency's negative reach into it.
    const halves = Math.max(1, Math.floor(1.5 * n * best));
    const part = Math.min(n - 1, Math.round(halves / (2 * best)));
    const apart = n - part;
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

/** The phase, in radians of a sine, that a component of `frequency` cycles a sample has at index `from`. */
export function phaseAt(x: Float64Array, from: number, n: number, frequency: number): number {
  hannPhasor(x, from, n, frequency, early);
  return Math.atan2(early[0]!, -early[1]!) - Math.PI * frequency * (n - 1);
}

/**
 * The frequency, in cycles a sample, of the sine (and direct component) that leaves least of samples [from, from + n): for
 * stretches of a cycle or two, which are too short for a window. NaN where nothing reaches `floor` (RMS).
 */
export function fitFrequency(
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
  // Golden sections about the best of a coarse scan.
  let best = low;
  let least = Infinity;
  const width = (high - low) / 24;
  for (let step = 0; step <= 24; step++) {
    const rest = restOfSine(x, from, n, low + width * step);
    if (rest < least) [least, best] = [rest, low + width * step];
  }
  let [a, b] = [Math.max(low, best - width), Math.min(high, best + width)];
  for (let round = 0; round < 40; round++) {
    const c = b - (b - a) * GOLDEN;
    const d = a + (b - a) * GOLDEN;
    if (restOfSine(x, from, n, c) < restOfSine(x, from, n, d)) b = d;
    else a = c;
  }
  return (a + b) / 2;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The phase at index `from`, in radians, of the sine which leaves least of samples [from, from + n). */
export function fitPhase(x: Float64Array, from: number, n: number, frequency: number): number {
  restOfSine(x, from, n, frequency);
  return Math.atan2(fitted[1]!, fitted[0]!);
}

/** The RMS of the sine of `frequency` which leaves least of samples [from, from + n). */
export function sineRms(x: Float64Array, from: number, n: number, frequency: number): number {
  restOfSine(x, from, n, frequency);
  return Math.hypot(fitted[0]!, fitted[1]!) / Math.SQRT2;
}

/** Parts in phase and in quadrature, and the direct one. */
const fitted = new Float64Array(3);

/** The sum of squares that is left when the best sine of `frequency` and the best constant are taken off: normal equations of three unknowns. */
function restOfSine(x: Float64Array, from: number, n: number, frequency: number): number {
  const w = 2 * Math.PI * frequency;
  let [ss, sc, cc, s1, c1, xs, xc, x1, xx] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const s = Math.sin(w * k);
    const c = Math.cos(w * k);
    const v = x[from + k]!;
    ss += s * s;
    sc += s * c;
    cc += c * c;
    s1 += s;
    c1 += c;
    xs += v * s;
    xc += v * c;
    x1 += v;
    xx += v * v;
  }
  // Without the mean of each: two equations are left.
  ss -= (s1 * s1) / n;
  cc -= (c1 * c1) / n;
  sc -= (s1 * c1) / n;
  xs -= (x1 * s1) / n;
  xc -= (x1 * c1) / n;
  xx -= (x1 * x1) / n;
  const determinant = ss * cc - sc * sc;
  const p = (xs * cc - xc * sc) / determinant;
  const q = (xc * ss - xs * sc) / determinant;
  fitted[0] = p;
  fitted[1] = q;
  fitted[2] = (x1 - p * s1 - q * c1) / n;
  return xx - p * xs - q * xc;
}
