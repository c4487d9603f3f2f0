/** `polyphase read` as people use it: names, several meters, watching, for people and for programs, whatever a meter is reached by. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort, startSite, temporaryFolder, type RunningSite } from "./running-site.ts";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ended>; out: () => string } {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...process.env, ...env } });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.on("close", (status) => resolve({ status, out, err })));
  return { child, ended, out: () => out };
}

function run(...args: string[]): Promise<Ended> {
  return start(args).ended;
}

const configuration = `
registers:
  normal:
    - { id: 1, label: energy, type: consumption, measure: { quantity: Wh }, units: kilo }
    - { id: 2, label: peak, type: peakDemand, measure: { quantity: W } }
    - { id: 3, label: energy at noon, type: consumption, measure: { quantity: Wh }, tariff: A }
    - { id: 4, label: read out, type: lastFreeze }
  alternate:
    - { id: 100, label: billed, type: consumption, measure: { quantity: Wh }, storage: billingReset }
modbus:
  counters: [{ register: 1 }, { register: 4 }]
  analogs: [{ measure: { quantity: V, phase: a }, scaling: 10 }]
`;

const { folder, remove } = temporaryFolder();
let started: number;
let site: RunningSite;
let port: number;
/** Of unit 2, 250 V and 20 kW a phase; of unit 3, 120 V; of unit 9 there is nothing. */
let at: (unit: number) => string;

before(async () => {
  port = await freePort();
  at = (unit) => `modbus://127.0.0.1:${port}/${unit}`;
  const listen = (unit: number): string => `listen: [{ modbus: tcp, port: ${port}, unit: ${unit} }]`;
  const steps = (volts: number, amps: number): string =>
    `source: { synthetic: { hz: 60, volts: ${volts}, amps: ${amps}, steps: true } }`;
  writeFileSync(path.join(folder, "jem.yaml"), configuration);
  started = performance.now();
  site = await startSite(
    folder,
    `
web: { port: 0 }
store: ":memory:"
meters:
  - { name: feeder-1, model: leviton-s4100, ${steps(250, 80)}, settings: { ctPrimary: 32000, systemVoltage: 480 }, ${listen(2)} }
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, ${steps(120, 5)}, ${listen(3)} }
  - { name: house, model: eastron-sdm630, ${steps(230, 5)}, ${listen(4)} }
`,
  );
  await new Promise((done) => setTimeout(done, 1600));
});

after(async () => {
  await site.end();
  remove();
});

/** What was said beside the output; a machine that has other things to do may miss a beat. */
function said(err: string): string[] {
  return err.split("\n").filter((line) => line !== "" && !/beats? missed$/.test(line));
}

/** Lines without the spaces that align them. */
function rowsOf(out: string): string[] {
  return out
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().replaceAll(/ {2,}/g, "|"));
}

test("names are read in their order, each in the unit that it says, and nothing else is printed", async () => {
  const { status, out, err } = await run("read", at(2), "--model", "leviton-s4100", "V.a", "ctPrimary", "W");
  assert.deepEqual([status, err], [0, ""]);
  assert.deepEqual(rowsOf(out), ["395|V.a|250|V", "131|ctPrimary|32000", "277|W|60000|W"]);
});

test("a name that a model does not have is wrong words: the one that was meant and all that there are are said, and nobody is asked", async () => {
  // Nothing listens on port 9.
  const { status, out, err } = await run("read", "modbus://127.0.0.1:9/1", "--model", "leviton-s4100", "V.A");
  assert.deepEqual([status, out], [2, ""]);
  assert.match(
    err,
    /leviton-s4100 has no "V\.A"; did you mean V\.a\?\nit has Wh\.net, Wh\.import, .*demandSubInterval, /,
  );
  const overHttp = await run("read", `${site.page}#jem`, "Wh.imprt");
  assert.deepEqual([overHttp.status, overHttp.out], [2, ""]);
  assert.match(
    overHttp.err,
    /jem has no "Wh\.imprt"; did you mean Wh\.import\?\nit has V\.a, .*Wh\.import\.billingReset, billed/,
  );
});

