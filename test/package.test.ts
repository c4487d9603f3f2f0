/** The package: what is in it, that it is enough in a folder where nothing else is, and what programs may import of it. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { makePackage, subPaths } from "../bin/package.mjs";
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
async function install(): Promise<string> {
  const file = await makePackage(folder);
  const { status, stderr } = run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", file);
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /EBADENGINE/);
  return path.join(folder, "node_modules", "polyphase");
}
let made: Promise<string> | undefined;
const installation = (): Promise<string> => (made ??= install());
const polyphase = (...args: readonly string[]): SpawnSyncReturns<string> =>
  run(path.join(folder, "node_modules", ".bin", "polyphase"), ...args);

test("the package has what is compiled, its types, the page and what is read; no sources, tests or benches", async () => {
  const place = await installation();
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
  const { engines, dependencies } = json(path.join(place, "package.json"));
  assert.deepEqual(engines, { node: ">=26" });
  // What is imported is a dependency, and has been installed from nowhere else; what is part of the package says who made it.
  const named = files
    .filter((file) => /^dist\/cli\/.*\.js$/.test(file))
    .flatMap((file) => [...readFileSync(path.join(place, file), "utf8").matchAll(/^import .*from "([^.#][^"]*)";$/gm)])
    .map(([, name = ""]) => name)
    .filter((name) => !name.startsWith("node:"))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  assert.deepEqual([...new Set(named)].sort(), Object.keys(dependencies ?? {}).sort());
  const licences = readFileSync(path.join(place, "dist/LICENSES.txt"), "utf8");
  for (const name of ["commander", "yaml", "zod", "preact", "uplot"])
    assert.match(licences, new RegExp(`^${name}\n=`, "m"));
  assert.ok(!existsSync(path.join(folder, "node_modules", "node")), "nobody needs the pinned Node");
});

test("in an empty folder: init, check, up, the page, read", async (t) => {
  await installation();
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
  const page = await (await fetch(`http://127.0.0.1:${web}/`)).text();
  const [, script = ""] = /src="(\/page\/[^"]+\.js)"/.exec(page) ?? [];
  assert.equal((await fetch(`http://127.0.0.1:${web}${script}`)).status, 200, page);
  const read = polyphase("read", `modbus://127.0.0.1:${modbus}/1`, "--model", "leviton-s4100", "--json");
  assert.equal(read.status, 0, read.stderr);
  assert.match(read.stdout, /"V\.a"/);
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
  const place = await installation();
  const { status, stdout, stderr } = run(olderNode().file ?? "", path.join(place, "bin/polyphase.mjs"), "up");
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(stderr, /^polyphase: Node 26 or newer is needed; this is v\d+\.\d+\.\d+, \S+\n$/);
});

test("a Node that was built without Temporal says so", async () => {
  const place = await installation();
  const without = "data:text/javascript,delete globalThis.Temporal";
  const { status, stderr } = run(process.execPath, "--import", without, path.join(place, "bin/polyphase.mjs"), "up");
  assert.equal(status, 2);
  assert.match(stderr, /^polyphase: Node 26 or newer is needed; this one, v\S+, \S+, was built without Temporal\n$/);
});

/** Uses something of every sub-path; values are those of the Modbus specification (6.3), of the CRC catalogue, and of the vocabulary. */
const CONSUMER = `
import { encodeRequest, type Request } from "polyphase/modbus";
import { frame } from "polyphase/modbus/rtu";
import { encodeNumber, type Encoding } from "polyphase/modbus/registers";
import { deviceIdentification } from "polyphase/modbus/device-identification";
import { crc16 } from "polyphase/crc16";
import { crc32 } from "polyphase/crc32";
import { readComtrade } from "polyphase/comtrade";
import { readCsv } from "polyphase/csv";
import { readWav } from "polyphase/wav";
import { FormatError, type Recording } from "polyphase/recording";
import { quantities, type Quantity } from "polyphase/quantity";
import { dimensionOf } from "polyphase/measure";
import { parseMeasure } from "polyphase/measure-name";
import { unitOf } from "polyphase/unit";
import schema from "polyphase/site.schema.json" with { type: "json" };

const request: Request = { kind: "read", fn: 0x03, first: 0x6b, count: 3 };
const name: Quantity = "Wh.import";
const measure = parseMeasure(name);
const recording: Recording = readCsv("two.csv", "time,va [V]\\n0,1\\n0.001,2\\n");
export const found = {
  request: [...encodeRequest(request)],
  framed: frame(0x11, encodeRequest(request)).length,
  check: [crc16, crc32].map((crc) => crc(new TextEncoder().encode("123456789")).toString(16)),
  unit: unitOf(name),
  dimension: measure === undefined ? undefined : typeof dimensionOf(measure),
  channels: recording.channels.map((one) => one.name),
  all: quantities.includes(name),
  functions: [encodeNumber, deviceIdentification, readComtrade, readWav, FormatError].map((one) => typeof one),
  schema: typeof schema,
};
export type Encodes = Encoding;
`;

test("programs import the codecs, from TypeScript with types and from JavaScript", async () => {
  await installation();
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
    framed: 8,
    // The check values of CRC-16/MODBUS and CRC-32/ISO-HDLC.
    check: ["4b37", "cbf43926"],
    unit: "Wh",
    dimension: "object",
    channels: ["va"],
    all: true,
    functions: ["function", "function", "function", "function", "function"],
    schema: "object",
  });
});

test("what programs may import is what the page of installing says, and nothing else can be had", async () => {
  await installation();
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
