/** What lies between two terminals whose potentials are known by their harmonics. */

/** RMS and angle of harmonic h at index h, as PhaseSpectrum has them of its voltage. */
export interface Potential {
  readonly v: Float64Array;
  readonly vAngle: Float64Array;
}

export interface PairSpectrum {
  /** RMS and angle, in radians, of the fundamental. */
  readonly magnitude: number;
  readonly angle: number;
  /** Percent of the fundamental. */
  readonly thd: number;
}

/** The voltage from `plus` to `minus`; a terminal without a potential of its own is what the others are measured against. */
export function pairSpectrum(plus: Potential | undefined, minus: Potential | undefined): PairSpectrum {
  const harmonics = Math.max(plus?.v.length ?? 0, minus?.v.length ?? 0);
  let [magnitude, angle, squares] = [NaN, NaN, NaN];
  for (let h = 1; h < harmonics; h++) {
    const [p, n] = [plus?.v[h] ?? 0, minus?.v[h] ?? 0];
    const [pAngle, nAngle] = [plus?.vAngle[h] ?? 0, minus?.vAngle[h] ?? 0];
    const re = p * Math.cos(pAngle) - n * Math.cos(nAngle);
    const im = p * Math.sin(pAngle) - n * Math.sin(nAngle);
    // Above what the samples carry nothing is known.
    if (h > 1 && Number.isNaN(re)) break;
    if (h === 1) [magnitude, angle] = [Math.hypot(re, im), Math.atan2(im, re)];
    else squares = (h === 2 ? 0 : squares) + re * re + im * im;
  }
  return { magnitude, angle, thd: (100 * Math.sqrt(squares)) / magnitude };
}
