/** The same samples in the manners in which loggers, oscilloscopes and spreadsheets write them: each is read to the same values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCsv } from "./csv.ts";
import { FormatError } from "./recording.ts";

/** 60 samples at 5 kHz, in volts and amps. */
const COUNT = 60;
const volts = Array.from({ length: COUNT }, (_, k) => 325 * Math.sin(0.3 * k));
const amps = Array.from({ length: COUNT }, (_, k) => 14 * Math.sin(0.3 * k + 1));

/** Rows of them, as `row` writes seconds, volts and amps; `end` ends a line. */
function rows(row: (t: string, v: string, a: string, k: number) => string, end = "\n"): string {
  return volts
    .map((v, k) => row((k / 5000).toFixed(4), v.toFixed(3), (amps[k] ?? 0).toFixed(3), k))
    .map((line) => line + end)
    .join("");
}
const comma = (text: string): string => text.replaceAll(".", ",");
const plain = rows((t, v, a) => `${t},${v},${a}`);
const untimed = rows((_, v, a) => `${v},${a}`);
const sexagesimal = (t: string): string => `00:${t.padStart(7, "0")}`;

const cp866 = (text: string): Uint8Array =>
  Uint8Array.from(text, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x80) return code;
    // Capitals from 0x80, small letters from 0xa0 up to п, and from 0xe0.
    return code < 0x440 ? code - 0x410 + 0x80 : code - 0x440 + 0xe0;
  });

const manners: readonly (readonly [what: string, text: string | Uint8Array])[] = [
  ["a rate in Hz", `Sample Rate: 5000 Hz\nva,ia\n${untimed}`],
  ["a rate in kSa/s", `Sample Rate: 5 kSa/s\nva,ia\n${untimed}`],
  ["a rate in ksps in a comment", `# fs = 5 ksps\n# site 7\nva,ia\n${untimed}`],
  ["a rate in MHz", `Sampling frequency,0.005 MHz\nva,ia\n${untimed}`],
  ["a rate with its unit in the word", `Sampling rate [kHz];5\nva;ia\n${rows((_, v, a) => `${v};${a}`)}`],
  ["a German rate", `Abtastrate;5,0 kHz\nU;I\n${rows((_, v, a) => comma(`${v};${a}`))}`],
  ["an interval in us", `Sample Interval,200 us\nva,ia\n${untimed}`],
  ["dt=", `dt=2.0e-4 s\nva,ia\n${untimed}`],
  ["a clock of an Owon", `CH1\nClock=,200uS\n\nindex,U (V),I (A)\n${rows((_, v, a, k) => `${k},${v},${a}`)}`],
  ["a clock of a Hantek", `#CHANNEL:CH1\n#CLOCK=200uS\n#UNITS:V\n\n${untimed}`],
  [
    "a mark, semicolons, decimal commas, quotes and CRLF",
    `\ufeff"Zeit [s]";"U [V]";"I [A]"\r\n${rows((t, v, a) => comma(`"${t}";"${v}";"${a}"`), "\r\n")}`,
  ],
  ["names and units in two lines", `Time;Voltage;Current\n(s);(V);(A)\n${rows((t, v, a) => `${t};${v};${a}`)}`],
  ["a separator at the end", `t;va;ia;\n${rows((t, v, a) => `${t};${v};${a};`)}`],
  ["CR alone", `t,va,ia\r${plain.replaceAll("\n", "\r")}`],
  ["CR CR LF", `t,va,ia\r\r\n${plain.replaceAll("\n", "\r\r\n")}`],
  ["tabs and decimal commas", `t\tva\tia\n${rows((t, v, a) => comma(`${t}\t${v}\t${a}`))}`],
  [
    "columns that spaces align",
    `   time        va        ia\n${rows((t, v, a) => t.padStart(7) + v.padStart(10) + a.padStart(10))}`,
  ],
  ["spaces behind commas", `t, va, ia\n${rows((t, v, a) => `${t}, ${v}, ${a}`)}`],
  ["names behind a %", `% logger\n% t va ia\n${rows((t, v, a) => `${t} ${v} ${a}`)}`],
  ["comments of # at both ends and between", `# x\nt,va,ia\n${plain.replace("\n0.0100", "\n# note\n0.0100")}# end\n`],
  ["comments of ;", `; logger\n; site 5\nt,va,ia\n${plain}\n; the end\n`],
  ["blank lines in front", `\n\n\nt,va,ia\n${plain}`],
  ["no end of the last line", `t,va,ia\n${plain.trimEnd()}`],
  ["numbers with a plus and an exponent", `t,va,ia\n${rows((t, v, a) => `${t},${v.replace(/^(?!-)/, "+")}E+00,${a}`)}`],
  ["numbers that begin with the mark", `t,va,ia\n${plain.replaceAll(/(^|,)(-?)0\./gm, "$1$2.")}`],
  ["Fortran's exponents", `t va ia\n${rows((t, v, a) => `${t}D+00 ${v}D0 ${a}D0`)}`],
  ["a table of a document", `|t|va|ia|\n|---|---|---|\n${rows((t, v, a) => `|${t}|${v}|${a}|`)}`],
  ["an unnamed count in front", `,t,va,ia\n${rows((t, v, a, k) => `${k},${t},${v},${a}`)}`],
  [
    "Hioki",
    `"HIOKI","8860"\n"Comment",""\n"Trigger Time","'24-03-10 12:00:00"\n"CH","Time","1-1","1-2"\n"Unit","s","V","A"\n${plain}`,
  ],
  ["Rohde & Schwarz", `in s,CH1 in V,CH2 in A\n${plain}`],
  ["R&S with quotes", `"in s","CH1 in V","CH2 in A"\n${plain}`],
  ["minutes and seconds", `time,va,ia\n${rows((t, v, a) => `${sexagesimal(t)},${v},${a}`)}`],
  ["sums below the samples", `t,va,ia\n${plain}\nMin,-325,-10\nMax,325,10\n`],
  ["a word at the end", `t,va,ia\n${plain}EOF\n`],
  ["an old Russian code page", cp866(comma(`Время; Напряжение, В; Ток, А\n${rows((t, v, a) => `${t};${v};${a}`)}`))],
  [
    "LabVIEW",
    `LabVIEW Measurement\t\nSeparator\tTab\n***End_of_Header***\t\nChannels\t2\nDelta_X\t0.0002\t0.0002\n***End_of_Header***\t\t\nX_Value\tVoltage\tCurrent\tComment\n${rows((t, v, a) => `${t}\t${v}\t${a}`)}`,
  ],
  [
    "Fluke NetDAQ: file, date, comment, number of columns, units",
    `"C:\\X\\D.CSV"\r\n"03/04/26 12:00:00"\r\n"comment"\r\n3\r\n"TIME","V","A"\r\n${rows((t, v, a) => `03/04/26 12:00:0${t},${v},${a}`, "\r\n")}`,
  ],
];
for (const [what, text] of manners) {
  test(`${what}: the same samples`, () => {
    const made = readCsv("a.csv", text);
    assert.deepEqual(
      made.segments.map(({ rate, count }) => [rate, count]),
      [[5000, COUNT]],
    );
    assert.equal(made.channels.length, 2);
    [volts, amps].forEach((expected, c) => {
      expected.forEach((x, k) => {
        const is = made.channels[c]?.samples[k] ?? NaN;
        assert.ok(Math.abs(is - x) <= 5.01e-4, `channel ${c}, sample ${k}: ${is} for ${x}`);
      });
    });
  });
}

