/** Complex numbers, for what is computed a few times an event. */
export interface Phasor {
  readonly re: number;
  readonly im: number;
}

export const plus = (a: Phasor, b: Phasor): Phasor => ({ re: a.re + b.re, im: a.im + b.im });
export const minus = (a: Phasor, b: Phasor): Phasor => ({ re: a.re - b.re, im: a.im - b.im });
export const times = (a: Phasor, b: Phasor): Phasor => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});
export const scaled = (a: Phasor, by: number): Phasor => ({ re: a.re * by, im: a.im * by });
export const conjugate = ({ re, im }: Phasor): Phasor => ({ re, im: -im });
export const magnitude = ({ re, im }: Phasor): number => Math.hypot(re, im);
export const degreesOf = ({ re, im }: Phasor): number => (Math.atan2(im, re) * 180) / Math.PI;

export function over(a: Phasor, b: Phasor): Phasor {
  return scaled(times(a, conjugate(b)), 1 / (b.re * b.re + b.im * b.im));
}

export function polar(size: number, degrees: number): Phasor {
  const radians = (degrees * Math.PI) / 180;
  return { re: size * Math.cos(radians), im: size * Math.sin(radians) };
}

export type ThreePhase<T> = readonly [a: T, b: T, c: T];

export interface Sequences {
  readonly zero: Phasor;
  readonly positive: Phasor;
  readonly negative: Phasor;
}

/** Symmetrical components of three phases in the order a, b, c. */
export function sequencesOf([a, b, c]: ThreePhase<Phasor>): Sequences {
  const turn = polar(1, 120);
  const back = polar(1, -120);
  const third = (x: Phasor, y: Phasor): Phasor => scaled(plus(plus(a, x), y), 1 / 3);
  return {
    zero: third(b, c),
    positive: third(times(turn, b), times(back, c)),
    negative: third(times(back, b), times(turn, c)),
  };
}
