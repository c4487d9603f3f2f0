/** Damaged files: they are read with warnings or refused with a FormatError, in time and memory that their size bounds. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { FormatError } from "#format/recording.ts";
import { adler32 } from "./deflate.ts";
import type { Pqdif } from "./model.ts";
import { readPqdif } from "./read.ts";
import { writePqdif } from "./write.ts";

const folder = new URL("../../../test/fixtures/pqdif/", import.meta.url);
const listed = (name: string): Uint8Array =>
  Uint8Array.from(
    Buffer.from(
      readFileSync(new URL(`${name}.hex`, folder), "utf8")
        .replaceAll(/#.*$/gm, "")
        .replaceAll(/\s/g, ""),
      "hex",
    ),
  );

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

/** Numbers that lengths, counts and links may be damaged to. */
const hostile = [0, 1, -1, 4, 28, 64, 0x7fff_ffff, -0x8000_0000, 0x0fff_ffff, 1 << 16, 255];

function mutated(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (let k = 1 + next(6); k > 0 && out.length > 8; k--) {
    const at = next(out.length - 4);
    const view = new DataView(out.buffer, out.byteOffset);
    const kind = next(10);
    if (kind < 3) out[at] = next(256);
    else if (kind < 6) view.setInt32(at & ~3, hostile[next(hostile.length)]!, true);
    else if (kind < 7) view.setInt32(at & ~3, next(out.length), true);
    else if (kind < 8) out.copyWithin(at, next(out.length), next(out.length));
    else if (kind < 9) out = Uint8Array.from([...out.subarray(0, at), ...out.subarray(at + 1 + next(40))]);
    else out = out.slice(0, at);
  }
  return out;
}

const LIMITS = { values: 100_000, elements: 20_000, inflated: 1 << 22, records: 1000 };

/** Reads; nothing but a FormatError with the name of the file and a byte may come of it. */
async function survives(bytes: Uint8Array, what: string): Promise<Pqdif | undefined> {
  try {
    const file = await readPqdif("x.pqd", bytes, LIMITS);
    let values = 0;
    const arrays = new Set<Float64Array>();
    for (const { channels, start, source } of file.observations) {
      assert.ok(Number.isFinite(start.seconds) && file.sources.includes(source), what);
      for (const { series } of channels) {
        for (const one of series) {
          if (!arrays.has(one.values)) values += one.values.length;
          arrays.add(one.values);
          assert.ok(
            one.values.every((value) => Number.isFinite(value) || Number.isNaN(value)),
            what,
          );
        }
      }
    }
    assert.ok(values <= LIMITS.values, `${what}: ${values} values`);
    for (const { where } of file.warnings)
      assert.match(where, /^byte -?\d+( of the body of the record at byte \d+)?$/, what);
    return file;
  } catch (error) {
    assert.ok(error instanceof FormatError, `${what}: ${error instanceof Error ? error.stack : String(error)}`);
    assert.match(error.message, /^x\.pqd, byte \d+/, what);
    return undefined;
  }
}

test("12,000 mutations of files made by hand are read or refused with the byte", async () => {
  const next = random(20_261_126);
  let [whole, warned, refused] = [0, 0, 0];
  for (const name of ["plain", "zlib", "types", "written"]) {
    const bytes = listed(name);
    for (let round = 0; round < 3000; round++) {
      const file = await survives(mutated(bytes, next), `${name}, round ${round}`);
      if (file === undefined) refused++;
      else if (file.warnings.length > 0) warned++;
      else whole++;
    }
  }
  // The mutator does what it should: most files are damaged, and most of those can still be read.
  assert.ok(warned > 3000 && refused > 1000, `${whole} whole, ${warned} with warnings, ${refused} refused`);
});

/** A zlib body in place of the observation's, with the header that it needs. */
function withBody(body: Uint8Array): Uint8Array {
  const file = listed("zlib");
  const view = new DataView(file.buffer);
  let at = 0;
  while (view.getInt32(at + 40, true) !== 0) at = view.getInt32(at + 40, true);
  const stream = deflateSync(body, { level: 9 });
  const out = new Uint8Array(at + 64 + stream.length);
  out.set(file.subarray(0, at + 64));
  out.set(stream, at + 64);
  new DataView(out.buffer).setInt32(at + 36, stream.length, true);
  new DataView(out.buffer).setUint32(at + 44, adler32(stream), true);
  return out;
}

