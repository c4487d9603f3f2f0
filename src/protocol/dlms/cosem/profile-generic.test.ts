/**
 * Profiles and their selective access. Rows and answers are those of the golden exchanges with jDLMS 1.7 (a profile of minutes from
 * 2025-02-19 21:20, {clock, status, four values}), where nothing else is said.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeData } from "#protocol/dlms/data/decode.ts";
import { encodeData } from "#protocol/dlms/data/encode.ts";
import { doubleLongUnsigned, float32, octets, type Data } from "#protocol/dlms/data/data.ts";
import { dateTimeBytes, dateTimeOfStamp } from "#protocol/dlms/data/date-time.ts";
import type { Series } from "#quantity/series.ts";
import { clockColumn, type CaptureObject } from "./capture-object.ts";
import type { Asker, CosemObject } from "./object.ts";
import { profileGeneric } from "./profile-generic.ts";

const MINUTE = 60_000;
const BEGIN = Date.UTC(2025, 1, 19, 21, 20);

interface Row {
  readonly sequence: number;
}

const register = (c: number): CaptureObject => ({
  classId: 3,
  logicalName: `1.0.${c}.29.0.255`,
  attribute: 2,
  dataIndex: 0,
});
const columns: readonly CaptureObject[] = [
  clockColumn,
  { classId: 1, logicalName: "0.0.96.10.1.255", attribute: 2, dataIndex: 0 },
  ...[1, 2, 3, 4].map(register),
];

interface Counted extends Series<Row> {
  first: number;
  /** Members that have been read. */
  read: number;
}

function minutes(first: number, next: number): Counted {
  const counted: Counted = {
    first,
    next,
    read: 0,
    page(from, most) {
      const to = Math.min(from + most, counted.next);
      const begin = Math.max(from, counted.first);
      counted.read += Math.max(0, to - begin);
      return Array.from({ length: Math.max(0, to - begin) }, (_, k) => ({ sequence: begin + k }));
    },
    seek: (utc) => Math.min(counted.next, Math.max(counted.first, Math.ceil((utc - BEGIN) / MINUTE))),
  };
  return counted;
}

function clockOf({ sequence }: Row): Data {
  const stamp = { utc: BEGIN + sequence * MINUTE, offsetMinutes: 0, daylightSaving: false, synchronised: true };
  return octets(dateTimeBytes(dateTimeOfStamp(stamp)));
}

function profile(series: Series<Row>): CosemObject {
  return profileGeneric("1.0.99.1.0.255", {
    columns,
    series: () => series,
    row: (row) => [
      clockOf(row),
      doubleLongUnsigned(row.sequence === 0 ? 64 : 1),
      ...[0, 1, 2, 3].map((k) => float32(k + row.sequence / 4)),
    ],
    capturePeriod: 60,
    capacity: () => 1000,
    offsetOf: () => 0,
  });
}

const asker: Asker = { session: { peer: { protocol: "dlms", port: "ethernet 1", near: false } }, client: 16 };
const bytes = (hex: string): Uint8Array => Uint8Array.fromHex(hex.replaceAll(" ", ""));

/** What the buffer is, in hex; why it is denied, in words. */
function buffer(object: CosemObject, selector?: number, parameters = ""): string {
  const [found] = object.attributes;
  const selection = selector === undefined ? undefined : { selector, parameters: decodeData(bytes(parameters)) };
  const value = found?.get(asker, selection) ?? { denied: "object-undefined" as const };
  if ("denied" in value) return value.denied;
  assert.equal(value.type, "rows");
  if (value.type !== "rows") return "";
  const rows = Array.from({ length: value.count }, (_, k) => value.row(k));
  return encodeData({ type: "array", value: rows.map((row) => row ?? { type: "null-data" }) })
    .toHex()
    .toUpperCase();
}

function attribute(object: CosemObject, id: number): string {
  const value = object.attributes.find((one) => one.id === id)?.get(asker) ?? { denied: "object-undefined" as const };
  return "denied" in value ? value.denied : value.type === "rows" ? "rows" : encodeData(value).toHex().toUpperCase();
}

const R0 = "0206090C07E902130315140000000000060000004017000000001 73F80000017400000001740400000".replaceAll(" ", "");
const R1 = "0206090C07E90213031515000000000006000000 01173E800000173FA00000174010000017405000 00".replaceAll(" ", "");
const R2 = "0206090C07E90213031516000000000006000000 01173F000000173FC00000174020000017406000 00".replaceAll(" ", "");
const R3 = "0206090C07E90213031517000000000006000000 01173F400000173FE00000174030000017407000 00".replaceAll(" ", "");

