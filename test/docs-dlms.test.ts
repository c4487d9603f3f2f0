/** The meter for a head-end of docs/protocols/dlms.md: its commands, on a site that goes faster, do what the page says. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { configurationsOf } from "../src/cli/configured.ts";
import { main } from "./cli-run.ts";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const page = readFileSync(path.join(root, "docs/protocols/dlms.md"), "utf8");
const section = page.slice(page.indexOf("## A meter for a head-end"), page.indexOf("Gurux Director"));

/** A line of a shell: what it sets, and the words of the command. */
function parsed(line: string): { readonly set: Record<string, string>; readonly words: readonly string[] } {
  const words = line.replaceAll("'", "").split(" ");
  const first = words.findIndex((word) => word !== "export" && !word.includes("="));
  const given = words.slice(0, first < 0 ? words.length : first).filter((word) => word.includes("="));
  const set = Object.fromEntries(given.map((word) => word.split("=") as [string, string]));
  return { set, words: first < 0 ? [] : words.slice(first) };
}

function command(words: readonly string[], env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (status) =>
      status === 0 ? resolve(out + err) : reject(new Error(`${words.join(" ")}: ${out}${err}`)),
    );
  });
}

test("the page has every key of the section dlms, and of what stands in it", () => {
  const table = page.slice(page.indexOf("## Its configuration"), page.indexOf("## What carries it"));
  const { dlms } = configurationsOf("ametek-jemstar-ii").read("", "", "JSII-09I5010-1B/2A-DIOP-DLMS") as {
    readonly dlms: Readonly<Record<string, object>> & {
      readonly hdlc: object;
      readonly registers: object;
      readonly clients: readonly object[];
    };
  };
  const keys = [dlms, dlms.hdlc, dlms.registers, ...dlms.clients].flatMap((one) => Object.keys(one));
  for (const key of keys) assert.ok(table.includes(`\`${key}\``), key);
});

test("the meter for a head-end is read as its page says", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const ports = { "8080": await freePort(), "4059": await freePort(), "4060": await freePort() };
  const here = (text: string): string =>
    Object.entries(ports).reduce((all, [from, to]) => all.replaceAll(from, String(to)), text);
  cpSync(path.join(root, "site/dlms-meter.yaml"), path.join(folder, "dlms-meter.yaml"));
  const site = here(readFileSync(path.join(root, "site/dlms.yaml"), "utf8")).replace("speed: 60", "speed: 3600");
  const running = await startSite(folder, site);
  t.after(() => running.end());
  const rows = async (): Promise<string> => command(["profile", here("dlms://127.0.0.1:4059")], {}).catch(String);
  let first = await rows();
  for (let k = 0; k < 100 && !first.includes("2026-01-01"); k++) first = await rows();

  const lines = [...section.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, text = ""]) => text.trim().split("\n"));
  let env: Record<string, string> = {};
  const said: [string, string][] = [];
  for (const line of lines) {
    const { set, words } = parsed(here(line));
    if (words.length === 0) env = { ...env, ...set };
    if (words.length === 0 || words[2] === "up") continue;
    assert.deepEqual(words.slice(0, 2), ["npx", "polyphase"], line);
    said.push([line, await command(words.slice(2), { ...env, ...set })]);
  }
  const expected: readonly RegExp[] = [
    /client 16 +server 1 +open/,
    // Three phases behind 1000:1 and 200:1: 2e5 (57.6 x 3.1 x 0.93 + 57.9 x 2.7 x 0.91 + 58.1 x 2.9 x 0.95) W.
    /W\.import +9367\d{4} +W/,
    /2026-01-01/,
    // 57.6 V at the terminals.
    /V\.a +57600 +V/,
    /Wh\.import +\d+ +Wh/,
    /dlms\.1\.encryption is kept/,
    /dlms\.1\.authentication is kept/,
    /Wh\.import +\d+ +Wh/,
  ];
  assert.equal(said.length, expected.length);
  for (const [k, [line, out]] of said.entries()) assert.match(out, expected[k] ?? /^$/, line);
});
