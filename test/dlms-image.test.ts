/** Firmware of a JEMStar over DLMS: blocks, their check and what follows (Blue Book 4.4.6, steps of the image transfer). */
import assert from "node:assert/strict";
import { crc32 as zlibCrc32 } from "node:zlib";
import { test } from "node:test";
import { doubleLongUnsigned, integer, octets, structure } from "#protocol/dlms/data/data.ts";
import { limits } from "#quantity/limits.ts";
import { beyond, DLMS, hex, type BeyondRig } from "./dlms-beyond-rig.ts";

const NAME = "0.0.44.0.0.255";
const BLOCK = 64;

/** An image of so many bytes: its name in a line, whatever follows, and the CRC-32 of all that, as zlib makes it. */
function imageOf(name: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size).map((_, k) => k);
  bytes.set(Buffer.from(`${name}\n`));
  new DataView(bytes.buffer).setUint32(size - 4, zlibCrc32(bytes.subarray(0, size - 4)));
  return bytes;
}

function talking(meter: BeyondRig, user = "admin") {
  const session = meter.as(user, DLMS);
  const state = (): string => meter.get(NAME, 6).slice(2);
  return {
    state,
    initiate: (name: string, size: number) =>
      meter.act(NAME, 1, structure(octets(Buffer.from(name)), doubleLongUnsigned(size)), session),
    block: (number: number, bytes: Uint8Array) =>
      meter.act(NAME, 2, structure(doubleLongUnsigned(number), octets(bytes)), session),
    verify: () => meter.act(NAME, 3, integer(0), session),
    activate: () => meter.act(NAME, 4, integer(0), session),
    blocksOf: (image: Uint8Array) =>
      Array.from({ length: Math.ceil(image.length / BLOCK) }, (_, k) => image.subarray(k * BLOCK, (k + 1) * BLOCK)),
  };
}

test("an image comes block by block in any order, is verified, and is the firmware of its board", (t) => {
  const meter = beyond(t, { level: "full" });
  const image = imageOf("register 0.1.234", 3 * BLOCK + 10);
  const { initiate, block, blocksOf, verify, activate, state } = talking(meter);
  assert.equal(state(), "00");
  assert.equal(block(0, image.subarray(0, BLOCK)), "temporary-failure");
  assert.equal(initiate("register 0.1.234", image.length), "success");
  assert.equal(meter.get(NAME, 2), "0600000040");
  const blocks = blocksOf(image);
  for (const k of [0, 2, 3]) assert.equal(block(k, blocks[k] as Uint8Array), "success");
  // Four blocks, of which the second is missing: 1011.
  assert.equal(meter.get(NAME, 3), "0404b0");
  assert.equal(meter.get(NAME, 4), "0600000001");
  assert.equal(verify(), "temporary-failure");
  assert.equal(block(1, blocks[1] as Uint8Array), "success");
  // An answer was lost: the same again.
  assert.equal(block(1, blocks[1] as Uint8Array), "success");
  assert.equal(meter.get(NAME, 4), "0600000004");
  assert.equal(verify(), "success");
  assert.equal(state(), "03");
  const signature = hex(image.subarray(-4));
  const name = hex(Buffer.from("register 0.1.234"));
  assert.equal(meter.get(NAME, 7), `0101 0203 06000000ca 0910${name} 0904${signature}`.replaceAll(" ", ""));
  assert.notEqual(meter.jem.hardware.firmware.register, "0.1.234");
  assert.equal(activate(), "success");
  assert.equal(state(), "06");
  assert.equal(meter.jem.hardware.firmware.register, "0.1.234");
  assert.deepEqual(meter.log("event"), ["admin: firmware changed"]);
});

test("an image that came otherwise than it was sent is none", (t) => {
  const meter = beyond(t, { level: "full" });
  const { initiate, block, blocksOf, verify, activate, state } = talking(meter);
  for (const [name, spoil] of [
    ["register 0.1.234", (bytes: Uint8Array) => bytes.with(100, 0xff)],
    // Its name is another than it was begun with; a board that nobody has heard of.
    ["register 0.1.235", (bytes: Uint8Array) => bytes],
    ["the register", (bytes: Uint8Array) => bytes],
  ] as const) {
    const image = spoil(imageOf(name === "register 0.1.235" ? "register 0.1.234" : name, 200));
    assert.equal(initiate(name, image.length), "success");
    blocksOf(image).forEach((one, k) => assert.equal(block(k, one), "success"));
    assert.equal(verify(), "other-reason");
    assert.equal(state(), "04");
    assert.equal(activate(), "other-reason");
    assert.equal(meter.get(NAME, 7), "0100");
  }
});

test("a board that the meter has not takes no firmware", (t) => {
  const meter = beyond(t, { level: "full" });
  const { initiate, block, blocksOf, activate, state } = talking(meter);
  const image = imageOf("toaster 1.0.0", 100);
  assert.equal(initiate("toaster 1.0.0", image.length), "success");
  blocksOf(image).forEach((one, k) => assert.equal(block(k, one), "success"));
  assert.notEqual(activate(), "success");
  assert.equal(state(), "07");
});

test("what is too long, too short or nowhere is refused, and memory is bounded", (t) => {
  const meter = beyond(t, { level: "full" });
  const { initiate, block } = talking(meter);
  assert.equal(initiate("register 0.1.234", limits.dlms.imageBytes + 1), "scope-of-access-violated");
  assert.equal(initiate("register 0.1.234", 0), "scope-of-access-violated");
  assert.equal(initiate("x".repeat(65), 100), "scope-of-access-violated");
  assert.equal(initiate("register 0.1.234", 100), "success");
  assert.equal(block(0, new Uint8Array(BLOCK + 1)), "type-unmatched");
  assert.equal(block(1, new Uint8Array(BLOCK)), "type-unmatched");
  assert.equal(block(2, new Uint8Array(1)), "scope-of-access-violated");
  assert.equal(block(0xffff_ffff, new Uint8Array(BLOCK)), "scope-of-access-violated");
  assert.equal(meter.act(NAME, 1, integer(0), meter.as("admin", DLMS)), "type-unmatched");
});

test("who may not change firmware begins no transfer, and nobody does where the objects are to be read only", (t) => {
  const meter = beyond(t, { level: "full" });
  assert.equal(talking(meter, "user1").initiate("register 0.1.234", 100), "denied");
  assert.equal(talking(beyond(t, { level: "read" })).initiate("register 0.1.234", 100), "none");
});
