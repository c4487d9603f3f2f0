/** An examination as plain data for JSON: instants as text, columns as lists, null of what is not known. */
import type { Examination } from "./examination.ts";

export type PlainData = null | boolean | number | string | readonly PlainData[] | { readonly [key: string]: PlainData };

/** What there may be too much of for one text. */
export interface Wanted {
  /** Samples of events. */
  readonly samples?: boolean;
  /** Intervals of 150/180 cycles. */
  readonly cycles?: boolean;
}

/** `start` is null where nobody knows when the recording was. All is wanted unless said. */
export function examinationJson(
  examination: Examination,
  { samples = true, cycles = true }: Wanted = {},
): { readonly [key: string]: PlainData } {
  const { startUtc, events, intervals, ...rest } = examination;
  const instant = (at: number): PlainData =>
    startUtc === undefined ? null : Temporal.Instant.fromEpochMilliseconds(Math.round(startUtc + 1000 * at)).toString();
  return {
    ...(plainData(rest) as { readonly [key: string]: PlainData }),
    start: instant(0),
    intervals: intervals.filter(({ length }) => cycles || !length.endsWith("cycles")).map(plainData),
    events: events.map(({ wave, ...event }) => ({
      ...(plainData(event) as { readonly [key: string]: PlainData }),
      utc: instant(event.at),
      ...(samples && wave !== undefined ? { wave: plainData(wave) } : {}),
    })),
  };
}

/** Numbers that are none, and what is undefined in a list, are null; columns are lists. */
export function plainData(value: unknown): PlainData {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Float64Array || value instanceof Float32Array || value instanceof Uint8Array) {
    return Array.from(value, plainData);
  }
  if (Array.isArray(value)) return value.map(plainData);
  if (value instanceof Map) return plainData(Object.fromEntries(value));
  // What is left out is left out.
  const known = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(known.map(([key, one]) => [key, plainData(one)]));
}
