/** Both ends of a data link against each other, over lines that lose frames. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { DataLink, type DataLinkOptions } from "#protocol/dnp3/link/data-link.ts";
import { FrameReader } from "#protocol/dnp3/link/frame-reader.ts";
import type { ConfirmSettings } from "#protocol/dnp3/link/primary.ts";
import { toHex } from "./dnp3-exchanges.ts";

const confirmed: ConfirmSettings = { confirm: "always", timeoutMs: 1000, retries: 3 };

/** A master 100 and an outstation 1, frames between which take a millisecond; `comes` says whether the next one does. */
function pair(
  { master = confirmed, outstation = confirmed }: { master?: ConfirmSettings; outstation?: ConfirmSettings },
  comes: () => boolean = () => true,
) {
  const clock = new VirtualClock();
  const got: Record<"master" | "outstation", string[]> = { master: [], outstation: [] };
  const log: string[] = [];
  const failed: string[] = [];
  const ends: DataLink[] = [];
  const end = (isMaster: boolean, settings: ConfirmSettings): DataLink => {
    const name = isMaster ? "master" : "outstation";
    const reader = new FrameReader();
    const options: DataLinkOptions = {
      destination: isMaster ? 1 : 100,
      source: isMaster ? 100 : 1,
      isMaster,
      settings: () => settings,
      clock,
      send(bytes) {
        if (!comes()) return;
        clock.after(1, () => {
          reader.add(bytes);
          for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
            log.push(toHex(Uint8Array.of(frame.control)));
            ends[isMaster ? 1 : 0]?.take(frame);
          }
        });
      },
      take: (fragment) => void got[name].push(toHex(fragment)),
      failed: () => void failed.push(name),
      answered: (control) => void log.push(`${name} heard ${toHex(Uint8Array.of(control))}`),
    };
    return new DataLink(options);
  };
  ends.push(end(true, master), end(false, outstation));
  return { clock, got, log, failed, master: ends[0]!, outstation: ends[1]! };
}

test("a master and an outstation that confirm send what the standard has, each with its own direction", () => {
  const one = pair({});
  one.master.send(Uint8Array.of(0xc0, 1));
  one.clock.advance(10);
  one.outstation.send(Uint8Array.of(0xc0, 0x81, 0, 0));
  one.clock.advance(10);
  assert.deepEqual(one.got, { outstation: ["c0 01"], master: ["c0 81 00 00"] });
  assert.deepEqual(
    one.log.filter((entry) => entry.length === 2),
    ["c0", "00", "f3", "00", "40", "80", "73", "80"],
  );
  one.master.requestLinkStatus();
  one.clock.advance(10);
  assert.deepEqual(one.log.slice(-3), ["c9", "0b", "master heard 0b"]);
});

test("an outstation that started anew refuses what is counted, and the master resets its link states", () => {
  const asked: string[] = [];
  const reader = new FrameReader();
  const clock = new VirtualClock();
  const master: DataLink = new DataLink({
    destination: 1,
    source: 100,
    isMaster: true,
    settings: () => confirmed,
    clock,
    send(bytes) {
      reader.add(bytes);
      const frame = reader.next();
      if (frame === undefined) return;
      asked.push(toHex(Uint8Array.of(frame.control)));
      clock.after(1, () => end.take({ ...frame, data: frame.data.slice() }));
    },
    take() {},
  });
  const outstation = (): DataLink =>
    new DataLink({
      destination: 100,
      source: 1,
      isMaster: false,
      settings: () => confirmed,
      clock,
      send(bytes) {
        const answers = new FrameReader();
        answers.add(bytes);
        const frame = answers.next();
        if (frame !== undefined) clock.after(1, () => master.take(frame));
      },
      take: (fragment) => void asked.push(`took ${toHex(fragment)}`),
    });
  let end = outstation();
  master.send(Uint8Array.of(1));
  clock.advance(10);
  end = outstation();
  master.send(Uint8Array.of(2));
  clock.advance(10);
  assert.deepEqual(asked, ["c0", "f3", "took 01", "d3", "c0", "f3", "took 02"]);
});

// An acknowledgement has no number: one that comes twice would stand for the next frame. Lines lose frames, and repeat none.
test("on a line that loses frames fragments come once at most, whole and in order; what is not given up comes", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 800 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.nat(3)), (lengths, fates) => {
      const one = pair({}, () => fates.next().value !== 0);
      const sent = lengths.map((length, k) => Uint8Array.from({ length }, (_, at) => (k + at) & 0xff));
      for (const fragment of sent) {
        one.master.send(fragment);
        // Long enough for all frames with all their retries.
        one.clock.advance(100_000);
        assert.equal(one.master.isBusy, false);
      }
      const came = one.got.outstation;
      const hexes = sent.map(toHex);
      let at = 0;
      for (const fragment of came) {
        const found = hexes.indexOf(fragment, at);
        assert.ok(found >= at, "out of order, twice, or none that was sent");
        at = found + 1;
      }
      assert.ok(came.length + one.failed.length >= sent.length);
    }),
  );
});

test("on a line that loses one frame in three a segment comes with the retries there are", () => {
  let k = 0;
  const one = pair({ master: { ...confirmed, retries: 10 } }, () => k++ % 3 !== 0);
  const fragment = new Uint8Array(2048).fill(0x5a);
  one.master.send(fragment);
  one.clock.advance(1_000_000);
  assert.deepEqual([one.got.outstation, one.failed], [[toHex(fragment)], []]);
});
