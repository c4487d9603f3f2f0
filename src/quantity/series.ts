/**
 * What grows at its end and, when its memory is full, shrinks at its beginning: records of a profile, entries of a log, self
 * reads. Members are counted from 0 since the series began, and keep their numbers.
 */
export interface Series<T> {
  /** Number of the oldest member that is kept; `next` when there is none. */
  readonly first: number;
  /** Number that the next member will have. */
  readonly next: number;
  /** Members that there is room for, where that is known. */
  readonly capacity?: number | undefined;
  /** At most so many members from a number on, oldest first; reads no more than them. What was overwritten is left out. */
  page(from: number, most: number): readonly T[];
  /** Number of the first member that is not before an instant of UTC; `next` when all are. */
  seek(utc: number): number;
  /**
   * Runs of members whose instants lie between two, both included: one, empty or not, unless the clock was set back among them. Left out
   * where it never was.
   */
  between?(from: number, to: number): readonly Run[];
}

/** Members from one number to before another. */
export interface Run {
  readonly first: number;
  readonly next: number;
}

export function runsBetween(
  series: Pick<Series<unknown>, "seek" | "between">,
  from: number,
  to: number,
): readonly Run[] {
  if (series.between !== undefined) return series.between(from, to);
  const first = series.seek(from);
  return [{ first, next: Math.max(first, series.seek(to + 1)) }];
}

export const emptySeries: Series<never> = { first: 0, next: 0, page: () => [], seek: () => 0 };
