/**
 * How plausible loads are: by how many degrees currents lag the voltage of their own conductor. Most are between a power factor
 * of 0.7 lagging and 0.95 leading, much alike in the phases; some machines idle, some sites generate.
 */
const RADIAN = Math.PI / 180;

/** Degrees of lag between which loads are usual: acos 0.7, and acos 0.95 the other way. */
export const USUAL_LAG = 46;
export const USUAL_LEAD = -18.5;
/** Machines that idle lag by up to so much: a power factor of 0.3. */
const MOST_LAG = 72;
/** Over how many degrees they become unusual; without a neutral unbalance turns the currents of the lines. */
const EDGE = 1.5;
const EDGE_WITHOUT_NEUTRAL = 6;

/** What is known of the loads of a site. */
export interface Site {
  /** How often it gives power back. */
  readonly share: number;
  readonly threeWire: boolean;
}

/** Parts of loads: usual, lagging more (a motor that idles), leading more (capacitors), and any. */
const parts = { usual: 0.985, lagging: 0.01, leading: 0.004, any: 0.001 } as const;

/** Steps a degree of the tables. */
const FINE = 2;
const STEPS = 360 * FINE;

/** Density per radian of importing loads by degrees from -180, without those that are anything. */
function importing(edge: number): Float64Array {
  return Float64Array.from({ length: STEPS }, (_, k) => {
    const lag = k / FINE - 180;
    const within = (from: number, to: number): number =>
      1 / ((1 + Math.exp((from - lag) / edge)) * (1 + Math.exp((lag - to) / edge)));
    const density = (part: number, from: number, to: number): number =>
      (part * within(from, to)) / ((to - from) * RADIAN);
    return (
      density(parts.usual, USUAL_LEAD, USUAL_LAG) +
      density(parts.lagging, USUAL_LAG, MOST_LAG) +
      density(parts.leading, -MOST_LAG, USUAL_LEAD)
    );
  });
}

/** Degrees of lag between which a surplus is where an inverter gives watts and the load still takes its vars, and how often that is so. */
const SURPLUS = [95, 185] as const;
const OF_INVERTERS = 0.5;

/** The same of loads that give power back: a generator with a power factor of its own, or what an inverter leaves of a load. */
function exporting(of: Float64Array, edge: number): Float64Array {
  const [from, to] = SURPLUS;
  const density = OF_INVERTERS / ((to - from) * RADIAN);
  return Float64Array.from({ length: STEPS }, (_, k) => {
    const mirrored = of[(k + STEPS / 2) % STEPS] ?? 0;
    // A little beyond half a turn the angle has come round.
    const lag = k / FINE < 90 ? k / FINE + 180 : k / FINE - 180;
    const within = 1 / ((1 + Math.exp((from - lag) / edge)) * (1 + Math.exp((lag - to) / edge)));
    return (1 - OF_INVERTERS) * mirrored + density * within;
  });
}

const withNeutral = importing(EDGE);
const withoutNeutral = importing(EDGE_WITHOUT_NEUTRAL);
const backWithNeutral = exporting(withNeutral, EDGE);
const backWithoutNeutral = exporting(withoutNeutral, EDGE_WITHOUT_NEUTRAL);

/** How often a site gives power back, where nobody said whether it can: never, perhaps, often. */
export function exportShare(generates: boolean | undefined): number {
  return generates === undefined ? 0.012 : generates ? 0.6 : 1e-6;
}

function at(lag: number, table: Float64Array): number {
  const k = Math.round((lag + 180) * FINE);
  return table[((k % STEPS) + STEPS) % STEPS]!;
}

/** Density of one phase's lag. */
export function lagDensity(lag: number, { share, threeWire }: Site): number {
  const [taken, given] = threeWire ? [withoutNeutral, backWithoutNeutral] : [withNeutral, backWithNeutral];
  return (1 - share) * at(lag, taken) + share * at(lag, given) + parts.any / (2 * Math.PI);
}

/** How alike the phases of a load are: degrees of standard deviation about their mean, and how often. */
const alike: readonly (readonly [deviation: number, part: number])[] = [
  [5, 0.55],
  [14, 0.3],
];
const APART = 0.15;

/** Log density of the lags of a site's phases. */
export function lagsLog(lags: readonly number[], site: Site): number {
  const n = lags.length;
  if (n === 0) return 0;
  let [x, y, alone] = [0, 0, 1];
  for (const lag of lags) {
    x += Math.cos(lag * RADIAN);
    y += Math.sin(lag * RADIAN);
    alone *= lagDensity(lag, site);
  }
  if (n === 1) return Math.log(alone);
  const mean = Math.atan2(y, x) / RADIAN;
  let squares = 0;
  for (const lag of lags) {
    const off = lag - mean - 360 * Math.round((lag - mean) / 360);
    squares += off * off;
  }
  let together = 0;
  for (const [deviation, part] of alike) {
    const s = deviation * RADIAN;
    // The density of n about their mean, and of the mean.
    together +=
      part * Math.exp(-0.5 * (squares / deviation ** 2)) * (2 * Math.PI * s * s) ** ((1 - n) / 2) * Math.sqrt(1 / n);
  }
  return Math.log(together * lagDensity(mean, site) + APART * alone);
}

/** Whether a load is one that is often found, whichever way its power flows. */
export function isUsual(lag: number, threeWire: boolean): boolean {
  const off = lag - 180 * Math.round(lag / 180);
  const edge = 2 * (threeWire ? EDGE_WITHOUT_NEUTRAL : EDGE);
  const round = lag - 360 * Math.floor((lag + 90) / 360);
  if (round >= SURPLUS[0] - edge && round <= SURPLUS[1] + edge) return true;
  return off >= USUAL_LEAD - edge && off <= USUAL_LAG + edge;
}
