/** How much of everything a report has at most: what is left out is said where it would be. */
export interface ReportBounds {
  /** Events that have a row. */
  readonly rows: number;
  /** Events that have plots, and characters that these may be of all. */
  readonly plotted: number;
  readonly characters: number;
  /** Weeks that have tables; of the others there is the verdict. */
  readonly weeks: number;
}

/** Less than three megabytes, whatever there is. */
export const usualBounds: ReportBounds = { rows: 1000, plotted: 20, characters: 1_000_000, weeks: 4 };
