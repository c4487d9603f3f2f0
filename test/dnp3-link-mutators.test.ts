/** Seeded bad input to outstations on a link: frames that are frames come back, nothing grows, and after each it says that it is there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameReader } from "#protocol/dnp3/link/frame-reader.ts";
import { frameBytes, MOST_DATA } from "#protocol/dnp3/link/frame.ts";
import { limits } from "#quantity/limits.ts";
import { exchanges, fromHex } from "./dnp3-exchanges.ts";
import {
  AnsweringOutstation,
  data,
  header,
  isHealthy,
  request,
  rigOf,
  stationOf,
  type Rig,
  type RigSettings,
} from "./dnp3-line.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

/** Of a master, each kind of frame; those of opendnp3 where they are here. */
const samples: readonly Uint8Array[] = [
  ...[0xc0, 0xc9, 0xe9, 0xf2, 0xd2, 0x80, 0x81, 0x8b, 0x8f, 0xc1, 0xcf].map((control) => header(control)),
  header(0xc0, { from: 3 }),
  header(0xc9, { to: 0xfffc }),
  data(0xc4, "c0 01 3c 01 06"),
  data(0xf3, "c0 01 3c 01 06"),
  data(0xd3, "c1 01 3c 02 06"),
  data(0xc4, "c0 08 14 00 06", { to: 0xffff }),
  data(0xc4, "c0 01 3c 01 06", { from: 7 }),
  request(new Uint8Array(700).fill(0x33), {}, 62),
  request(new Uint8Array(2048).fill(0x44)),
  ...exchanges("dnp3.txt").flatMap(({ frames }) =>
    frames.flatMap(({ from, hex }) => (from === "master" ? [fromHex(hex)] : [])),
  ),
];

/** Octets of frames, all of which are whole. */
function assertFrames(hex: string): void {
  const bytes = fromHex(hex);
  const reader = new FrameReader();
  reader.add(bytes);
  for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
    assert.ok((frame.control & 0x80) === 0);
    assert.ok(frame.data.length <= MOST_DATA);
  }
  assert.deepEqual([reader.noise, reader.held], [0, 0], hex);
}

/** Something short mostly, a long message at times, nothing at times. */
function answerOf(fragment: Uint8Array): Uint8Array | undefined {
  const kind = (fragment[0] ?? 0) % 8;
  if (kind === 7) return undefined;
  return new Uint8Array(kind === 6 ? 2048 : 1 + fragment.length).fill(0xa5);
}

const kinds: readonly (readonly [name: string, settings: RigSettings, make: Parameters<typeof rigOf>[2]])[] = [
  ["TCP", { selfAddress: true }, {}],
  ["UDP", {}, { datagrams: true }],
  ["a serial line, with confirmation", { link: { confirm: "always", retries: 1 } }, { baud: 9600 }],
];

for (const [name, settings, options] of kinds)
  test(`what is sent over ${name} ends nothing, holds nothing, and is followed by an answer`, () => {
    const random = numbers(0xd9);
    const server = new AnsweringOutstation(answerOf);
    let one: Rig = rigOf(server, [stationOf(server, settings)], options);
    for (let k = share(2000, 20_000, 100_000); k > 0; k--) {
      const bytes = mutated(samples, random);
      const cut = random(2) === 0 ? random(bytes.length + 1) : bytes.length;
      assertFrames(one.ask(bytes.subarray(0, cut)));
      if (cut < bytes.length) assertFrames(one.ask(bytes.subarray(cut)));
      if (random(4) === 0) one.clock.advance(random(2500));
      // What waited for an acknowledgement may come in between.
      assert.ok(isHealthy(one), Buffer.from(bytes).toString("hex"));
      assert.ok(server.masters.size <= limits.dnp3.masters);
      for (const line of server.masters) assert.equal(line.waiting, 0);
      server.fragments.length = server.broadcasts.length = 0;
      if (!one.link.open) one = rigOf(server, [stationOf(server, settings)], options);
    }
  });

test("whatever comes, what is kept of it is less than a frame, and a frame behind it is found", () => {
  const random = numbers(0x64);
  const reader = new FrameReader();
  const status = header(0xc9);
  const longest = frameBytes({ control: 0xc4, destination: 1, source: 100, data: new Uint8Array(MOST_DATA) }).length;
  for (let k = share(5000, 50_000, 200_000); k > 0; k--) {
    reader.add(
      random(8) === 0
        ? Uint8Array.from({ length: random(600) }, () => [5, 0x64, 0xff][random(3)]!)
        : mutated(samples, random),
    );
    while (reader.next() !== undefined);
    assert.ok(reader.held < longest);
    let found = false;
    for (let tries = 0; tries < 3 && !found; tries++) {
      reader.add(status);
      for (let frame = reader.next(); frame !== undefined; frame = reader.next()) found = frame.control === 0xc9;
    }
    assert.ok(found);
  }
});
