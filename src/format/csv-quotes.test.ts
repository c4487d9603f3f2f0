/** Fields between quotes (RFC 4180): quotes in them, separators, ends of lines; and quotes that are none of a field. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCsv } from "./csv.ts";
import { FormatError } from "./recording.ts";

const COUNT = 60;
const volts = Array.from({ length: COUNT }, (_, k) => Number((325 * Math.sin(0.3 * k)).toFixed(3)));
const amps = Array.from({ length: COUNT }, (_, k) => Number((14 * Math.sin(0.3 * k + 1)).toFixed(3)));

type Row = (t: string, v: string, a: string, k: number) => string;
const rows = (row: Row, end = "\n"): string =>
  volts.map((v, k) => row((k / 5000).toFixed(4), String(v), String(amps[k]), k) + end).join("");

/** `remarks` by row stand in a column of their own: first, between time and samples, and last. */
const places: readonly (readonly [where: string, head: string, row: (remark: string) => Row])[] = [
  ["in front", "note,t,va,ia", (remark) => (t, v, a) => `${remark},${t},${v},${a}`],
  ["between", "t,note,va,ia", (remark) => (t, v, a) => `${t},${remark},${v},${a}`],
  ["behind", "t,va,ia,note", (remark) => (t, v, a) => `${t},${v},${a},${remark}`],
];

const remarks: readonly (readonly [what: string, remark: string])[] = [
  ["doubled quotes and commas", '"say ""hi"", 0"'],
  ["doubled quotes at both ends", '"""a"", b, ""c"""'],
  ["a line feed", '"event\ntrip"'],
  ["a line feed and a comma", '"multi\nline, 0"'],
  ["empty lines and doubled quotes", '"a\n\n""b"", 1,2\n"'],
  ["what looks like a row in it", '"see\n0.0001,5,1\n0.0002,6,1"'],
  ["an inch", '5"'],
  ["an inch behind a quote", '"5"" pipe, 3"'],
  ["a quote that never closes", '"5 pipe'],
  ["a quote for as above", '"'],
];

for (const [what, remark] of remarks) {
  for (const [where, head, row] of places) {
    test(`a remark of ${what}, ${where}, is one field, in all rows and in one`, () => {
      for (const [end, only] of [
        ["\n", undefined],
        ["\r\n", undefined],
        ["\n", 7],
        ["\r", undefined],
      ] as const) {
        const text = rows((t, v, a, k) => row(only === undefined || only === k ? remark : "x")(t, v, a, k), end);
        const made = readCsv(
          "a.csv",
          `${head}${end}${end === "\n" ? text : text.replaceAll("\n", end).replaceAll("\r\r", "\r")}`,
        );
        assert.deepEqual(
          made.segments.map(({ rate, count }) => [rate, count]),
          [[5000, COUNT]],
        );
        assert.deepEqual(
          made.channels.map(({ samples }) => [...samples]),
          [volts, amps],
        );
        for (const warning of made.warnings) assert.match(warning.what, /is no column of numbers/);
      }
    });
  }
}

test("what stands behind a field of several lines is said by the line of the text", () => {
  const text = rows((t, v, a, k) => `${t},${k === 9 ? '"a\nb\nc"' : "x"},${k === 20 ? "?!" : v},${a}`);
  const { warnings } = readCsv("a.csv", `t,note,va,ia\n${text}`);
  // Row 20 from 0 is line 22, and two lines more lie before it.
  assert.deepEqual(warnings, [{ where: "line 24", what: 'column va: expected a number, found "?!"' }]);
});

test("heads that are wrapped in their cells have their names and units", () => {
  const text = rows((t, v, a) => `${t};${v};${a}`, "\r\n");
  const made = readCsv("a.csv", `"time\n[s]";"va\n[V]";"current\nL1\n[A]"\r\n${text}`);
  assert.deepEqual(
    made.channels.map(({ name, unit }) => `${name}: ${unit}`),
    ["va: V", "current L1: A"],
  );
  assert.deepEqual([...(made.channels[0]?.samples ?? [])], volts);
  assert.deepEqual(made.warnings, []);
});

