/** Points of any number, value and state, read in any way: each is there once, in its place, with what it shows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeFragment } from "#protocol/dnp3/application/fragment.ts";
import { decodeObjects, type DnpObject } from "#protocol/dnp3/application/objects.ts";
import { pointFlags, type CounterImage } from "#protocol/dnp3/outstation/host.ts";
import { fromHex } from "./dnp3-exchanges.ts";
import { Bench, FixtureHost, usualSettings } from "./dnp3-host.ts";
import { share } from "./share.ts";

interface Point {
  readonly value: number;
  readonly flags: number;
}

const flags = fc.constantFrom(0x01, 0x01, 0x01, 0x00, 0x02, 0x04, 0x11, 0x21);
const analogs = fc.array(
  fc.record({ value: fc.oneof(fc.integer({ min: -50_000, max: 50_000 }), fc.constant(3e9), fc.constant(NaN)), flags }),
  { maxLength: 200 },
);
const counts = fc.array(fc.record({ value: fc.nat(999_999_999), flags }), { maxLength: 300 });
const binaries = fc.array(fc.record({ value: fc.nat(1), flags }), { maxLength: 64 });

function counterImage(points: readonly Point[]): CounterImage {
  return {
    values32: Float64Array.from(points, ({ value }) => value),
    values16: Float64Array.from(points, ({ value }) => value % 65_536),
    flags: Uint8Array.from(points, ({ flags }) => flags),
  };
}

/** Everything that an answer has, fragment by fragment, and how many octets its longest fragment. */
function readAll(
  bench: Bench,
  objects: string,
): { readonly objects: [group: number, variation: number, DnpObject][]; readonly most: number } {
  let sequence = 5;
  let [answer = ""] = bench.ask(`c5 01 ${objects}`);
  const all: [number, number, DnpObject][] = [];
  let most = 0;
  for (;;) {
    const fragment = fromHex(answer);
    most = Math.max(most, fragment.length);
    const { control, objectsAt } = decodeFragment(fragment);
    assert.equal(control.sequence, sequence);
    for (const { header, objects } of decodeObjects(fragment, objectsAt, true))
      for (const object of objects) all.push([header.group, header.variation, object]);
    if (control.last) return { objects: all, most };
    [answer = ""] = bench.ask(`c${sequence.toString(16)} 00`);
    sequence = (sequence + 1) & 15;
  }
}

/** What an analog is on the wire, in so many bits. */
function analogOf({ value, flags }: Point, most: number): Point {
  if (Number.isNaN(value)) return { value: 0, flags: flags & ~pointFlags.online };
  const cut = Math.max(-most - 1, Math.min(most, value));
  return { value: cut, flags: cut === value ? flags : flags | pointFlags.overRange };
}

test("class 0 has every point once, with a flag where there is something to flag", () => {
  const sizes = fc.integer({ min: 249, max: 2048 });
  const settings = fc.record({
    analog: fc.constantFrom(1, 2, 3, 4),
    counter: fc.constantFrom(1, 2, 5, 6),
    binary: fc.constantFrom(1, 2),
  });
  fc.assert(
    fc.property(analogs, counts, binaries, sizes, settings, (analogs, counts, binaries, maxFragment, defaults) => {
      const variations = { ...usualSettings.variations, ...defaults } as typeof usualSettings.variations;
      const application = { confirmTimeoutMs: 1000, maxFragment };
      const host = new FixtureHost({ application, variations, class0: "running" });
      const values = Float64Array.from(analogs, ({ value }) => value);
      host.show({
        binaries: Uint8Array.from(binaries, ({ value, flags }) => flags | (value === 1 ? pointFlags.state : 0)),
        outputs: new Uint8Array(0),
        counters: counterImage(counts),
        analogs: { values, values32: values, values16: values, flags: Uint8Array.from(analogs, ({ flags }) => flags) },
      });
      const expected: [number, number, DnpObject][] = [
        ...binaries.map(({ value, flags }, index): [number, number, DnpObject] => {
          const isPacked = variations.binary === 1 && flags === pointFlags.online;
          return isPacked ? [1, 1, { index, value }] : [1, 2, { index, flags: flags | (value === 1 ? 0x80 : 0) }];
        }),
        ...analogs.map((point, index): [number, number, DnpObject] => {
          const is16 = variations.analog === 2 || variations.analog === 4;
          const { value, flags } = analogOf(point, is16 ? 0x7fff : 0x7fff_ffff);
          const isBare = variations.analog > 2 && flags === pointFlags.online;
          return isBare ? [30, is16 ? 4 : 3, { index, value }] : [30, is16 ? 2 : 1, { index, flags, value }];
        }),
        ...counts.map(({ value, flags }, index): [number, number, DnpObject] => {
          const is16 = variations.counter === 2 || variations.counter === 6;
          const isBare = variations.counter > 2 && flags === pointFlags.online;
          const shown = is16 ? value % 65_536 : value;
          return isBare
            ? [20, is16 ? 6 : 5, { index, value: shown }]
            : [20, is16 ? 2 : 1, { index, flags, value: shown }];
        }),
      ];
      const bench = new Bench(host);
      // The second time it is at hand.
      for (let times = 0; times < 2; times++) {
        const { objects, most } = readAll(bench, "3c 01 06");
        assert.ok(most <= maxFragment);
        assert.deepEqual(objects, expected);
        bench.ask("c1 17");
      }
    }),
    { numRuns: share(100, 300, 2000) },
  );
});

test("ranges and lists of points are what was asked for of those that are there", () => {
  const range = fc.tuple(fc.nat(320), fc.nat(320));
  const lists = fc.array(fc.nat(320), { minLength: 1, maxLength: 100 });
  const bench = new Bench(
    new FixtureHost(
      { application: { confirmTimeoutMs: 1000, maxFragment: 249 } },
      { binaries: [], outputs: [], counters: Array.from({ length: 300 }, (_, k) => 7 * k), analogs: [] },
    ),
  );
  const word = (value: number): string =>
    value
      .toString(16)
      .padStart(4, "0")
      .replace(/(..)(..)/, "$2$1");
  fc.assert(
    fc.property(range, lists, ([first, last], indices) => {
      const ranged = readAll(bench, `14 01 01 ${word(first)} ${word(last)}`).objects.map(([, , { index }]) => index);
      const there = Array.from({ length: 300 }, (_, k) => k).filter((k) => k >= first && k <= last);
      assert.deepEqual(ranged, there);
      bench.ask("c1 17");
      const listed = readAll(bench, `14 06 28 ${word(indices.length)} ${indices.map(word).join("")}`).objects;
      assert.deepEqual(
        listed.map(([, , { index, value }]) => [index, value]),
        indices.filter((index) => index < 300).map((index) => [index, 7 * index]),
      );
      bench.ask("c1 17");
    }),
    { numRuns: share(100, 300, 2000) },
  );
});
