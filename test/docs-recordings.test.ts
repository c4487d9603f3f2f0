/** The examples of docs/recordings.md are recordings, and the command prints of each what the page says. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { main } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const page = readFileSync(fileURLToPath(new URL("../docs/recordings.md", import.meta.url)), "utf8");
const pqdif = readFileSync(fileURLToPath(new URL("../docs/pqdif.md", import.meta.url)), "utf8");

test("each recording of the page is what npx polyphase inspect says of it there", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const blocks = [...page.matchAll(/```(\w+)(?: (\S+))?\n([^]*?)```/g)].map(([, kind, name, text = ""]) => ({
    kind,
    name,
    text,
  }));
  for (const { kind, name, text } of blocks) {
    // The one whose last row is cut has no end of line either.
    if (kind === "csv" || kind === "cfg" || kind === "dat")
      writeFileSync(path.join(folder, name!), text.replace(/:\n$/, ":"));
  }
  // One is what the program of another page writes.
  const [, program = ""] = /```js\n([^]*?)```/.exec(pqdif) ?? [];
  const codec = new URL("../src/format/pqdif/pqdif.ts", import.meta.url).href;
  writeFileSync(path.join(folder, "program.mjs"), program.replace("polyphase/pqdif", codec));
  assert.equal(spawnSync(process.execPath, ["program.mjs"], { cwd: folder }).status, 0);
  let shown = 0;
  blocks.forEach(({ kind, text }, k) => {
    if (kind !== "sh") return;
    const words = text.trim().split(/\s+/);
    assert.deepEqual(words.slice(0, 3), ["npx", "polyphase", "inspect"]);
    const { stdout, stderr } = spawnSync(process.execPath, [main, ...words.slice(2)], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.equal(blocks[k + 1]?.kind, "text");
    assert.equal(stdout, blocks[k + 1]?.text);
    shown++;
  });
  assert.equal(shown, 1 + blocks.filter(({ kind }) => kind === "csv" || kind === "cfg").length);
});
