/** The demonstration of docs/power-quality.md: its commands, on a site that goes faster, print and write what the page says. */
import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { main } from "./cli-run.ts";
import { freePort, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const page = readFileSync(path.join(root, "docs/power-quality.md"), "utf8");
const section = page.slice(page.indexOf("## A demonstration"), page.indexOf("## IEC 61000-4-30"));

/** Seconds of the site in one of ours: the first sag and swell, and the first minute of the log, are soon over. */
const SPEED = 8;

function command(folder: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (status) => (status === 0 ? resolve(out) : reject(new Error(`${words.join(" ")}: ${err}`))));
  });
}

test("the demonstration of power quality is what the page says of it", async (t) => {
  const { folder, remove } = temporaryFolder();
  const port = await freePort();
  const site = readFileSync(path.join(root, "site/pq.yaml"), "utf8");
  cpSync(path.join(root, "site/pq-feeder.yaml"), path.join(folder, "pq-feeder.yaml"));
  const faster = `clock: { speed: ${SPEED} }\n${site.replace("port: 8080", `port: ${port}`).replace("port: 2022", "port: 0")}`;
  writeFileSync(path.join(folder, "pq.yaml"), faster);
  const up = spawn(process.execPath, [main, "up", "pq.yaml"], { cwd: folder, stdio: "ignore" });
  t.after(async () => {
    up.kill("SIGTERM");
    if (up.exitCode === null) await new Promise((resolve) => up.once("close", resolve));
    remove();
  });
  const of = (name: string): string => `http://127.0.0.1:${port}/api/meters/feeder/${name}`;
  const isThere = async (): Promise<boolean> => {
    const [files, log] = await Promise.all(
      [of("files"), of("measurement-log/1")].map(async (url) => (await fetch(url)).text()),
    );
    return files!.split("_07.pqd").length > 2 && /"records":\[\{/.test(log!);
  };
  for (let k = 0; k < 400 && !(await isThere().catch(() => false)); k++)
    await new Promise((later) => setTimeout(later, 100));

  const blocks = [...section.matchAll(/```(sh|text)\n([^]*?)```/g)].map(([, kind, text = ""]) => ({ kind, text }));
  assert.equal(blocks.filter(({ kind }) => kind === "text").length, 2);
  let printed = "";
  let ran = 0;
  for (const { kind, text } of blocks) {
    for (const line of text.trim().split("\n")) {
      if (kind === "text") {
        for (const part of line.split(/…|\s{2,}/))
          assert.ok(printed.includes(part), `"${part}" of "${line}" in\n${printed}`);
        continue;
      }
      const words = line.replaceAll("127.0.0.1:8080", `127.0.0.1:${port}`).replaceAll("'", "").split(" ");
      assert.deepEqual(words.slice(0, 2), ["npx", "polyphase"]);
      // The site runs already.
      if (words[2] === "up") continue;
      printed = await command(folder, words.slice(2));
      ran++;
    }
  }
  assert.equal(ran, 5);
  assert.match(printed, /V\.b\.min/, "the measurement log");
  const [sag = ""] = readdirSync(path.join(folder, "reports"));
  assert.ok(existsSync(path.join(folder, "reports", sag, "report.html")));
  const events = readFileSync(path.join(folder, "reports", sag, "events.csv"), "utf8");
  const [heads = "", first = ""] = events.split("\r\n");
  const at = (name: string): string => first.split(",")[heads.split(",").indexOf(name)] ?? "";
  assert.ok(Math.abs(Number(at("value (% of declared)")) - 70) < 0.1, first);
  assert.deepEqual([at("channels"), at("cause"), at("dip type")], ["V.b", "fault", "B"]);
  // Recordings alone are with the file that they are of.
  assert.ok(readdirSync(path.join(folder, "events/wfc")).some((name) => name.endsWith("_medium.cff")));
  assert.ok(readdirSync(path.join(folder, "events/hsrms")).some((name) => name.endsWith("_rms.cff")));
});
