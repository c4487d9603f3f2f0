import assert from "node:assert/strict";
import { test } from "node:test";
import type { SelfRead } from "#quantity/meter-surface.ts";
import type { Series } from "#quantity/series.ts";
import { SelfReads } from "#revenue/registers/self-reads.ts";
import { MemoryStore } from "#store/store.ts";
import { selfReadsOf } from "./meter-view.ts";

test("a self read keeps its number when one before it is damaged", () => {
  const drawer = new MemoryStore().drawer("m");
  const stored = new SelfReads(drawer, (_, count, initial) => new Float64Array(count).fill(initial));
  for (let k = 0; k < 4; k++)
    stored.add((sequence) => ({
      sequence,
      at: { utc: 900_000 * k, offsetMinutes: 0, daylightSaving: false, synchronised: true },
      systemBits: 10 * k,
      registers: [],
    }));
  drawer.remove("self-read/1");
  const selfReads: Series<SelfRead> = {
    first: stored.first,
    next: stored.next,
    page: (from, most) => stored.page(from, most).map((one) => ({ ...one, conditions: [] })),
    seek: (utc) => stored.seek(utc),
  };
  const seen = selfReadsOf({ selfReads }, 0, 10).map(({ sequence, systemBits }) => [sequence, systemBits]);
  assert.deepEqual(seen, [
    [0, 0],
    [2, 20],
    [3, 30],
  ]);
});
