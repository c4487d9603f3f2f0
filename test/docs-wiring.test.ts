/** The page on the wiring check: its commands, on its site, print what it shows. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "./cli-run.ts";
import { startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

test("a wrong site is found as the page on the wiring check says", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const page = readFileSync(path.join(root, "docs/wiring.md"), "utf8");
  const [, commands = ""] = /```sh\n([^]*?)```/.exec(page) ?? [];
  const [, shown = ""] = /```text\n([^]*?)```/.exec(page) ?? [];
  const yaml = readFileSync(path.join(root, "site/wiring.yaml"), "utf8").replace("port: 8080", "port: 0");
  const site = await startSite(folder, yaml);
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 3000));
  const [up = "", check = ""] = commands.trim().split("\n");
  assert.equal(up, "npx polyphase up site/wiring.yaml");
  const words = check.replace("http://127.0.0.1:8080/", site.page).split(" ").slice(2);
  const { status, out } = await run(...words);
  assert.equal(status, 1);
  for (const line of shown.trimEnd().split("\n")) {
    const [start = ""] = line.split("…");
    assert.ok(out.includes(start), `the page shows "${line}"; printed was:\n${out}`);
  }
  // The others of the site: one is right, of one it takes to know whether it generates.
  assert.equal((await run("wiring", `${site.page}#incomer`)).status, 0);
  assert.match((await run("wiring", `${site.page}#roof`)).out, /^What is measured can be explained in several ways\./);
  assert.equal((await run("wiring", `${site.page}#roof`, "--generates", "yes")).status, 0);
  assert.match(
    (await run("wiring", `${site.page}#roof`, "--generates", "no")).out,
    /All current transformers \(A, B and C\) are reversed\./,
  );
});