test("a quote that opens does not swallow a file: a field has at most 64 lines, and 64 kB", () => {
  const lines = (count: number, length: number): string => `"${`${"x".repeat(length)}\n`.repeat(count)}"`;
  for (const [count, length, is] of [
    [62, 10, true],
    [70, 10, false],
    [30, 2000, true],
    [30, 3000, false],
  ] as const) {
    const text = Array.from(
      { length: 400 },
      (_, k) => `${(k / 5000).toFixed(4)},${k % 7},1,${k === 150 ? lines(count, length) : "x"}\n`,
    );
    const made = readCsv("a.csv", `t,va,ia,note\n${text.join("")}`);
    assert.equal(made.channels[0]?.samples.length, 400);
    assert.ok(
      made.channels[0]?.samples.every((x, k) => x === k % 7),
      "no sample is lost in either way",
    );
    assert.equal(made.warnings.length === 0, is, `${count} lines of ${length}: ${JSON.stringify(made.warnings[0])}`);
  }
});

test("a file with more bad rows than good ones is refused, with the row; with as many it is read", () => {
  // Either column is one of numbers in most rows.
  const text = (bad: number): string =>
    Array.from({ length: 90 }, (_, k) => {
      const isBad = k >= 20 && k < 20 + bad;
      return `${(k / 5000).toFixed(4)},${isBad && k % 2 === 0 ? "?!" : "1"},${isBad && k % 2 === 1 ? "?!" : "2"}\n`;
    }).join("");
  assert.equal(readCsv("a.csv", `t,va,ia\n${text(45)}`).segments[0]?.count, 90);
  assert.throws(() => readCsv("a.csv", `t,va,ia\n${text(46)}`), {
    name: FormatError.name,
    message: /line 67: column ia: expected a number, found "\?!"/,
  });
});

/** A text in UTF-16 of either order, with its mark. */
function utf16(text: string, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length + 2));
  [..."\ufeff", ...text].forEach((letter, k) => view.setUint16(2 * k, letter.charCodeAt(0), isLittle));
  return new Uint8Array(view.buffer);
}

const encodings: readonly (readonly [what: string, encode: (text: string) => Uint8Array])[] = [
  ["UTF-8", (text) => new TextEncoder().encode(text)],
  ["UTF-16LE", (text) => utf16(text, true)],
  ["UTF-16BE", (text) => utf16(text, false)],
];
/** What stands in row k between its time and its sample: letters of two bytes and of three, fields of two lines, quotes that open nothing. */
const betweens: readonly (readonly [what: string, field: (k: number, end: string) => string])[] = [
  ["no remark", () => "0"],
  ["letters of other alphabets", (k) => (k % 3 === 0 ? "№Ċ時" : "ж")],
  ["a remark of three lines in each row", (k, end) => `"a ""${k}"",${end}${end}ж"`],
  ["a remark of two lines now and then", (k, end) => (k % 7 === 0 ? `"a${end}b, c"` : '"d"')],
  ["inches", (k) => `${k}"`],
  ["quotes for as above", () => '"'],
];
for (const [encoding, encode] of encodings) {
  for (const [what, field] of betweens) {
    test(`the newest row on top, in ${encoding} with ${what}: read in the order of time, whatever ends a line`, () => {
      for (const end of ["\n", "\r\n", "\r"]) {
        // Without a head only dates are known for a time.
        for (const [head, stamp] of [
          [`time,note,va${end}`, ""],
          ["", "2024-03-10 12:00:0"],
        ] as const) {
          const row = (k: number): string => `${stamp}${(k / 5000).toFixed(4)},${field(k, end)},${k % 1000}`;
          const lines = Array.from({ length: 5000 }, (_, k) => row(k));
          const made = readCsv("a.csv", encode(head + lines.toReversed().join(end) + end));
          assert.deepEqual(
            made.segments.map(({ rate, count }) => [rate, count]),
            [[5000, lines.length]],
          );
          assert.ok(made.channels.at(-1)?.samples.every((x, k) => x === k % 1000));
          assert.match(made.warnings[0]?.what ?? "", /^the newest row stands first/);
        }
      }
    });
  }
}
