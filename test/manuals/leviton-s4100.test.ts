/** The 4100's point map against the manual's rows: table = manual + errata, each with its reason. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import { wordsOf } from "#protocol/modbus/register-table.ts";
import { isQuantity } from "#quantity/quantity.ts";
import { rig } from "../rig.ts";

type Column = "R/W" | "NV" | "format" | "units" | "scale";
const columns: readonly Column[] = ["R/W", "NV", "format", "units", "scale"];

interface Printed {
  readonly reg: number;
  readonly cells: Readonly<Record<Column, string>>;
}

function readTable(name: string): Printed[] {
  const lines = readFileSync(new URL(name, import.meta.url), "utf8").trimEnd().split("\n").slice(1);
  return lines.map((line) => {
    const [register = "", ...cells] = line.split("\t");
    const named = Object.fromEntries(columns.map((column, k) => [column, cells[k] ?? ""]));
    return { reg: Number.parseInt(register, 10), cells: named as Record<Column, string> };
  });
}

/** From the register, to the register, column: printed, meant, why. */
type Erratum = readonly [from: number, to: number, column: Column, printed: string, meant: string, reason: string];

// prettier-ignore
const errata: readonly Erratum[] = [
  [28, 28, "R/W", "", "R", "the cell is empty; nothing in the summary can be written"],
  [30, 30, "R/W", "", "R", "the cell is empty; nothing in the summary can be written"],
  [133, 133, "scale", "100", "0.01", "printed is the number over the value; every other row prints the value over the number"],
  [261, 269, "NV", "", "NV", "the same accumulators as integers 5 to 13, which are NV"],
  [317, 363, "NV", "", "NV", "the same accumulators as integers 43 to 89, which are NV"],
  [313, 315, "scale", "1", "", "a scale of 1 is no scale"],
  [313, 315, "NV", "", "NV", "the same counters as integers 39 and 41, which are NV"],
  [40068, 40068, "R/W", "R", "", "a second 40068, after a string that covers 40053 to 40068: it is 40069, the Modbus address"],
  [40093, 40096, "units", "Volt-Ampos", "Volt-Amps", "a misprint"],
  [40124, 40124, "format", "SF", "UInt", "the units' word stands in the format's column"],
];

/** Rows of the table that the text prints at another place or not at all. */
const moved: readonly (readonly [from: number, to: number, reason: string])[] = [
  [7001, 7001, "described with function 0x2B, not in the point map"],
  [40069, 40069, "printed as a second 40068"],
  [40109, 40123, "the text numbers 16 accumulators by single registers; they are eight of two (SunSpec model 203)"],
  [40125, 40167, "a page that the text lost: apparent energies, reactive energies of quadrants 1 to 4 (SunSpec model 203)"],
  [40175, 40176, "the long value is printed at its second register"],
];

const rows = levitonS4100.modbus.map.blocks.flatMap((block) => block.rows);
const byRegister = new Map(rows.map((row) => [row[0], row]));
const isMoved = (reg: number): boolean => moved.some(([from, to]) => reg >= from && reg <= to);

function cellsOf(reg: number): Record<Column, string> | undefined {
  const row = byRegister.get(reg);
  if (row === undefined) return undefined;
  const [, rw, nv, format, units, scale] = row;
  return { "R/W": rw, NV: nv, format, units, scale: String(scale) };
}

for (const name of ["leviton-s4100.tsv", "schneider-em3555-logging.tsv"]) {
  test(`the point map is what ${name} prints, but for the errata`, () => {
    const used = new Set<Erratum>();
    for (const { reg, cells } of readTable(name)) {
      const ours = cellsOf(reg);
      // The second register of a two-register value has an empty row.
      if (columns.every((column) => cells[column] === "")) {
        const before = rows.find((row) => reg > row[0] && reg < row[0] + wordsOf(row[3], row[6]));
        assert.ok(before !== undefined || isMoved(reg), `register ${reg} is printed as part of a value`);
        continue;
      }
      if (isMoved(reg)) continue;
      if (reg === 40068) continue;
      assert.ok(ours !== undefined, `register ${reg} is printed and missing`);
      for (const column of columns) {
        const erratum = errata.find(([from, to, at]) => reg >= from && reg <= to && at === column);
        if (erratum !== undefined && cells[column] === erratum[3]) {
          used.add(erratum);
          assert.equal(ours[column], erratum[4], `register ${reg}, ${column}: ${erratum[5]}`);
        } else assert.equal(ours[column], cells[column], `register ${reg}, ${column}`);
      }
    }
    if (name === "leviton-s4100.tsv") {
      for (const erratum of errata) {
        assert.ok(used.has(erratum) || erratum[0] === 40068, `the erratum on ${erratum[0]} ${erratum[2]} is not needed`);
      }
    }
  });
}

test("every row of the point map is printed in a manual, or its absence has a reason", () => {
  const printed = new Set(
    [...readTable("leviton-s4100.tsv"), ...readTable("schneider-em3555-logging.tsv")].map(({ reg }) => reg),
  );
  for (const [reg] of rows) assert.ok(printed.has(reg) || isMoved(reg), `register ${reg} is in no manual`);
});

test("registers rise and do not overlap, block by block and over all", () => {
  const spans = rows.map((row) => [row[0], row[0] + wordsOf(row[3], row[6])] as const).sort((a, b) => a[0] - b[0]);
  spans.forEach(([from], k) => assert.ok(k === 0 || from >= spans[k - 1]![1], `register ${from} overlaps`));
  for (const { rows: own, title } of levitonS4100.modbus.map.blocks) {
    own.forEach((row, k) => assert.ok(k === 0 || row[0] > own[k - 1]![0], `${title}: ${row[0]} is out of order`));
  }
});

test("every quantity of the map can be read from a running meter", () => {
  const meter = rig({ logging: true, settings: { demandSubInterval: 10 } });
  meter.run(11);
  for (const [reg, , , , , , is] of rows) {
    if (typeof is !== "string") continue;
    assert.ok(isQuantity(is), is);
    assert.ok(Number.isFinite(meter.instrument.read(is)), `register ${reg}, ${is}`);
  }
});

test("the defaults are those of the manual's page of Modbus settings", () => {
  const meter = rig({ logging: true });
  const expected: [register: number, value: number][] = [
    [130, 40], [131, 100], [132, 1], [133, 100], [134, 600], [137, 1], [142, 10], [143, 25], [144, 1000],
    [149, 1], [150, 900], [158, 0], [159, 0], [169, 3], [170, 4], [171, 5], [172, 6], [173, 29], [174, 30],
    [175, 31], [176, 155], [177, 156], [178, 157],
  ];
  for (const [register, value] of expected) assert.equal(meter.u16(register), value, `register ${register}`);
  const settings = meter.instrument.settings();
  assert.deepEqual(
    [settings["setupPassword"], settings["resetPassword"], settings["address"], settings["baud"], settings["parity"]],
    [0, 0, 1, 19200, 0],
  );
  // Theoretical power: "104 kW", in the scale of register 140.
  assert.equal(Math.round(meter.u16(135) * 10 ** meter.i16(140)), 104);
});
