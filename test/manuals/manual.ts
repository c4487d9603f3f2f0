/** Holds a model's point map against the rows that its manual prints: table = manual + errata, each with its reason. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { MeterModel } from "#model/model.ts";
import { wordsOf } from "#protocol/modbus/register-table.ts";
import { isQuantity } from "#quantity/quantity.ts";
import { rig } from "../rig.ts";

export type Column = "R/W" | "NV" | "format" | "units" | "scale";
const columns: readonly Column[] = ["R/W", "NV", "format", "units", "scale"];

interface Printed {
  readonly reg: number;
  readonly cells: Readonly<Record<Column, string>>;
}

/** From the register, to the register, column: printed, meant, why. */
export type Erratum = readonly [from: number, to: number, column: Column, printed: string, meant: string, reason: string];

/** Rows of the table that the text prints at another place or not at all, and why. */
export type Moved = readonly [from: number, to: number, reason: string];

export interface Manual {
  readonly model: MeterModel;
  /** Tables beside this file, tab separated. */
  readonly tables: readonly string[];
  readonly errata: readonly Erratum[];
  readonly moved: readonly Moved[];
}

function readTable(name: string): Printed[] {
  const lines = readFileSync(new URL(name, import.meta.url), "utf8").trimEnd().split("\n").slice(1);
  return lines.map((line) => {
    const [register = "", ...cells] = line.split("\t");
    const named = Object.fromEntries(columns.map((column, k) => [column, cells[k] ?? ""]));
    return { reg: Number.parseInt(register, 10), cells: named as Record<Column, string> };
  });
}

export function holdAgainst({ model, tables, errata, moved }: Manual): void {
  const { blocks } = model.modbus.map;
  const rows = blocks.flatMap((block) => block.rows);
  const byRegister = new Map(rows.map((row) => [row[0], row]));
  const printed = tables.flatMap(readTable);
  const isMoved = (reg: number): boolean => moved.some(([from, to]) => reg >= from && reg <= to);

  test(`${model.name}: the point map is what the manual prints, but for the errata`, () => {
    const used = new Set<Erratum>();
    for (const { reg, cells } of printed) {
      if (isMoved(reg)) continue;
      // The second register of a two-register value has an empty row.
      if (columns.every((column) => cells[column] === "")) {
        const before = rows.some((row) => reg > row[0] && reg < row[0] + wordsOf(row[3], row[6]));
        assert.ok(before, `register ${reg} is printed as part of a value`);
        continue;
      }
      const row = byRegister.get(reg);
      assert.ok(row !== undefined, `register ${reg} is printed and missing`);
      const [, rw, nv, format, units, scale] = row;
      const ours = { "R/W": rw, NV: nv, format, units, scale: String(scale) };
      for (const column of columns) {
        const erratum = errata.find(
          ([from, to, at, wrong]) => reg >= from && reg <= to && at === column && wrong === cells[column],
        );
        if (erratum !== undefined) used.add(erratum);
        assert.equal(ours[column], erratum === undefined ? cells[column] : erratum[4], `register ${reg}, ${column}`);
      }
    }
    for (const erratum of errata) assert.ok(used.has(erratum), `the erratum on ${erratum[0]} ${erratum[2]} is not needed`);
  });

  test(`${model.name}: every row is printed in a manual, or its absence has a reason`, () => {
    const all = new Set(printed.map(({ reg }) => reg));
    for (const [reg] of rows) assert.ok(all.has(reg) || isMoved(reg), `register ${reg} is in no manual`);
  });

  test(`${model.name}: registers rise and do not overlap, block by block and over all`, () => {
    const spans = rows.map((row) => [row[0], row[0] + wordsOf(row[3], row[6])] as const).sort((a, b) => a[0] - b[0]);
    spans.forEach(([from], k) => assert.ok(k === 0 || from >= spans[k - 1]![1], `register ${from} overlaps`));
    for (const { rows: own, title } of blocks) {
      own.forEach((row, k) => assert.ok(k === 0 || row[0] > own[k - 1]![0], `${title}: ${row[0]} is out of order`));
    }
  });

  test(`${model.name}: every quantity of the map can be read from a running meter`, () => {
    const meter = rig({ model, logging: true, settings: { demandSubInterval: 10 } });
    meter.run(11);
    for (const [reg, , , , , , is] of rows) {
      if (typeof is !== "string") continue;
      assert.ok(isQuantity(is), is);
      assert.ok(Number.isFinite(meter.instrument.read(is)), `register ${reg}, ${is}`);
    }
  });
}

/** The defaults of a manual's page of settings, register by register, and those without a register. */
export function holdDefaults(model: MeterModel, defaults: readonly (readonly [register: number, value: number])[]): void {
  test(`${model.name}: the defaults are those of the manual's page of Modbus settings`, () => {
    const meter = rig({ model, logging: true });
    for (const [register, value] of defaults) assert.equal(meter.u16(register), value, `register ${register}`);
    const settings = meter.instrument.settings();
    const names = ["setupPassword", "resetPassword", "address", "baud", "parity"];
    assert.deepEqual(names.map((name) => settings[name]), [0, 0, 1, 19_200, 0]);
    // Theoretical power: "104 kW", in the scale of register 140.
    assert.equal(Math.round(meter.u16(135) * 10 ** meter.i16(140)), 104);
  });
}
