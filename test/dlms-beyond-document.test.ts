/** The tables and the example of "Beyond Appendix D" in docs/protocols/dlms.md are what the meter has. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { codedLogs } from "#product/jemstar/dlms/event-codes.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { beyond } from "./dlms-beyond-rig.ts";

const all = readFileSync(fileURLToPath(new URL("../docs/protocols/dlms.md", import.meta.url)), "utf8");
const begin = all.indexOf("\n## Beyond Appendix D\n");
const end = all.indexOf("\n## ", begin + 1);
const section = all.slice(begin, end < 0 ? undefined : end);

function cellsOf(heading: string): readonly (readonly string[])[] {
  const lines = section.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  assert.ok(at >= 0, `the section has a table of ${heading}`);
  const rows = lines.slice(at + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const wh = "{ quantity: Wh, direction: delivered }";
const w = "{ quantity: W, direction: delivered }";
/** A meter that has everything. */
const configuration = `
dlms: { push: [{ host: a, when: { every: day } }] }
timekeeping: { billingReset: { every: month, day: 1 }, freeze: { every: day } }
tou: { seasons: [{ month: 1, day: 1, days: { monday: [{ at: "06:30", rate: A }] } }], holidays: [{ date: 2026-12-25 }] }
triggerBits: [[1]]
registers:
  normal:
    - { id: 0, type: consumption, measure: ${wh}, selfRead: true }
    - { id: 1, type: consumption, measure: ${wh}, tariff: A }
    - { id: 2, type: consumption, measure: ${wh}, storage: billingReset }
    - { id: 3, type: peakDemand, measure: ${w} }
    - { id: 4, type: presentDemand, measure: ${w} }
    - { id: 5, type: pastDemand, measure: ${w} }
    - { id: 6, type: peakDemand, measure: ${w}, storage: cumulative }
    - { id: 7, type: instantaneous, measure: { quantity: V, phase: a } }
    - { id: 8, type: predictedDemand, measure: ${w} }
  alternate: []
`;

test("every object is in one row of the table, with its class, and every row has one", (t) => {
  const rows = cellsOf("object").map(([code = "", classId = ""]) => {
    const groups = code.replaceAll("`", "").split(".");
    assert.equal(groups.length, 6, code);
    const pattern = groups.map((group) => (/^\d+$/.test(group) ? group : String.raw`\d+`)).join(String.raw`\.`);
    return { code, classId: Number(classId), matches: new RegExp(`^${pattern}$`), fixed: groups.filter(Number).length };
  });
  const matched = new Set<string>();
  for (const { logicalName, classId } of beyond(t, { configuration, level: "full" }).objects()) {
    const found = rows
      .filter((row) => row.matches.test(logicalName) && row.classId === classId)
      .toSorted((a, b) => b.fixed - a.fixed);
    assert.ok(found[0] !== undefined, `${classId} ${logicalName} is in the table`);
    matched.add(found[0].code);
  }
  assert.deepEqual(
    rows.map(({ code }) => code).filter((code) => !matched.has(code)),
    [],
  );
});

test("the table of logs has every log at its place, with as many codes as there are", () => {
  const written = cellsOf("log").map(([kind, e, codes = ""]) => ({
    kind,
    e: Number(e),
    codes: codes.split(", ").map((one) => Number.parseInt(one, 10)),
  }));
  assert.deepEqual(
    written,
    codedLogs.map(({ kind, e, codes }) => ({ kind, e, codes: codes.map(([code]) => code) })),
  );
});

test("the example is a configuration", () => {
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(section) ?? [];
  const { dlms } = parseRevenueFile("example", example, parseModelNumber("JSII-09I6020-1B/2A-DIO-DLMS"));
  assert.equal(dlms.beyond, "read");
  assert.deepEqual(
    dlms.push.map(({ host, port, objects, windows }) => [host, port, objects.length, windows]),
    [["192.0.2.7", 4059, 3, [{ from: "22:00", to: "06:00" }]]],
  );
});
