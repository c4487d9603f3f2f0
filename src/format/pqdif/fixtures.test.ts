/** Files made by hand (test/fixtures/pqdif/make.py) from the tables of IEEE 1159.3, read field by field. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FormatError } from "#format/recording.ts";
import { numbersOf, textOf, timeAt, typeName, guidOf, type Leaf } from "./element.ts";
import type { PqdifLimits } from "./limits.ts";
import type { Pqdif } from "./model.ts";
import { readPqdif } from "./read.ts";
import { utcOf } from "./time.ts";

/** The bytes of a listing. */
function listed(name: string): Uint8Array {
  const text = readFileSync(new URL(`../../../test/fixtures/pqdif/${name}.hex`, import.meta.url), "utf8");
  return Uint8Array.from(Buffer.from(text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, ""), "hex"));
}

const read = (bytes: Uint8Array, limits: Partial<PqdifLimits> = {}): Promise<Pqdif> =>
  readPqdif("x.pqd", bytes, limits);

for (const [listing, checksums, isCompressed] of [
  ["plain", ["adler32", "none", "crc32", "adler32"], false],
  ["zlib", ["none", "adler32", "crc32", "none"], true],
] as const) {
  test(`${listing}: container, data source, settings and observation are what the listing says`, async () => {
    const file = await read(listed(listing));
    assert.deepEqual(file.warnings, []);
    assert.equal(file.isCompressed, isCompressed);
    assert.deepEqual(file.checksums, checksums);
    assert.deepEqual(file.container, {
      version: [1, 5, 1, 5],
      fileName: "142300003_1481188971_250000_03.pqd",
      created: { day: 42_712, seconds: 33_772.5 },
    });
    const [source] = file.sources;
    assert.equal(file.sources.length, 1);
    assert.deepEqual(source, {
      type: "measured",
      vendor: "none",
      name: "Bus 7",
      effective: { day: 42_705, seconds: 0 },
      channels: [
        {
          name: "VA",
          phase: "A-N",
          quantityType: "waveform",
          measured: "voltage",
          series: [
            { valueType: "time", unit: "s", characteristic: "none", storage: "increment" },
            { valueType: "value", unit: "V", characteristic: "instantaneous", storage: "scaled", nominal: 7200 },
          ],
        },
        {
          name: "IB",
          phase: "B-N",
          quantityType: "waveform",
          measured: "current",
          series: [
            { valueType: "time", unit: "s", characteristic: "none", storage: "scaled increment" },
            { valueType: "value", unit: "A", characteristic: "instantaneous", storage: "values" },
          ],
        },
        {
          name: "sags",
          phase: "none",
          quantityType: "magnitude-duration-time",
          measured: "voltage",
          series: [
            { valueType: "time", unit: "timestamp", characteristic: "none", storage: "values" },
            { valueType: "value", unit: "V", characteristic: "RMS", storage: "values" },
            { valueType: "duration", unit: "cycles", characteristic: "none", storage: "values" },
          ],
        },
        {
          name: "third harmonic",
          phase: "C-N",
          quantityType: "value log",
          measured: "voltage",
          series: [
            { valueType: "time", unit: "s", characteristic: "none", storage: "values" },
            { valueType: "average", unit: "%", characteristic: "spectra of harmonic groups", storage: "scaled" },
          ],
        },
      ],
    });
    assert.deepEqual(file.settings, [
      {
        effective: { day: 42_705, seconds: 0 },
        installed: { day: 42_000, seconds: 43_200 },
        useCalibration: false,
        useTransducer: true,
        nominalHz: 50,
        channels: [{ channel: 1, systemSideRatio: 600, monitorSideRatio: 5 }],
      },
    ]);
    const [observation, ...others] = file.observations;
    assert.equal(others.length, 0);
    assert.equal(observation!.source, source);
    assert.equal(observation!.settings, file.settings[0]);
    const { name, created, start, triggerMethod, triggered, triggerChannels, disturbance, channels } = observation!;
    assert.deepEqual(
      { name, created, start, triggerMethod, triggered, triggerChannels, disturbance },
      {
        name: "a sag",
        created: { day: 42_712, seconds: 33_772.5 },
        start: { day: 42_712, seconds: 33_771.25 },
        triggerMethod: "channel",
        triggered: { day: 42_712, seconds: 33_771.375 },
        triggerChannels: [0, 2],
        disturbance: "instantaneous sag",
      },
    );
    // Days of spreadsheets: 1970 begins on day 25,569.
    assert.equal(utcOf(start), Date.UTC(2016, 11, 8, 9, 22, 51, 250));
    assert.deepEqual(
      channels.map(({ definition, group }) => [definition, group]),
      [
        [0, undefined],
        [1, undefined],
        [2, undefined],
        [3, 3],
      ],
    );
    const values = channels.map(({ series }) => series.map((one) => [...one.values]));
    assert.deepEqual(values, [
      [
        // The second rate begins where the first ended.
        [0, 1 / 1024, 2 / 1024, 3 / 1024, 3 / 1024 + 1 / 64],
        // 1000 + a quarter of what is stored.
        [999, 1002, 1000 + 32_767 / 4, 1000 - 8192, 1000],
      ],
      [
        [1, 2, 3, 4],
        // A transducer of 600 to 5; what is no number is absent, and infinity is none.
        [180, NaN, -300, NaN],
      ],
      // From the start; over midnight.
      [
        [0.125, 86_400 - 33_771.25 + 0.5],
        [5000.5, 6000.25],
        // Cycles of 50 Hz.
        [0.05, 0.2],
      ],
      [
        [0.125, 86_400 - 33_771.25 + 0.5],
        [0.875, 1.125],
      ],
    ]);
    const [[time, volts], [, amps], , [shared, percent]] = channels.map(({ series }) => series) as [
      Pqdif["observations"][0]["channels"][0]["series"],
      Pqdif["observations"][0]["channels"][0]["series"],
      unknown,
      Pqdif["observations"][0]["channels"][0]["series"],
    ];
    assert.deepEqual(time!.runs, [
      { count: 3, step: 1 / 1024 },
      { count: 2, step: 1 / 64 },
    ]);
    assert.deepEqual([volts!.base, volts!.scale, volts!.offset, volts!.stored], [7199.5, 0.25, 1000, "int2"]);
    assert.deepEqual([amps!.stored, percent!.stored, percent!.scale], ["real4", "uint1", 0.125]);
    assert.deepEqual(shared!.share, { channel: 2, series: 0 });
  });
}

