/** The tables of docs/protocols/iec-61850.md are those of the model: change the model and the page has to follow. */
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { classTable, modelTable } from "#product/jemstar/iec61850/model-table.ts";
import { iedOfConfiguration } from "#product/jemstar/iec61850-model.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { run } from "./cli-run.ts";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const page = readFileSync(path.join(root, "docs/protocols/iec-61850.md"), "utf8");
const ORDER = "JSII-09I6020-1B/2A-DIO-NTP-IEC-PQ3";
const ordered = parseModelNumber(ORDER);
const configuration = 'iec61850: { edition: "2.1", control: { model: select enhanced } }';
const ied = iedOfConfiguration(parseRevenueFile("the page", configuration, ordered), ordered, {
  manufacturer: "AMETEK",
  title: "JEMStar II",
  modelNumber: ORDER,
  serial: "4711",
  firmware: "1.019",
});

/** The table that begins with a head. */
function tableOf(head: string): readonly string[] {
  const lines = page.split("\n");
  const from = lines.indexOf(head);
  assert(from >= 0, head);
  const length = lines.slice(from).findIndex((one) => !one.startsWith("|"));
  return lines.slice(from, from + length);
}

for (const [what, table] of [
  ["of data objects", modelTable(ied)],
  ["of classes", classTable(ied)],
] as const)
  test(`the page's table ${what} is the model's`, () => {
    assert.deepEqual(tableOf(table[0] ?? ""), table);
  });

test("every data object of the table says what it is", () => {
  const silent = modelTable(ied).filter((line) => line.endsWith("|  |") && !line.includes("| NamPlt |"));
  assert.deepEqual(silent, []);
});

test("the meter of a substation is browsed, read and watched as its page says", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const port = String(await freePort());
  const web = String(await freePort());
  const here = (text: string): string => text.replaceAll(/\b1102\b/g, port).replaceAll(/\b8080\b/g, web);
  cpSync(path.join(root, "site/iec61850-meter.yaml"), path.join(folder, "iec61850-meter.yaml"));
  const site = await startSite(folder, here(readFileSync(path.join(root, "site/iec61850.yaml"), "utf8")));
  t.after(() => site.end());
  const [block = ""] = /(?<=```sh\n)[^]*?(?=```)/.exec(page.slice(page.indexOf("## Trying it"))) ?? [];
  const said: string[] = [];
  for (const line of block.trim().split("\n")) {
    const { status, out, err } = await run(...here(line).replace("npx polyphase ", "").split(" "));
    assert.equal(status, 0, `${line}: ${err}`);
    said.push(out);
  }
  const [browsed = "", all = "", watched = "", files = ""] = said;
  assert.match(browsed, /^FEEDER9MTR\/MMXU1\n {2}TotW\.instMag\.f +MX {2}float32/);
  // 57.6, 57.9 and 58.1 kV.
  assert.match(all, /MMXU1\.PhV\.phsB +V\.b +579\d\d +V$/m);
  assert.match(watched, /MMTR1/);
  assert.match(files, /scl\/FEEDER9\.cid/);
});
