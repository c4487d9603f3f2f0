/** COMTRADE as it is written: the lines and bytes of IEEE C37.111-2013 worked out by hand, and the way back through the reader. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { writeComtrade, writeComtradeCff, type ComtradeType, type NewComtrade } from "./comtrade-writer.ts";
import { readComtrade, readComtradeCff } from "./comtrade.ts";
import { FormatError } from "./recording.ts";

/** Two rates, 1,000 and 250 Hz; 16 status channels and one more. */
const small: NewComtrade = {
  station: "NORTH",
  device: "7",
  lineHz: 60,
  channels: [
    // 65 kV from end to end: a step is 1 V, the middle 2.5 kV.
    {
      name: "VA",
      phase: "A",
      component: "bus",
      unit: "kV",
      samples: Float64Array.of(-30_000, 35_000, NaN, 2500),
      skew: 0.00025,
    },
    // Secondary values of 200 to 5: 0 to 6.5 A.
    {
      name: "IB",
      phase: "B",
      unit: "A",
      samples: Float64Array.of(0, 260, 130, 4),
      primary: 200,
      secondary: 5,
      isSecondary: true,
    },
  ],
  statuses: Array.from({ length: 17 }, (_, c) => ({
    name: `S${c}`,
    normal: c === 3 ? 1 : 0,
    samples: Uint8Array.of(c === 0 ? 1 : 0, c === 15 ? 1 : 0, c === 16 ? 1 : 0, 1),
  })),
  rates: [
    { rate: 1000, count: 3 },
    { rate: 250, count: 1 },
  ],
  start: Date.UTC(2026, 1, 3, 4, 5, 6) + 7.25,
  trigger: Date.UTC(2026, 1, 3, 4, 5, 6) + 8.5,
};

test("the configuration is the standard's, line by line", () => {
  const { cfg } = writeComtrade(small, "BINARY");
  assert.deepEqual(cfg.split("\r\n"), [
    "NORTH,7,2013",
    "19,2A,17D",
    "1,VA,A,bus,kV,0.001,2.5,250,-32767,32767,1,1,P",
    "2,IB,B,,A,0.0001,3.25,0,-32767,32767,200,5,S",
    ...Array.from({ length: 17 }, (_, c) => `${c + 1},S${c},,,${c === 3 ? 1 : 0}`),
    "60",
    "2",
    "1000,3",
    "250,4",
    "03/02/2026,04:05:06.007250",
    "03/02/2026,04:05:06.008500",
    "BINARY",
    "1",
    "0,0",
    "F,3",
    "",
  ]);
  const { cfg: locked } = writeComtrade({ ...small, clockQuality: 4, leapSecond: 0 }, "FLOAT32");
  assert.match(locked, /\r\nFLOAT32\r\n1\r\n0,0\r\n4,0\r\n$/);
});

test("records are numbered, stamped in microseconds, and little endian; what is absent has its type's own mark", () => {
  const hex = (type: ComtradeType): string[] => {
    const { dat } = writeComtrade(small, type);
    const size = dat.length / 4;
    return [0, 1, 2, 3].map((k) => Buffer.from(dat.subarray(k * size, (k + 1) * size)).toString("hex"));
  };
  assert.deepEqual(hex("BINARY"), [
    // -32,500 and -32,500; bit 0 of the first word.
    "01000000" + "00000000" + "0c81" + "0c81" + "0100" + "0000",
    // 32,500 twice; bit 15.
    "02000000" + "e8030000" + "f47e" + "f47e" + "0080" + "0000",
    // Absent; the middle; bit 0 of the second word.
    "03000000" + "d0070000" + "0080" + "0000" + "0000" + "0100",
    // 3 ms; 0; 0.1 A is 31,500 steps of 0.1 mA below 3.25 A; all bits.
    "04000000" + "b80b0000" + "0000" + "f484" + "ffff" + "0100",
  ]);
  assert.deepEqual(hex("FLOAT32"), [
    // -30, 35 and 2.5 kV; 0, 6.5, 3.25 and 0.1 A; the most negative float.
    "01000000" + "00000000" + "0000f0c1" + "00000000" + "0100" + "0000",
    "02000000" + "e8030000" + "00000c42" + "0000d040" + "0080" + "0000",
    "03000000" + "d0070000" + "ffff7fff" + "00005040" + "0000" + "0100",
    "04000000" + "b80b0000" + "00002040" + "cdcccc3d" + "ffff" + "0100",
  ]);
  // -2,000,000,000, 2,000,000,000, and the mark.
  assert.deepEqual(
    hex("BINARY32").map((record) => record.slice(16, 24)),
    ["006cca88", "00943577", "00000080", "00000000"],
  );
});