test("Fluke Power Log: tabs, decimal commas without a zero in front, a date and a time in columns of their own, one row a minute", () => {
  const lines = Array.from({ length: 30 }, (_, k) => {
    const time = `16:${String(k).padStart(2, "0")}:00.000`;
    return `21.10.2025\t${time}\t${comma((227 + 0.5 * k).toFixed(3))}\t,${String(10 + k).padStart(3, "0")}\r\n`;
  });
  const made = readCsv("log.txt", `Dátum\tČas\tNapätie L1N Priem\tPrúd L1 Priem\r\n${lines.join("")}`);
  assert.equal(made.start, Date.UTC(2025, 9, 21, 16));
  assert.deepEqual(
    made.segments.map(({ rate, count }) => [Number(rate.toPrecision(6)), count]),
    [[Number((1 / 60).toPrecision(6)), 30]],
  );
  assert.deepEqual(
    made.channels.map(({ samples }) => [...samples.subarray(0, 2)]),
    [
      [227, 227.5],
      [0.01, 0.011],
    ],
  );
});

const absentWords =
  "NaN|-nan|nan(ind)|-nan(ind)|1.#QNAN|-1.#IND|1.#INF00|-1.#J|Inf|-Inf|+INF|#N/A|#DIV/0!|#VALUE!|NULL|None|N/A|NA|--|--.--|*|?|OL|-OL|over|OVER|overflow|Overload|O.F.|invalid|no data|missing|9.91E+37|∞|";
for (const word of absentWords.split("|")) {
  test(`a sample "${word}" is absent`, () => {
    const { samples } = readCsv("a.csv", `t,va,ia\n${plain.replace(/^(0\.0014),[^,]*/m, `$1,${word}`)}`).channels[0]!;
    assert.equal(samples.length, COUNT);
    assert.deepEqual(
      [...samples.keys()].filter((k) => Number.isNaN(samples[k])),
      [7],
    );
  });
}

