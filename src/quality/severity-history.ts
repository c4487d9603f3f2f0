/** What Pst and Plt were of the last two hours: those that ended in an interval, and the one that stands in a shorter one. */
import type { FlickerInterval } from "./flicker-statistics.ts";

const LENGTH_MS = { Pst: 600_000, Plt: 7_200_000 } as const;
/** Ten minutes of the longest interval. */
const MOST = 12;

export class SeverityHistory {
  readonly #ended: Readonly<Record<keyof typeof LENGTH_MS, FlickerInterval[]>> = { Pst: [], Plt: [] };

  add(what: keyof typeof LENGTH_MS, interval: FlickerInterval): void {
    const list = this.#ended[what];
    list.push(interval);
    if (list.length > MOST) list.shift();
  }

  /** Nobody knows the time any more. */
  clear(): void {
    this.#ended.Pst.length = this.#ended.Plt.length = 0;
  }

  /**
   * The mean of those that ended in an interval (milliseconds since 1970); where it is shorter than they are, of the one that ended
   * last. Undefined where there is none of it.
   */
  mean(what: keyof typeof LENGTH_MS, voltage: number, utcStart: number, utcEnd: number): number | undefined {
    const isShorter = utcEnd - utcStart < LENGTH_MS[what];
    const from = isShorter ? utcEnd - LENGTH_MS[what] : utcStart;
    let [sum, count] = [0, 0];
    for (const { utc, voltages } of this.#ended[what]) {
      const value = voltages[voltage]?.value;
      if (!(utc > from && utc <= utcEnd) || value === undefined) continue;
      sum += value;
      count++;
    }
    return count === 0 ? undefined : sum / count;
  }
}
