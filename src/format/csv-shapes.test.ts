/** Shapes of text in columns that instruments and spreadsheets of other makers write. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCsv } from "./csv.ts";
import type { Recording } from "./recording.ts";

/** Rows of the same 40 samples at 5 kHz, in seconds, volts and amps; `field` writes each. */
const rows = (row: (t: number, v: number, a: number, k: number) => string): string =>
  Array.from({ length: 40 }, (_, k) => {
    const [v, a] = [325 * Math.sin(0.3 * k), 14 * Math.sin(0.3 * k + 1)];
    return row(k / 5000, v, a, k);
  }).join("");
const volts = Array.from({ length: 40 }, (_, k) => 325 * Math.sin(0.3 * k));
const amps = Array.from({ length: 40 }, (_, k) => 14 * Math.sin(0.3 * k + 1));

function holds(made: Recording, expected: readonly (readonly number[])[], within: number): void {
  assert.deepEqual(
    made.segments.map(({ rate, count }) => [rate, count]),
    [[5000, 40]],
  );
  assert.equal(made.channels.length, expected.length);
  expected.forEach((samples, c) => {
    samples.forEach((x, k) => {
      const is = made.channels[c]!.samples[k]!;
      assert.ok(Math.abs(is - x) <= within, `channel ${c}, sample ${k}: ${is} for ${x}`);
    });
  });
}

const tds = (source: string, unit: string): readonly string[] => [
  "Record Length,4.000000e+01",
  "Sample Interval,2.000000e-04",
  "Trigger Point,1.000000000000e+01",
  ",",
  `Source,${source}`,
  `Vertical Units,${unit}`,
  "Vertical Scale,5.000000e+01",
  "Horizontal Units,s",
  "Model Number,TDS2024B",
];

test("Tektronix TDS: what stands beside the samples is their preamble, and the first column behind it the time", () => {
  const one = tds("CH1", "V");
  const text = rows((t, v, _, k) => `${one[k] ?? ","},,${(t - 0.002).toFixed(12)},${v.toFixed(5)},\n`);
  const made = readCsv("tds.csv", text);
  holds(made, [volts], 1e-5);
  assert.deepEqual([made.channels[0]!.name, made.channels[0]!.unit], ["CH1", "V"]);
  assert.deepEqual(made.warnings, []);
});

test("Tektronix TDS with two channels side by side has each with its own name and unit", () => {
  const [one, other] = [tds("CH1", "V"), tds("CH2", "A")];
  const made = readCsv(
    "all.csv",
    rows(
      (t, v, a, k) =>
        `${one[k] ?? ","},,${t.toFixed(6)},${v.toFixed(5)},,${other[k] ?? ","},,${t.toFixed(6)},${a.toFixed(5)},\n`,
    ),
  );
  holds(made, [volts, amps], 1e-5);
  assert.deepEqual(
    made.channels.map(({ name, unit }) => `${name} ${unit}`),
    ["CH1 V", "CH2 A"],
  );
});

test("GW Instek: times and samples below a preamble that names neither", () => {
  const head =
    "Memory Length,40,\nSource,CH1,\nVertical Units,V,\nHorizontal Units,S,\nSampling Period,2.0e-04,\nTime,,\nMode,Detail,\nWaveform Data,\n";
  const made = readCsv("gds.csv", head + rows((t, v) => `${t.toFixed(7)},${v.toFixed(5)},\n`));
  holds(made, [volts], 1e-5);
  assert.deepEqual([made.channels[0]!.name, made.channels[0]!.unit], ["CH1", "V"]);
  holds(readCsv("fast.csv", head + rows((_, v) => `${v.toFixed(5)},\n`)), [volts], 1e-5);
});

test("Keysight without a column of time: its increment is the rate", () => {
  const head = "Type,raw\nPoints,40\nXInc,2.00000E-004\nXOrg,-2.0E-03\nX Units,second\nY Units,Volt\n\nData,\n";
  const made = readCsv("y.csv", head + rows((_, v) => `${v.toExponential(7)}\n`));
  holds(made, [volts], 1e-4);
  assert.equal(made.channels[0]!.unit, "Volt");
});

test("Yokogawa: the date and time of the preamble are no names, and no column is lost", () => {
  const head =
    '"Model Name","DL850E"\n"TraceName","U1","I1"\n"VUnit","V","mA"\n"SampleRate",5000\n"HResolution",2.0E-04\n"Date","2024/03/10"\n"Time","12:00:00.00000000"\n\n\n';
  for (const lead of ["", ","]) {
    const made = readCsv("y.csv", head + rows((_, v, a) => `${lead}${v.toFixed(5)},${(1000 * a).toFixed(2)},\n`));
    holds(made, [volts, amps], 1e-5);
    assert.deepEqual(
      made.channels.map(({ name, unit }) => `${name} ${unit}`),
      ["U1 V", "I1 mA"],
    );
  }
});

