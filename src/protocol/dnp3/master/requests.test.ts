/** What a master asks for: headers as the standard writes them, and any of them read again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeObjects } from "#protocol/dnp3/application/objects.ts";
import { classes, integrity, readObjects, restartSeen, single, sized, type ReadHeader } from "./requests.ts";

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex");

test("headers are as short as they can be", () => {
  const written = (group: number, variation: number, which: ReadHeader["which"]): string =>
    hex(readObjects([{ group, variation, which }]));
  assert.equal(hex(readObjects(integrity)), "3c02063c03063c04063c0106");
  assert.equal(hex(readObjects(classes(0))), "3c0106");
  assert.equal(written(30, 0, "all"), "1e0006");
  assert.equal(written(30, 5, { from: 0, to: 255 }), "1e050000ff");
  assert.equal(written(30, 5, { from: 3, to: 256 }), "1e050103000001");
  assert.equal(written(2, 2, { most: 7 }), "02020707");
  assert.equal(written(2, 2, { most: 300 }), "0202082c01");
  assert.equal(written(20, 1, { indices: [0, 255] }), "1401170200ff");
  assert.equal(written(20, 1, { indices: [1, 256] }), "14012802000100" + "0001");
  // 80 variation 1, 7 to 7, a bit of zero.
  assert.equal(hex(restartSeen()), "500100070700");
  // 2024-01-01T00:00:00Z.
  assert.equal(hex(single(50, 1, { time: 1_704_067_200_000 })), "3201070100f451c28c01");
  assert.equal(hex(sized(70, 5, Uint8Array.of(1, 2, 3))), "46055b01" + "0300" + "010203");
});

const index = fc.integer({ min: 0, max: 65_535 });
const which: fc.Arbitrary<ReadHeader["which"]> = fc.oneof(
  fc.constant("all" as const),
  fc.tuple(index, index).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
  index.map((most) => ({ most })),
  fc.array(index, { minLength: 1, maxLength: 300 }).map((indices) => ({ indices })),
);
const header = fc.record({
  group: fc.constantFrom(1, 2, 10, 20, 21, 30, 32),
  variation: fc.integer({ min: 0, max: 6 }),
  which,
});

test("whatever is asked for is read as it was meant", () => {
  fc.assert(
    fc.property(fc.array(header, { maxLength: 20 }), (headers) => {
      const blocks = decodeObjects(readObjects(headers), 0, false);
      assert.equal(blocks.length, headers.length);
      blocks.forEach(({ header, objects }, k) => {
        const { group, variation, which } = headers[k]!;
        assert.deepEqual([header.group, header.variation], [group, variation]);
        if (which === "all") assert.equal(header.count, Infinity);
        else if ("from" in which)
          assert.deepEqual([header.first, header.count], [which.from, which.to - which.from + 1]);
        else if ("most" in which) assert.equal(header.count, which.most);
        else
          assert.deepEqual(
            objects.map((one) => one.index),
            which.indices,
          );
      });
    }),
  );
});
