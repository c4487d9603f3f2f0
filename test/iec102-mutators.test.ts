/** Seeded bad input in and between good: the station never falls, answers what it is asked next, and holds nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { frameOf } from "#protocol/iec102/frame/frame.ts";
import { FrameReceiver } from "#protocol/iec102/frame/receiver.ts";
import { FixtureHost } from "./iec102-host.ts";
import { rig } from "./iec102-rig.ts";
import { fromHex, realMeters, session, toHex } from "./iec102-vectors.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const STATUS = "10 49 0c 87 dc 16";

/** Requests of the recorded session, and those of real readers with this station's address. */
const samples: readonly Uint8Array[] = [
  ...session.map(({ reader }) => fromHex(reader)),
  ...realMeters.map((hex) => {
    const frame = frameOf(fromHex(hex), 2);
    return frame.kind === "single" ? fromHex(hex) : addressed(fromHex(hex));
  }),
];

/** The same frame for the station of the session. */
function addressed(bytes: Uint8Array): Uint8Array {
  const at = bytes[0] === 0x10 ? 2 : 5;
  bytes.set([0x0c, 0x87], at);
  return sealed(bytes);
}

/** With a check that holds, so that more than the check is tried. */
function sealed(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 6) return bytes;
  const from = bytes[0] === 0x10 ? 1 : 4;
  if (from === 4) bytes[1] = bytes[2] = (bytes.length - 6) & 0xff;
  const end = bytes.length - 2;
  bytes[end] = bytes.subarray(from, end).reduce((sum, one) => sum + one, 0) & 0xff;
  bytes[end + 1] = 0x16;
  return bytes;
}

for (const companion of ["ree", "base"] as const)
  test(`after mutated frames the link's status is told as ever (${companion})`, async () => {
    const host = new FixtureHost({ companion });
    const line = rig(host);
    const random = numbers(companion === "ree" ? 870 : 102);
    const { open, raw, clock } = line;
    await open();
    const times = share(4000, 20_000, 100_000);
    for (let k = 0; k < times; k++) {
      const bytes = mutated(samples, random);
      const sent = random(3) > 0 ? sealed(bytes) : bytes;
      const said = raw(sent);
      if (said !== "") {
        const receiver = new FrameReceiver(() => 2);
        assert.ok(receiver.take(fromHex(said)).length > 0 && !receiver.waits && receiver.noise === 0, toHex(sent));
      }
      // What a mutated session asked for is looked up.
      await Promise.resolve();
      clock.advance(500);
      const health = raw(STATUS);
      assert.ok(health === "10 0b 0c 87 9e 16" || health === "10 2b 0c 87 be 16", `${toHex(sent)}: ${health}`);
      if (k % 50 === 0) {
        host.epoch++;
        await open();
      }
    }
    assert.ok(host.setTo.length < times);
  });

test("a flood of beginnings keeps no more than one frame", () => {
  const line = rig(new FixtureHost());
  const beginning = fromHex("68 ff ff 68 73");
  for (let k = 0; k < 5000; k++) line.raw(beginning);
  line.clock.advance(500);
  assert.equal(line.raw(STATUS), "10 0b 0c 87 9e 16");
  const receiver = new FrameReceiver(() => 2);
  for (let k = 0; k < 100_000; k++) receiver.take(beginning);
  assert.ok(receiver.held < 1000, String(receiver.held));
});
