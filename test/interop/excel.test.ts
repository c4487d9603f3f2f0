/** openpyxl of the Python index, an independent reader of workbooks, reads a profile of a running meter that was written for Excel. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { asExcel } from "#headend/workbook.ts";
import { later, site } from "../revenue-running.ts";
import { temporaryFolder } from "../running-site.ts";
import { peersPython, runProgram, withoutPeers } from "./programs.ts";

const skip = withoutPeers("openpyxl");

const script = `
import datetime, json, sys
from openpyxl import load_workbook
sheet = load_workbook(sys.argv[1]).active
told = lambda value: value.isoformat() if isinstance(value, datetime.datetime) else value
print(json.dumps({
    "freeze": sheet.freeze_panes,
    "rows": [[told(cell.value) for cell in row] for row in sheet.iter_rows()],
    "types": [[cell.data_type for cell in row] for row in sheet.iter_rows()],
}))
`;

interface Told {
  readonly freeze: string;
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly types: readonly (readonly string[])[];
}

function folderOf(t: TestContext): string {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  return folder;
}

async function told(file: string): Promise<Told> {
  const { status, out } = await runProgram(peersPython, ["-W", "ignore", "-c", script, file]);
  assert.equal(status, 0, out);
  return JSON.parse(out) as Told;
}

test("openpyxl reads numbers, times, texts and what is absent; nothing is a formula", { skip }, async (t) => {
  const file = path.join(folderOf(t), "sheet.xlsx");
  const rows = [
    ["time", "W", "what"],
    ["2026-07-31T14:45:00Z", "-12.5", "=1+1"],
    ["2026-07-31 16:45:00.250", "", "<&> ü"],
    ["2026-13-31T14:45:00Z", "1e6", "12"],
    ["2026-07-31T14:45:00", "----", ""],
  ];
  writeFileSync(file, await asExcel(rows, [1]));
  const { freeze, rows: read, types } = await told(file);
  assert.equal(freeze, "A2", "the heads stay where they are");
  assert.deepEqual(read, [
    ["time", "W", "what"],
    ["2026-07-31T14:45:00", -12.5, "=1+1"],
    ["2026-07-31T16:45:00.250000", null, "<&> ü"],
    ["2026-13-31T14:45:00Z", 1_000_000, "12"],
    ["2026-07-31T14:45:00", "----", null],
  ]);
  assert.deepEqual(types[1], ["d", "n", "s"]);
  assert.deepEqual(types[4]?.[0], "s", "of no zone that anybody has told");
});

test(
  "a load profile is in a workbook as it is in CSV, and no workbook that is there is overwritten",
  { skip },
  async (t) => {
    const { run, url } = await site(t);
    // Ten minutes a second.
    await later(7000);
    const file = path.join(folderOf(t), "profile.xlsx");
    const written = await run("profile", url, "--excel", file);
    assert.deepEqual([written.status, written.out], [0, ""], written.err);
    const csv = (await run("profile", url, "--csv")).out.trimEnd().split("\r\n");
    const { rows } = await told(file);
    assert.deepEqual(rows[0], csv[0]?.split(","));
    const [number, type, , , , status, ...values] = csv[1]?.split(",") ?? [];
    const first = rows[1] ?? [];
    assert.deepEqual([first[0], first[1], first[5] ?? ""], [Number(number), type, status]);
    assert.deepEqual(first.slice(6), values.map(Number));
    assert.match(written.err, new RegExp(`^note {2}${rows.length - 1} rows are in `, "m"));
    const bytes = readFileSync(file);
    const again = await run("profile", url, "--excel", file);
    assert.equal(again.status, 1);
    assert.match(again.err, /cannot make .*profile\.xlsx: there is one already/);
    assert.deepEqual(readFileSync(file), bytes);
  },
);
