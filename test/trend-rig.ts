/** A meter that has recorded what a test says, and counts the records that are read of it. */
import { parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { profileStatus, type Profile, type ProfileRecord } from "#quantity/profile.ts";
import type { Series } from "#quantity/series.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { StoredSeries, type SeriesPlace } from "#store/stored-series.ts";
import { MemoryStore } from "#store/store.ts";

export const TEN_MINUTES = 600_000;
export const BEGIN = Date.parse("2016-01-01T00:00:00Z");

export function stamp(utc: number, offsetMinutes = 0): Stamp {
  return { utc, offsetMinutes, daylightSaving: false, synchronised: true };
}

export function record(
  sequence: number,
  start: number,
  values: readonly (number | undefined)[],
  more: Partial<ProfileRecord> = {},
): ProfileRecord {
  const end = stamp(start + TEN_MINUTES);
  return { sequence, type: "normal", start: stamp(start), end, until: end, status: 0, values, ...more };
}

/** The series of records that are made when they are asked for: ten years of them take no memory. */
export function made(count: number, recordAt: (sequence: number) => ProfileRecord): Series<ProfileRecord> {
  return {
    first: 0,
    next: count,
    page: (from, most) =>
      Array.from({ length: Math.max(0, Math.min(most, count - from)) }, (_, k) => recordAt(from + k)),
    seek: (utc) => {
      let [low, high] = [0, count];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (recordAt(middle).end.utc < utc) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

/** Records as they lie in a store, with a clock that may be set back among them. */
export function stored(records: readonly ProfileRecord[], capacity = 10_000): StoredSeries<ProfileRecord> {
  const place: SeriesPlace = { next: 0, ordered: 0 };
  const text = new TextEncoder();
  const series = new StoredSeries<ProfileRecord>(
    new MemoryStore().drawer("m"),
    {
      prefix: "profile/",
      capacity,
      encode: (one) => text.encode(JSON.stringify({ ...one, values: one.values.map((value) => value ?? null) })),
      decode: (bytes) => {
        const one = JSON.parse(new TextDecoder().decode(bytes)) as ProfileRecord;
        return { ...one, values: one.values.map((value) => value ?? undefined) };
      },
      at: ({ end }) => end.utc,
      holds: () => true,
    },
    place,
  );
  for (const one of records) series.add(() => one);
  return series;
}

export interface Counted {
  readonly surface: MeterSurface;
  readonly profile: Profile;
  /** Records that were read since this was asked last. */
  readonly read: () => number;
}

function measureOf(name: string): Measure {
  const measure = parseMeasure(name);
  if (measure === undefined) throw new Error(name);
  return measure;
}

/** A surface with one profile of these records. */
export function recorded(series: Series<ProfileRecord>, names: readonly string[], km = 1): Counted {
  let count = 0;
  const profile: Profile = {
    interval: 10,
    data: "engineering",
    channels: names.map((name) => ({ measure: measureOf(name), km })),
    capacity: 1_000_000,
    get first() {
      return series.first;
    },
    get next() {
      return series.next;
    },
    page: (from, most) => {
      const page = series.page(from, most);
      count += page.length;
      return page;
    },
    seek: (utc) => series.seek(utc),
    ...(series.between === undefined ? {} : { between: (from, to) => series.between?.(from, to) ?? [] }),
  };
  const surface = {
    identity: { name: "m" },
    epoch: 0,
    profiles: [profile],
    measurementLogs: [],
  } as unknown as MeterSurface;
  return {
    surface,
    profile,
    read: () => {
      const read = count;
      count = 0;
      return read;
    },
  };
}

export const FLAGGED = profileStatus.flagged;
