/** openpyxl of the Python index, an independent reader of workbooks, reads a profile of a running meter that was written for Excel. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { asExcel } from "#headend/workbook.ts";
import { later, site } from "../revenue-running.ts";
import { temporaryFolder } from "../running-site.ts";
import { FLAGGED, record, recorded, stamp, stored } from "../trend-rig.ts";
import { here, webRig } from "../web-rig.ts";
import { share } from "../share.ts";
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

/** Each cell of the sheet is that of the CSV: the number, the time of the wall clock, the text, or nothing. */
const compare = `
import csv, datetime, sys
from openpyxl import load_workbook
sheet = load_workbook(sys.argv[1], read_only=True).active
def differs(text, value, column, row):
    if text == "" or value is None: return not (text == "" and value is None)
    if row > 0 and column in (2, 3, 4): return value != datetime.datetime.fromisoformat(text)
    if row > 0 and (column == 0 or column > 5): return type(value) not in (int, float) or value != float(text)
    return value != text
width = cells = 0
with open(sys.argv[2], newline="") as file:
    lines = csv.reader(file)
    for row, values in enumerate(sheet.iter_rows(values_only=True)):
        texts = next(lines)
        width = max(width, len(texts))
        values = list(values) + [None] * (len(texts) - len(values))
        assert len(values) == len(texts), row
        for column, text in enumerate(texts):
            assert not differs(text, values[column], column, row), (row, column, text, values[column])
            cells += 1
    assert next(lines, None) is None, "the CSV goes on"
print(row, width, cells)
`;

const QUARTER_MS = 900_000;
/** A year of them takes another program a minute to read. */
const DAYS = share(91, 91, 365);
const RECORDS = (DAYS * 86_400_000) / QUARTER_MS;
const CHANNELS = 16;

test(
  `quarters of an hour of 16 channels and ${DAYS} days are a workbook, and others are answered meanwhile`,
  { skip },
  async (t) => {
    const rig = await webRig(t);
    const begin = Date.parse("2025-01-01T00:00:00Z");
    const series = stored(
      Array.from({ length: RECORDS }, (_, k) => {
        const start = begin + k * QUARTER_MS;
        const [end, isAbsent] = [stamp(start + QUARTER_MS, 60), k % 1000 === 7];
        // No two of a row are alike, and some are not there.
        const values = Array.from({ length: CHANNELS }, (_, n) =>
          isAbsent && n === 3 ? undefined : k + n / 16 + 0.03,
        );
        return record(k, start, values, { start: stamp(start, 60), end, until: end, status: isAbsent ? FLAGGED : 0 });
      }),
      RECORDS,
    );
    const names = ["Wh.import", "Wh.export", "varh.q1", "varh.q2", "varh.q3", "varh.q4", "VAh.import", "VAh.export"];
    const { profile, read } = recorded(series, [...names, ...names]);
    const meter = rig.site.meter("jem")!.surface;
    Object.defineProperty(meter, "profiles", { value: [profile] });
    const place = "/api/v1/meters/jem/profiles/1";
    // What is read of the store in the turns between two other answers.
    const made = { is: false };
    let [answered, longest] = [0, 0];
    const workbook = rig.ask(`${place}/xlsx`, here).finally(() => (made.is = true));
    while (!made.is) {
      assert.equal((await rig.ask("/api/v1/meters/jem/energy", here)).status, 200);
      answered++;
      longest = Math.max(longest, read());
    }
    assert.ok(answered > DAYS / 4, `${answered} others were answered`);
    assert.ok(longest < RECORDS / 20, `${longest} records were read between two answers`);
    const folder = folderOf(t);
    const [xlsx, csv] = [path.join(folder, "year.xlsx"), path.join(folder, "year.csv")];
    const answer = await workbook;
    assert.equal(answer.status, 200);
    writeFileSync(xlsx, new Uint8Array(await answer.arrayBuffer()));
    writeFileSync(csv, await (await rig.ask(`${place}/csv`, here)).text());
    const { status, out } = await runProgram(peersPython, ["-W", "ignore", "-c", compare, xlsx, csv], 300_000);
    assert.equal(status, 0, out);
    assert.equal(out.trim(), `${RECORDS} ${6 + CHANNELS} ${(RECORDS + 1) * (6 + CHANNELS)}`);
    // The CSV is what the records say.
    const lines = readFileSync(csv, "utf8").trimEnd().split("\r\n");
    assert.equal(
      lines[1008],
      `1007,normal,2025-01-11 12:45:00,2025-01-11 13:00:00,2025-01-11 13:00:00,flagged,${Array.from({ length: CHANNELS }, (_, n) => (n === 3 ? "" : Number((1007.03 + n / 16).toFixed(5)))).join(",")}`,
    );
  },
);
