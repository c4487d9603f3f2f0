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
    for (let utc = 5; utc < 110; utc += 5) {
      // By looking at each: the first that is not before it.
      const expected = sound.find((k) => 10 * (k + 1) >= utc);
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

test("of a clock that was set back, again and again, a range has what lies in it, of all the times that the hours came", () => {
  const store = new MemoryStore().drawer("m");
  const place = { next: 0, ordered: 0 };
  const make = (): StoredSeries<Hour> => new StoredSeries(store, shape, place);
  // Three walks over some of the same hours.
  const ends = [10, 20, 30, 40, 20, 30, 40, 50, 5, 15, 45, 60];
  const series = make();
  for (const end of ends) series.add((sequence) => ({ sequence, end }));
  for (const found of [series, make()])
    for (let from = 0; from < 70; from += 5)
      for (let to = from; to < 70; to += 5) {
        const runs = found.between(from, to);
        const numbers = runs.flatMap(({ first, next }) => Array.from({ length: next - first }, (_, k) => first + k));
        const expected = ends.flatMap((end, k) => (k >= series.first && end >= from && end <= to ? [k] : []));
        assert.deepEqual(numbers, expected, `${from} to ${to}`);
      }
});
