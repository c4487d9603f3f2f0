/**
 * The K factor of a current (IEEE C57.110): the sum of the squares of its harmonics, each times its order squared, over the sum of
 * the squares; 1 of a sine. `rms` has harmonic h at index h; the direct component does not count, nor
 * what is not known because the samples do not carry it.
 */
export function kFactor(rms: ArrayLike<number>): number {
  // Where the samples carry no second order nothing of it is known.
  if (Number.isNaN(rms[2])) return NaN;
  let weighted = 0;
  let squares = 0;
  for (let h = 1; h < rms.length; h++) {
    if (h > 1 && Number.isNaN(rms[h])) break;
    const square = (rms[h] ?? 0) ** 2;
    weighted += h * h * square;
    squares += square;
  }
  return weighted / squares;
}
