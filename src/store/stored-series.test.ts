import assert from "node:assert/strict";
import { test } from "node:test";
import { StoredSeries, type SeriesShape } from "./stored-series.ts";
import { MemoryStore, type MeterStore } from "./store.ts";

interface Hour {
  readonly sequence: number;
  readonly end: number;
}

const shape: SeriesShape<Hour> = {
  prefix: "hour/",
  capacity: 100,
  encode: (hour) => new TextEncoder().encode(JSON.stringify(hour)),
  decode: (bytes) => (bytes.length === 0 ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as Hour)),
  at: ({ end }) => end,
  holds: ({ end }) => end > 0,
};

/** Members 0 to 9 that end at 10, 20, ... 100. */
function tenHours(): { readonly store: MeterStore; readonly series: StoredSeries<Hour> } {
  const store = new MemoryStore().drawer("m");
  const series = new StoredSeries(store, shape, { next: 0, ordered: 0 });
  for (let k = 1; k <= 10; k++) series.add((sequence) => ({ sequence, end: 10 * k }));
  return { store, series };
}

test("what is damaged is absent, and in nobody's way: the others are found by their instants, whichever it is", () => {
  for (let damaged = 0; damaged < 10; damaged++) {
    const { store, series } = tenHours();
    store.put(`hour/${damaged}`, new Uint8Array(0));
    const sound = Array.from({ length: 10 }, (_, k) => k).filter((k) => k !== damaged);
    assert.deepEqual(
      series.page(0, 100).map(({ sequence }) => sequence),
      sound,
    );
    for (let utc = 5; utc < 110; utc += 10) {
      // By looking at each: the first that is over later.
      const expected = sound.find((k) => 10 * (k + 1) > utc);
      assert.equal(
        series.page(series.seek(utc), 1)[0]?.sequence ?? series.page(series.seek(utc), 2)[0]?.sequence,
        expected,
      );
    }
  }
});

test("what cannot be is not written, and what was written so is not read", () => {
  const { store, series } = tenHours();
  assert.throws(
    () => series.add((sequence) => ({ sequence, end: -1 })),
    /hour\/10 cannot be: \{"sequence":10,"end":-1\}/,
  );
  assert.throws(() => series.replaceLast({ sequence: 9, end: 0 }), /hour\/9 cannot be/);
  assert.equal(series.next, 10);
  store.put("hour/3", shape.encode({ sequence: 3, end: -40 }));
  assert.equal(series.member(3), undefined);
  assert.equal(series.member(4)?.end, 50);
});