const byClock = "0204 12 0008 0906 0000010000FF 0F02 12 0000";
const at = (minute: string): string => `090C 07E90213 03 15${minute} 00 00 0000 00`;
const range = (from: string, to: string, selected = "0100"): string => `0204 ${byClock} ${from} ${to} ${selected}`;
const entries = (from: number, to: number, first = 1, last = 0): string => {
  const wide = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  return `0204 06${wide(from, 8)} 06${wide(to, 8)} 12${wide(first, 4)} 12${wide(last, 4)}`;
};

test("the attributes of a profile are those of the golden exchange", () => {
  const object = profile(minutes(0, 4));
  const golden = `0106 020412000809060000010000FF0F02120000 020412000109060000600A01FF0F02120000
    020412000309060100011D00FF0F02120000 020412000309060100021D00FF0F02120000
    020412000309060100031D00FF0F02120000 020412000309060100041D00FF0F02120000`;
  assert.equal(attribute(object, 3), golden.replaceAll(/\s/g, ""));
  assert.equal(attribute(object, 4), "060000003C");
  assert.equal(attribute(object, 5), "1601");
  assert.equal(attribute(object, 6), "020412000009060000000000000F00120000");
  assert.equal(attribute(object, 7), "0600000004");
  assert.equal(attribute(object, 8), "06000003E8");
  assert.equal(object.version, 1);
});

const selections: readonly [what: string, selector: number, parameters: string, rows: readonly string[]][] = [
  ["a range has both its ends", 1, range(at("14"), at("15")), [R0, R1]],
  ["a range may be one row", 1, range(at("15"), at("15")), [R1]],
  ["a range between two rows is empty", 1, range("090C07E902130315151E000000 00", "090C07E902130315152D00000000"), []],
  ["a range that is reversed is empty", 1, range(at("16"), at("14")), []],
  ["a range before all is empty", 1, range(at("00"), at("13")), []],
  ["a range after all is empty", 1, range(at("18"), at("3B")), []],
  [
    "times as the type that has their name",
    1,
    range(at("16").replace("090C", "19"), at("17").replace("090C", "19")),
    [R2, R3],
  ],
  [
    "a range by no object is one by what sorts the buffer",
    1,
    range(at("14"), at("15")).replace(
      "0204 12 0008 0906 0000010000FF 0F02 12 0000",
      "0204 12 0000 0906 000000000000 0F02 12 0000",
    ),
    [R0, R1],
  ],
  ["a beginning that is not said is the oldest row", 1, range("090CFFFFFFFFFFFFFFFFFF800000", at("14")), [R0]],
  ["an end that is not said is the newest row", 1, range(at("17"), "090CFFFFFFFFFFFFFFFFFF800000"), [R3]],
  ["ends that are nothing are none", 1, range("00", "00"), [R0, R1, R2, R3]],
  [
    "an end that says the day has all of it",
    1,
    range("090C07E90213FFFFFFFFFF8000FF", "090C07E90213FFFFFFFFFF8000FF"),
    [R0, R1, R2, R3],
  ],
  [
    "an end that says the month has all of it",
    1,
    range("090C07E901FFFFFFFFFFFF8000FF", "090C07E902FFFFFFFFFFFF8000FF"),
    [R0, R1, R2, R3],
  ],
  ["a month before has none", 1, range("090C07E901FFFFFFFFFFFF8000FF", "090C07E901FFFFFFFFFFFF8000FF"), []],
  [
    "a deviation counts: an hour east of UTC",
    1,
    range("090C07E9021303161500 00FFC400", "090C07E90213031616 0000FFC400"),
    [R1, R2],
  ],
  ["entries 2 to 3", 2, entries(2, 3), [R1, R2]],
  ["entries from 3 to the last", 2, entries(3, 0), [R2, R3]],
  ["one entry", 2, entries(4, 4), [R3]],
  ["entries beyond the last are not there", 2, entries(4, 9), [R3]],
  ["entries that begin beyond the last are none", 2, entries(5, 9), []],
  ["entries that are reversed are none", 2, entries(3, 2), []],
  ["a first entry of 0 is the first", 2, entries(0, 1), [R0]],
];
for (const [what, selector, parameters, rows] of selections)
  test(`${what}`, () => {
    const expected = `01${rows.length.toString(16).padStart(2, "0")}${rows.join("")}`.toUpperCase();
    assert.equal(buffer(profile(minutes(0, 4)), selector, parameters), expected);
  });

test("without a selection the buffer is all of it", () => {
  assert.equal(buffer(profile(minutes(0, 4))), `0104${R0}${R1}${R2}${R3}`);
  assert.equal(buffer(profile(minutes(0, 0))), "0100");
});

