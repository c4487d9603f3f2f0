/**
 * A trend of ten years of ten minutes, of a store on disk: when it is asked for first, when its pieces are there, and the longest time for which
 * nobody else was served meanwhile.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { ProfileRecord } from "#quantity/profile.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { decodeRecord, encodeRecord } from "#revenue/profile/profile-record.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { StoredSeries } from "#store/stored-series.ts";
import { Trends, type TrendQuery } from "#web/trend.ts";

const YEARS = 10;
const TEN_MINUTES = 600_000;
const BEGIN = Date.UTC(2016, 0, 1);
const COUNT = Math.round((YEARS * 365.25 * 86_400_000) / TEN_MINUTES);

function stamp(utc: number): Stamp {
  return { utc, offsetMinutes: 60, daylightSaving: false, synchronised: true };
}

export async function benchTrend(): Promise<void> {
  console.log(`\nA trend of ${COUNT} records of three channels (${YEARS} years of ten minutes), on disk`);
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-bench-"));
  try {
    const store = new SqliteStore(path.join(folder, "data"), "bench");
    const shape = {
      prefix: "measurementLog/0/",
      capacity: 1_000_000,
      encode: (record: ProfileRecord) => encodeRecord(record, false),
      decode: (bytes: Uint8Array, sequence: number) => decodeRecord(bytes, { sequence, channels: 3, counts: false }),
      at: ({ end }: ProfileRecord) => end.utc,
      holds: () => true,
    };
    const series = new StoredSeries(store.drawer("m"), shape, { next: 0, ordered: 0 });
    for (let k = 0; k < COUNT; k++) {
      const start = BEGIN + k * TEN_MINUTES;
      const end = stamp(start + TEN_MINUTES);
      const values = [230 + Math.sin(k / 144), 10 + Math.cos(k / 50), 2];
      series.add((sequence) => ({ sequence, type: "normal", start: stamp(start), end, until: end, status: 0, values }));
      if (k % 20_000 === 19_999) store.commit();
    }
    store.commit();
    const measures = ["V.a", "A.a", "THD.V.a"].map((name) => parseMeasure(name)).filter((one) => one !== undefined);
    const profile = {
      interval: 10,
      data: "engineering",
      channels: measures.map((measure) => ({ measure, km: 1 })),
      capacity: COUNT,
      first: 0,
      next: COUNT,
      page: (from: number, most: number) => series.page(from, most),
      seek: (utc: number) => series.seek(utc),
    } as const;
    const surface = { identity: { name: "m" }, profiles: [], measurementLogs: [profile] } as unknown as MeterSurface;
    let since = 0;
    let longest = 0;
    const trends = new Trends(async () => {
      longest = Math.max(longest, performance.now() - since);
      await setImmediate();
      since = performance.now();
    });
    const year = 365 * 86_400_000;
    const asked: readonly (readonly [string, Partial<TrendQuery>])[] = [
      ["ten years, for the first time", {}],
      ["ten years, again", {}],
      ["a year of them", { from: BEGIN + 4 * year, to: BEGIN + 5 * year }],
      ["a month", { from: BEGIN + 4 * year, to: BEGIN + 4 * year + year / 12 }],
    ];
    for (const [what, query] of asked) {
      longest = 0;
      since = performance.now();
      const begun = since;
      const view = await trends.answer(surface, { series: "log", number: 1, channel: 1, most: 1000, ...query });
      const ms = performance.now() - begun;
      longest = Math.max(longest, performance.now() - since);
      const points = typeof view === "object" ? view.starts.length : 0;
      console.log(
        `  ${what.padEnd(30)} ${ms.toFixed(0).padStart(6)} ms, ${String(points).padStart(4)} points, longest turn ${longest.toFixed(1)} ms`,
      );
    }
    store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
