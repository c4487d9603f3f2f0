/** The tables of docs/analysis.md are those of the code, row by row, and its commands print and write what it says. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { tableNames } from "#analysis/files/names.ts";
import { eventClassText } from "#analysis/limits/event-class.ts";
import { usualEventLimits } from "#analysis/examine-settings.ts";
import { LEAST_RATE } from "#analysis/transient-shape.ts";
import { transientClass } from "#analysis/transient-class.ts";
import { disturbances } from "#format/pqdif/disturbances.ts";
import { iticRegion } from "#analysis/limits/curves.ts";
import { harmonicLimits } from "#analysis/limits/en50160-limits.ts";
import { currentLimitsOf, voltageLimits } from "#analysis/limits/ieee519-limits.ts";
import { dipCsv } from "./analyse-recordings.ts";
import { main } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const text = readFileSync(fileURLToPath(new URL("../docs/analysis.md", import.meta.url)), "utf8");

/** Cells of the table whose first row begins so, behind a heading where there are several. */
function table(head: string, heading = ""): readonly (readonly string[])[] {
  const lines = text
    .slice(text.indexOf(`\n| ${head}`, text.indexOf(heading)))
    .trimStart()
    .split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("EN 50160: harmonics of both editions", () => {
  const rows = table("order | 2010").flatMap(([orders, ...limits]) =>
    orders!.split(", ").map((order) => [Number(order), ...limits.map(Number)]),
  );
  const [early, late] = [harmonicLimits("2010"), harmonicLimits("amended")];
  const expected = [...early].map(([order, limit]) => [order, limit, late.get(order)!]);
  const byOrder = (a: readonly number[], b: readonly number[]): number => a[0]! - b[0]!;
  assert.deepEqual(rows.toSorted(byOrder), expected.toSorted(byOrder));
});

test("IEEE 519: voltage, and current by table and row", () => {
  const voltage = table("bus, up to").map(([, ...cells]) => cells.map(Number));
  assert.deepEqual(
    voltage,
    voltageLimits.map(({ individual, thd }) => [individual, thd]),
  );
  const rows = table("table | bus");
  assert.equal(rows.length, 13);
  for (const [number, upTo, row, ...limits] of rows) {
    const volts = upTo === "above" ? 230_000 : Number.parseInt(upTo!, 10) * 1000;
    // A ratio of the row: just below its end, or just above the last one's start.
    const [from, to] = row!.split("<").map((part) => Number(part.replace(/[>=]/g, "")));
    const found = currentLimitsOf(volts, to === undefined ? from! + 1 : to - 1);
    assert.equal(String(found.table), number);
    assert.equal(found.row, row);
    assert.deepEqual([...[3, 11, 17, 23, 35].map(found.limitOf), found.tdd], limits.map(Number));
  }
});

test("ITIC: just within and just beyond each step", () => {
  const seconds: Readonly<Record<string, number>> = { "20 ms": 0.02, "0.5 s": 0.5, "10 s": 10, longer: 100 };
  const steps = table("duration, up to").flatMap(([upTo, least, most]) => {
    const at = seconds[upTo!];
    return at === undefined ? [] : [{ at, least: Number(least), most: Number(most) }];
  });
  assert.equal(steps.length, 4);
  for (const { at, least, most } of steps) {
    assert.deepEqual(
      [least, most].map((percent) => iticRegion(at, percent)?.passes),
      [true, true],
    );
    assert.equal(iticRegion(at, most + 0.1)?.region, "prohibited");
    if (least > 0) assert.equal(iticRegion(at, least - 0.1)?.region, "no damage");
  }
});

test("transients: level, rate and classes", () => {
  const percent = 100 * usualEventLimits.transient;
  assert.ok(table("what | how").some(([, how]) => how!.includes(`more than ${percent} % of the peak`)));
  const rows = new Map(table("what | how", "\n## Transients").map(([what = "", how = ""]) => [what, how]));
  assert.ok(rows.get("rate")!.startsWith(`${LEAST_RATE.toLocaleString("en")} samples a second`));
  const numbers = [...rows.get("IEEE 1159")!.matchAll(/1\.\d(\.\d)?(?=[,)])/g)].map(([number]) => number);
  const shapes = [
    { rings: true, hz: 4990, seconds: 0.01 },
    { rings: true, seconds: 0.01 },
    { rings: false, seconds: 0.001 },
    { rings: false, seconds: 0.0011 },
  ].map((shape) => transientClass({ at: 0, byChannel: [], ...shape }, 1));
  assert.deepEqual(
    numbers,
    shapes.map(({ number }) => number),
  );
  for (const one of shapes) assert.ok(Object.hasOwn(disturbances, eventClassText(one)), eventClassText(one));
});

test("the commands of the page print what it shows, and write what it says", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "feeder.csv"), dipCsv());
  const blocks = [...text.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, kind, block = ""]) => ({ kind, block }));
  const commands = blocks.flatMap(({ kind, block }, k) => (kind === "sh" ? [{ block, next: blocks[k + 1] }] : []));
  assert.equal(commands.length, 2);
  for (const { block, next } of commands) {
    const words = block.trim().split(/\s+/);
    assert.deepEqual(words.slice(0, 3), ["npx", "polyphase", "analyse"]);
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words.slice(2)], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    if (next?.kind === "text") assert.equal(stdout, next.block);
  }
  assert.deepEqual(readdirSync(folder).sort(), ["feeder", "feeder.csv", "feeder.html", "feeder.pqd"]);
  const names = new Set(readdirSync(path.join(folder, "feeder")));
  for (const name of names) {
    const [, base] = /^(.*)\.(csv|parquet|html|json)$/.exec(name) ?? [];
    assert.ok(name === "report.html" || name === "examination.json" || tableNames.some((one) => one === base), name);
    if (name.endsWith(".csv")) assert.ok(names.has(`${base}.parquet`), name);
  }
});

test("each table that may be written is on the page", () => {
  const rows = table("table | a row is of").map(([names]) => names);
  // "`intervals-150-cycles` (`-180-cycles`), `-1-min`" names three.
  const named = rows.flatMap((cell) => {
    const [first = "", ...others] = [...cell!.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    const [stem = ""] = first.split("-");
    return [first, ...others.map((name) => (name.startsWith("-") ? stem + name : name))];
  });
  // Harmonics of one minute and two hours are not measured.
  const possible = tableNames.filter((name) => name !== "harmonics-1-min" && name !== "harmonics-120-min");
  assert.deepEqual(named.sort(), possible.toSorted());
});
