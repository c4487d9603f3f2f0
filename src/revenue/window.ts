/** The stretch that a revenue meter has measured last: every instantaneous value is an average over it. */
import { COLUMNS, PLACES, POWERS } from "./measure.ts";

const POWER_COLUMNS = 2 * PLACES * POWERS;

export class Window {
  /** Averages: powers in W, var and VA, levels in their own units. */
  readonly average = new Float64Array(COLUMNS);
  seconds = 0;
  readonly #begin = new Float64Array(COLUMNS);

  /** Begins a stretch where the integrals stand. */
  begin(total: Float64Array): void {
    this.#begin.set(total);
    this.seconds = 0;
  }

  /** Ends it `seconds` later. */
  end(total: Float64Array, seconds: number): void {
    this.seconds = seconds;
    const perHour = 3600 / seconds;
    const { average } = this;
    for (let k = 0; k < COLUMNS; k++) {
      average[k] = ((total[k] ?? 0) - (this.#begin[k] ?? 0)) * (k < POWER_COLUMNS ? perHour : 1 / seconds);
    }
  }
}
