/** The package: what is in it, that it is enough in a folder where nothing else is, and what programs may import of it. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { subPaths } from "../bin/package.mjs";
import { withPackedLinks } from "../bin/packed-links.mjs";
import { programPath } from "./interop/programs.ts";
import { freePort, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const json = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;

const { folder, remove } = temporaryFolder();
after(remove);

/** Runs a program in the folder of the installed package, under the Node that runs the tests. */
function run(program: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  const PATH = `${path.dirname(process.execPath)}${path.delimiter}${process.env["PATH"] ?? ""}`;
  return spawnSync(program, args, { cwd: folder, encoding: "utf8", env: { ...process.env, PATH } });
}

/** The package, installed as its users do it. */
function install(): string {
  const made = run(process.execPath, path.join(root, "bin/package.mjs"), folder);
  assert.equal(made.status, 0, made.stderr);
  const { name, version } = json(path.join(root, "package.json"));
  const file = path.join(folder, `${String(name)}-${String(version)}.tgz`);
  assert.deepEqual([made.stdout, made.stderr], [`${file}\n`, ""], "its name, once");
  const { status, stderr } = run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", file);
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /EBADENGINE/);
  return path.join(folder, "node_modules", "polyphase");
}
let made: string | undefined;
const installation = (): string => (made ??= install());
const polyphase = (...args: readonly string[]): SpawnSyncReturns<string> =>
  run(path.join(folder, "node_modules", ".bin", "polyphase"), ...args);

