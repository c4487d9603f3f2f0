/** Seeded bad input to a whole outstation behind its link: damaged frames, and damaged fragments in sound frames, from masters near and far behind. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { FrameReader } from "#protocol/dnp3/link/frame-reader.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { exchanges, fromHex } from "./dnp3-exchanges.ts";
import { FixtureHost, usualSettings } from "./dnp3-host.ts";
import { AnsweringOutstation, data, header, isHealthy, request, rigOf, type Rig } from "./dnp3-line.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const logged = exchanges("dnp3.txt").flatMap(({ frames }) => frames.filter(({ from }) => from === "master"));
const frames: readonly Uint8Array[] = [
  data(0xc4, "c0 01 3c 01 06"),
  header(0xc0),
  data(0xf3, "c0 01 3c 02 06"),
  ...logged.map(({ hex }) => fromHex(hex)),
];
const fragments: readonly Uint8Array[] = [
  "c0 01 3c 02 06 3c 03 06 3c 04 06 3c 01 06",
  // Ranges that are wide, upside down, and of many objects without octets.
  "c1 01 1e 03 01 00 00 ff ff",
  "c2 01 1e 03 00 09 02",
  "c3 01 3c 01 08 ff ff",
  `c4 01 ${"1e 00 06 ".repeat(45)}`,
  "c5 02 50 01 00 07 07 00",
  "c6 09 14 00 06",
  "c7 0d",
  "c0 00",
  ...logged.flatMap(({ segment }) => segment?.fragment ?? []),
]
  .map(fromHex)
  .filter(({ length }) => length > 0);

const events = {
  ...usualSettings.events,
  binary: { class: 1, variation: 2 },
  analog: { class: 3, variation: 7, deadbands: [] },
  most: { freezes: 20, others: 30 },
} as const;

/** Octets of frames, all of which are whole. */
function octetsOf(hex: string): number {
  const reader = new FrameReader();
  reader.add(fromHex(hex));
  while (reader.next() !== undefined);
  assert.deepEqual([reader.noise, reader.held], [0, 0], hex);
  return fromHex(hex).length;
}

for (const confirm of ["never", "always"] as const)
  test(`whatever is sent to an outstation (link confirmation ${confirm}), it answers boundedly, and says that it is there`, () => {
    const random = numbers(0x1815);
    const clock = new VirtualClock();
    const host = new FixtureHost({ events, link: { ...usualSettings.link, confirm } });
    const server = outstation(host, { clock, port: "ethernet 1" });
    const open = (): Rig => rigOf(new AnsweringOutstation(), [{ server, settings: () => host.settings }], { clock });
    let one = open();
    const polite = open();
    for (let k = share(2000, 20_000, 100_000); k > 0; k--) {
      const from = 100 + random(3);
      const bytes =
        random(2) === 0 ? mutated(frames, random) : request(mutated(fragments, random), { from }, random(64));
      assert.ok(octetsOf(one.ask(bytes)) <= 8 * 2411);
      if (random(3) === 0) octetsOf(one.ask(header(0x80, { from })));
      if (random(8) === 0) host.setBinary(random(10), random(2) === 0);
      if (random(8) === 0) host.setAnalog(random(4), random(100_000));
      if (random(8) === 0) clock.advance(random(3000));
      octetsOf(one.heard());
      assert.ok(isHealthy(one), Buffer.from(bytes).toString("hex"));
      if (!one.link.open) one = open();
      host.times.length = 0;
      host.frozen.splice(0, Math.max(0, host.frozen.length - 1000));
      if (k % 20 !== 0 || confirm === "always") continue;
      // Another master, on a link of its own, is answered whatever the others owe: an object that there is not.
      const answer = polite.ask(data(0xc4, `c${(k / 20) % 10} 01 63 01 06`, { from: 7 }));
      assert.match(answer, /^05 64 0a 44 07 00 01 00 .. .. .. [ce]. 81 .. 0[2a]/);
    }
  });