/** Hands on to the site what is asked of it, and notes function, first register and count of each request. */
async function listening(): Promise<{
  readonly port: number;
  readonly asked: [fn: number, first: number, count: number][];
  close(): void;
}> {
  const asked: [number, number, number][] = [];
  const server = net.createServer((socket) => {
    const on = net.connect(port, "127.0.0.1");
    socket.on("data", (bytes: Buffer) => {
      // A question of two bytes, what it is, has no such numbers.
      const [first, count] = bytes.length < 12 ? [NaN, NaN] : [bytes.readUInt16BE(8), bytes.readUInt16BE(10)];
      asked.push([bytes.readUInt8(7), first, count]);
      on.write(bytes);
    });
    on.on("data", (bytes: Buffer) => socket.write(bytes));
    for (const [one, other] of [
      [socket, on],
      [on, socket],
    ] as const) {
      one.on("close", () => other.destroy());
      one.on("error", () => {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as net.AddressInfo).port, asked, close: () => server.close() };
}

test("names take the fewest requests, which run along registers that the model has", async (t) => {
  const ear = await listening();
  t.after(() => ear.close());
  const url = `modbus://127.0.0.1:${ear.port}/2`;
  const read = async (...names: string[]) => {
    ear.asked.length = 0;
    const { status, err } = await run("read", url, "--model", "leviton-s4100", ...names);
    assert.equal(status, 0, err);
    // What it is, it is asked behind that.
    const behind = ear.asked.findIndex(([fn]) => fn !== 3 && fn !== 4);
    return ear.asked.slice(0, behind);
  };
  // Printed 277 and 395 are 276 and 394 on the wire; a float has two registers.
  assert.deepEqual(await read("V.a", "W"), [[3, 276, 120]]);
  assert.deepEqual(await read("V.a"), [[3, 394, 2]]);
  // The floats of both, and what lies between them.
  assert.deepEqual(await read("PF", "pulses.1"), [[3, 282, 32]]);
  // From 3 to 141 is more than a request holds.
  assert.equal((await read("Wh.import", "W", "V.a")).length, 2);
});

test("that another model answers is said with both names, once: by name, in a watch, and where a configuration says what there is", async () => {
  const K =
    /unit 2 says by its \S+ ?\w* that it is "[^"]*4100[^"]*" \(leviton-s4100\); it was taken for (\S+): is --model right\?/g;
  const asWhat = (err: string): readonly string[] => [...err.matchAll(K)].map(([, model = ""]) => model);
  const named = await run("read", at(2), "--model", "eastron-sdm630", "V.a");
  assert.deepEqual([named.status, asWhat(named.err)], [0, ["eastron-sdm630"]], named.err);
  const watch = ["--interval", "100ms", "--count", "3", "--csv"];
  const watched = await run("read", at(2), "--model", "eastron-sdm630", "V.a", ...watch);
  assert.deepEqual([watched.status, asWhat(watched.err)], [0, ["eastron-sdm630"]], watched.err);
  assert.equal(watched.out.trim().split("\n").length, 4, "nothing of it stands in the data");
  const jem = await run("read", at(2), "--model", "ametek-jemstar-ii", "--configuration", "jem.yaml");
  assert.deepEqual(asWhat(jem.err), ["ametek-jemstar-ii"], jem.err);
});

test("several meters are labelled and stand in their order; the one that fails is named, and hides no other", async () => {
  const { status, out, err } = await run(
    "read",
    at(2),
    at(4),
    "modbus://127.0.0.1:9/1",
    `${site.page}#jem`,
    "V.a",
    "--model",
    "leviton-s4100",
    "--model",
    "eastron-sdm630",
    "--model",
    "leviton-s4100",
  );
  assert.equal(status, 1);
  assert.deepEqual(
    rowsOf(out).filter((line) => line !== ""),
    [at(2), "395|V.a|250|V", at(4), rowsOf(out)[4] ?? "", `${site.page}#jem`, "V.a|120|V"],
  );
  assert.match(rowsOf(out)[4] ?? "", /^\S+\|V\.a\|230\|V$/);
  assert.match(err, /^polyphase: modbus:\/\/127\.0\.0\.1:9\/1: cannot connect to 127\.0\.0\.1:9/m);
  assert.match(err, /^polyphase: 1 of 4 meters could not be read: modbus:\/\/127\.0\.0\.1:9\/1$/m);
  const wrong = await run("read", at(2), at(4), at(3), "--model", "leviton-s4100", "--model", "eastron-sdm630");
  assert.deepEqual([wrong.status, wrong.out], [2, ""]);
  assert.match(wrong.err, /--model: expected one, or one of each of 3 meters; found 2/);
});

test("CSV has a head of names and units, and a line a reading with its UTC, its offset and its meter", async () => {
  const { status, out, err } = await run(
    "read",
    at(2),
    `${site.page}#jem`,
    "--model",
    "leviton-s4100",
    "V.a",
    "Wh.import",
    "--csv",
    "--count",
    "2",
    "--interval",
    "200ms",
  );
  assert.deepEqual([status, said(err)], [0, []]);
  const [head, ...lines] = out.split("\r\n");
  assert.equal(head, "utc,offsetMinutes,meter,V.a (V),Wh.import (Wh)");
  assert.equal(lines.pop(), "");
  assert.equal(lines.length, 4);
  for (const line of lines)
    assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,-?\d+,\S+?,(250|120),\d+(\.\d+)?$/);
  // A register of kilowatt-hours stands in watt-hours, as its name has it: 1,800 W since the site was started.
  const wh = Number(lines.findLast((line) => line.includes("#jem"))!.split(",")[4]);
  const sofar = (1800 * (performance.now() - started)) / 3_600_000;
  assert.ok(wh > 0.5 && wh <= sofar, `${wh} Wh of ${sofar}`);
});

test("line protocol has the meter, its model and its unit as tags, and every quantity once", async () => {
  const { out, status } = await run("read", at(2), "--model", "leviton-s4100", "--line-protocol");
  assert.equal(status, 0);
  const [head = "", fields = "", time = ""] = out.split(" ");
  assert.equal(head, `electricity,meter=${at(2)},model=leviton-s4100,unit=2`);
  const names = fields.split(",").map((field) => field.split("=")[0]);
  assert.equal(new Set(names).size, names.length);
  assert.ok(fields.includes(",W=60000,") && fields.includes(",V.a=250,"), fields);
  assert.match(time, /^\d{13}000000\n$/);
});

test("JSON is one document, of several meters a list, and of a watch a document a line", async () => {
  const one = JSON.parse((await run("read", at(2), "--model", "leviton-s4100", "W", "--json")).out) as Record<
    string,
    unknown
  >;
  assert.deepEqual(one["values"], [{ register: 277, name: "W", value: 60_000, unit: "W" }]);
  assert.match(String(one["utc"]), /Z$/);
  const two = JSON.parse(
    (await run("read", at(2), `${site.page}#jem`, "--model", "leviton-s4100", "W", "--json")).out,
  ) as {
    meters: { url: string; model: string }[];
  };
  assert.deepEqual(
    two.meters.map(({ model }) => model),
    ["leviton-s4100", "ametek-jemstar-ii"],
  );
  const watched = await run(
    "read",
    at(2),
    "--model",
    "leviton-s4100",
    "W",
    "--json",
    "--count",
    "3",
    "--interval",
    "100ms",
  );
  const lines = watched.out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { url: string });
  assert.deepEqual(
    lines.map(({ url }) => url),
    [at(2), at(2), at(2)],
  );
});

test("a watch goes on after a reading that failed, which is said with its time; it fails only where nothing was read", async () => {
  const some = await run(
    "read",
    at(2),
    "modbus://127.0.0.1:9/1",
    "--model",
    "leviton-s4100",
    "W",
    "--count",
    "2",
    "--interval",
    "100ms",
  );
  assert.equal(some.status, 0);
  assert.equal(
    some.err.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}modbus:\/\/127\.0\.0\.1:9\/1: cannot connect/gm)?.length,
    2,
  );
  assert.equal(some.out.match(/^277 {2}W/gm)?.length, 2);
  const none = await run(
    "read",
    "modbus://127.0.0.1:9/1",
    "--model",
    "leviton-s4100",
    "W",
    "--count",
    "2",
    "--interval",
    "100ms",
  );
  assert.deepEqual([none.status, none.out], [1, ""]);
  assert.match(none.err, /^polyphase: nothing could be read$/m);
});