test("LeCroy: segments are as far apart as their triggers, and the first one says when it began", () => {
  const half = (k: number): string => ((k % 20) / 5000 - 0.002).toExponential(6);
  const made = readCsv(
    "segments.csv",
    "LECROYWR625Zi,61392,Waveform\nSegments,2,SegmentSize,20\nSegment,TrigTime,TimeSinceSegment1\n" +
      `#1,03-Apr-2017 14:53:22,0\n#2,03-Apr-2017 14:53:32,10.5\nTime,Ampl\n${rows((_, v, __, k) => `${half(k)},${v.toFixed(5)}\n`)}`,
  );
  assert.deepEqual(
    made.segments.map(({ rate, count, at }) => [rate, count, Number(at.toFixed(9))]),
    [
      [5000, 20, 0],
      [5000, 20, 10.5],
    ],
  );
  assert.equal(made.start, Date.UTC(2017, 3, 3, 14, 53, 22) - 2);
  assert.equal(made.trigger, Date.UTC(2017, 3, 3, 14, 53, 22));
});

test("thousands may stand apart, by the mark that is not the decimal one, by spaces and by apostrophes", () => {
  const grouped = (x: number, mark: string, decimal: string): string => {
    const [whole = "", decimals = ""] = (1e4 * x).toFixed(2).split(".");
    return whole.replaceAll(/\B(?=(\d{3})+$)/g, mark) + decimal + decimals;
  };
  const times = volts.map((v) => 1e4 * v);
  for (const [mark, decimal] of [
    [".", ","],
    [" ", ","],
    ["\u00a0", ","],
    ["\u202f", ","],
    [",", "."],
    ["'", "."],
  ] as const) {
    for (const quote of ["", '"']) {
      const text = rows((t, v) => {
        const field = `${quote}${grouped(v, mark, decimal)}${quote}`;
        return `${t.toFixed(4).replace(".", decimal)};${field};1\n`;
      });
      holds(readCsv("g.csv", `t (s);va (V);ia (A)\n${text}`), [times, volts.map(() => 1)], 0.006);
    }
  }
  // As spreadsheets write it between commas.
  const us = rows((t, v) => `"${t.toFixed(4)}","${grouped(v, ",", ".")}"\n`);
  holds(readCsv("us.csv", `"t (s)","va (V)"\n${us}`), [times], 0.006);
  // Three decimals are no thousands.
  assert.equal(readCsv("d.csv", "t;va\n0,000;1,234\n0,001;5,678\n0,002;2,345\n").channels[0]!.samples[0], 1.234);
  assert.equal(readCsv("d.csv", "t;va\n0.000;1.234\n0.001;5.678\n0.002;2.345\n").channels[0]!.samples[0], 1.234);
});

