/** What the documents show is what happens: their commands run, and print what they say. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

function run(folder: string, args: readonly string[]): Promise<{ status: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, "src/cli/main.ts"), ...args], { cwd: folder });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (status) => resolve({ status, out, err }));
  });
}

test("the walk through an energy transfer goes as its page says", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const page = readFileSync(path.join(root, "docs/energy-transfer.md"), "utf8");
  const blocks = [...page.matchAll(/```(sh|text)\n([^]*?)```/g)].map(([, kind, text]) => ({
    kind,
    text: text!.trimEnd(),
  }));
  const file = readFileSync(path.join(root, "site/energy-transfer.yaml"), "utf8");
  // Any free port here; the page's own at a reader's.
  const site = await startSite(folder, file.replaceAll("port: 1502", "port: 15029"));
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 1500));
  const here = (text: string): string => text.replaceAll("1502", "15029");
  let printed = "";
  let commands = 0;
  for (const { kind, text } of blocks) {
    if (kind === "text") {
      for (const line of here(text).split("\n")) {
        const [start = ""] = line.split("…");
        assert.ok(printed.includes(start.trimEnd()), `the page shows "${line}"; printed was:\n${printed}`);
      }
      continue;
    }
    const words = here(text).split(/\s+/);
    assert.deepEqual(words.slice(0, 2), ["npx", "polyphase"]);
    if (words[2] === "up") continue;
    const args = words.slice(2).map((word) => (word.startsWith("site/") ? path.join(root, word) : word));
    const { status, out, err } = await run(folder, args);
    assert.equal(status, 0, `${text}\n${err}`);
    printed = out;
    commands++;
  }
  assert.equal(commands, 4);
  const record = JSON.parse(readFileSync(path.join(folder, "transfer-127.0.0.1-15029-2.json"), "utf8")) as {
    holds: string;
    written: { registers: Record<string, number> };
  };
  assert.equal(record.holds, "new readings");
  assert.deepEqual([record.written.registers["8023"], record.written.registers["8024"]], [3456, 12]);
});
