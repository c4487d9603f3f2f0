/** docs/pqdif.md: its tables are those of the code, and its program prints what it says. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Table } from "#format/pqdif/fields.ts";
import { defaultLimits } from "#format/pqdif/limits.ts";
import * as model from "#format/pqdif/model.ts";
import { tags } from "#format/pqdif/tags.ts";
import { temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(path.join(root, "docs/pqdif.md"), "utf8");

test("the tables of fields are those of the model, with the standard's names of the tags", () => {
  const names = new Map<string, string>(
    Object.entries(tags).map(([name, id]) => [id, `tag${name.slice(0, 1).toUpperCase()}${name.slice(1)}`]),
  );
  const tables: Table[] = [
    model.containerFields,
    model.dataSourceFields,
    model.channelDefinitionFields,
    model.seriesDefinitionFields,
    model.monitorSettingsFields,
    model.channelSettingFields,
    model.observationFields,
    model.channelInstanceFields,
    model.seriesInstanceFields,
  ];
  const expected = tables.map((table) =>
    Object.entries(table).map(([field, [tag, { expected }]]) => `| \`${field}\` | ${names.get(tag)} | ${expected} |`),
  );
  const found = page
    .split("| field | tag | holds |\n|---|---|---|\n")
    .slice(1)
    .map((text) => text.split("\n\n", 1)[0]!.split("\n"));
  assert.deepEqual(found, expected);
});

test("each limit is on the page", () => {
  const [, table = ""] = /\| limit \|.*\n\|---\|---\|\n([^]*?)\n\n/.exec(page) ?? [];
  const named = [...table.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assert.deepEqual(named, Object.keys(defaultLimits));
  const { inflated, inflatedRatio, inflatedFreely, records, elements, values } = defaultLimits;
  const said = [`${inflated / 2 ** 20} MiB`, `${inflatedRatio} times`, `${inflatedFreely / 2 ** 20} MiB`];
  const numbers = [records, elements, values].map((value) => value.toLocaleString("en-US"));
  for (const text of [...said, ...numbers]) assert.ok(table.includes(text), text);
});

test("the program of the page writes a file, reads it, and prints what the page shows", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [, program = ""] = /```js\n([^]*?)```/.exec(page) ?? [];
  const [, printed = ""] = /```text\n([^]*?)```/.exec(page) ?? [];
  const codec = pathToFileURL(path.join(root, "src/format/pqdif/pqdif.ts")).href;
  writeFileSync(path.join(folder, "program.mjs"), program.replace("polyphase/pqdif", codec));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["program.mjs"], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, printed);
});