test("Ctrl-C ends a watch with status 0", async () => {
  const { child, ended, out } = start([
    "read",
    at(2),
    "--model",
    "leviton-s4100",
    "W",
    "--watch",
    "--interval",
    "1h",
    "--csv",
  ]);
  while (out().split("\r\n").length < 3) await new Promise((done) => setTimeout(done, 20));
  child.kill("SIGINT");
  const { status, err } = await ended;
  assert.deepEqual([status, err], [0, ""]);
});

test("intervals and counts that are none are wrong words", async () => {
  for (const [args, says] of [
    [["--interval", "5"], /--interval: expected 100ms to 24h, like 5s; found "5"/],
    [["--interval", "1ms"], /--interval: expected 100ms to 24h/],
    [["--count", "0"], /--count: expected a whole number from 1, found "0"/],
    [["--csv", "--json"], /expected at most one of --json, --csv and --line-protocol/],
  ] as const) {
    const { status, err } = await run("read", at(2), "--model", "leviton-s4100", ...args);
    assert.equal(status, 2);
    assert.match(err, says);
  }
});

test("a site's URL lists its meters; any of them is read by it, whatever it is", async () => {
  const listed = await run("read", site.page);
  assert.equal(listed.status, 0, listed.err);
  assert.deepEqual(
    rowsOf(listed.out).map((line) => line.split("|").slice(0, 3)),
    [
      ["name", "model", "url"],
      ["feeder-1", "leviton-s4100", `${site.page}api/meters/feeder-1`],
      ["jem", "ametek-jemstar-ii", `${site.page}api/meters/jem`],
      ["house", "eastron-sdm630", `${site.page}api/meters/house`],
    ],
  );
  for (const [name, volts] of [
    ["feeder-1", 250],
    ["jem", 120],
    ["house", 230],
  ] as const) {
    const url = name === "jem" ? `${site.page}api/meters/${name}` : `${site.page}#${name}`;
    const read = await run("read", url, "V.a", "Hz");
    assert.deepEqual([read.status, rowsOf(read.out)], [0, [`V.a|${volts}|V`, "Hz|60|Hz"]], read.err);
  }
  const unknown = await run("read", `${site.page}#nobody`);
  assert.deepEqual(
    [unknown.status, /there is no meter nobody; this site has feeder-1, jem, house/.test(unknown.err)],
    [1, true],
  );
  assert.equal((await run("read", site.page, "W")).status, 2);
});

