/**
 * What grows at its end and, when its memory is full, shrinks at its beginning: records of a profile, entries of a log, self
 * reads. Members are counted from 0 since the series began, and keep their numbers.
 */
export interface Series<T> {
  /** Number of the oldest member that is kept; `next` when there is none. */
  readonly first: number;
  /** Number that the next member will have. */
  readonly next: number;
  /** At most so many members from a number on, oldest first; reads no more than them. What was overwritten is left out. */
  page(from: number, most: number): readonly T[];
  /** Number of the first member that is not before an instant of UTC; `next` when all are. */
  seek(utc: number): number;
}

export const emptySeries: Series<never> = { first: 0, next: 0, page: () => [], seek: () => 0 };
