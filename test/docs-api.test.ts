/** The page on the HTTP API: its commands do what it says, and it says every status, way to refuse and event that there is. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, copyFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { refusals } from "#quantity/authority.ts";
import { isMedia, refusalsOf } from "#web/api/operation.ts";
import { described } from "#web/api/operations.ts";
import { runProgram, without } from "./interop/programs.ts";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const page = readFileSync(path.join(root, "docs/api.md"), "utf8");

test("the page's commands print what it shows", { skip: without("curl", "bash", "sed", "cut") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const ports: Record<string, string> = {};
  for (const port of ["8080", "1502", "1503"]) ports[port] = String(await freePort());
  const here = (text: string): string => text.replaceAll(/\b(?:8080|150[23])\b/g, (port) => ports[port] ?? port);
  for (const file of readdirSync(path.join(root, "site")))
    if (file.endsWith(".yaml")) copyFileSync(path.join(root, "site", file), path.join(folder, file));
  const site = await startSite(folder, here(readFileSync(path.join(root, "site/demo.yaml"), "utf8")));
  t.after(() => site.end());
  let printed = "";
  let commands = 0;
  for (const [, kind, block = ""] of page.matchAll(/```(sh|text)\n([^]*?)```/g)) {
    if (kind === "text") {
      for (const line of block.trimEnd().split("\n"))
        for (const part of line.split("…"))
          assert.ok(printed.includes(part), `the page shows ${part}; printed was:\n${printed}`);
      continue;
    }
    const { status, out } = await runProgram("bash", ["-c", here(block)], 60_000);
    printed = out;
    commands += block.trim().split("\n").length;
    // A stream is cut off by curl's own time.
    assert.ok(status === 0, `${block}\n${out.slice(-2000)}`);
    if (!block.includes("form=1")) assert.doesNotMatch(out, /about:blank","title/, block);
  }
  assert.equal(commands, page.match(/^(curl|TOKEN=)/gm)?.length);
  assert.ok(commands >= 10);
});

test("the page names every status, every way to refuse and every event", () => {
  // What is not asked so is no operation.
  const statuses = new Set([405, ...described.flatMap(([, row]) => refusalsOf(row))]);
  const shown = [...page.matchAll(/^\| (\d{3}) \|/gm)].map(([, status]) => Number(status));
  assert.deepEqual(
    shown,
    [...statuses].toSorted((a, b) => a - b),
  );
  for (const one of [...refusals, "site"]) assert.ok(page.includes(`\`${one}\``), one);
  const events = described.flatMap(([, { answer }]) => (isMedia(answer) ? Object.keys(answer.events ?? {}) : []));
  for (const event of events) assert.ok(page.includes(`\`${event}\``), event);
});