test("what a JEMStar's registers are stands beside what its owner calls them, over HTTP and over Modbus; what has not been is never", async () => {
  const http = rowsOf((await run("read", `${site.page}#jem`)).out);
  for (const row of [
    /^1\|energy\|Wh\.import\|\d+\|kWh$/,
    /^2\|peak\|W\.import\.peakDemand\|\d+\|kW$/,
    /^3\|energy at noon\|Wh\.import\.rateA\|\d+\|kWh$/,
    /^4\|read out\|lastFreeze\|never$/,
    /^100\|billed\|Wh\.import\.billingReset\|\d+\|kWh$/,
  ])
    assert.ok(
      http.some((line) => row.test(line)),
      `${String(row)} in\n${http.join("\n")}`,
    );
  const modbus = await run("read", at(3), "--model", "ametek-jemstar-ii", "--configuration", "jem.yaml");
  assert.deepEqual([modbus.status, modbus.err], [0, ""]);
  assert.deepEqual(
    rowsOf(modbus.out).map((line) => line.replace(/\|\d+\|kWh$/, "|…|kWh")),
    ["Counters", "40001|energy|Wh.import|…|kWh", "40003|read out|lastFreeze|never", "", "Analogs", "30001|V.a|120|V"],
  );
  const named = await run(
    "read",
    at(3),
    "--model",
    "ametek-jemstar-ii",
    "--configuration",
    "jem.yaml",
    "V.a",
    "read out",
  );
  // One that has no label and one that has: a column is there for both.
  assert.deepEqual(rowsOf(named.out), ["30001|V.a|120|V", "40003|read out|lastFreeze|never"]);
});

test("a meter of a site that takes a log-in is read with one, again and again", async (t) => {
  const { folder: own, remove: removeOwn } = temporaryFolder();
  t.after(removeOwn);
  const env = { POLYPHASE_SITE_PASSWORD: "correct horse battery", POLYPHASE_PASSWORD: "correct horse battery" };
  const file = path.join(own, "site.yaml");
  const yaml = `
web: { port: 0, login: always }
meters:
  - { name: feeder-1, model: leviton-s4100, source: { synthetic: { volts: 250, amps: 80, steps: true } } }
`;
  writeFileSync(file, yaml);
  const added = await start(["user", "add", "ann", "--role", "viewer", file], env).ended;
  assert.equal(added.status, 0, added.err);
  const guarded = await startSite(own, yaml);
  t.after(() => guarded.end());
  await new Promise((done) => setTimeout(done, 1600));
  const url = `${guarded.page}#feeder-1`;
  const nobody = await run("read", url, "V.a");
  assert.equal(nobody.status, 1);
  assert.match(nobody.err, /--site-user NAME says who asks/);
  const ann = await start(
    ["read", url, "V.a", "--site-user", "ann", "--count", "2", "--interval", "100ms", "--csv"],
    env,
  ).ended;
  assert.deepEqual([ann.status, said(ann.err)], [0, []]);
  assert.equal(ann.out.match(/,250\r\n/g)?.length, 2);
  const listed = await start(["read", guarded.page, "--site-user", "ann"], env).ended;
  assert.match(listed.out, /^feeder-1 /m);
});
