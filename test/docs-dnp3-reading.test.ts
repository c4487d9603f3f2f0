/** Reading a meter, of docs/protocols/dnp3.md: its commands, at the page's own site, do what it says; so does what it decodes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "./cli-run.ts";
import { scadaSite } from "./scada-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const page = readFileSync(path.join(root, "docs/protocols/dnp3.md"), "utf8");

/** Lines of the first block of a shell in a section. */
function commands(section: string): readonly (readonly string[])[] {
  const [block = ""] = /(?<=```sh\n)[^]*?(?=```)/.exec(page.slice(page.indexOf(section))) ?? [];
  return block
    .trim()
    .split("\n")
    .map((line) => line.replace("npx polyphase ", "").split(" "));
}

test("the meter for a control centre is read as its page says", async (t) => {
  const { folder, here } = await scadaSite(t);
  const said: string[] = [];
  for (const words of commands("## Reading a meter")) {
    const { status, out, err } = await run(...words.map((word) => here(word.replace("site/", `${folder}/`))));
    assert.equal(status, 0, `${words.join(" ")}: ${err}`);
    said.push(out);
  }
  const [scanned = "", all = "", named = "", frozen = "", events = ""] = said;
  assert.match(scanned, /^outstation 1 {2}answers {2}5 counters, 9 analogs, 6 binaries, 6 outputs/);
  assert.match(all, /^Counters\ncounter 0 +\d+\n[^]*\n\nAnalogs\nanalog 0 +\d+\n/);
  // 57.6 V behind 1000:1.
  assert.match(
    named,
    /^analog 0 +W +\d+ +W\nanalog 2 +V\.a +576\d\d(\.\d+)? +V\ncounter 0 kWhr Delivered +Wh\.import +\d+ +Wh\n/,
  );
  assert.match(frozen, /^counters are frozen/);
  assert.match(events, /^Frozen counters\nfrozen counter 0 +\d+\n/);
});

test("what the page on reading asks for by kind and number is there", async (t) => {
  const { here } = await scadaSite(t);
  const reading = readFileSync(path.join(root, "docs/reading.md"), "utf8");
  const examples = [...reading.matchAll(/`npx polyphase (read dnp3:[^`]* (?:counters|'g30v5)[^`]*)`/g)];
  assert.equal(examples.length, 2);
  for (const [, example = ""] of examples) {
    const words = example.match(/'[^']*'|\S+/g) ?? [];
    const { status, out, err } = await run(
      ...words.map((word) => here(word.replaceAll("'", "").replace("192.0.2.7/1", "127.0.0.1:20000/1"))),
    );
    assert.equal(status, 0, err);
    assert.match(out, /^analog 3 /m);
    assert.doesNotMatch(err, /refuses|in part/);
  }
});

test("what the page decodes is all right", async () => {
  const [words = []] = commands("## Decoding");
  const { status, out } = await run(...words);
  assert.equal(status, 0, out);
  assert.match(out, /g60v2 class 1/);
});
