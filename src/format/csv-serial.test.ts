/** Dates as spreadsheets count them: 45292 is 2024-01-01, and 45361.5 noon of 2024-03-10. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCsv } from "./csv.ts";

const COUNT = 400;
const noon = Date.UTC(2024, 2, 10, 12);
/** Parts of a day to `decimals` digits, by whole numbers: 86,400 seconds are a day. */
function days(seconds: number, decimals: number): { readonly day: string; readonly part: string } {
  const counts = BigInt(Math.round(seconds * 1e6)) * 10n ** BigInt(decimals);
  const rounded = (2n * counts + 86_400_000_000n) / 172_800_000_000n;
  const one = 10n ** BigInt(decimals);
  return { day: String(rounded / one), part: String(rounded % one).padStart(decimals, "0") };
}
const at = (day: number, seconds: number): number => 86_400 * day + seconds;
const serial = (k: number, rate: number, decimals: number): string => {
  const { day, part } = days(at(45_361, 43_200 + k / rate), decimals);
  return `${day}.${part}`;
};
const rows = (row: (k: number) => string): string[] => Array.from({ length: COUNT }, (_, k) => `${row(k)}\n`);

const written: readonly (readonly [head: string, rate: number, decimals: number])[] = [
  ["Timestamp,va [V]\n", 1000, 10],
  ["Time,va [V]\n", 5000, 10],
  ["Zeit,va [V]\n", 2000, 12],
  ["Date,va [V]\n", 1000, 9],
  ["Datum/Zeit,va [V]\n", 0.5, 10],
  ["t,va [V]\n", 20, 10],
  ["", 1000, 10],
];
for (const [head, rate, decimals] of written) {
  for (const comma of [false, true]) {
    test(`days of ${decimals} decimals below "${head.trim()}", ${comma ? "a comma" : "a point"} in them: ${rate} Hz`, () => {
      const manner = (text: string): string => (comma ? text.replaceAll(",", ";").replaceAll(".", ",") : text);
      const lines = rows((k) => manner(`${serial(k, rate, decimals)},${k % 100}.5`));
      const made = readCsv("a.csv", manner(head) + lines.join(""));
      assert.deepEqual(
        made.segments.map(({ rate: is, count }) => [Number(is.toPrecision(6)), count]),
        [[rate, COUNT]],
      );
      assert.equal(made.start, noon);
      assert.ok(made.channels[0]?.samples.every((x, k) => x === (k % 100) + 0.5));
      assert.equal(made.channels.length, 1);
      assert.match(made.warnings[0]?.what ?? "", /numbers like 45361.5 are taken for days since 1899-12-30/);
    });
  }
}

test("whole days in one column and their parts in another go over a midnight, and a gap in them is one", () => {
  for (const [from, missing] of [
    [43_200, 0],
    [86_399.8, 0],
    [86_399.8, 150],
  ] as const) {
    const lines = rows((k) => {
      const { day, part } = days(at(45_361, from + k / 1000), 12);
      return `${day},0.${part},${k % 100}`;
    }).toSpliced(100, missing);
    const made = readCsv("a.csv", `Date,Time,va [V]\n${lines.join("")}`);
    assert.equal(made.start, Date.UTC(2024, 2, 10) + 1000 * from);
    assert.deepEqual(
      made.gaps.map(({ seconds }) => Number(seconds.toFixed(6))),
      missing === 0 ? [] : [0.15],
    );
    assert.deepEqual(
      made.channels.map(({ name }) => name),
      ["va"],
    );
    assert.ok(made.segments.every(({ rate }) => Math.abs(rate - 1000) < 0.01));
    assert.match(made.warnings.map(({ what }) => what).join(), /numbers like 45361 are taken for days/);
  }
});

test("days with the newest row on top are read in the order of time", () => {
  const lines = rows((k) => `${serial(k, 1000, 10)},${k % 100}`);
  const made = readCsv("a.csv", `Timestamp,va [V]\n${lines.toReversed().join("")}`);
  assert.equal(made.start, noon);
  assert.ok(made.channels[0]?.samples.every((x, k) => x === k % 100));
});

const seconds: readonly (readonly [what: string, head: string, stamp: (k: number) => string])[] = [
  ["seconds of the day", "time,va", (k) => (45_361.5 + k / 5000).toFixed(4)],
  ["seconds of a computer's clock", "timestamp,va", (k) => (45_361.5 + k / 5000).toFixed(7)],
  ["seconds that are named", "time [s],va", (k) => (45_361.5 + k / 5000).toFixed(7)],
];
for (const [what, head, stamp] of seconds) {
  test(`${what} are no days, as large as they are`, () => {
    const made = readCsv("a.csv", `${head}\n${rows((k) => `${stamp(k)},${k % 100}`).join("")}`);
    assert.deepEqual(
      made.segments.map(({ rate, count }) => [rate, count]),
      [[5000, COUNT]],
    );
    assert.ok(Number.isNaN(made.start));
    assert.deepEqual(made.warnings, []);
  });
}

test("stamps that are days by their numbers, or of more than 100 MHz, are named where their unit is seconds", () => {
  // A step of 1 ms is 1.157e-8 days.
  for (const [stamp, hertz] of [
    [(k: number) => serial(k, 1000, 10), /^the stamps are of 86\d00000 Hz: they may count in another unit$/],
    [(k: number) => (k / 2.5e9).toFixed(11), /^the stamps are of 2500000000 Hz: they may count in another unit$/],
  ] as const) {
    const { warnings } = readCsv("a.csv", `time [s],va\n${rows((k) => `${stamp(k)},${k % 100}`).join("")}`);
    assert.match(warnings[0]?.what ?? "", hertz);
  }
});