test("a stream that inflates to a thousand times its size is refused once it is 200 times, and 64 MiB", async () => {
  const bomb = withBody(new Uint8Array((64 << 20) + 1));
  assert.ok(bomb.length < 100_000);
  await assert.rejects(
    readPqdif("x.pqd", bomb),
    (error) =>
      error instanceof FormatError &&
      /^x\.pqd, byte \d+: what is there is more than 200 times its \d+ bytes, and the 67108864 of a file that are free, when/.test(
        error.message,
      ),
  );
  // What is small may be as even as it likes.
  const even = await readPqdif("x.pqd", withBody(new Uint8Array(63 << 20)));
  assert.equal(even.observations.length, 0);
});

test("what is free is of a file: a second stream of a thousand times its size is refused beyond it", async () => {
  const one = withBody(new Uint8Array(40 << 20));
  const view = new DataView(one.buffer);
  let at = 0;
  while (view.getInt32(at + 40, true) !== 0) at = view.getInt32(at + 40, true);
  // The last record once more, behind itself.
  const twice = new Uint8Array(one.length + (one.length - at));
  twice.set(one);
  twice.set(one.subarray(at), one.length);
  new DataView(twice.buffer).setInt32(at + 40, one.length, true);
  await assert.rejects(readPqdif("x.pqd", twice), (error) =>
    (error as Error).message.startsWith(`x.pqd, byte ${one.length + 64}: what is there is more than 200 times its `),
  );
  // With more that is free, both are read.
  assert.equal((await readPqdif("x.pqd", twice, { inflatedFreely: 81 << 20 })).observations.length, 0);
});

test("a collection of collections that are all the same one is read once", async () => {
  // 50 levels of 100 elements each that lead to the next level: 100^50 paths.
  const levels = 50;
  const count = 100;
  const size = 4 + 28 * count;
  const body = new Uint8Array(levels * size);
  const view = new DataView(body.buffer);
  for (let level = 0; level < levels; level++) {
    view.setInt32(level * size, count, true);
    for (let k = 0; k < count; k++) {
      const at = level * size + 4 + 28 * k;
      body[at + 16] = 1;
      view.setInt32(at + 20, (level + 1) * size, true);
    }
  }
  const file = await survives(withBody(body), "levels");
  assert.match(file!.warnings.map(({ what }) => what).join("\n"), /collections are more than 32 deep/);
  assert.match(file!.warnings.map(({ what }) => what).join("\n"), /has been read: a link leads back to it/);
});

test("values that all lie in one place are read as long as they have no more than eight times the body", async () => {
  // An observation of 2,000 elements of a maker's, each a vector of the same 100,000 bytes.
  const count = 2000;
  const length = 100_000;
  const body = new Uint8Array(4 + 28 * count + 4 + length);
  const view = new DataView(body.buffer);
  view.setInt32(0, count, true);
  view.setInt32(4 + 28 * count, length, true);
  for (let k = 0; k < count; k++) {
    body.set([3, 30, 0], 4 + 28 * k + 16);
    view.setInt32(4 + 28 * k + 20, 4 + 28 * count, true);
  }
  const file = await survives(withBody(body), "overlap");
  const said = file!.warnings.filter(({ what }) =>
    what.startsWith("values overlap: those before it have 8 times the bytes"),
  );
  // Three are said, and the rest counted.
  assert.equal(said.length, 3);
  const rest = Number(/and (\d+) more/.exec(file!.warnings.map(({ what }) => what).join(" "))?.[1]);
  assert.equal(count - 3 - rest, Math.floor((8 * body.length) / length));
});

test("records that lie in one another are refused once their bodies are eight times the file", async () => {
  const plain = listed("plain");
  const head = plain.slice(0, 64);
  // A thousand headers, each with all that follows as its body.
  const count = 1000;
  const file = new Uint8Array(plain.length + 64 * count);
  file.set(plain);
  const view = new DataView(file.buffer);
  view.setInt32(40, plain.length, true);
  for (let k = 0; k < count; k++) {
    const at = plain.length + 64 * k;
    file.set(head, at);
    // Of a tag that nobody knows.
    file[at + 16] = 0xff;
    view.setInt32(at + 36, file.length - at - 64, true);
    view.setInt32(at + 40, k === count - 1 ? 0 : at + 64, true);
  }
  await assert.rejects(
    readPqdif("x.pqd", file),
    (error) =>
      error instanceof FormatError && /8 times the bytes of the file in bodies that overlap/.test(error.message),
  );
});

