/** Holds a model's point map against the rows that its manual prints: table = manual + errata, each with its reason. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { MeterModel } from "#model/model.ts";
import { registerText, wordsOf, type Row } from "#protocol/modbus/register-table.ts";
import { isQuantity } from "#quantity/quantity.ts";
import { rig } from "../rig.ts";

/** Columns of a manual that are held against ours; a table may have others. */
const columns = ["R/W", "NV", "format", "units", "scale", "variable"] as const;
export type Column = (typeof columns)[number];

export interface Printed {
  readonly reg: number;
  readonly cells: Readonly<Partial<Record<string, string>>>;
}

/** From the register, to the register, column: printed, meant, why. */
export type Erratum = readonly [from: number, to: number, column: Column, printed: string, meant: string, reason: string];

/** Rows of the table that the text prints at another place or not at all, and why. */
export type Moved = readonly [from: number, to: number, reason: string];

export interface Manual {
  readonly model: MeterModel;
  /** Only the blocks of this table are held against it, where the product has two. */
  readonly table?: "input" | "holding";
  /** How the manual writes what our tables write otherwise, column by column. */
  readonly spelled?: Readonly<Partial<Record<Column, Readonly<Record<string, string>>>>>;
  /** Tables beside this file, tab separated. */
  readonly tables: readonly string[];
  readonly errata: readonly Erratum[];
  readonly moved: readonly Moved[];
}

/** Register numbers are decimal, or hexadecimal: "0x0034". The first line names the columns. */
export function readTable(name: string): readonly Printed[] {
  const [head = "", ...lines] = readFileSync(new URL(name, import.meta.url), "utf8").trimEnd().split("\n");
  const [, ...names] = head.split("\t");
  return lines.map((line) => {
    const [register = "", ...cells] = line.split("\t");
    const named = Object.fromEntries(names.map((column, k) => [column, cells[k] ?? ""]));
    return { reg: Number.parseInt(register, register.startsWith("0x") ? 16 : 10), cells: named };
  });
}

/** What a row of ours has in each of the columns. */
function oursOf([, rw, nv, format, units, scale, is]: Row<string>): Readonly<Record<Column, string>> {
  const variable = typeof is === "string" ? is : "code" in is ? is.code : "signed" in is ? is.signed : "";
  return { "R/W": rw, NV: nv, format, units, scale: String(scale), variable };
}

export function holdAgainst({ model, table, tables, errata, moved, spelled }: Manual): void {
  const { map } = model.modbus;
  const blocks = map.blocks.filter((block) => table === undefined || block.table === table);
  const where = (reg: number): string => `register ${registerText(map, reg)}`;
  const of = table === undefined ? model.name : `${model.name}, ${table} registers`;
  const rows = blocks.flatMap((block) => block.rows);
  const byRegister = new Map(rows.map((row) => [row[0], row]));
  const printed = tables.flatMap(readTable);
  const isMoved = (reg: number): boolean => moved.some(([from, to]) => reg >= from && reg <= to);

  test(`${of}: the point map is what the manual prints, but for the errata`, () => {
    const used = new Set<Erratum>();
    for (const { reg, cells } of printed) {
      if (isMoved(reg)) continue;
      // The second register of a two-register value has an empty row.
      if (Object.values(cells).every((cell) => cell === "")) {
        const before = rows.some((row) => reg > row[0] && reg < row[0] + wordsOf(row[3], row[6]));
        assert.ok(before, `${where(reg)} is printed as part of a value`);
        continue;
      }
      const row = byRegister.get(reg);
      assert.ok(row !== undefined, `${where(reg)} is printed and missing`);
      const ours = oursOf(row);
      for (const column of columns) {
        const cell = cells[column];
        if (cell === undefined) continue;
        const erratum = errata.find(
          ([from, to, at, wrong]) => reg >= from && reg <= to && at === column && wrong === cell,
        );
        if (erratum !== undefined) used.add(erratum);
        const meant = erratum === undefined ? (spelled?.[column]?.[cell] ?? cell) : erratum[4];
        assert.equal(ours[column], meant, `${where(reg)}, ${column}`);
      }
    }
    for (const erratum of errata) assert.ok(used.has(erratum), `the erratum on ${where(erratum[0])}, ${erratum[2]}, is not needed`);
  });

  test(`${of}: every row is printed in a manual, or its absence has a reason`, () => {
    const all = new Set(printed.map(({ reg }) => reg));
    for (const [reg] of rows) assert.ok(all.has(reg) || isMoved(reg), `${where(reg)} is in no manual`);
  });

  test(`${of}: registers rise and do not overlap, block by block and over all`, () => {
    const spans = rows.map((row) => [row[0], row[0] + wordsOf(row[3], row[6])] as const).sort((a, b) => a[0] - b[0]);
    spans.forEach(([from], k) => assert.ok(k === 0 || from >= spans[k - 1]![1], `${where(from)} overlaps`));
    for (const { rows: own, title } of blocks) {
      own.forEach((row, k) => assert.ok(k === 0 || row[0] > own[k - 1]![0], `${title}: ${where(row[0])} is out of order`));
    }
  });

  test(`${of}: every quantity of the map can be read from a running meter`, () => {
    const meter = rig({ model, logging: true, settings: { demandSubInterval: 10 } });
    meter.run(11);
    for (const [reg, , , , , , is] of rows) {
      if (typeof is !== "string") continue;
      assert.ok(isQuantity(is), is);
      assert.ok(Number.isFinite(meter.instrument.read(is)), `${where(reg)}, ${is}`);
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
