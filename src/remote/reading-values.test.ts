/** What a reading becomes: values by their names, and what else its meter calls something. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PointReading } from "#headend/reader.ts";
import { measureName } from "#quantity/measure-name.ts";
import { registerName } from "#quantity/register-name.ts";
import { valuesOf } from "./reading-values.ts";

const at = { utc: 0, offsetMinutes: 60, daylightSaving: false, synchronised: true };

function readOf(...points: readonly PointReading[]) {
  return valuesOf({ utc: 0, offsetMinutes: 60, identification: [], notes: [], parts: [{ points }] }, at);
}

const point = (name: string, value: PointReading["value"], more: Partial<PointReading> = {}): PointReading => ({
  name,
  value,
  unit: "",
  ...more,
});

test("a power that is told by its directions alone is their difference, of each phase its own", () => {
  const { byName } = readOf(
    point("W.import", 1250),
    point("W.export", 200),
    point("W.a.import", 0),
    point("W.a.export", 175),
    point("var.b.import", 30),
    point("var.b.export", 12),
    point("W.c.import", 5),
  );
  assert.deepEqual([byName.get("W"), byName.get("W.a"), byName.get("var.b")], [1050, -175, 18]);
  // Of one direction alone nobody knows the other.
  assert.deepEqual([byName.has("W.c"), byName.has("var"), byName.has("W.b")], [false, false, false]);
});

test("a power that the meter tells is that one", () => {
  const { byName } = readOf(point("W", 1049), point("W.import", 1250), point("W.export", 200));
  assert.equal(byName.get("W"), 1049);
});

test("a power of which one direction has no value has none", () => {
  const { byName } = readOf(point("W.import", 1250), point("W.export", undefined));
  assert.equal(byName.get("W"), NaN);
});

test("what the meter says is not as it should be is doubted, and nothing else", () => {
  const { doubted, registers } = readOf(
    point("V.a", 229.1, { flags: ["questionable", "inaccurate"] }),
    point("V.b", 230.4),
    point("W.import", 7, { flags: ["old data"] }),
    point("W.export", 0),
    point("counter 4", 12, { flags: ["forced locally"] }),
    point("counter 5", undefined, { flags: ["not online"] }),
    point("counter 6", 3),
  );
  assert.deepEqual([...doubted].toSorted(), [
    ["V.a", ["questionable", "inaccurate"]],
    ["W", ["old data"]],
    ["W.import", ["old data"]],
  ]);
  assert.deepEqual(
    registers.map(({ name, valid }) => [name, valid]),
    [
      ["counter 4", "questionable"],
      ["counter 5", "invalid"],
      ["counter 6", "good"],
    ],
  );
});

test("what is no measure keeps the name that its meter has for it, and a rate its letter", () => {
  const { registers, measures } = readOf(
    point("MMTR1.SupWh", 732_973, { unit: "Wh" }),
    point("Wh.import.rateB", 818, { label: "1.0.1.8.2.255", unit: "kWh", scale: 1000 }),
    point("W.import.demand.max.rateA", 5, { label: "1.0.1.6.1.255", unit: "W" }),
    point("V.a", 229.1),
  );
  assert.deepEqual(
    registers.map((one) => [registerName(one), one.label, one.tariff, one.kind]),
    [
      ["MMTR1.SupWh", "MMTR1.SupWh", "total", "instantaneous"],
      ["Wh.import.rateB", "1.0.1.8.2.255", "B", "consumption"],
      ["W.import.demand.max.rateA", "1.0.1.6.1.255", "A", "instantaneous"],
    ],
  );
  assert.deepEqual(measures.map(measureName), ["V.a"]);
});
