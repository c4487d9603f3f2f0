/** What the documents show is what happens: their commands run, and print what they say. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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
  /** Of pages that are called otherwise than the key in site files. */
  const pages: Readonly<Record<string, string>> = { iec102: "iec-60870-5-102", mms: "iec-61850", sv: "sampled-values" };
  assert.deepEqual(
    lines,
    protocols.flatMap(({ name, title, transports }) =>
      transports.map((one) => {
        const devices = { serial: "a serial device", optical: "an optical device", ethernet: "an interface" };
        const port = "port" in one ? String(one.port) : devices[one.over];
        return `| [${title}](${pages[name] ?? name}.md) | \`${name}: ${one.name}\` | ${port} | \`${one.form}\` |`;
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
  assert.equal(commands, 8);
  // No command of the page is in a block that is not run.
  const text = readFileSync(path.join(root, "docs/reading.md"), "utf8");
  assert.equal(text.match(/^npx polyphase (?!up)/gm)?.length, commands);
});

/** Twenty seconds of a 230 V feeder, all phases of which fall to 70 % for ten cycles. */
function feederCsv(): string {
  const [rate, start] = [6400, Date.UTC(2026, 2, 14, 6, 29, 50)];
  const rows = Array.from({ length: 20 * rate }, (_, k) => {
    const at = k / rate;
    const angles = [0, 1, 2].map((phase) => 2 * Math.PI * (50 * at - phase / 3));
    const volts = (at >= 4 && at < 4.2 ? 0.7 : 1) * 230 * Math.SQRT2;
    const whole = Temporal.Instant.fromEpochMilliseconds(start + 1000 * Math.floor(at))
      .toString()
      .slice(0, 19);
    const stamp = `${whole.replace("T", " ")}${(at % 1).toFixed(7).slice(1)}`;
    const v = angles.map((angle) => (volts * (Math.sin(angle) + 0.03 * Math.sin(5 * angle))).toFixed(2));
    return [stamp, ...v, ...angles.map((angle) => (7.07 * Math.sin(angle - 0.3)).toFixed(3))].join(",");
  });
  return ["time,VA [V],VB [V],VC [V],IA [A],IB [A],IC [A]", ...rows].join("\n");
}

test("a recording goes from the file to its sags and intervals as the page on power quality says", async (t) => {
  const whole = readFileSync(path.join(root, "docs/power-quality.md"), "utf8");
  // What is behind it is of another test.
  const page = whole.slice(0, whole.indexOf("## What is of which time"));
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const port = String(await freePort());
  const here = (text: string): string => text.replaceAll("8080", port);
  writeFileSync(path.join(folder, "feeder.csv"), feederCsv());
  const files = new Map(
    [...page.matchAll(/```yaml (\S+)\n([^]*?)```/g)].map(([, name = "", text = ""]) => [name, text]),
  );
  writeFileSync(path.join(folder, "feeder.yaml"), files.get("feeder.yaml")!);
  const [, begins] = /says when that was: `(.*?)`/.exec(page)!;
  assert.match((await run(folder, ["inspect", "feeder.csv"])).out, new RegExp(begins!.replaceAll(".", "\\.")));
  const site = await startSite(folder, here(files.get("site.yaml")!));
  t.after(() => site.end());
  const url = `http://127.0.0.1:${port}/api/meters/feeder`;
  const view = async () =>
    (await (await fetch(url)).json()) as {
      absence?: string;
      intervals?: { length: string; start: string; end: string }[];
    };
  for (let tries = 0; tries < 100 && !/played to its end/.test((await view()).absence ?? ""); tries++)
    await new Promise((done) => setTimeout(done, 200));
  let printed = "";
  let commands = 0;
  for (const [, kind, block = ""] of page.matchAll(/```(sh|text)\n([^]*?)```/g)) {
    for (const line of here(block).trimEnd().split("\n")) {
      if (kind === "text") {
        const [start = ""] = line.split("…");
        assert.ok(printed.includes(start), `the page shows "${line}"; printed was:\n${printed}`);
        continue;
      }
      const words = line.split(" ").slice(2);
      if (words[0] === "up") continue;
      const { status, out, err } = await run(folder, words);
      assert.equal(status, 0, `${line}\n${err}`);
      if (words[0] === "read") assert.match(err, /feeder: the recording has been played to its end/);
      printed = out;
      commands++;
    }
  }
  assert.equal(commands, 3);
  // By the recorder's clock: the ten minutes that began within the recording, and ended with it.
  const { intervals = [] } = await view();
  const ten = intervals.find(({ length }) => length === "10 min");
  assert.equal(ten?.start, "2026-03-14T06:30:00Z");
  assert.ok(ten.end > ten.start && ten.end < "2026-03-14T06:30:30Z", ten.end);
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
