/**
 * PQDIF that is damaged, or made to harm, as files that the command is given: read with warnings or refused with the place, in memory that the
 * file's size bounds.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { adler32 } from "#format/pqdif/deflate.ts";
import { writePqdif } from "#format/pqdif/write.ts";
import { inspectRecording } from "#fleet/inspect-recording.ts";
import { dipPqdif } from "./analyse-recordings.ts";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

function listed(name: string): Uint8Array {
  const text = readFileSync(new URL(`fixtures/pqdif/${name}.hex`, import.meta.url), "utf8");
  return Uint8Array.from(Buffer.from(text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, ""), "hex"));
}

/** xorshift32 of a seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Where records begin, by their links. */
function recordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const at = [0];
  for (let next = view.getInt32(40, true); next !== 0; next = view.getInt32(next + 40, true)) at.push(next);
  return at;
}

const hostile = [0, 1, -1, 64, 0x7fff_ffff, -0x8000_0000, 1 << 16];

test("2,000 damaged files are inspected or refused with their name and the place", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "x.pqd");
  const next = random(1159);
  const [plain, zlib] = [listed("plain"), listed("zlib")];
  let [read, refused] = [0, 0];
  for (let k = 0; k < 2000; k++) {
    const bytes = Uint8Array.from(k % 2 === 0 ? plain : zlib);
    const view = new DataView(bytes.buffer);
    for (let m = 1 + next(5); m > 0; m--) {
      const at = next(bytes.length - 4);
      if (next(2) === 0) bytes[at] = next(256);
      else view.setInt32(at & ~3, hostile[next(hostile.length)]!, true);
    }
    writeFileSync(file, next(8) === 0 ? bytes.slice(0, next(bytes.length)) : bytes);
    try {
      const { samples, pqdif } = inspectRecording(file);
      assert.ok(samples < 1000 && (pqdif?.observations.length ?? 0) < 10);
      read++;
    } catch (error) {
      assert.match((error as Error).message, /x\.pqd, (byte \d+|channel |observation |its observations|column)/);
      refused++;
    }
  }
  assert.ok(read > 200 && refused > 100, `${read} read, ${refused} refused`);
});

test("links that lead back, sizes beyond the file and unknown tags are warnings, and the rest is analysed", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const whole = await writePqdif(dipPqdif());
  const records = recordsOf(whole);
  const last = records.at(-1)!;
  const changed = (name: string, change: (view: DataView) => void): string => {
    const bytes = Uint8Array.from(whole);
    change(new DataView(bytes.buffer));
    const file = path.join(folder, `${name}.pqd`);
    writeFileSync(file, bytes);
    return file;
  };
  for (const [file, says] of [
    [changed("circle", (view) => view.setInt32(last + 40, records[1]!, true)), /has been read: no more are read/],
    [
      changed("beyond", (view) => view.setInt32(last + 36, 0x7fff_ffff, true)),
      /expected a body of 2147483647 bytes, \d+ are left/,
    ],
    [changed("nowhere", (view) => view.setInt32(last + 40, 0x7fff_0000, true)), /expected the header of a record/],
  ] as const) {
    const seen = await run("inspect", file);
    assert.equal(seen.status, 0, seen.err);
    assert.match(seen.out, says);
    assert.match(seen.out, /^byte \d+ +/m);
    const { status, out } = await run("analyse", file);
    assert.equal(status, 0);
    assert.match(out, /dip +0\.3/);
    assert.match(out, /warnings: npx polyphase inspect says them/);
  }
  // The only observation is of a tag that nobody knows: there is nothing left to analyse.
  const unknown = changed("unknown", (view) => view.setUint32(last + 16, 0x12345678));
  assert.match((await run("inspect", unknown)).out, /a record of the unknown tag .* is left out/);
  const { status, err } = await run("analyse", unknown);
  assert.equal(status, 2);
  assert.match(err, /unknown\.pqd, its observations: there are neither samples nor logs .*; found no channels/);
});

test("a stream that inflates to a thousand times its size is refused, and costs no memory to speak of", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const whole = await writePqdif(dipPqdif(), { compress: true });
  const last = recordsOf(whole).at(-1)!;
  const bomb = deflateSync(Buffer.alloc(256 << 20));
  const bytes = new Uint8Array(last + 64 + bomb.length);
  bytes.set(whole.subarray(0, last + 64));
  bytes.set(bomb, last + 64);
  const view = new DataView(bytes.buffer);
  view.setInt32(last + 36, bomb.length, true);
  view.setInt32(last + 44, adler32(bomb), true);
  const file = path.join(folder, "bomb.pqd");
  writeFileSync(file, bytes);
  const { status, err } = await run("analyse", file);
  assert.equal(status, 2);
  assert.match(
    err,
    /bomb\.pqd, byte \d+: what is there is more than 200 times its \d+ bytes, and the \d+ of a file that are free, when it is inflated/,
  );
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => inspectRecording(file));
  assert.ok(process.memoryUsage().arrayBuffers - before < 160 << 20);
});

test("increments of a billion steps in a few bytes are refused", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "steps.pqd");
  const bytes = await writePqdif(dipPqdif());
  // The count of the one rate of the first channel's times: a REAL8 of 12,800 behind the 1.
  const at = Buffer.from(bytes).indexOf(Buffer.from(Float64Array.of(1, 12_800).buffer));
  assert.ok(at > 0);
  new DataView(bytes.buffer).setFloat64(at + 8, 1e9, true);
  writeFileSync(file, bytes);
  const { status, err } = await run("inspect", file);
  assert.equal(status, 2);
  assert.match(err, /steps\.pqd, byte \d+: 1000000000 values are there, where \d+ of the \d+ of a file are left/);
});