test("one sample is read at the rate that is stated, and refused in words where none is", () => {
  const [given, stated, dated] = [
    readCsv("a.csv", "t,va,ia\n0,5,1\n", 5000),
    readCsv("a.csv", "Sample Rate,5000\nt,va,ia\n0,5,1\n"),
    readCsv("a.csv", "time,va,ia\n2026-03-04 12:00:00.000,5,1\n", 5000),
  ];
  for (const made of [given, stated, dated]) {
    assert.deepEqual(
      made.segments.map(({ rate, count }) => [rate, count]),
      [[5000, 1]],
    );
    assert.deepEqual(
      made.channels.map(({ samples }) => [...samples]),
      [[5], [1]],
    );
  }
  assert.throws(() => readCsv("a.csv", "t,va,ia\n0,5,1\n"), { name: FormatError.name, message: /--rate/ });
});

test("a date that can be read in two ways says how it was read; others say nothing", () => {
  const dated = (date: string): string => `time,va,ia\n${rows((t, v, a) => `${date} 12:00:0${t},${v},${a}`)}`;
  const [either, day, same, pointed] = ["04/03/2026", "13/03/2026", "04/04/2026", "04.03.2026"].map((date) =>
    readCsv("a.csv", dated(date)),
  );
  assert.match(either!.warnings.map(({ what }) => what).join(), /04\/03\/2026.*day first/);
  assert.equal(either!.start, Date.UTC(2026, 2, 4, 12));
  assert.deepEqual([day!.warnings, same!.warnings, pointed!.warnings], [[], [], []]);
});

/** A second at 5 kHz around an instant where all that a stamp has changes, each sample at its own printed time. */
const around = Date.UTC(2026, 2, 1);
const instants = Array.from({ length: 5000 }, (_, k) => ({ ms: around + Math.floor((k - 2500) / 5), tenths: k % 5 }));
const iso = (ms: number): string => new Date(ms).toISOString();
const stamped: readonly (readonly [what: string, head: string, stamp: (ms: number, tenths: number) => string])[] = [
  ["dates with times", "time", (ms, tenths) => `${iso(ms).slice(0, 23).replace("T", " ")}${2 * tenths}`],
  ["dates with times of UTC", "time", (ms, tenths) => `"${iso(ms).slice(0, 23)}${2 * tenths}Z"`],
  ["dates with a zone", "time", (ms, tenths) => `${iso(ms + 7_200_000).slice(0, 23)}${2 * tenths}+02:00`],
  ["dates and times apart", "date,time", (ms, tenths) => `${iso(ms).slice(0, 23).replace("T", ",")}${2 * tenths}`],
  ["times of day", "time", (ms, tenths) => `${iso(ms).slice(11, 23)}${2 * tenths}`],
  ["seconds since 1970", "time", (ms, tenths) => `${Math.floor(ms / 1000)}.${iso(ms).slice(20, 23)}${2 * tenths}000`],
  ["nanoseconds since 1970", "time", (ms, tenths) => `${ms}${2 * tenths}00000`],
  ["milliseconds since 1970", "time", (ms, tenths) => `${ms}.${2 * tenths}`],
];
for (const [what, head, stamp] of stamped) {
  test(`${what} go over a midnight without a gap, and a missing second is one`, () => {
    const lines = instants.map(({ ms, tenths }, k) => `${stamp(ms, tenths)},${k % 100}\n`);
    const whole = readCsv("a.csv", `${head},va\n${lines.join("")}`);
    assert.deepEqual(
      whole.segments.map(({ rate, count }) => [rate, count]),
      [[5000, 5000]],
    );
    assert.deepEqual(whole.warnings, []);
    if (what !== "times of day") assert.equal(whole.start, around - 500);
    const cut = readCsv("a.csv", `${head},va\n${lines.toSpliced(2000, 1000).join("")}`);
    assert.deepEqual(
      cut.gaps.map(({ at, seconds }) => [Number(at.toFixed(9)), Number(seconds.toFixed(9))]),
      [[0.4, 0.2]],
    );
  });
}

test("a file with the newest row on top is read in the order of time, however long, and says so", () => {
  const size = 20_000;
  const numbered = Array.from({ length: size }, (_, k) => `${(k / 5000).toFixed(4)},${k % 1000},${k % 7}\n`);
  const dated = instants.map(({ ms, tenths }, k) => `${iso(ms).slice(0, 23)}${2 * tenths},${k % 1000},${k % 7}\n`);
  for (const lines of [numbered, dated]) {
    const back = lines.toReversed().join("");
    for (const text of [back, back.trimEnd(), back.replaceAll("\n", "\r\n")]) {
      const made = readCsv("a.csv", `time,va,ia\n${text}`);
      assert.deepEqual(
        made.segments.map(({ rate, count }) => [rate, count]),
        [[5000, lines.length]],
      );
      assert.ok(made.channels[0]?.samples.every((x, k) => x === k % 1000));
      assert.ok(made.channels[1]?.samples.every((x, k) => x === k % 7));
      assert.deepEqual(made.warnings, [
        { where: "line 2", what: "the newest row stands first: rows are read from the last one up" },
      ]);
      if (lines === dated) assert.equal(made.start, around - 500);
    }
  }
});
