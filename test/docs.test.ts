/** What the documents show is what happens: their commands run, and print what they say. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "node:test";
import { protocols } from "#fleet/protocols/table.ts";
import { freePort, startSite, temporaryFolder, type RunningSite } from "./running-site.ts";

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

/** What makes an end of a command that would watch for ever, or write a file. */
const ends: readonly (readonly [from: RegExp, to: string])[] = [
  [/ --watch$/, " --watch --interval 1s --count 1"],
  [/ --interval 1m --count 60 /, " --interval 1s --count 2 "],
  [/ >> \S+$/, ""],
];

/** Starts the site of a page on ports of its own, runs the page's commands, and looks for what it says they print. */
async function walk(t: TestContext, page: string, siteFile: string, ports: Readonly<Record<string, string>>) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const text = readFileSync(path.join(root, page), "utf8");
  const blocks = [...text.matchAll(/```(sh|text)\n([^]*?)```/g)].map(([, kind, block]) => ({
    kind,
    block: block!.trimEnd(),
  }));
  const here = (what: string): string =>
    Object.entries(ports).reduce((all, [from, to]) => all.replaceAll(from, to), what);
  const start = (file: string): Promise<RunningSite> =>
    startSite(folder, here(readFileSync(path.join(root, file), "utf8")));
  for (const file of readdirSync(path.join(root, "site"))) {
    if (file.endsWith(".yaml")) copyFileSync(path.join(root, "site", file), path.join(folder, file));
  }
  let site = await start(siteFile);
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 1500));
  let printed = "";
  let commands = 0;
  for (const { kind, block } of blocks) {
    if (kind === "text") {
      for (const line of here(block).split("\n")) {
        const [start = ""] = line.split("…");
        assert.ok(printed.includes(start.trimEnd()), `the page shows "${line}"; printed was:\n${printed}`);
      }
      continue;
    }
    for (const line of block.split("\n")) {
      const words = ends.reduce((all, [from, to]) => all.replace(from, to), here(line)).split(/\s+/);
      assert.deepEqual(words.slice(0, 2), ["npx", "polyphase"]);
      if (words[2] === "up") {
        // The one that runs already, unless the page goes on with another.
        if (words[3] === siteFile) continue;
        await site.end();
        site = await start(words[3] ?? "");
        continue;
      }
      const args = words.slice(2).map((word) => (word.startsWith("site/") ? path.join(root, word) : word));
      const { status, out, err } = await run(folder, args);
      assert.equal(status, 0, `${line}\n${err}`);
      printed = out;
      commands++;
    }
  }
  return { folder, commands };
}

test("the page of protocols is the table of protocols, line by line", () => {
  const text = readFileSync(path.join(root, "docs/protocols/README.md"), "utf8");
  const lines = text.split("\n").filter((line) => line.startsWith("| ["));
  assert.deepEqual(
    lines,
    protocols.flatMap(({ name, title, transports }) =>
      transports.map((one) => {
        const port = one.over === "serial" ? "a serial device" : String(one.port);
        return `| [${title}](${name}.md) | \`${name}: ${one.name}\` | ${port} | \`${one.form}\` |`;
      }),
    ),
  );
});

test("the walk through an energy transfer goes as its page says", async (t) => {
  const port = String(await freePort());
  const { folder, commands } = await walk(t, "docs/energy-transfer.md", "site/energy-transfer.yaml", { 1502: port });
  assert.equal(commands, 4);
  const record = JSON.parse(readFileSync(path.join(folder, `transfer-127.0.0.1-${port}-2.json`), "utf8")) as {
    holds: string;
    written: { registers: Record<string, number> };
  };
  assert.equal(record.holds, "new readings");
  assert.deepEqual([record.written.registers["8023"], record.written.registers["8024"]], [3456, 12]);
});

test("the month at a substation goes as its page says", async (t) => {
  const ports = { 1502: String(await freePort()), 8080: String(await freePort()) };
  const { commands } = await walk(t, "docs/revenue-meter.md", "site/revenue.yaml", ports);
  assert.equal(commands, 8);
});

test("meters are read as the page on reading says", async (t) => {
  const ports = { 1502: String(await freePort()), 1503: String(await freePort()), 8080: String(await freePort()) };
  const { commands } = await walk(t, "docs/reading.md", "site/demo.yaml", ports);
  assert.equal(commands, 7);
  // No command of the page is in a block that is not run.
  const text = readFileSync(path.join(root, "docs/reading.md"), "utf8");
  assert.equal(text.match(/^npx polyphase (?!up)/gm)?.length, commands);
});

test("a new face: the facts and the fields that the page on contributing names are those of the types", () => {
  const page = readFileSync(path.join(root, "CONTRIBUTING.md"), "utf8");
  const [, face = ""] = /## A new face\n([^]*?)\n## /.exec(page) ?? [];
  const source = (file: string): string => readFileSync(path.join(root, file), "utf8");
  const fields = (text: string, name: string): readonly string[] => {
    const [, body = ""] = new RegExp(`export interface ${name}\\b[^{]*\\{\\n([^]*?)\\n\\}`).exec(text) ?? [];
    return [...body.matchAll(/^  readonly (\w+)/gm)].map(([, field = ""]) => field);
  };
  const manual = fields(source("test/manuals/manual.ts"), "Manual");
  assert.ok(manual.length >= 6);
  for (const field of manual) assert.match(face, new RegExp(`\`${field}\``), field);
  // The facts of the table by where they stand: of the map, of a block, or of the face beside the map.
  const table = source("src/protocol/modbus/register-table.ts");
  const facts = [...face.matchAll(/^ *\| (.*?)`(\w+): (.*) \| .* \|$/gm)].map(
    ([, where = "", fact = "", rest = ""]) => ({
      fact,
      of: where.startsWith("a block's") ? "Block" : /of the map/.test(rest) ? "PointMap" : undefined,
    }),
  );
  assert.ok(facts.length >= 10);
  const everywhere = ["Block", "PointMap", "ModbusFace"].flatMap((name) => fields(table, name));
  for (const { fact, of } of facts)
    assert.ok(fact === "instrument" || (of === undefined ? everywhere : fields(table, of)).includes(fact), fact);
});
