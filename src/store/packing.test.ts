/** How records lie in a file: long ones deflated, but for those that do not become shorter by it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { packed, sealed, sealOf, Unpacker } from "./packing.ts";

/** Bytes without any order (a congruential generator of Park and Miller). */
function noise(length: number): Uint8Array {
  let seed = 2026;
  return Uint8Array.from({ length }, () => (seed = (seed * 16_807) % 2_147_483_647) >> 8);
}

const text = (length: number): Uint8Array => new TextEncoder().encode("interval: 10\n".repeat(length / 13));

for (const [what, bytes, isDeflated] of [
  ["a short text", text(1000), false],
  ["a long text", text(100_000), true],
  ["a file that is compressed", noise(200_000), false],
  ["a short one", noise(3000), false],
  // The part that is tried is in the middle.
  ["a text with a compressed head", new Uint8Array([...noise(8000), ...text(90_000)]), true],
] as const) {
  test(`${what} is ${isDeflated ? "" : "not "}deflated, and comes back as it was`, () => {
    const record = packed(bytes);
    assert.equal(record.deflated, isDeflated);
    assert.ok(record.bytes.length <= bytes.length);
    const row = { meter: "m", key: "k", bytes: record.bytes, sum: sealOf(1, "m", "k", record) };
    const found = sealed(1, row);
    assert.ok(found !== undefined);
    assert.deepEqual(new Unpacker().take(found), bytes);
  });
}