test("bytes may be a part of others, and a Buffer of Node", async () => {
  for (const shift of [1, 2, 3, 8]) {
    const all = Buffer.alloc(shift + plain.length + 5, 0x55);
    all.set(plain, shift);
    assert.deepEqual(await read(all.subarray(shift, shift + plain.length)), await read(plain));
  }
});

test("every physical type is read, as a scalar and as a vector, and one that nobody knows is kept", async () => {
  const { container, warnings } = await read(listed("types"));
  assert.deepEqual(warnings, []);
  const leaves = container.more as readonly Leaf[];
  assert.equal(leaves.length, 35);
  assert.ok(leaves.every(({ tag }) => tag === "01234567-89ab-cdef-0123-456789abcdef"));
  const said = (leaf: Leaf): unknown => {
    if (leaf.type === 50) return Array.from({ length: leaf.count }, (_, k) => timeAt(leaf, k));
    if (leaf.type === 60) return guidOf(leaf);
    return leaf.type === 10 || leaf.type === 11 ? textOf(leaf) : [...numbersOf(leaf)!];
  };
  const half = [
    ["bool1", [1], [1, 0]],
    ["bool2", [0], [0, 1]],
    ["bool4", [1], [1, 1]],
    ["char1", "A", "AB"],
    ["char2", "€", "€"],
    ["int1", [-3], [-3, 4]],
    ["int2", [-300], [-300, 400]],
    ["int4", [-70_000], [-70_000, 80_000]],
    ["uint1", [200], [200, 255]],
    ["uint2", [60_000], [60_000, 65_535]],
    ["uint4", [4_000_000_000], [4_000_000_000, 5]],
    ["real4", [-1.5], [-1.5, 2.25]],
    ["real8", [1 / 3], [1 / 3, -2.5e300]],
    ["complex8", [1.5, -2.5], [1.5, -2.5, 0, 3]],
    ["complex16", [0.1, 0.2], [0.1, 0.2, -1, 1]],
    [
      "timestamp",
      [{ day: 25_569, seconds: 0.5 }],
      [
        { day: 25_569, seconds: 0.5 },
        { day: 42_712, seconds: 86_399.999 },
      ],
    ],
    ["guid", "a6b31ae5-b451-11d1-ae17-0060083a2628", "a6b31ae5-b451-11d1-ae17-0060083a2628"],
  ] as const;
  half.forEach(([type, one, all], k) => {
    assert.deepEqual([typeName(leaves[k]!.type), leaves[k]!.kind, said(leaves[k]!)], [type, "scalar", one]);
    const vector = leaves[k + half.length]!;
    assert.deepEqual([typeName(vector.type), vector.kind, vector.count, said(vector)], [type, "vector", 2, all]);
  });
  const unknown = leaves.at(-1)!;
  assert.deepEqual([unknown.kind, unknown.type, [...unknown.bytes]], ["scalar", 99, [...Array(12).keys()]]);
});

