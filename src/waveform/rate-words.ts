/** How fast samples come, in words. */

/** "3200 samples a second", of what comes less than once a second "one sample each 600 s". */
export function rateWords(rate: number): string {
  if (rate < 1) return `one sample each ${Number((1 / rate).toPrecision(6))} s`;
  return rate === 1 ? "1 sample a second" : `${Number(rate.toPrecision(6))} samples a second`;
}

/** Whether they are spoken of as one: "does", not "do". */
export function isOneSample(rate: number): boolean {
  return rate <= 1;
}
