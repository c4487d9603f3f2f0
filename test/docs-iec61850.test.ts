/** The tables of docs/protocols/iec-61850.md are those of the model: change the model and the page has to follow. */
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { classTable, modelTable } from "#product/jemstar/iec61850/model-table.ts";
import { modelFactsOf } from "#product/jemstar/iec61850-model.ts";
import { jemstarIed } from "#product/jemstar/iec61850/model.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { run, runWith } from "./cli-run.ts";
import { without } from "./interop/programs.ts";
import { certificates } from "./interop/role-certificates.ts";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const page = readFileSync(path.join(root, "docs/protocols/iec-61850.md"), "utf8");
const ORDER = "JSII-09I6020-1B/2A-DIO-NTP-IEC-PQ3";
const ordered = parseModelNumber(ORDER);
const configuration = 'iec61850: { edition: "2.1", control: { model: select enhanced } }';
const ied = jemstarIed(
  modelFactsOf(parseRevenueFile("the page", configuration, ordered), ordered, {
    manufacturer: "AMETEK",
    title: "JEMStar II",
    modelNumber: ORDER,
    serial: "4711",
    firmware: "1.019",
  }),
);

/** What a shell makes of a line: variables before the command, and its words. */
function wordsOf(line: string): {
  readonly variables: Readonly<Record<string, string>>;
  readonly words: readonly string[];
} {
  const words = [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
  const from = words.indexOf("npx");
  assert.deepEqual(words.slice(from, from + 2), ["npx", "polyphase"], line);
  return {
    variables: Object.fromEntries(words.slice(0, from).map((one) => one.split("="))),
    words: words.slice(from + 2),
  };
}

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

test("in an hour of the demonstration nothing is wrong with its meter: pulses and profile hold what flows", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  cpSync(path.join(root, "site/iec61850-meter.yaml"), path.join(folder, "iec61850-meter.yaml"));
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, readFileSync(path.join(root, "site/iec61850.yaml"), "utf8").replace("port: 1102", "port: 0"));
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const site = loadSite(file, { clock });
  await site.start();
  t.after(() => site.stop());
  clock.advance(3_600_000);
  const surface = site.meter("feeder-9")?.surface;
  assert(surface !== undefined);
  assert.equal(surface.profiles[0]?.next, 4);
  const { conditions, failures } = surface.status();
  assert.deepEqual([conditions.filter(({ trouble }) => trouble), failures], [[], []]);
});

test(
  "what the pages show of site files and configurations is read, on a meter that was ordered so",
  { skip: without("openssl") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    await certificates(folder);
    let count = 0;
    for (const name of ["iec-61850", "ftp"])
      for (const [block] of readFileSync(path.join(root, `docs/protocols/${name}.md`), "utf8").matchAll(
        /(?<=```yaml\n)[^]*?(?=```)/g,
      )) {
        count++;
        const isListener = block.startsWith("listen:");
        writeFileSync(path.join(folder, "meter.yaml"), isListener ? "" : block);
        const listens = isListener ? block.replaceAll(/^/gm, "    ") : "";
        const meter = `  - name: m\n    model: ametek-jemstar-ii\n    modelNumber: ${ORDER}\n    configuration: meter.yaml\n    source: { synthetic: { volts: 120, amps: 2 } }\n`;
        writeFileSync(path.join(folder, "site.yaml"), `meters:\n${meter}${listens}`);
        const { status, err } = await run("check", path.join(folder, "site.yaml"));
        assert.equal(status, 0, `${name}.md:\n${block}\n${err}`);
      }
    assert.equal(count, 6);
  },
);

test("the keys of data sets, reports and GOOSE are those of the schema", () => {
  const schema = JSON.parse(readFileSync(path.join(root, "schema/revenue-meter.schema.json"), "utf8")) as {
    properties: { iec61850: { properties: Record<string, { items: { properties: object } }> } };
  };
  for (const list of ["dataSets", "reports", "goose"]) {
    const rows = tableOf(`| \`${list}[]\` | is | usual |`).slice(2);
    const named = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, key]) => key));
    assert.deepEqual(
      named.toSorted(),
      Object.keys(schema.properties.iec61850.properties[list]?.items.properties ?? {}).toSorted(),
      list,
    );
  }
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
  const said: string[] = [];
  for (const section of ["## Trying it", "## Rights"])
    for (const [block] of page
      .slice(page.indexOf(section))
      .split("\n## ")[0]
      ?.matchAll(/(?<=```sh\n)[^]*?(?=```)/g) ?? [])
      for (const line of block.trim().split("\n")) {
        const { variables, words } = wordsOf(here(line));
        const { status, out, err } = await runWith({ POLYPHASE_PASSWORD: "admin", ...variables }, ...words);
        assert.equal(status, 0, `${line}: ${err}`);
        said.push(out);
      }
  const [browsed = "", all = "", watched = "", files = "", , operated = ""] = said;
  assert.match(operated, /true/);
  assert.match(browsed, /^FEEDER9MTR\/MMXU1\n {2}TotW\.instMag\.f +MX {2}float32/);
  // 57.6, 57.9 and 58.1 kV.
  assert.match(all, /MMXU1\.PhV\.phsB +V\.b +579\d\d +V$/m);
  assert.match(watched, /MMTR1/);
  assert.match(files, /scl\/FEEDER9\.cid/);

  // The page of SCL, with an edited copy between its commands.
  const scl = readFileSync(path.join(root, "docs/protocols/scl.md"), "utf8");
  const at = (word: string): string => (/\.(icd|cid)$/.test(word) ? path.join(folder, word) : word);
  let commands = 0;
  for (const [block] of scl.matchAll(/(?<=```sh\n)[^]*?(?=```)/g))
    for (const line of block.trim().split("\n")) {
      const [command = "", to] = line.split(" > ");
      const { words } = wordsOf(here(command));
      const isDiff = words[1] === "diff";
      if (isDiff) {
        const before = readFileSync(at("feeder-9.cid"), "utf8");
        writeFileSync(at("feeder-9-new.cid"), before.replace('intgPd="5000"', 'intgPd="2500"'));
      }
      const more = words[1] === "apply" ? ["--yes"] : [];
      const { status, out, err } = await runWith({ POLYPHASE_PASSWORD: "admin" }, ...words.map(at), ...more);
      assert.equal(status, isDiff ? 1 : 0, `${line}: ${err}`);
      if (to !== undefined) writeFileSync(at(to), out);
      commands++;
    }
  assert.equal(commands, 5);
});
