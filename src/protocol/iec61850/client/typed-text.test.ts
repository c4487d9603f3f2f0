/** What people write as data of a type: what fits is what they wrote, what does not fit is nothing, never something near it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dataText } from "#protocol/iec61850/mms/data-words.ts";
import type { TypeDescription } from "#protocol/iec61850/mms/data.ts";
import { dataOfText } from "./typed-text.ts";

const float32: TypeDescription = { kind: "float", width: 32, exponent: 8 };
const float64: TypeDescription = { kind: "float", width: 64, exponent: 11 };
const utc: TypeDescription = { kind: "utc" };

/** Undefined of what is refused. */
// prettier-ignore
const rows: readonly (readonly [TypeDescription, written: string, read: string | undefined])[] = [
  [float32, "230.5", "230.5"],
  // The largest of 32 bits is 3.4028235e38 (IEEE 754).
  [float32, "3.402823e38", "3.402823e+38"],
  [float32, "1e39", undefined],
  [float32, "-1e39", undefined],
  [float32, "Infinity", undefined],
  [float64, "1e39", "1e+39"],
  [float64, "1e309", undefined],
  [{ kind: "integer", width: 8 }, "-128", "-128"],
  [{ kind: "integer", width: 8 }, "128", undefined],
  [{ kind: "unsigned", width: 32 }, "4294967295", "4294967295"],
  [{ kind: "unsigned", width: 32 }, "4294967296", undefined],
  [{ kind: "unsigned", width: 32 }, "-1", undefined],
  [{ kind: "visible", width: -5 }, "Zürich", undefined],
  // Seconds of 32 bits, from 1970 (IEC 61850-8-1, 8.1.3.6).
  [utc, "1970-01-01T00:00:01Z", "1970-01-01T00:00:01.000Z"],
  [utc, "2106-02-07T06:28:15Z", "2106-02-07T06:28:15.000Z"],
  [utc, "2106-02-07T06:28:16Z", undefined],
  [utc, "2200-01-01T00:00:00Z", undefined],
  [utc, "1969-12-31T23:59:59Z", undefined],
  [utc, "today", undefined],
];
for (const [type, written, read] of rows)
  test(`${type.kind} ${written} is ${read ?? "refused"}`, () => {
    const data = dataOfText(type, written);
    assert.equal(data && dataText(data).split(" ")[0], read);
  });

test("an instant has its second to a quarter of a microsecond", () => {
  const data = dataOfText(utc, "2026-07-31T16:45:00.123456Z");
  assert.ok(data?.kind === "utc");
  const fraction = ((data.octets[4] ?? 0) << 16) | ((data.octets[5] ?? 0) << 8) | (data.octets[6] ?? 0);
  assert.ok(Math.abs(fraction / 2 ** 24 - 0.123456) < 0.25e-6, String(fraction));
});