test("a column that is left out though it has digits is named", () => {
  const text = `t (s),va (V),ia (A)\n${rows((t, v) => `${t.toFixed(4)},${v.toFixed(3)},12:3x:${v.toFixed(1)}\n`)}`;
  const { warnings, channels } = readCsv("x.csv", text);
  assert.equal(channels.length, 1);
  assert.match(warnings[0]!.what, /^column "ia \(A\)" is no column of numbers, and left out: "12:3x:/);
});

test("a text between rows is passed over, and is no sample", () => {
  const text = `t (s),va (V)\n${rows((t, v, _, k) => `${t.toFixed(4)},${v.toFixed(5)}\n${k === 20 ? "EVENT trigger here\n" : ""}`)}`;
  const made = readCsv("x.csv", text);
  holds(made, [volts], 1e-5);
  assert.deepEqual(made.warnings, [{ where: "line 23", what: 'no row of samples: "EVENT trigger here"' }]);
});

/** Headers of time, and by what its seconds are multiplied. */
const headers: readonly (readonly [string, number])[] = [
  ["time", 1e3],
  ["time", 1],
  ["time.ms", 1e3],
  ["msec", 1e3],
  ["usec", 1e6],
  ["Zeit in ms", 1e3],
  ["ts", 1],
  ["Elapsed", 1],
  ["Relative Time", 1],
  ["Sample Time", 1e3],
  ["Czas", 1],
  ["Moment", 1],
];

for (const [header, scale] of headers) {
  test(`a column "${header}" of ${scale} a second is the time`, () => {
    const text = rows((t, v, a) => `${(t * scale).toFixed(6)},${v.toFixed(5)},${a.toFixed(5)}\n`);
    holds(readCsv("x.csv", `${header},va,ia\n${text}`), [volts, amps], 1e-5);
  });
}

test("a first column of another name that counts from 1970 is the time; one that rises as volts do not is none", () => {
  for (const scale of [1e6, 1e9]) {
    const start = 1_710_072_000n * BigInt(scale);
    const text = rows((_, v, __, k) => `${start + BigInt(k) * BigInt(scale / 5000)},${v.toFixed(5)}\n`);
    const made = readCsv("x.csv", `when,va\n${text}`);
    holds(made, [volts], 1e-5);
    assert.equal(made.start, 1_710_072_000_000);
  }
  const ramp = `va,ia\n${rows((t, v) => `${t.toFixed(4)},${v.toFixed(5)}\n`)}`;
  assert.throws(() => readCsv("x.csv", ramp), /there is no sampling rate: .* --rate/);
  assert.equal(readCsv("x.csv", ramp, 5000).channels.length, 2);
});

test("units behind a name: in kV, in A, /kV, V(out)", () => {
  const head = "Zeit in ms;U1 in kV;I L1 in A;I2 in mA;U12/kV;I5 / A;V(out)\n";
  const { channels } = readCsv("x.csv", `${head}0,0;1;2;3;4;5;6\n0,2;1;2;3;4;5;6\n0,4;1;2;3;4;5;6\n`);
  assert.deepEqual(
    channels.map(({ samples }) => samples[0]),
    [1000, 2, 0.003, 4000, 5, 6],
  );
  assert.deepEqual(
    channels.map(({ unit }) => unit),
    ["kV", "A", "mA", "kV", "A", "V"],
  );
});

test("Fluke and Dranetz: dates to the second with milliseconds beside them, dates with a more exact time beside them", () => {
  const stamp = (t: number): string => `03/25/2024 12:00:${String(Math.floor(t)).padStart(2, "0")}`;
  const dranetz = rows((t, v) => `"${stamp(t + 0.998)}",${((1000 * t + 998) % 1000).toFixed(3)},${v.toFixed(5)}\n`);
  const made = readCsv("x.csv", `"Timestamp","Milliseconds","AV"\n${dranetz}`);
  holds(made, [volts], 1e-5);
  assert.equal(made.start, Date.UTC(2024, 2, 25, 12, 0, 0, 998));
  const fluke = rows(
    (t, v) => `25/03/2024 12:00:00.${String(Math.floor(1000 * t)).padStart(3, "0")},${t.toFixed(4)},${v.toFixed(5)}\n`,
  );
  const view = readCsv("x.csv", `Title,Fluke 435\nModel,FLUKE 435-II\n\nDate Time,Time,Vrms AN\n${fluke}`);
  holds(view, [volts], 1e-5);
  assert.equal(view.start, Date.UTC(2024, 2, 25, 12));
});

for (const written of ["Mar 25 2024 12:00:00", "20240325 120000", "25-Mar-2024 12:00:00", "2024/03/25 12:00:00"]) {
  test(`"${written}.0000" is a date and time`, () => {
    const text = rows((t, v) => `${written}.${t.toFixed(4).slice(2)};${v.toFixed(5)}\n`);
    const made = readCsv("x.csv", `Timestamp;va\n${text}`);
    holds(made, [volts], 1e-5);
    assert.equal(made.start, Date.UTC(2024, 2, 25, 12));
  });
}

/** A text in a code page, by the inverse of what the platform decodes. */
function encoded(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label, { fatal: true });
  const bytesOf = new Map<string, readonly number[]>();
  const add = (...bytes: readonly number[]): void => {
    try {
      const letter = decoder.decode(Uint8Array.from(bytes));
      if (!bytesOf.has(letter)) bytesOf.set(letter, bytes);
    } catch {
      // No letter has these bytes.
    }
  };
  for (let a = 0; a < 256; a++) add(a);
  if (label === "gbk") for (let a = 0xa1; a < 0xff; a++) for (let b = 0xa1; b < 0xff; b++) add(a, b);
  return Uint8Array.from([...text].flatMap((letter) => bytesOf.get(letter) ?? assert.fail(`${letter} in ${label}`)));
}

for (const [label, head] of [
  ["gbk", "时间(毫秒);A相电压(千伏);A相电流(安)\n"],
  ["windows-1251", "Время, мс;Напряжение (кВ);Ток (А)\n"],
  ["koi8-r", "Время, мс;Напряжение (кВ);Ток (А)\n"],
  ["iso-8859-5", "Время, мс;Напряжение (кВ);Ток (А)\n"],
] as const) {
  test(`${label}: names, units and time by their words`, () => {
    const text = head + rows((t, v, a) => `${(1000 * t).toFixed(2)};${(v / 1000).toFixed(9)};${a.toFixed(5)}\n`);
    const made = readCsv("x.csv", encoded(text, label));
    holds(made, [volts, amps], 1e-5);
    assert.match(head, new RegExp(made.channels[0]!.name));
  });
}
