import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { readComtrade, readComtradeCff } from "./comtrade.ts";
import { readCsv } from "./csv.ts";
import { FormatError } from "./recording.ts";
import { decodeText } from "./text-encoding.ts";
import { unitScale } from "./unit.ts";
import { readWav } from "./wav.ts";

const samples = new URL("../../../shared/data/comtrade/", import.meta.url);
const shared = existsSync(samples);
const skip = shared ? false : "the recordings of ../shared are not here";
const bytesOf = (name: string): Uint8Array => readFileSync(new URL(name, samples));
const textOf = bytesOf;
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs(actual! - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${actual} for ${expected}`);

/** A small recording of each revision and type, worked out by hand. */
const cfg = (options: { revision?: string; type?: string; rates?: string; start?: string }): string =>
  `ST,DEV${options.revision ?? ",1999"}\r\n3,2A,1D\r\n1,VA,A,,kV,0.5,1,0,-9,9,10,2,S\r\n2,IA,A,,A,2,0,0,-9,9,1,1,P\r\n1,TRIP,,,0\r\n50\r\n` +
  `${options.rates ?? "1\r\n1000,3"}\r\n${options.start ?? "05/11/2003,10:20:30.123456"}\r\n${options.start ?? "05/11/2003,10:20:30.500000"}\r\n${options.type ?? "ASCII"}\r\n1\r\n`;

const ascii = "1,0,2,10,0\r\n2,1000,-4,99999,1\r\n3,2000,6,,1\r\n";

test("ASCII data become primary SI values, with missing samples marked", () => {
  const { channels, statuses, segments, lineHz, start, trigger } = readComtrade(
    "x.cfg",
    cfg({}),
    "x.dat",
    Buffer.from(ascii),
  );
  // (0.5 x 2 + 1) kV, secondary, with a ratio of 10 / 2.
  assert.deepEqual([...channels[0]!.samples], [10_000, -5000, 20_000]);
  assert.deepEqual([...channels[1]!.samples], [20, NaN, NaN]);
  assert.deepEqual([...statuses[0]!.samples], [0, 1, 1]);
  assert.deepEqual(segments, [{ rate: 1000, count: 3, at: 0 }]);
  assert.equal(lineHz, 50);
  near(start, Date.UTC(2003, 10, 5, 10, 20, 30) + 123.456);
  near(trigger, Date.UTC(2003, 10, 5, 10, 20, 30) + 500);
});

test("a file without a revision is of 1991, prints the month first, and has ten fields a channel", () => {
  const text = cfg({ revision: "", start: "11/05/97,10:20:30.000000" }).replace(",10,2,S", "").replace(",1,1,P", "");
  const { start, channels } = readComtrade("x.cfg", text, "x.dat", Buffer.from(ascii));
  assert.equal(start, Date.UTC(1997, 10, 5, 10, 20, 30));
  assert.equal(channels[0]!.samples[0], 2000);
});

const record = (type: string): Buffer => {
  const width = type === "BINARY" ? 2 : 4;
  const out = Buffer.alloc(3 * (8 + 2 * width + 2));
  [
    [2, 10, 0],
    [-4, 20, 1],
    [6, 30, 1],
  ].forEach(([va, ia, trip], k) => {
    let at = k * (out.length / 3);
    out.writeUInt32LE(k + 1, at);
    out.writeUInt32LE(1000 * k, at + 4);
    at += 8;
    for (const value of [va!, ia!]) {
      if (type === "BINARY") out.writeInt16LE(value, at);
      else if (type === "BINARY32") out.writeInt32LE(value, at);
      else out.writeFloatLE(value, at);
      at += width;
    }
    out.writeUInt16LE(trip!, at);
  });
  return out;
};

for (const type of ["BINARY", "BINARY32", "FLOAT32"]) {
  test(`${type} data are read, and a stray end mark is not`, () => {
    const dat = Buffer.concat([record(type), Buffer.of(0x1a)]);
    const { channels, statuses } = readComtrade("x.cfg", cfg({ revision: ",2013", type }), "x.dat", dat);
    assert.deepEqual([...channels[0]!.samples], [10_000, -5000, 20_000]);
    assert.deepEqual([...channels[1]!.samples], [20, 40, 60]);
    assert.deepEqual([...statuses[0]!.samples], [0, 1, 1]);
  });
}

test("several rates are runs of samples, and without a rate the stamps are the time", () => {
  // Without stamps: the rates alone say when.
  const bare = "1,,2,10,0\r\n2,,-4,99999,1\r\n3,,6,,1\r\n";
  const two = readComtrade("x.cfg", cfg({ rates: "2\r\n1000,2\r\n500,3" }), "x.dat", Buffer.from(bare));
  assert.deepEqual(two.segments, [
    { rate: 1000, count: 2, at: 0 },
    { rate: 500, count: 1, at: 0.002 },
  ]);
  const none = readComtrade("x.cfg", cfg({ rates: "0\r\n0,3" }), "x.dat", Buffer.from(ascii));
  assert.deepEqual(none.segments, [{ rate: 1000, count: 3, at: 0 }]);
});

/** What is read all the same, and the warning that says where. */
const odd: readonly (readonly [what: string, cfg: string, dat: string, says: RegExp])[] = [
  ["a revision that never was", cfg({ revision: ",2001" }), ascii, /^line 1: there is no revision "2001"/],
  [
    "channels that do not add up",
    cfg({}).replace("3,2A", "4,2A"),
    ascii,
    /^line 2: 4 channels in all are stated, but 2/,
  ],
  ["a date that does not exist", cfg({ start: "31/02/2003,10:20:30.0" }), ascii, /there is no such date and time/],
  ["a row with a field too few", cfg({}), `${ascii}4,3000,5\r\n`, /^line 4: expected 5 fields, found 3/],
  ["a last row that is cut", cfg({}), `${ascii}4,300`, /^line 4: .*the last row is cut, and left out/],
  [
    "a sample that is no number",
    cfg({}),
    `${ascii}4,3000,abc,1,0\r\n`,
    /^line 4: field 3: expected a number, found "abc"/,
  ],
  ["rows with a comma behind them", cfg({}), ascii.replaceAll("\r", ",\r"), /^line 1: a comma at the end/],
  ["empty lines", cfg({}), ascii.replaceAll("\r\n", "\r\n\r\n"), /^line 2: an empty line/],
  [
    "another rate in its stamps",
    cfg({ rates: "1\r\n500,3" }),
    ascii,
    /^line 1: 500 Hz is stated, the stamps are of 1000 Hz/,
  ],
  [
    "stamps of a clock of milliseconds",
    cfg({}),
    ascii.replace("1000", "1").replace("2000", "2"),
    /a unit of 1000 times/,
  ],
  [
    "no ratio of secondary values",
    cfg({}).replace("10,2,S", "0,0,S"),
    ascii,
    /^line 3: channel VA has secondary values/,
  ],
];
for (const [what, header, data, says] of odd) {
  test(`COMTRADE with ${what} is read with a warning`, () => {
    const { warnings, segments } = readComtrade("x.cfg", header, "x.dat", Buffer.from(data));
    assert.ok(
      warnings.some(({ where, what }) => says.test(`${where}: ${what}`)),
      JSON.stringify(warnings),
    );
    assert.equal(segments[0]?.rate, 1000);
    assert.ok(segments[0].count >= 3);
  });
}

/** What is wrong, and the message's words that say where and what was expected. */
const wrong: readonly (readonly [what: string, cfg: string, dat: string, says: RegExp])[] = [
  [
    "a multiplier that is no number",
    cfg({}).replace("0.5,1", "x,1"),
    ascii,
    /line 3: multiplier of VA: expected a number, found "x"/,
  ],
  ["an unknown type", cfg({ type: "HEX" }), ascii, /type of the data: expected ASCII, BINARY, BINARY32, FLOAT32/],
  ["a header that ends early", cfg({}).slice(0, 60), ascii, /the file ends where|expected/],
  [
    "half a binary record",
    cfg({ type: "BINARY" }),
    "01234567",
    /x\.dat, byte 0: expected records of 14 bytes, found 8/,
  ],
];
for (const [what, header, data, says] of wrong) {
  test(`COMTRADE with ${what} is refused with place and expectation`, () => {
    assert.throws(
      () => readComtrade("x.cfg", header, "x.dat", Buffer.from(data)),
      (error: Error) => {
        assert.ok(error instanceof FormatError);
        assert.match(error.message, says);
        return true;
      },
    );
  });
}

test("the sample recordings are read: ASCII, CFF, missing values, stray marks, Latin-1", { skip }, () => {
  const plain = readComtrade("a.cfg", textOf("sample_ascii.cfg"), "a.dat", bytesOf("sample_ascii.dat"));
  // Line 1: 1,72500,-83,68,7,-8; secondary values with a ratio of 933.
  near(plain.channels[0]!.samples[0], 933 * (0.1138916015625 * -83 + 0.05694580078125));
  assert.equal(plain.channels[0]!.samples.length, 40);
  const combined = readComtradeCff("a.cff", bytesOf("sample_ascii.cff"));
  assert.deepEqual(combined.channels[3]!.samples, plain.channels[3]!.samples);
  const missing = readComtrade("a.cfg", textOf("sample_ascii.cfg"), "m.dat", bytesOf("sample_ascii_missing.dat"));
  assert.ok(Number.isNaN(missing.channels[0]!.samples[1]));
  assert.ok(Number.isNaN(missing.channels[1]!.samples[2]));
  const marked = readComtrade("s.cfg", textOf("sample_sub_char.cfg"), "a.dat", bytesOf("sample_ascii.dat"));
  assert.deepEqual(marked.channels[0]!.samples, plain.channels[0]!.samples);
  const binary = readComtrade("b.cfg", textOf("sample_bin.cfg"), "b.dat", bytesOf("sample_bin.dat"));
  assert.equal(binary.channels[0]!.samples.length, 5);
  assert.equal(binary.channels[0]!.scale, 1000);
  const holes = readComtrade("b.cfg", textOf("sample_bin.cfg"), "b.dat", bytesOf("sample_bin_missing.dat"));
  assert.ok(holes.channels.some(({ samples }) => samples.some(Number.isNaN)));
  const floats = readComtradeCff("f.cff", bytesOf("sample_float32.cff"));
  assert.equal(floats.channels[0]!.samples.length, 301);
  const latin = readComtrade("l.cfg", textOf("sample_iso8859-1.cfg"), "l.dat", bytesOf("sample_iso8859-1.dat"));
  assert.equal(latin.channels.length, 4);
});

test("the relay's record is read: 23 analog and 140 status channels, 7,200 samples at 1,200 Hz", { skip }, () => {
  const record = readComtrade("c.cfg", textOf("Comtrade1.cfg"), "c.dat", bytesOf("Comtrade1.dat"));
  assert.equal(record.channels.length, 23);
  assert.equal(record.statuses.length, 140);
  assert.deepEqual(record.segments, [{ rate: 1200, count: 7200, at: 0 }]);
  // The header's own extremes: HV Bus VR has a peak of 184,455.515625 V, LV IR of 938.306030 A.
  const peak = (name: string): number =>
    Math.max(...record.channels.find((c) => c.name === name)!.samples.map(Math.abs));
  assert.ok(Math.abs(peak("HV Bus VR") - 184_455.515625) < 0.01);
  assert.ok(Math.abs(peak("LV IR") - 938.30603) < 1e-4);
});

test("CSV: names, units, time, and what is missing", () => {
  const { channels, segments } = readCsv("x.csv", "time,va [kV],ia (A)\n0,0.1,1\n0.001,0.2,\n0.002,-0.3,3\n");
  assert.deepEqual(segments, [{ rate: 1000, count: 3, at: 0 }]);
  assert.deepEqual(
    channels.map(({ name, unit }) => [name, unit]),
    [
      ["va", "kV"],
      ["ia", "A"],
    ],
  );
  assert.deepEqual([...channels[0]!.samples], [100, 200, -300]);
  assert.ok(Number.isNaN(channels[1]!.samples[1]));
});

test("CSV: semicolons with decimal commas, ISO times, and a rate given with the file", () => {
  const commas = readCsv("x.csv", "t;va\n0,00;1,5\n0,01;-2,5\n");
  assert.deepEqual([...commas.channels[0]!.samples], [1.5, -2.5]);
  assert.ok(Math.abs(commas.segments[0]!.rate - 100) < 1e-9);
  const iso = readCsv("x.csv", "timestamp,va\n2026-01-01T00:00:00.000Z,1\n2026-01-01T00:00:00.002Z,2\n");
  assert.ok(Math.abs(iso.segments[0]!.rate - 500) < 0.1);
  assert.equal(readCsv("x.csv", "va,vb\n1,2\n3,4\n", 4000).segments[0]!.rate, 4000);
});

for (const [what, text, says] of [
  ["nothing", "", /line 1: the file is empty/],
  ["words only", "time,va\nno,samples\n", /line 1: there is no column of numbers/],
  ["time that stands still", "time,va\n0,1\n0,2\n", /line 2: there is no sampling rate: .* the stamps say none/],
  [
    "no time and no rate",
    "va,vb\n1,2\n3,4\n",
    /there is no sampling rate: none is given, and there is no column of time/,
  ],
  ["one sample and no rate", "time,va\n0,1\n", /line 2: there is no sampling rate/],
] as const) {
  test(`CSV with ${what} is refused with its line`, () => assert.throws(() => readCsv("x.csv", text), says));
}

const TEN = Array.from({ length: 10 }, (_, k) => `0.00${k},${k}\n`).join("");

for (const [what, text, says] of [
  ["a short row", `time,va\n${TEN}1\n0.011,5\n`, /^line 12: expected 2 fields, found 1/],
  ["a last row that is cut", `time,va\n${TEN}0.01`, /^line 12: .*the last row is cut, and left out/],
  ["a word among the numbers", `time,va\n${TEN}0.010,off\n`, /^line 12: column va: expected a number, found "off"/],
  ["an empty line", `time,va\n${TEN}\n0.010,5\n`, /^line 12: an empty line/],
  ["a stamp that is none", `time,va\n${TEN}what,5\n`, /^line 12: expected a time, found "what"/],
  ["time that goes back", `time,va\n${TEN}0.000,5\n0.001,6\n0.002,7\n`, /^line 12: time goes back by 0.01 s/],
  ["a gap", `time,va\n${TEN}1.000,5\n1.001,6\n1.002,7\n`, /^line 12: 0.99 s without samples before it/],
  ["a time without a unit", "time,va\n0,1\n1,2\n2,3\n", /^line 2: no unit of time is named; taken for milliseconds/],
  ["a closing line", `time,va\n${TEN}end of file\n`, /^line 12: /],
] as const) {
  test(`CSV with ${what} is read with a warning`, () => {
    const { warnings, channels } = readCsv("x.csv", text);
    assert.ok(
      warnings.some(({ where, what }) => says.test(`${where}: ${what}`)),
      JSON.stringify(warnings),
    );
    assert.equal(channels[0]!.samples[2], text.startsWith("time,va\n0,1") ? 3 : 2);
  });
}

function wav(code: number, bits: number, frames: Buffer, channels = 2): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + frames.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(code, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE((8000 * channels * bits) / 8, 28);
  head.writeUInt16LE((channels * bits) / 8, 32);
  head.writeUInt16LE(bits, 34);
  head.write("data", 36);
  head.writeUInt32LE(frames.length, 40);
  return Buffer.concat([head, frames]);
}

test("WAV: every width that recorders write is a fraction of full scale", () => {
  const half = (made: Buffer): number[] => readWav("x.wav", made).channels.map(({ samples }) => samples[0]!);
  assert.deepEqual(half(wav(1, 8, Buffer.of(192, 64))), [0.5, -0.5]);
  assert.deepEqual(half(wav(1, 16, Buffer.of(0, 0x40, 0, 0xc0))), [0.5, -0.5]);
  assert.deepEqual(half(wav(1, 24, Buffer.of(0, 0, 0x40, 0, 0, 0xc0))), [0.5, -0.5]);
  assert.deepEqual(half(wav(1, 32, Buffer.of(0, 0, 0, 0x40, 0, 0, 0, 0xc0))), [0.5, -0.5]);
  const floats = Buffer.alloc(8);
  floats.writeFloatLE(0.5, 0);
  floats.writeFloatLE(-0.5, 4);
  assert.deepEqual(half(wav(3, 32, floats)), [0.5, -0.5]);
  assert.deepEqual(readWav("x.wav", wav(1, 16, Buffer.alloc(8))).segments, [{ rate: 8000, count: 2, at: 0 }]);
});

for (const [what, made, says] of [
  ["no RIFF", Buffer.from("hello, world"), /byte 0: expected RIFF/],
  ["nothing at all", Buffer.alloc(0), /byte 0/],
  ["a compressed format", wav(85, 16, Buffer.alloc(4)), /expected PCM of up to 32 bits/],
  ["no data", wav(1, 16, Buffer.alloc(0)).subarray(0, 36), /the file ends where "data" was expected/],
] as const) {
  test(`WAV with ${what} is refused with its byte`, () => assert.throws(() => readWav("x.wav", made), says));
}

test("Wave64: chunks named by GUIDs, with sizes of 64 bits that count their heads, at multiples of eight", () => {
  // Sonic Foundry's definition: the first GUID is 66666972-912E-11CF-A5D6-28DB04C10000, the others end in ACF3-11D3-8CD1-00C04F8EDB8A.
  const riff = [...Buffer.from("riff"), 0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0x00, 0x00];
  const tail = [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0x00, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a];
  const named = (name: string): number[] => [...Buffer.from(name), ...tail];
  const size = (bytes: number): number[] => [bytes, 0, 0, 0, 0, 0, 0, 0];
  // PCM, 2 channels, 4,800 Hz, 19,200 bytes a second, 4 a frame, 16 bits.
  const fmt = [1, 0, 2, 0, 0xc0, 0x12, 0, 0, 0, 0x4b, 0, 0, 4, 0, 16, 0];
  // A half, minus a half; a quarter, minus one; nearly one, 0.
  const data = [0x00, 0x40, 0x00, 0xc0, 0x00, 0x20, 0x00, 0x80, 0xff, 0x7f, 0x00, 0x00];
  // A chunk that nobody knows stands between, 3 bytes long and 8 with what fills it up.
  const junk = [...named("junk"), ...size(24 + 3), 1, 2, 3, 0, 0, 0, 0, 0];
  const chunks = [...named("fmt "), ...size(24 + 16), ...fmt, ...junk, ...named("data"), ...size(24 + 12), ...data];
  const bytes = Uint8Array.from([...riff, ...size(40 + chunks.length), ...named("wave"), ...chunks]);
  const { channels, segments, warnings } = readWav("x.w64", bytes);
  assert.deepEqual(
    channels.map((channel) => [...channel.samples]),
    [
      [0.5, 0.25, 32767 / 32768],
      [-0.5, -1, 0],
    ],
  );
  assert.deepEqual(segments, [{ rate: 4800, count: 3, at: 0 }]);
  assert.deepEqual(warnings, []);
});

test("units know their prefixes", () => {
  assert.deepEqual(["kV", "V", "mA", "MW", "none", "µV"].map(unitScale), [1000, 1, 0.001, 1e6, 1, 1e-6]);
});

test("a time code says how far the stamps of 2013 are ahead of UTC", () => {
  const started = (code: string): number =>
    readComtrade("x.cfg", `${cfg({ revision: ",2013" })}${code}\r\nA,0\r\n`, "x.dat", ascii).start;
  const local = Date.UTC(2003, 10, 5, 10, 20, 30) + 123.456;
  const hour = 3_600_000;
  for (const [code, ahead] of [
    ["+1,+1", 1],
    ["-5h30,-5h30", -5.5],
    ["0,+2", 0],
    ["x,x", 0],
    ["5h45,5h45", 5.75],
  ] as const)
    near(started(code), local - ahead * hour);
});

test("names in quotes may have commas in them", () => {
  const quoted = cfg({}).replace("ST,DEV", '"Sub, North","D,1"').replace(",VA,", ',"VA, bus 1",');
  const made = readComtrade("x.cfg", quoted, "x.dat", ascii);
  assert.equal(made.channels[0]?.name, "VA, bus 1");
  assert.deepEqual(made.warnings, readComtrade("x.cfg", cfg({}), "x.dat", ascii).warnings);
});

test("a line frequency with its unit, lines that end with CR alone, and a mark of data without its colon are read", () => {
  const expected = [10_000, -5000, 20_000];
  const hz = readComtrade("x.cfg", cfg({}).replace("\r\n50\r\n", "\r\n50 Hz\r\n"), "x.dat", ascii);
  assert.equal(hz.lineHz, 50);
  const cr = readComtrade("x.cfg", cfg({}).replaceAll("\r\n", "\r"), "x.dat", ascii.replaceAll("\r\n", "\r"));
  assert.deepEqual([...cr.channels[0]!.samples], expected);
  const data = record("FLOAT32");
  const head = `--- file type: CFG ---\r\n${cfg({ type: "FLOAT32" })}--- file type: DAT FLOAT32 ${data.length} ---\r\n`;
  const cff = readComtradeCff("x.cff", Buffer.concat([Buffer.from(head), data]));
  assert.deepEqual([...cff.channels[0]!.samples], expected);
});

test("20,000 mutated recordings are read or refused with a FormatError, never anything else", () => {
  const seeds: readonly (readonly [Buffer, (bytes: Uint8Array) => unknown])[] = [
    [Buffer.from(cfg({})), (bytes) => readComtrade("x.cfg", decodeText(bytes), "x.dat", Buffer.from(ascii))],
    [Buffer.from(ascii), (bytes) => readComtrade("x.cfg", cfg({}), "x.dat", bytes)],
    [record("FLOAT32"), (bytes) => readComtrade("x.cfg", cfg({ type: "FLOAT32" }), "x.dat", bytes)],
    [
      Buffer.from(`--- file type: CFG ---\n${cfg({})}--- file type: DAT ASCII ---\n${ascii}`),
      (bytes) => readComtradeCff("x.cff", bytes),
    ],
    [Buffer.from("time,va [kV]\n0,1\n0.001,2\n0.002,3\n"), (bytes) => readCsv("x.csv", decodeText(bytes))],
    [wav(1, 16, Buffer.alloc(16)), (bytes) => readWav("x.wav", bytes)],
  ];
  fc.assert(
    fc.property(
      fc.nat(seeds.length - 1),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255), fc.boolean()), { minLength: 1, maxLength: 6 }),
      (which, changes) => {
        const [seed, read] = seeds[which]!;
        const bytes = [...seed];
        for (const [at, value, drop] of changes) {
          if (drop) bytes.splice(at % bytes.length, 1 + (value % 3));
          else bytes[at % bytes.length] = value;
        }
        try {
          read(Uint8Array.from(bytes));
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      },
    ),
    { numRuns: 20_000, seed: 2026 },
  );
});
