/**
 * Where the values of a 10/12-cycle block stand in one array: so many columns for each channel, one channel after the other, and
 * those of the whole service behind them. What is not known is NaN.
 */

/** Orders of harmonics that have a magnitude and an angle, and gaps between two of them: behind each of the orders 0 to 50. */
export const HARMONICS = 128;
export const ANGLES = 64;
export const INTERHARMONICS = 50;

/** How a column is aggregated. */
export const How = {
  /** The square root of the mean of squares: IEC 61000-4-30, 4.4, of everything that it does not name otherwise. */
  squares: 0,
  /** The arithmetic mean. */
  mean: 1,
  /** Degrees, as the direction of the sum of pointers. */
  degrees: 2,
} as const;

/** Of one channel. */
export const channelColumn = {
  rms: 0,
  /** RMS, but not above (below) the declared voltage: what under-deviation (over-deviation) is made of. */
  low: 1,
  high: 2,
  /** RMS of the fundamental itself; its angle is that of order 1. */
  fundamental: 3,
  crest: 4,
  /** Percent of the subgroup of order 1. */
  thd: 5,
  thdOdd: 6,
  thdEven: 7,
  /** Amps only. TDD in percent of the maximum demand load current. */
  k: 8,
  tdd: 9,
  tddOdd: 10,
  tddEven: 11,
  /** Mains signalling, RMS volts. */
  signal: 12,
  /** Harmonic subgroup of order h at `harmonic + h`; at 0 stands the magnitude of the direct component. */
  harmonic: 13,
  /** Interharmonic centred subgroup between order h and h + 1 at `interharmonic + h`. */
  interharmonic: 13 + HARMONICS + 1,
  /** The groups of IEC 61000-4-7: all lines nearest to order h at `group + h`, from 1 to 50; all lines between two orders. */
  group: 13 + HARMONICS + 1 + INTERHARMONICS + 1,
  interharmonicGroup: 13 + HARMONICS + 1 + 2 * (INTERHARMONICS + 1),
  /** Degrees of order h at `degrees + h`; 0 is not used. */
  degrees: 13 + HARMONICS + 1 + 3 * (INTERHARMONICS + 1),
  /** Of volts: the flicker as it was felt in the block, Pinst. */
  pinst: 13 + HARMONICS + 1 + 3 * (INTERHARMONICS + 1) + ANGLES + 1,
} as const;

export const CHANNEL_COLUMNS = channelColumn.pinst + 1;

/** Of the service, counted from the end of the last channel: symmetrical components and the unbalance that is made of them, percent. */
export const serviceColumn = {
  positiveV: 0,
  negativeV: 1,
  zeroV: 2,
  unbalanceV: 3,
  unbalanceZeroV: 4,
  positiveA: 5,
  negativeA: 6,
  zeroA: 7,
  unbalanceA: 8,
  unbalanceZeroA: 9,
  /** Cycles of the block over its length. */
  hz: 10,
  positiveDegreesV: 11,
  negativeDegreesV: 12,
  zeroDegreesV: 13,
  positiveDegreesA: 14,
  negativeDegreesA: 15,
  zeroDegreesA: 16,
} as const;

const SERVICE_COLUMNS = 17;

export function columnCount(channels: number): number {
  return channels * CHANNEL_COLUMNS + SERVICE_COLUMNS;
}

/** How each column of so many channels is aggregated. */
export function howColumns(channels: number): Uint8Array {
  const out = new Uint8Array(columnCount(channels)).fill(How.squares);
  for (let c = 0; c < channels; c++) {
    const first = c * CHANNEL_COLUMNS + channelColumn.degrees;
    out.fill(How.degrees, first, first + ANGLES + 1);
    out[c * CHANNEL_COLUMNS + channelColumn.pinst] = How.mean;
  }
  const service = channels * CHANNEL_COLUMNS;
  out[service + serviceColumn.hz] = How.mean;
  out.fill(How.degrees, service + serviceColumn.positiveDegreesV, service + SERVICE_COLUMNS);
  return out;
}
