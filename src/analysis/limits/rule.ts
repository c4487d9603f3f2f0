/** What the values of a period have to keep. */
export interface Rule {
  /** In the unit of the values; left out of a band that is open there. */
  readonly low?: number;
  readonly high?: number;
  /** So many percent of the intervals. */
  readonly percent: number;
}