test("columns by entry are counted from 1, those of a range are in the order in which they are asked for", () => {
  const object = profile(minutes(0, 4));
  assert.equal(
    buffer(object, 2, entries(2, 2, 1, 3)),
    "0101 0203 090C07E902130315150000000000 0600000001 173E800000".replaceAll(" ", ""),
  );
  assert.equal(buffer(object, 2, entries(2, 2, 6, 0)), "0101020117405000" + "00");
  assert.equal(buffer(object, 2, entries(2, 2, 7, 0)), "01010200");
  const second = "0204 12 0003 0906 0100021D00FF 0F02 12 0000";
  assert.equal(
    buffer(object, 1, range(at("15"), at("15"), `0102 ${second} ${byClock}`)),
    "0101 0202 173FA00000 090C07E902130315150000000000".replaceAll(" ", ""),
  );
});

const denials: readonly [what: string, selector: number, parameters: string, denied: string][] = [
  ["a selector that there is not", 3, entries(1, 2), "scope-of-access-violated"],
  [
    "a range by what is no clock",
    1,
    `0204 0204 12 0003 0906 0100011D00FF 0F02 12 0000 0600000001 0600000002 0100`,
    "scope-of-access-violated",
  ],
  [
    "a range by a clock that is no column",
    1,
    range(at("14"), at("15")).replace("0000010000FF", "0000010001FF"),
    "scope-of-access-violated",
  ],
  ["a range of numbers", 1, range("0600000001", "0600000002"), "type-unmatched"],
  ["a range of times of eleven bytes", 1, range("090B07E9021303151400000000", at("15")), "type-unmatched"],
  ["a range by a day that there is not", 1, range("090C07E9021E03151400000000 00", at("15")), "type-unmatched"],
  ["a range of three members", 1, `0203 ${byClock} ${at("14")} ${at("15")}`, "type-unmatched"],
  [
    "a column that is not captured",
    1,
    range(at("14"), at("15"), `0101 0204 12 0003 0906 0100091D00FF 0F02 12 0000`),
    "object-undefined",
  ],
  ["a list of columns that is none", 1, range(at("14"), at("15"), "00"), "type-unmatched"],
  ["entries that are words", 2, "0204 0A0131 0A0132 120001 120000", "type-unmatched"],
  ["entries before the first", 2, "0204 05FFFFFFFF 0500000002 120001 120000", "type-unmatched"],
  ["entries of a number", 2, "0600000001", "type-unmatched"],
];
for (const [what, selector, parameters, denied] of denials)
  test(`refuses ${what}`, () => assert.equal(buffer(profile(minutes(0, 4)), selector, parameters), denied));

test("attributes that are no arrays take no selection", () => {
  const selection = { selector: 2, parameters: decodeData(bytes(entries(1, 2))) };
  for (const { id, get } of profile(minutes(0, 4)).attributes.slice(1))
    assert.deepEqual(get(asker, selection), { denied: "scope-of-access-violated" }, String(id));
});

test("a day of a year of minutes reads the rows of that day", () => {
  const year = minutes(7, 7 + 525_600);
  const object = profile(year);
  const day = range("090C07E90601FFFFFFFFFF8000FF", "090C07E90601FFFFFFFFFF8000FF");
  const value = object.attributes[0]?.get(asker, { selector: 1, parameters: decodeData(bytes(day)) });
  assert.ok(value !== undefined && "type" in value && value.type === "rows");
  assert.equal(value.count, 1440);
  assert.equal(year.read, 0, "finding them reads none");
  for (let k = 0; k < value.count; k++) assert.notEqual(value.row(k), undefined);
  assert.equal(year.read, 1440);
});

test("a row that is overwritten while it is read is there no more, and those behind it are", () => {
  const series = minutes(0, 200);
  const value = profile(series).attributes[0]?.get(asker);
  assert.ok(value !== undefined && "type" in value && value.type === "rows");
  assert.notEqual(value.row(0), undefined);
  series.first = 70;
  assert.equal(value.row(64), undefined);
  assert.notEqual(value.row(70), undefined);
});

test("a row that the meter's memory has lost says nothing, and those behind it are there", () => {
  const series = minutes(0, 4);
  const { page } = series;
  series.page = (from, most) => page(from, most).filter(({ sequence }) => sequence !== 1);
  const lost = `0206${"00".repeat(6)}`;
  assert.equal(buffer(profile(series)), `0104${R0}${lost}${R2}${R3}`);
  assert.equal(buffer(profile(series), 2, entries(2, 3, 1, 2)), `0102020200000202${R2.slice(4, 42)}`);
});
