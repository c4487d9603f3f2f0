/** A half spectrum, from zero frequency up: bin k is the sum of x[j] * exp(-2 pi i j k / n). As many as the arrays hold, at most n / 2 + 1. */
export interface Bins {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function binsOf(n: number): Bins {
  return { re: new Float64Array(n / 2 + 1), im: new Float64Array(n / 2 + 1) };
}

/** Lengths are 8 times a product of twos, threes and fives. */
export function checkLength(n: number): void {
  let rest = n / 8;
  for (const factor of [2, 3, 5]) while (rest >= 1 && rest % factor === 0) rest /= factor;
  if (rest !== 1) throw new RangeError(`a transform of ${n} samples; expected 8 times a product of 2, 3 and 5`);
}
