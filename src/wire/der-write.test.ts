/** DER as X.690 has it: lengths in as few bytes as they take (8.1.3, 10.1), numbers without more bytes than they need (8.3.2). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { elements } from "./der.ts";
import { element, unsignedInteger } from "./der-write.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("lengths of one, two and three bytes", () => {
  assert.equal(hex(element(0x04, new Uint8Array(3))), "0403000000");
  assert.equal(hex(element(0x04, new Uint8Array(0x7f))).slice(0, 4), "047f");
  assert.equal(hex(element(0x04, new Uint8Array(0x80))).slice(0, 6), "048180");
  assert.equal(hex(element(0x04, new Uint8Array(0x100))).slice(0, 8), "04820100");
  assert.equal(hex(element(0x30)), "3000");
});

test("numbers are as short as they can be, and not negative", () => {
  assert.equal(hex(unsignedInteger(Uint8Array.of(0))), "020100");
  assert.equal(hex(unsignedInteger(new Uint8Array(0))), "020100");
  assert.equal(hex(unsignedInteger(Uint8Array.of(0, 0, 0x7f))), "02017f");
  assert.equal(hex(unsignedInteger(Uint8Array.of(0x80))), "02020080");
  assert.equal(hex(unsignedInteger(Uint8Array.of(0, 0x80, 1))), "0203008001");
});

test("what is written is read back", () => {
  const inner = [element(0x04, new Uint8Array(200)), element(0x02, Uint8Array.of(5))];
  const outer = element(0x30, ...inner);
  const [sequence] = elements(outer, 0, outer.length);
  assert.ok(sequence !== undefined && sequence.tag === 0x30);
  assert.deepEqual(
    elements(outer, sequence.from, sequence.to).map(({ tag, from, to }) => [tag, to - from]),
    [
      [0x04, 200],
      [0x02, 1],
    ],
  );
});
