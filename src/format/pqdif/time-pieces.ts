/** Times of samples as stretches of one rate: of increments as they are stated, of stamps as far as they follow one another evenly. */
import type { Run } from "./model.ts";

export interface Piece {
  /** Seconds from the observation's start. */
  readonly at: number;
  readonly rate: number;
  readonly from: number;
  readonly count: number;
}

/** A stamp belongs to a stretch when it lies within this part of a step of its place. */
const ASIDE = 0.5;

/** The inverse of a step that was stored is not quite the rate that it was made of. */
const rateOf = (step: number): number => Number((1 / step).toPrecision(12));

/** Each rate begins where the one before it ended. */
export function piecesOfRuns(runs: readonly Run[]): Piece[] {
  const pieces: Piece[] = [];
  let [at, from] = [0, 0];
  for (const { count, step } of runs) {
    if (count > 0 && step > 0 && Number.isFinite(1 / step)) pieces.push({ at, rate: rateOf(step), from, count });
    at += count * step;
    from += count;
  }
  return pieces;
}

/** Stretches of stamps; a stamp that stands alone is of none. */
export function evenPieces(times: Float64Array): Piece[] {
  const pieces = stretchesOf(times);
  const covered = pieces.reduce((sum, { count }) => sum + count, 0);
  return covered < 0.9 * times.length ? [coarsePiece(times) ?? pieces].flat() : pieces;
}

/** Seconds in the last digit of stamps that are printed more coarsely than samples follow one another. */
const COARSE = 1e-3;

/** All stamps, where one even rate passes each by no more than a coarse digit. */
function coarsePiece(times: Float64Array): Piece | undefined {
  const [first = NaN, last = NaN] = [times[0], times.at(-1)];
  const step = (last - first) / (times.length - 1);
  if (!(step > 0) || last - first < 20 * COARSE) return undefined;
  for (let k = 0; k < times.length; k++) {
    if (!(Math.abs(times[k]! - first - k * step) <= COARSE)) return undefined;
  }
  return { at: first, rate: rateOf(step), from: 0, count: times.length };
}

function stretchesOf(times: Float64Array): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  while (from + 1 < times.length) {
    const first = times[from]!;
    const step = times[from + 1]! - first;
    if (!(step > 0)) {
      from++;
      continue;
    }
    let to = from + 2;
    // The step so far, which a stamp that is printed coarsely does not move.
    let mean = step;
    while (to < times.length && Math.abs(times[to]! - times[to - 1]! - mean) <= ASIDE * mean) {
      mean = (times[to]! - first) / (to - from);
      to++;
    }
    pieces.push({ at: first, rate: rateOf((times[to - 1]! - first) / (to - 1 - from)), from, count: to - from });
    from = to;
  }
  return pieces;
}
