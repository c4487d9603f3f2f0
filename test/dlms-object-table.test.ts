/** The table of docs/protocols/dlms.md, made from a running meter: which objects it has, what the manual calls them, and what they are of. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { dataRows, type DataSource } from "#product/jemstar/dlms/data-table.ts";
import { registerRows } from "#product/jemstar/dlms/register-table.ts";
import { dlmsMeter } from "./dlms-meter.ts";

const HEADING = "| class | object | what | of the meter |";

function sourceText(shows: DataSource): string {
  if (shows === "serial") return "serial number";
  if (typeof shows === "string") return shows === "energy pulses" ? "`io`" : "`testPulses`";
  if ("version" in shows) return `firmware of ${shows.version}`;
  if ("signature" in shows) return `CRC-32 of "${shows.signature} VERSION"`;
  if ("string" in shows) return `\`identification.strings[${shows.string - 1}]\``;
  if ("transformer" in shows) return `${shows.side} of \`primary.${shows.transformer}\``;
  return "interval" in shows ? `\`profiles[${shows.interval}].minutes\`` : `\`km\` of \`profiles[${shows.km}]\``;
}

/** What has no table of its own in the manual. */
const others: Readonly<Record<string, readonly [what: string, of: string]>> = {
  "0.0.96.10.1.255": ["Operating Status of group 1", "the last record's"],
  "0.0.96.10.2.255": ["Operating Status of group 2", "the last record's"],
  "1.0.99.1.0.255": ["Load Profile Group 1", "load profile 1"],
  "1.0.98.1.0.255": ["Load Profile Group 2", "load profile 2"],
  "1.0.99.2.0.255": ["the same, where OBIS has it", "load profile 2"],
  "0.0.99.98.0.255": ["Ethernet Connection Log", "security log"],
  "0.0.1.0.0.255": ["Clock", "its clock; `setTime`"],
};

const words: ReadonlyMap<string, readonly [what: string, of: string]> = new Map([
  ...dataRows.map(([what, code, , , shows]) => [code, [what, sourceText(shows)]] as const),
  ...registerRows.map(([what, code, , , , measure]) => [code, [what, `\`${measure}\``]] as const),
  ...Object.entries(others),
]);

test("the table of objects in the documents is what a running meter has", (t) => {
  const profiles = "[{ channels: [{ measure: { quantity: Wh } }] }, { channels: [{ measure: { quantity: V } }] }]";
  const { objects } = dlmsMeter(t, { configuration: `profiles: ${profiles}` }).logicalDevice;
  const rows = objects.map(({ classId, logicalName }) => {
    const [what, of] = words.get(logicalName) ?? [];
    assert.ok(what !== undefined, logicalName);
    return `| ${classId} | ${logicalName} | ${what} | ${of} |`;
  });
  const lines = readFileSync(fileURLToPath(new URL("../docs/protocols/dlms.md", import.meta.url)), "utf8").split("\n");
  const at = lines.indexOf(HEADING);
  assert.ok(at >= 0, `docs/protocols/dlms.md has a table ${HEADING}`);
  const end = lines.findIndex((line, k) => k > at && !line.startsWith("|"));
  assert.deepEqual(lines.slice(at + 2, end), rows);
});
