/** Times of the recording as the report prints them: instants in a zone, or seconds from the first sample where nobody knows when it was. */
import type { Examination } from "#analysis/examination.ts";
import { withUnit } from "./figures.ts";

export class Instants {
  readonly #startUtc: number | undefined;
  readonly timeZone: string;

  /** Throws RangeError of a zone that there is not. */
  constructor({ startUtc }: Pick<Examination, "startUtc">, timeZone: string) {
    this.#startUtc = startUtc;
    this.timeZone = timeZone;
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  }

  get isKnown(): boolean {
    return this.#startUtc !== undefined;
  }

  /** What a column of times is of. */
  get head(): string {
    if (!this.isKnown) return "from the first sample";
    return this.timeZone;
  }

  /** Milliseconds since 1970 of what is `seconds` behind the first sample; of a recording without a time from that sample. */
  utc(seconds: number): number {
    return (this.#startUtc ?? 0) + 1000 * seconds;
  }

  at(seconds: number): string {
    return this.text(this.utc(seconds));
  }

  /** Of milliseconds as assessments have them; their seconds have as many decimals as are asked for. */
  text(utc: number, decimals: 0 | 3 = 3): string {
    if (!this.isKnown) return withUnit((utc / 1000).toFixed(decimals), "s");
    const instant = Temporal.Instant.fromEpochMilliseconds(Math.round(utc));
    return clockText(instant, this.timeZone, decimals);
  }

  /** Begin or end of the recording, with the offset of the zone and in UTC. */
  both(seconds: number): string {
    if (!this.isKnown) return this.at(seconds);
    const instant = Temporal.Instant.fromEpochMilliseconds(Math.round(this.utc(seconds)));
    const utc = `${clockText(instant, "UTC", 3)} UTC`;
    return this.timeZone === "UTC" ? utc : `${clockText(instant, this.timeZone, 3)} (${this.timeZone}), ${utc}`;
  }
}

/** "2026-03-29 03:00:00.000+02:00"; of UTC without an offset. */
function clockText(instant: Temporal.Instant, timeZone: string, decimals: 0 | 3): string {
  const at = instant.toZonedDateTimeISO(timeZone);
  const text = at.toPlainDateTime().toString({ fractionalSecondDigits: decimals }).replace("T", " ");
  return timeZone === "UTC" ? text : `${text}${at.offset}`;
}