test("a series that shares with one that shares, and so on, is read over 16 of them", async () => {
  const source = {
    type: "measured",
    name: "x",
    effective: { day: 1, seconds: 0 },
    channels: [
      {
        phase: "none",
        quantityType: "value log",
        measured: "none",
        series: [{ valueType: "time", unit: "s", characteristic: "none", storage: "values" }],
      },
    ],
  } as const;
  const values = Float64Array.of(1, 2);
  const bytes = await writePqdif({
    container: { fileName: "x.pqd", created: { day: 1, seconds: 0 } },
    observations: [
      {
        name: "o",
        created: { day: 1, seconds: 0 },
        start: { day: 1, seconds: 0 },
        triggerMethod: "none",
        source,
        settings: undefined,
        channels: Array.from({ length: 20 }, (_, c) => ({
          definition: 0,
          series: [c === 0 ? { values } : { values, share: { channel: c - 1, series: 0 } }],
        })),
      },
    ],
  });
  const file = await survives(bytes, "chain");
  const lengths = file!.observations[0]!.channels.map(({ series }) => series[0]!.values.length);
  assert.deepEqual(lengths, [...Array(17).fill(2), 0, 0, 0]);
  assert.match(file!.warnings[0]!.what, /series share their values over more than 16 others/);
});

/** Where a listing has what its comments say: the byte at which the line begins. */
function linesOf(name: string): { readonly at: number; readonly what: string }[] {
  let at = 0;
  return readFileSync(new URL(`${name}.hex`, folder), "utf8")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => {
      const [bytes = "", what = ""] = line.split("#");
      const here = { at, what: what.trim() };
      at += bytes.trim().split(/\s+/).filter(Boolean).length;
      return here;
    });
}

/** What may be damaged of the structure of a body: where an element is, of which kind and type, and how much there is of it. */
const damages: readonly (readonly [comment: RegExp, damage: (view: DataView, at: number) => void])[] = [
  [/^kind, type, embedded$/, (view, at) => view.setUint8(at, 9)],
  // A collection has no type: it is damaged otherwise.
  [/^kind, type, embedded$/, (view, at) => view.setUint8(view.getUint8(at) === 1 ? at : at + 1, 77)],
  [/^at \d+, \d+ bytes$/, (view, at) => view.setInt32(at, 0x7fff_ff00, true)],
  [/^at \d+, \d+ bytes$/, (view, at) => view.setInt32(at, -8, true)],
  [/ at \d+: \d+ elements$/, (view, at) => view.setInt32(at, 0x7fff_ffff, true)],
  [/: \d+ values of \w+$/, (view, at) => view.setInt32(at, 0x0fff_ffff, true)],
  [/: \d+ values of \w+$/, (view, at) => view.setInt32(at, -1, true)],
];

for (const name of ["plain", "written"]) {
  test(`${name}: whatever is damaged of its structure, numbers that are read are those that were there`, async () => {
    const bytes = listed(name);
    const valuesOf = ({ observations }: Pqdif) =>
      observations[0]?.channels.map(({ series }) => series.map(({ values }) => [...values]));
    const whole = valuesOf(await readPqdif("x.pqd", bytes))!;
    const held = whole.flat(2).length;
    let [files, lost] = [0, 0];
    for (const { at, what } of linesOf(name)) {
      for (const [comment, damage] of damages) {
        if (!comment.test(what)) continue;
        const copy = Uint8Array.from(bytes);
        damage(new DataView(copy.buffer), at);
        const file = await survives(copy, `byte ${at}: ${what}`);
        files++;
        if (file === undefined) continue;
        assert.ok(file.warnings.length > 0, `byte ${at}: ${what}: nothing is said`);
        const values = valuesOf(file) ?? [];
        values.forEach((series, c) =>
          series.forEach((numbers, s) => {
            if (numbers.length > 0)
              assert.deepEqual(numbers, whole[c]![s], `byte ${at}: ${what}: channel ${c}, series ${s}`);
          }),
        );
        if (values.flat(2).length < held) lost++;
      }
    }
    assert.ok(files > 500 && lost > 200, `${files} files, ${lost} of which lost values`);
  });
}