for (const type of ["BINARY", "BINARY32", "FLOAT32"] as const) {
  test(`${type}: what is written is read back, as a pair and as one file`, () => {
    fc.assert(
      fc.property(
        fc.record({
          counts: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 }),
          scales: fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 4 }),
          bits: fc.nat(20),
          seed: fc.nat(1000),
        }),
        ({ counts, scales, bits, seed }) => {
          const total = counts.reduce((sum, count) => sum + count, 0);
          const recording: NewComtrade = {
            ...small,
            channels: scales.map((scale, c) => ({
              name: `c ${c}`,
              unit: c % 2 === 0 ? "kV" : "A",
              primary: 100 + c,
              secondary: 5,
              isSecondary: c % 3 === 1,
              // Every seventh is absent.
              samples: Float64Array.from({ length: total }, (_, k) =>
                (k + c) % 7 === 3 ? NaN : scale * Math.sin(seed + k * (c + 1)),
              ),
            })),
            statuses: Array.from({ length: bits }, (_, c) => ({
              name: `s ${c}`,
              samples: Uint8Array.from({ length: total }, (_, k) => (k * (c + 3) + seed) % 2),
            })),
            // Rates that differ by more than a segment's own jitter.
            rates: counts.map((count, k) => ({ rate: [1000, 250, 8000][k]!, count })),
          };
          const { cfg, dat } = writeComtrade(recording, type);
          for (const read of [
            readComtrade("x.cfg", cfg, "x.dat", dat),
            readComtradeCff("x.cff", writeComtradeCff(recording, type)),
          ]) {
            assert.deepEqual([read.start, read.trigger, read.lineHz], [recording.start, recording.trigger, 60]);
            recording.channels.forEach(({ samples, name }, c) => {
              assert.equal(read.channels[c]!.name, name);
              const present = samples.filter((value) => !Number.isNaN(value));
              const range = Math.max(...present) - Math.min(...present);
              // Half a step of 65,000; a float's own 24 bits.
              const most =
                type === "FLOAT32" ? scales[c]! * 2 ** -24 : (0.5 * range) / (type === "BINARY" ? 65_000 : 1e9);
              samples.forEach((value, k) => {
                const back = read.channels[c]!.samples[k]!;
                const off = Math.abs(back - value);
                assert.ok(
                  Number.isNaN(value) ? Number.isNaN(back) : off <= most * 1.0001 + 1e-9 * scales[c]!,
                  `${back} for ${value}`,
                );
              });
            });
            recording.statuses!.forEach(({ samples }, c) => assert.deepEqual(read.statuses[c]!.samples, samples));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
}

test("rates are segments, one after the other", () => {
  const rates = [
    { rate: 6400, count: 640 },
    { rate: 800, count: 160 },
    { rate: 6400, count: 320 },
  ];
  const samples = Float64Array.from({ length: 1120 }, (_, k) => 300 * Math.sin(k));
  const { cfg, dat } = writeComtrade(
    { ...small, channels: [{ name: "VA", unit: "V", samples }], statuses: [], rates },
    "BINARY",
  );
  const { segments, gaps, warnings } = readComtrade("x.cfg", cfg, "x.dat", dat);
  assert.deepEqual(gaps, []);
  assert.deepEqual(warnings, []);
  assert.deepEqual(
    segments.map(({ rate, count }) => [Math.round(rate), count]),
    [
      [6400, 640],
      [800, 160],
      [6400, 320],
    ],
  );
});

test("what COMTRADE cannot say is refused with its place", () => {
  const [va] = small.channels;
  const refused: readonly (readonly [recording: NewComtrade, says: RegExp])[] = [
    [{ ...small, station: "A,B" }, /A,B-7, station: expected a text without commas and line ends, found "A,B"/],
    [{ ...small, channels: [{ ...va!, name: "V\nA" }] }, /channel 1: expected a text without commas/],
    [{ ...small, rates: [{ rate: 1000, count: 5 }] }, /channel 1: expected 5 samples as the rates have, found 4/],
    [{ ...small, rates: [{ rate: 0, count: 4 }] }, /rate 1: expected samples a second, found 0/],
    [{ ...small, rates: [] }, /rates: expected from 1 to 4294967295 samples, found 0/],
    [{ ...small, clockQuality: 16 }, /clock: expected a quality from 0 to 15, found 16/],
    [{ ...small, start: NaN }, /start: expected milliseconds since 1970, found NaN/],
    [{ ...small, channels: [{ ...va!, secondary: 0 }] }, /channel 1: expected a number above 0 for secondary, found 0/],
    [{ ...small, statuses: [{ name: "x", samples: new Uint8Array(3) }] }, /status 1: expected 4 samples/],
  ];
  for (const [recording, says] of refused) {
    assert.throws(
      () => writeComtrade(recording, "BINARY"),
      (error) => error instanceof FormatError && (says.test(error.message) || assert.fail(error.message)),
    );
  }
});

test("a recording that is longer than 32 bits of microseconds has no stamps, and its rate", () => {
  const samples = Float64Array.from({ length: 5000 }, (_, k) => Math.sin(k));
  const { dat } = writeComtrade(
    { ...small, channels: [{ name: "V", unit: "V", samples }], statuses: [], rates: [{ rate: 1, count: 5000 }] },
    "BINARY",
  );
  const view = new DataView(dat.buffer);
  for (let k = 0; k < 5000; k++) assert.equal(view.getUint32(k * 10 + 4, true), 0xffff_ffff);
});