/** A copy with 32-bit numbers put at bytes. */
function changed(bytes: Uint8Array, ...numbers: readonly (readonly [at: number, value: number])[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  for (const [at, value] of numbers) view.setInt32(at, value, true);
  return copy;
}

const plain = listed("plain");
const view = new DataView(plain.buffer);
/** Where records begin, by their own links: container, source, settings, observation. */
const starts = [0];
for (let next = view.getInt32(40, true); next !== 0; next = view.getInt32(next + 40, true)) starts.push(next);
const [, sourceAt = 0, settingsAt = 0, observationAt = 0] = starts;

const refusals: readonly (readonly [why: string, bytes: Uint8Array, says: RegExp, limits?: Partial<PqdifLimits>])[] = [
  ["nothing", new Uint8Array(0), /x\.pqd, byte 0: expected a header of 64 bytes, found 0/],
  ["a header that is cut", plain.subarray(0, 63), /byte 0: expected a header of 64 bytes, found 63/],
  [
    "another file",
    changed(plain, [0, 0x04034b50]),
    /byte 0: expected the signature 4a111440-e49f-11cf-9900-505144494600/,
  ],
  ["a data source first", plain.slice(sourceAt), /byte 16: expected a container/],
  // The type of the first element is that of tagVersionInfo; its number of elements is at byte 64.
  ["a container of -1 elements", changed(plain, [64, -1]), /byte 16: expected a container/],
  ["more records than allowed", plain, /more than 3 records/, { records: 3 }],
  ["more elements than allowed", plain, /byte \d+: the file has more than 40 elements/, { elements: 40 }],
  [
    "more values than allowed",
    plain,
    /byte \d+: 2 values are there, where 1 of the 19 of a file are left/,
    { values: 19 },
  ],
  [
    "zlib that grows past the limit",
    listed("zlib"),
    /byte 344: what is there is more than the 500 of a file/,
    { inflated: 500 },
  ],
];
for (const [why, bytes, says, limits] of refusals) {
  test(`refused: ${why}`, async () => {
    await assert.rejects(
      read(bytes, limits),
      (error) => (error instanceof FormatError && says.test(error.message)) || assert.fail(String(error)),
    );
  });
}

const leftAsIs: readonly (readonly [why: string, bytes: Uint8Array, warns: RegExp, observations: number])[] = [
  ["a wrong checksum", changed(plain, [44, 12_345]), /^byte 44: the checksum 12345 is neither/, 1],
  [
    "a chain that leads back",
    changed(plain, [settingsAt + 40, sourceAt]),
    new RegExp(`^byte ${settingsAt + 40}: the next record is said to be at byte ${sourceAt}, which has been read`),
    0,
  ],
  [
    "a chain that leads nowhere",
    changed(plain, [settingsAt + 40, 1_000_000]),
    /^byte 1000000: expected the header of a record/,
    0,
  ],
  [
    "a chain that leads before the file",
    changed(plain, [settingsAt + 40, -64]),
    /^byte -64: expected the header of a record/,
    0,
  ],
  [
    "a body that is larger than the file",
    changed(plain, [observationAt + 36, 0x7fff_ffff]),
    new RegExp(
      `^byte ${observationAt + 36}: expected a body of 2147483647 bytes, ${plain.length - observationAt - 64} are left`,
    ),
    1,
  ],
  ["a body of a negative size", changed(plain, [observationAt + 36, -1]), /expected a body of -1 bytes/, 1],
  [
    "a header of a negative size",
    changed(plain, [settingsAt + 32, -5]),
    new RegExp(`^byte ${settingsAt + 32}: expected a header of 64 bytes, found -5`),
    1,
  ],
  ["an unknown record", changed(plain, [settingsAt + 16, 1]), /^byte \d+: a record of the unknown tag 00000001-/, 1],
  // The observation's first element is its name, the last its channels: entries of 28 bytes after the count.
  [
    "a number of elements past the body",
    changed(plain, [observationAt + 64, 0x7fff_ffff]),
    new RegExp(`^byte ${observationAt + 64}: expected a number of elements from 0 to`),
    0,
  ],
  [
    "channels that lead back to the observation",
    changed(plain, [observationAt + 64 + 4 + 7 * 28 + 20, 0]),
    new RegExp(`^byte ${observationAt + 64}: the collection there has been read: a link leads back to it`),
    1,
  ],
  [
    "a link before the body",
    changed(plain, [observationAt + 64 + 4 + 7 * 28 + 20, -8]),
    /a collection is said to be there, but the body has/,
    1,
  ],
  [
    "a name past the body",
    changed(plain, [observationAt + 64 + 4 + 20, 900_000]),
    new RegExp(`^byte ${observationAt + 68}: its value is said to be at 900000`),
    1,
  ],
  [
    "an unknown kind of element",
    changed(plain, [observationAt + 64 + 4 + 16, 9]),
    new RegExp(`^byte ${observationAt + 68}: expected an element of kind 1, 2 or 3, found 9`),
    1,
  ],
  [
    "a name of an unknown type",
    changed(plain, [observationAt + 64 + 4 + 16, 3 | (77 << 8)]),
    new RegExp(`^byte ${observationAt + 68}: expected a text for name, found a vector of type 77 with 6 values`),
    1,
  ],
  [
    "a start that is no time",
    changed(plain, [observationAt + 64 + 4 + 2 * 28 + 16, 2 | (32 << 8)]),
    /an observation without a start is left out/,
    0,
  ],
  [
    // Its last block is the name, the one before that the time of creation.
    "a file that is cut in the last record",
    plain.slice(0, -20),
    /expected a body of \d+ bytes, \d+ are left: what is there is read/,
    1,
  ],
];
for (const [why, bytes, warns, observations] of leftAsIs) {
  test(`read with a warning: ${why}`, async () => {
    const { warnings, observations: found } = await read(bytes);
    const said = warnings.map(({ where, what }) => `${where}: ${what}`);
    assert.ok(
      said.some((line) => warns.test(line)),
      said.join("\n"),
    );
    assert.equal(found.length, observations);
  });
}
