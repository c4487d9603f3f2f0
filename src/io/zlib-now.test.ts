/** Streams of zlib, whole and damaged. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, deflateSync } from "node:zlib";
import fc from "fast-check";
import { inflate } from "#format/pqdif/deflate.ts";
import { inflateNow } from "./zlib-now.ts";

/** RFC 1950 by hand: head 78 01, a stored block of "abc" (RFC 1951, 3.2.4), Adler-32 024d0127. */
const abc = Uint8Array.from(Buffer.from("7801010300fcff616263024d0127", "hex"));

test("a stored block is what it holds, and padding behind the stream is none of it", () => {
  for (const padding of [0, 1, 3, 100]) {
    const { bytes, problem, isTooLong } = inflateNow(Uint8Array.from([...abc, ...Array(padding).fill(0)]), 100);
    assert.deepEqual([Buffer.from(bytes).toString(), problem, isTooLong], ["abc", undefined, false]);
  }
});

test("a stream that is too long gives nothing, one that just fits all of it", () => {
  assert.equal(inflateNow(abc, 2).isTooLong, true);
  assert.equal(inflateNow(abc, 3).bytes.length, 3);
  // A hundred megabytes of zeros in a hundred kilobytes.
  const bomb = deflateSync(Buffer.alloc(100 << 20));
  assert.deepEqual(inflateNow(bomb, 1 << 20), { bytes: new Uint8Array(0), isTooLong: true, problem: undefined });
});

test("of a stream that is cut, or whose sum is wrong, what comes before that is there, and what was wrong is said", () => {
  const sum = inflateNow(Uint8Array.from([...abc.slice(0, -1), 0]), 100);
  assert.equal(Buffer.from(sum.bytes).toString(), "abc");
  assert.match(sum.problem ?? "", /incorrect data check/);
  const cut = inflateNow(abc.slice(0, 9), 100);
  assert.equal(Buffer.from(cut.bytes).toString(), "ab");
  assert.match(cut.problem ?? "", /unexpected end of file/);
  assert.equal(inflateNow(new Uint8Array(0), 100).bytes.length, 0);
  assert.match(inflateNow(deflateRawSync("abc"), 100).problem ?? "", /incorrect header check/);
});

test("it says what the inflater that waits says, of any stream and any change to it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 600 }),
      fc.nat(),
      fc.nat(255),
      fc.boolean(),
      async (bytes, at, byte, cut) => {
        const stream = Uint8Array.from(deflateSync(Buffer.concat([bytes, bytes, bytes])));
        stream[at % stream.length] = byte;
        const given = cut ? stream.slice(0, at % stream.length) : stream;
        const [now, later] = [inflateNow(given, 5000), await inflate(given, 5000)];
        assert.equal(now.isTooLong, later.isTooLong);
        if (now.problem === undefined || later.problem === undefined) assert.equal(now.problem, later.problem);
        // Of a damaged stream the one that waits may have lost the last block that was on its way.
        assert.deepEqual(now.bytes.subarray(0, later.bytes.length), later.bytes);
      },
    ),
    { numRuns: 200, seed: 13 },
  );
});