test("the package has what is compiled, its types, the page and what is read; no sources, tests or benches", async () => {
  const place = installation();
  const files = globSync("**/*", { cwd: place, exclude: ["node_modules"] }).map((file) => file.replaceAll("\\", "/"));
  assert.deepEqual([...new Set(files.map((file) => file.split("/")[0]))].sort(), [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "bin",
    "dist",
    "docs",
    "package.json",
    "packaging",
    "schema",
    "site",
  ]);
  assert.deepEqual(
    files.filter((file) => /(?<!\.d)\.ts$|\.tsx$|\.test\.|\.data$|sha256$/.test(file)),
    [],
  );
  // Of what programs may import, and what that needs, each file has its types.
  const compiled = (ending: string): readonly string[] =>
    files
      .filter((file) => file.endsWith(ending) && !/^dist\/(page|cli)\//.test(file))
      .map((file) => file.slice(0, -ending.length))
      .sort();
  assert.deepEqual(
    compiled(".d.ts"),
    compiled(".js").filter((file) => file.startsWith("dist/")),
  );
  for (const file of Object.values(subPaths)) assert.ok(compiled(".js").includes(`dist/${file}`), file);
  assert.ok(files.includes("dist/page/index.html"));
  const { engines, dependencies, optionalDependencies } = json(path.join(place, "package.json"));
  assert.deepEqual(engines, { node: ">=26" });
  // What is imported is a dependency, and has been installed from nowhere else; what is part of the package says who made it.
  const named = files
    .filter((file) => /^dist\/cli\/.*\.js$/.test(file))
    .flatMap((file) => [
      ...readFileSync(path.join(place, file), "utf8").matchAll(
        /(?:^import .*from |\bimport\(|\bcreateRequire\(import\.meta\.url\)\()"([^.#][^"]*)"/gm,
      ),
    ])
    .map(([, name = ""]) => name)
    .filter((name) => !name.startsWith("node:"))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  // What is optional is one, too, that may be missing.
  const all = [dependencies, optionalDependencies].flatMap((some) => Object.keys(some ?? {}));
  assert.deepEqual([...new Set(named)].sort(), all.toSorted());
  assert.deepEqual(Object.keys(optionalDependencies ?? {}), ["koffi"]);
  const licences = readFileSync(path.join(place, "dist/LICENSES.txt"), "utf8");
  for (const name of ["commander", "yaml", "zod", "preact", "uplot"])
    assert.match(licences, new RegExp(`^${name}\n=`, "m"));
  assert.ok(!existsSync(path.join(folder, "node_modules", "node")), "nobody needs the pinned Node");
});

test("every link of the package's pages leads to a file of it, and what they said is still there", () => {
  const place = installation();
  const pages = globSync("**/*.md", { cwd: place, exclude: ["node_modules"] });
  assert.ok(pages.length > 30);
  let links = 0;
  for (const page of pages) {
    const text = readFileSync(path.join(place, page), "utf8");
    for (const [, to = ""] of text.matchAll(/\]\(([^)]*)\)/g)) {
      if (/^(https?:|#)/.test(to)) continue;
      links++;
      const file = path.join(place, path.dirname(page), to.replace(/#.*/, ""));
      assert.ok(existsSync(file) && !path.relative(place, file).startsWith(".."), `${page}: ${to}`);
    }
    // The words of both, without what makes links of them, and without names that stand for them.
    const words = (all: string): string => all.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1");
    const before = readFileSync(path.join(root, page), "utf8");
    assert.equal(text.split("\n").length, before.split("\n").length, page);
    assert.ok(words(text).length >= words(before).length - 2, page);
  }
  assert.ok(links > 60, `${links} links`);
});

test("a link to what is not packed becomes the name of the file in the checkout", () => {
  const packed = new Set(["docs/security.md", "site/demo.yaml", "docs/decisions"]);
  const cases: readonly (readonly [written: string, packedAs: string])[] = [
    ["[security](security.md#who)", "[security](security.md#who)"],
    ["[demo](../site/demo.yaml), [why](decisions/)", "[demo](../site/demo.yaml), [why](decisions/)"],
    ["[test/a.test.ts](../test/a.test.ts)", "`test/a.test.ts`"],
    ["[a.test.ts](../test/a.test.ts)", "`test/a.test.ts`"],
    ["[Contributing](../CONTRIBUTING.md)", "`CONTRIBUTING.md`"],
    ["[surface](../src/quantity/meter-surface.ts#L3)", "surface (`src/quantity/meter-surface.ts`)"],
    ["[`Link`](../src/io/link.ts)", "`src/io/link.ts`"],
    ["[Modbus](https://modbus.org/a.pdf) [above](#above)", "[Modbus](https://modbus.org/a.pdf) [above](#above)"],
  ];
  for (const [written, packedAs] of cases)
    assert.equal(
      withPackedLinks(written, "docs/page.md", (name) => packed.has(name)),
      packedAs,
    );
});

test("in an empty folder: init, check, up, the page, read", async (t) => {
  installation();
  const { version } = json(path.join(root, "package.json"));
  assert.equal(polyphase("--version").stdout, `polyphase ${String(version)}, Node ${process.version}\n`);
  const made = polyphase("init");
  assert.equal(made.status, 0, made.stderr);
  const site = path.join(folder, "site.yaml");
  const [modbus, web] = [await freePort(), await freePort()];
  writeFileSync(site, readFileSync(site, "utf8").replaceAll("1502", `${modbus}`).replaceAll("8080", `${web}`));
  t.after(() => rmSync(path.join(folder, "site.data"), { recursive: true, force: true }));
  const checked = polyphase("check");
  assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  const up = spawn(process.execPath, [path.join(folder, "node_modules/polyphase/bin/polyphase.mjs"), "up"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => up.kill("SIGKILL"));
  let said = "";
  for await (const chunk of up.stdout.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
    if ((said += chunk.toString()).includes("To try next") || said.includes(`127.0.0.1:${modbus}`)) break;
  const html = await (await fetch(`http://127.0.0.1:${web}/`)).text();
  const [, script = ""] = /src="(\/page\/[^"]+\.js)"/.exec(html) ?? [];
  assert.equal((await fetch(`http://127.0.0.1:${web}${script}`)).status, 200, html);
  const read = polyphase("read", `modbus://127.0.0.1:${modbus}/1`, "--model", "leviton-s4100", "--json");
  assert.equal(read.status, 0, read.stderr);
  assert.match(read.stdout, /"V\.a"/);
  const valueOf = (name: string): number | undefined => {
    const { stdout } = polyphase("read", `modbus://127.0.0.1:${modbus}/1`, name, "--model", "leviton-s4100", "--json");
    const document = JSON.parse(stdout) as { readonly values: readonly { readonly value: number | null }[] };
    return document.values[0]?.value ?? undefined;
  };
  let expected: number | undefined;
  for (let left = 50; expected === undefined && left > 0; left--) expected = valueOf("V.a");
  assert.ok(expected !== undefined, "it has measured");
  const page = readFileSync(path.join(root, "docs/installing.md"), "utf8");
  const [, program = ""] = /```js\n([^]*?)```/.exec(page) ?? [];
  assert.match(program, /1502/);
  writeFileSync(path.join(folder, "ask.mjs"), program.replace("1502", `${modbus}`));
  const asked = run(process.execPath, path.join(folder, "ask.mjs"));
  assert.equal(asked.status, 0, asked.stderr);
  const [, volts = ""] = /^V\.a (\d+\.\d) V\n$/.exec(asked.stdout) ?? [];
  assert.ok(Math.abs(Number(volts) - expected) < 10, `${asked.stdout}, ${expected}`);
  up.kill("SIGTERM");
  assert.deepEqual(await once(up, "close"), [0, null]);
});

test("a workbook comes out of the installed command: the thread that makes it is part of the package", async (t) => {
  const place = installation();
  const site = path.join(folder, "workbook.yaml");
  const port = await freePort();
  writeFileSync(
    site,
    `web: { port: ${port} }
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, source: { synthetic: { volts: 120, amps: 5, steps: true } } }
`,
  );
  const up = spawn(process.execPath, [path.join(place, "bin/polyphase.mjs"), "up", site], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => up.kill("SIGKILL"));
  let said = "";
  for await (const chunk of up.stdout.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
    if ((said += chunk.toString()).includes(`127.0.0.1:${port}`)) break;
  const log = `http://127.0.0.1:${port}/api/v1/meters/jem/log`;
  const answer = await fetch(`${log}/xlsx`);
  assert.equal(answer.status, 200, answer.status === 200 ? "" : await answer.text());
  const bytes = Buffer.from(await answer.arrayBuffer());
  // A ZIP archive that names the sheet.
  assert.deepEqual([bytes.toString("latin1", 0, 2), bytes.includes("xl/worksheets/sheet1.xml")], ["PK", true]);
  up.kill("SIGTERM");
  assert.deepEqual(await once(up, "close"), [0, null]);
});

/** npm is told to end, or is killed: with its shell between the two, none of these reaches what it runs. */
for (const signal of ["SIGKILL", "SIGTERM", "SIGHUP"] as const) {
  test(`a site that npx started ends in order when npx gets ${signal}`, { timeout: 30_000 }, async () => {
    await installation();
    const port = await freePort();
    const site = path.join(folder, `${signal}.yaml`);
    writeFileSync(
      site,
      `store: ":memory:"
meters:
  - { name: m, model: leviton-s4100, source: { synthetic: { volts: 230, amps: 5 } }, listen: [{ modbus: tcp, port: ${port} }] }
`,
    );
    const PATH = `${path.dirname(process.execPath)}${path.delimiter}${process.env["PATH"] ?? ""}`;
    const npx = spawn("npx", ["polyphase", "up", site, "--log", "text"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, PATH },
    });
    // The site has the same output: it ends when both have.
    let said = "";
    for await (const chunk of npx.stdout as AsyncIterable<Buffer>) {
      const before = said;
      said += chunk.toString();
      if (said.includes("To try next") && !before.includes("To try next")) npx.kill(signal);
    }
    assert.match(said, /^stopped; its store was :memory:/m);
  });
}

/** A Node of the machine that is older than the package takes, or why there is none. */
function olderNode(): { readonly file?: string; readonly skip: string | false } {
  const file = programPath("node");
  const said = file === undefined ? "" : spawnSync(file, ["--version"], { encoding: "utf8" }).stdout;
  const [, major = "26"] = /^v(\d+)/.exec(said) ?? [];
  return file !== undefined && Number(major) < 26
    ? { file, skip: false }
    : { skip: `the machine's Node is ${said.trim() || "not there"}, which is not older than 26` };
}

test("an older Node says what is needed, and nothing else", { skip: olderNode().skip }, async () => {
  const place = installation();
  const { status, stdout, stderr } = run(olderNode().file ?? "", path.join(place, "bin/polyphase.mjs"), "up");
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(stderr, /^polyphase: Node 26 or newer is needed; this is v\d+\.\d+\.\d+, \S+\n$/);
});

test("a Node that was built without Temporal says so", async () => {
  const place = installation();
  const without = "data:text/javascript,delete globalThis.Temporal";
  const { status, stderr } = run(process.execPath, "--import", without, path.join(place, "bin/polyphase.mjs"), "up");
  assert.equal(status, 2);
  assert.match(stderr, /^polyphase: Node 26 or newer is needed; this one, v\S+, \S+, was built without Temporal\n$/);
});

/** Uses something of every sub-path; values are those of the Modbus specification (6.3), of the CRC catalogue, and of the vocabulary. */
const CONSUMER = `
import { decodeResponse, encodeRequest, encodeResponse, type Request, type Response } from "polyphase/modbus";
import { frame } from "polyphase/modbus/rtu";
import { decodeNumber, encodeNumber, type Encoding } from "polyphase/modbus/registers";
import { deviceIdentification } from "polyphase/modbus/device-identification";
import { crc16 } from "polyphase/crc16";
import { crc32 } from "polyphase/crc32";
import { readComtrade } from "polyphase/comtrade";
import { writeComtrade } from "polyphase/comtrade/writer";
import { readPqdif, type Pqdif } from "polyphase/pqdif";
import { readCsv } from "polyphase/csv";
import { readWav } from "polyphase/wav";
import { FormatError, type Recording } from "polyphase/recording";
import { quantities, type Quantity } from "polyphase/quantity";
import { dimensionOf } from "polyphase/measure";
import { parseMeasure } from "polyphase/measure-name";
import { unitOf } from "polyphase/unit";
import schema from "polyphase/site.schema.json" with { type: "json" };

const request: Request = { kind: "read", fn: 0x03, first: 0x6b, count: 3 };
const response: Response | undefined = decodeResponse(Uint8Array.of(0x03, 0x06, 0x02, 0x2b, 0x00, 0x00, 0x00, 0x64));
const name: Quantity = "Wh.import";
const measure = parseMeasure(name);
const recording: Recording = readCsv("two.csv", "time,va [V]\\n0,1\\n0.001,2\\n");
export const found = {
  request: [...encodeRequest(request)],
  response: response === undefined ? [] : [...encodeResponse(response)],
  volts: decodeNumber(Uint16Array.of(0x4366, 0x8000), 0, { format: "Float" }),
  framed: frame(0x11, encodeRequest(request)).length,
  check: [crc16, crc32].map((crc) => crc(new TextEncoder().encode("123456789")).toString(16)),
  unit: unitOf(name),
  dimension: measure === undefined ? undefined : typeof dimensionOf(measure),
  channels: recording.channels.map((one) => one.name),
  all: quantities.includes(name),
  functions: [encodeNumber, deviceIdentification, readComtrade, writeComtrade, readPqdif, readWav, FormatError].map((one) => typeof one),
  schema: typeof schema,
};
export type Encodes = Encoding;
export type Reads = Pqdif;
`;

test("programs import the codecs, from TypeScript with types and from JavaScript", async () => {
  installation();
  const file = path.join(folder, "consumer.mts");
  writeFileSync(file, CONSUMER);
  for (const as of Object.keys(subPaths)) assert.ok(CONSUMER.includes(`"polyphase/${as}"`), as);
  // Whoever has neither Node's types nor the newest library checks the package's own types as well.
  const options = ["--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom", "--types", "", "--strict"];
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const compiled = run(process.execPath, tsc, ...options, "--skipLibCheck", "false", "--ignoreConfig", file);
  assert.equal(compiled.status, 0, compiled.stdout);
  const { found } = (await import(path.join(folder, "consumer.mjs"))) as { found: unknown };
  assert.deepEqual(found, {
    // Modbus Application Protocol V1.1b3, 6.3: read holding registers 108 to 110.
    request: [0x03, 0x00, 0x6b, 0x00, 0x03],
    // Its response: 555, 0 and 100.
    response: [0x03, 0x06, 0x02, 0x2b, 0x00, 0x00, 0x00, 0x64],
    // IEEE 754 binary32: 1.80078125 x 2^7.
    volts: 230.5,
    framed: 8,
    // The check values of CRC-16/MODBUS and CRC-32/ISO-HDLC.
    check: ["4b37", "cbf43926"],
    unit: "Wh",
    dimension: "object",
    channels: ["va"],
    all: true,
    functions: ["function", "function", "function", "function", "function", "function", "function"],
    schema: "object",
  });
});

test("what programs may import is what the page of installing says, and nothing else can be had", async () => {
  installation();
  const page = readFileSync(path.join(root, "docs/installing.md"), "utf8");
  assert.deepEqual(
    [...page.matchAll(/^\| `polyphase\/([^`]+)` \|/gm)].map(([, as]) => as),
    [...Object.keys(subPaths), "site.schema.json"],
  );
  const other = path.join(folder, "other.mjs");
  writeFileSync(other, 'await import("polyphase/dist/fleet/site.js");\n');
  assert.match(run(process.execPath, other).stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

test("what was made of a checkout by npm pack says that it is not the package", (t) => {
  const { folder: place, remove: removePlace } = temporaryFolder();
  t.after(removePlace);
  cpSync(path.join(root, "bin"), path.join(place, "bin"), { recursive: true });
  cpSync(path.join(root, "package.json"), path.join(place, "package.json"));
  const { status, stderr } = run(process.execPath, path.join(place, "bin/polyphase.mjs"), "--version");
  assert.equal(status, 1);
  assert.match(stderr, /^polyphase: .*package-lock\.json.*npm run package.*\n$/);
});
