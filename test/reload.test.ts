/** The site file read again while its site runs: what it says as before is not touched, what it says otherwise goes as at a start. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { changeFaults } from "#fleet/listeners.ts";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import type { Site } from "#fleet/site.ts";
import type { Link } from "#io/link.ts";
import { connectTcp } from "#io/tcp.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { webSide } from "#web/server.ts";
import { freePort, temporaryFolder } from "./running-site.ts";

/** 250 V and `amps` on each phase. */
const source = (amps: number): string => `{ synthetic: { hz: 60, volts: 250, amps: ${amps}, steps: true } }`;
const settings = "{ ctPrimary: 32000, systemVoltage: 480 }";

const feeder = (listen: string, given = settings): string => `
  - name: feeder
    model: leviton-s4100
    source: ${source(80)}
    settings: ${given}
    listen: [${listen}]`;
const spare = (listen: string): string => `
  - name: spare
    model: leviton-s4100
    source: ${source(40)}
    settings: ${settings}
    listen: [${listen}]`;
const jem = (listen: string): string => `
  - name: jem
    model: ametek-jemstar-ii
    configuration: jem.yaml
    source: ${source(4)}
    listen: [${listen}]`;

/** A fiftieth of an hour: 3 * 250 * amps / 50 watt-hours. */
const SPAN = 72_000;
const wattHoursOf = (amps: number, spans: number): number => (3 * 250 * amps * spans) / 50;

async function running(t: TestContext, first: string, files: Readonly<Record<string, string>> = {}) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const write = (yaml: string): void => writeFileSync(file, `store: ./data\nmeters:${yaml}\n`);
  const put = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  for (const [name, text] of Object.entries(files)) put(name, text);
  write(first);
  const [clock, real] = [new VirtualClock(), new VirtualClock()];
  const site = loadSite(file, { clock, real });
  const told: string[] = [];
  site.onNotice((notice) => notice.level === "debug" || told.push(textOf(notice)));
  await site.start();
  t.after(() => site.stop());
  return { site, clock, real, file, write, put, told };
}

/** What a meter has counted, watt-hours: the value that everybody outside is told. */
function wattHours(site: Site, name: string): number {
  const surface = site.meter(name)!.surface;
  const [values, valid] = [new Float64Array(1), new Uint8Array(1)];
  surface.values([parseMeasure("Wh.import")!], "primary", values, valid);
  assert.equal(valid[0], 1);
  return values[0]!;
}

function isAbout(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 1e-6 * expected, `${found}, expected ${expected}`);
}

/** The URL by which a meter is read. */
function portOf(site: Site, name: string): number {
  const url = site.listeners.flatMap(({ urls }) => urls).find(({ meter }) => meter === name)?.url;
  return Number(new URL(url ?? "").port);
}

/** A master that keeps its connection. */
async function master(t: TestContext, site: Site, port: number) {
  const link: Link = await connectTcp("127.0.0.1", port);
  t.after(() => link.close());
  const state = { closed: false, heard: null as ((bytes: Uint8Array) => void) | null };
  link.closed(() => void (state.closed = true));
  link.receive((bytes) => state.heard?.(bytes));
  const ask = async (unit: number, pdu: readonly number[]): Promise<string> => {
    const answer = new Promise<Uint8Array>((resolve) => (state.heard = resolve));
    const waiting = { is: true };
    void answer.then(() => (waiting.is = false));
    link.send(Uint8Array.of(0, 1, 0, 0, 0, pdu.length + 1, unit, ...pdu));
    // What is acknowledged waits for a transaction, which comes with the clock of peers.
    while (waiting.is && !state.closed) {
      await new Promise((resolve) => setImmediate(resolve));
      if (site.real instanceof VirtualClock) site.real.advance(20);
    }
    return state.closed ? "closed" : Buffer.from((await answer).subarray(7)).toString("hex");
  };
  return {
    state,
    /** Register 131, the CT's primary, by function 3. */
    ctPrimary: async (unit = 1) => parseInt((await ask(unit, [3, 0, 130, 0, 1])).slice(4), 16),
    /** By function 6. */
    setCtPrimary: (amps: number, unit = 1) => ask(unit, [6, 0, 130, amps >> 8, amps & 255]),
    ask,
  };
}

test("a file that says what it said, with comments and in another order, touches nothing, however often it is read", async (t) => {
  const { site, clock, write, told } = await running(t, feeder("{ modbus: tcp, port: 0 }"));
  const [meter] = site.meters;
  const peer = await master(t, site, portOf(site, "feeder"));
  // 06 00 82 01 90 is the request itself, which is what function 6 answers.
  assert.equal(await peer.setCtPrimary(400), "0600820190");
  clock.advance(SPAN);
  write(
    `\n  # the feeder of hall 7\n  - settings: { systemVoltage: 480, ctPrimary: 32000 }\n    model: leviton-s4100\n    name: feeder # as labelled\n    source: ${source(80)}\n    listen: [{ port: 0, modbus: tcp }]`,
  );
  for (let k = 0; k < 2; k++) {
    assert.deepEqual(await site.reload(), { changes: [] });
    assert.match(told.at(-1) ?? "", /site\.yaml was read again: it says what it said$/);
    assert.equal(site.meters[0], meter);
    assert.equal(await peer.ctPrimary(), 400);
    clock.advance(SPAN);
  }
  isAbout(wattHours(site, "feeder"), wattHoursOf(80, 3));
  assert.deepEqual(site.reloads, { done: 2, refused: 0 });
});

test("a meter that is new measures and answers, and nobody else notices", async (t) => {
  const { site, clock, write } = await running(t, feeder("{ modbus: tcp, port: 0 }"));
  const [meter] = site.meters;
  const peer = await master(t, site, portOf(site, "feeder"));
  write(spare("{ modbus: tcp, port: 0 }") + feeder("{ modbus: tcp, port: 0 }"));
  const { refused, changes } = await site.reload();
  assert.equal(refused, undefined);
  assert.equal(changes[0], "spare: is new");
  assert.match(changes[1] ?? "", /^opened modbus tcp 127\.0\.0\.1:\d+$/);
  assert.equal(changes.length, 2);
  assert.deepEqual(
    site.meters.map(({ surface }) => surface.identity.name),
    ["spare", "feeder"],
  );
  assert.equal(site.meters[1], meter);
  clock.advance(SPAN);
  isAbout(wattHours(site, "spare"), wattHoursOf(40, 1));
  isAbout(wattHours(site, "feeder"), wattHoursOf(80, 1));
  assert.equal(await (await master(t, site, portOf(site, "spare"))).ctPrimary(), 32_000);
  assert.equal(await peer.ctPrimary(), 32_000);
});

test("a meter that is gone answers no more, and knows what it knew when it comes back", async (t) => {
  const both = feeder("{ modbus: tcp, port: 0 }") + spare("{ modbus: tcp, port: 0 }");
  const { site, clock, write } = await running(t, both);
  const peer = await master(t, site, portOf(site, "spare"));
  assert.equal(await peer.setCtPrimary(700), "06008202bc");
  clock.advance(SPAN);
  write(feeder("{ modbus: tcp, port: 0 }"));
  const { changes } = await site.reload();
  assert.equal(changes[0], "spare: is gone; what it knows stays in the store");
  assert.match(changes[1] ?? "", /^closed modbus tcp /);
  assert.equal(await peer.ask(1, [3, 0, 130, 0, 1]), "closed");
  assert.equal(site.meter("spare"), undefined);
  clock.advance(SPAN);
  write(both);
  assert.equal((await site.reload()).refused, undefined);
  clock.advance(SPAN);
  // Before it was gone, and after.
  isAbout(wattHours(site, "spare"), wattHoursOf(40, 2));
  isAbout(wattHours(site, "feeder"), wattHoursOf(80, 3));
  // The file says what it said at the first start: what was set on the meter since counts.
  assert.equal(await (await master(t, site, portOf(site, "spare"))).ctPrimary(), 700);
});

test("a comment in a configuration touches no meter, what means something else makes it anew, and a fault is refused", async (t) => {
  const label = (text: string): string => `identification: { strings: [${text}] }\n`;
  const { site, put, told } = await running(t, jem("{ modbus: tcp, port: 0 }"), { "jem.yaml": label("one") });
  const [meter] = site.meters;
  for (const text of [
    `# nothing new\n${label("one")}`,
    "identification:\n  strings: [one] # the same\n",
    label("one"),
  ]) {
    put("jem.yaml", text);
    assert.deepEqual(await site.reload(), { changes: [] });
    assert.equal(site.meters[0], meter);
    assert.match(told.at(-1) ?? "", /was read again: it says what it said$/);
  }
  put("jem.yaml", "identification: { string: [two] }\n");
  assert.match((await site.reload()).refused ?? "", /jem\.yaml .*string/);
  assert.equal(site.meters[0], meter);
  put("jem.yaml", label("two"));
  assert.deepEqual((await site.reload()).changes, ["jem: goes on with what the file says now"]);
  assert.notEqual(site.meters[0], meter);
});

test("a setting that the file says otherwise is taken, energies go on, and so does the connection", async (t) => {
  const port = await freePort();
  const listen = (unit: number): string => `{ modbus: tcp, port: ${port}, unit: ${unit} }`;
  const { site, clock, write } = await running(t, feeder(listen(1)) + spare(listen(2)));
  const [, other] = site.meters;
  const peer = await master(t, site, port);
  assert.equal(await peer.setCtPrimary(900, 2), "0600820384");
  clock.advance(SPAN);
  write(feeder(listen(1), "{ ctPrimary: 16000, systemVoltage: 480 }") + spare(listen(2)));
  const { changes, refused } = await site.reload();
  assert.deepEqual([refused, changes], [undefined, ["feeder: goes on with what the file says now"]]);
  assert.equal(await peer.ctPrimary(1), 16_000);
  assert.equal(site.meters[1], other);
  assert.equal(await peer.ctPrimary(2), 900);
  clock.advance(SPAN);
  isAbout(wattHours(site, "feeder"), wattHoursOf(80, 2));
  isAbout(wattHours(site, "spare"), wattHoursOf(40, 2));
});

test("a meter that takes another unit on its port answers there, on the connection that is open", async (t) => {
  const port = await freePort();
  const at = (unit: number): string => `{ modbus: tcp, port: ${port}, unit: ${unit} }`;
  const { site, write } = await running(t, feeder(at(1)) + spare(at(2)));
  const meters = [...site.meters];
  const peer = await master(t, site, port);
  write(feeder(at(7)) + spare(at(2)));
  assert.deepEqual(await site.reload(), { changes: ["feeder: listens as the file says now"] });
  assert.deepEqual(site.meters, meters);
  assert.equal(await peer.ctPrimary(7), 32_000);
  // Nobody has unit 1 any more: exception 0B.
  assert.equal(await peer.ask(1, [3, 0, 130, 0, 1]), "830b");
  assert.equal(await peer.ctPrimary(2), 32_000);
});

test("a port that another program has leaves the site as it was, and says which", async (t) => {
  const other = net.createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  t.after(() => void other.close());
  const { port: taken } = other.address() as net.AddressInfo;
  const before = feeder("{ modbus: tcp, port: 0 }") + spare("{ modbus: tcp, port: 0 }");
  const { site, clock, file, write, told } = await running(t, before);
  const [meters, listeners] = [[...site.meters], site.listeners.map(({ what }) => what)];
  const peer = await master(t, site, portOf(site, "spare"));
  const free = await freePort();
  const records = (): readonly unknown[] =>
    [...site.store.drawer("feeder").entries("")].map(([key, bytes]) => [key, Buffer.from(bytes).toString("hex")]);
  const known = records();
  write(
    feeder(
      `{ modbus: tcp, port: ${free} }, { modbus: tcp, port: ${taken} }`,
      "{ ctPrimary: 16000, systemVoltage: 480 }",
    ),
  );
  const { refused, changes } = await site.reload();
  const line =
    1 +
    readFileSync(file, "utf8")
      .split("\n")
      .findIndex((one) => one.includes(String(taken)));
  assert.match(
    refused ?? "",
    new RegExp(
      `^line ${line}, column \\d+: meters\\[0\\]\\.listen\\[1\\]: feeder cannot listen on 127\\.0\\.0\\.1:${taken}: another program`,
    ),
  );
  assert.deepEqual(changes, []);
  assert.match(told.at(-1) ?? "", /read again, and nothing has changed: line \d+, column \d+: meters\[0\]/);
  assert.ok(known.length > 0);
  assert.deepEqual(records(), known, "what the file would have changed is not in the store");
  assert.deepEqual(site.meters, meters);
  assert.deepEqual(
    site.listeners.map(({ what }) => what),
    listeners,
  );
  clock.advance(SPAN);
  isAbout(wattHours(site, "feeder"), wattHoursOf(80, 1));
  assert.equal(await peer.ctPrimary(), 32_000);
  assert.deepEqual(site.reloads, { done: 0, refused: 1 });
  // What was opened for it is closed again.
  const again = net.createServer();
  await new Promise<void>((resolve, reject) => again.once("error", reject).listen(free, "127.0.0.1", resolve));
  again.close();
});

const refusals: readonly (readonly [what: string, yaml: string, why: RegExp])[] = [
  [
    "another page",
    `web: { port: 1 }\nstore: ./data\nmeters:${feeder("")}`,
    /is valid, and asks for what only a start can do: .*web: cannot be changed while the site runs/,
  ],
  ["another store", `store: ./other\nmeters:${feeder("")}`, /store: cannot be changed while the site runs/],
  [
    "another clock",
    `store: ./data\nclock: { speed: 2 }\nmeters:${feeder("")}`,
    /clock: cannot be changed while the site runs/,
  ],
  [
    "two things that are wrong",
    `store: ./data\nmetres: 1\nmetters: 2\nmeters:${feeder("")}`,
    /is not valid: line 2, column 1: metres: .*; line 3, column 1: metters: /,
  ],
  ["a word that is none", `store: ./data\nmetres:${feeder("")}`, /metres/],
  ["a model that there is not", `store: ./data\nmeters:${feeder("").replace("s4100", "s4200")}`, /leviton-s4200/],
  [
    "a setting out of its range",
    `store: ./data\nmeters:${feeder("", "{ ctPrimary: 32001, systemVoltage: 480 }")}`,
    /ctPrimary: expected/,
  ],
  [
    "a face that nobody has",
    `store: ./data\nmeters:${jem("{ modbus: tcp, port: 0, face: em24 }").replace("    configuration: jem.yaml\n", "")}`,
    /jem does not speak Modbus as em24/,
  ],
];
for (const [what, yaml, why] of refusals) {
  test(`${what} is refused in words, and nothing has changed`, async (t) => {
    const { site, file, clock } = await running(t, feeder("{ modbus: tcp, port: 0 }"));
    const [meter] = site.meters;
    const peer = await master(t, site, portOf(site, "feeder"));
    writeFileSync(file, yaml);
    const { refused, changes } = await site.reload();
    assert.match(refused ?? "", why);
    assert.doesNotMatch(refused ?? "", /\n/);
    assert.deepEqual([changes, site.meters[0], site.meters.length], [[], meter, 1]);
    clock.advance(SPAN);
    isAbout(wattHours(site, "feeder"), wattHoursOf(80, 1));
    assert.equal(await peer.ctPrimary(), 32_000);
  });
}

test("a listener that is to be another at its port is opened anew, one beside it is not touched", async (t) => {
  const [port, other] = [await freePort(), await freePort()];
  const listen = (any: string): string =>
    `{ modbus: tcp, port: ${port}, unit: 1${any} }, { modbus: tcp, port: ${other}, unit: 1 }`;
  const { site, write } = await running(t, feeder(listen("")));
  const [meter] = site.meters;
  const [changed, beside] = [await master(t, site, port), await master(t, site, other)];
  assert.equal(await changed.ask(9, [3, 0, 130, 0, 1]), "830b");
  write(feeder(listen(", anyUnit: true")));
  assert.deepEqual((await site.reload()).changes, [
    "feeder: listens as the file says now",
    `closed modbus tcp 127.0.0.1:${port}`,
    `opened modbus tcp 127.0.0.1:${port}`,
  ]);
  assert.equal(site.meters[0], meter);
  assert.equal(await changed.ask(1, [3, 0, 130, 0, 1]), "closed");
  assert.equal(await (await master(t, site, port)).ctPrimary(9), 32_000);
  assert.equal(await beside.ctPrimary(), 32_000);
});

test("faults that were put in meanwhile stay while the file says what it said, and give way when it says others", async (t) => {
  const at = (faults: string): string => feeder(`{ modbus: tcp, port: 0${faults} }`);
  const { site, write } = await running(t, at(""));
  const [listener] = site.listeners;
  assert.deepEqual(changeFaults(listener!, [{ exception: 6 }]), []);
  write(`${at("")}\n  # nothing`);
  await site.reload();
  assert.equal(site.listeners[0], listener);
  assert.equal(listener!.faults.rules.length, 1);
  write(at(", faults: [{ exception: 4 }]"));
  await site.reload();
  assert.equal(site.listeners[0], listener);
  assert.deepEqual(
    listener!.faults.rules.map(({ fault }) => fault),
    [{ kind: "exception", code: 4 }],
  );
});

test("a configuration file that says something else is taken by the rules of a start; one written anew with the same is not", async (t) => {
  const profile = (km: number): string =>
    `profiles: [{ minutes: 1, channels: [{ measure: { quantity: Wh }, km: ${km} }] }]\n`;
  const { site, clock, write, put } = await running(t, jem("") + feeder(""), { "jem.yaml": profile(1) });
  const [before, beside] = site.meters;
  clock.advance(10 * 60_000);
  put("jem.yaml", profile(1));
  assert.deepEqual(await site.reload(), { changes: [] });
  assert.equal(site.meters[0], before);
  assert.equal(site.meters[0]!.surface.profiles[0]!.next, 10);
  put("jem.yaml", profile(500));
  assert.deepEqual((await site.reload()).changes, ["jem: goes on with what the file says now"]);
  const [after] = site.meters;
  assert.notEqual(after, before);
  assert.equal(site.meters[1], beside);
  assert.equal(after!.surface.profiles[0]!.channels[0]!.km, 500);
  // What does not hang on the profile goes on: 3 * 250 * 4 Wh an hour are 1.1 kWh in 22 minutes, and the register has whole ones.
  clock.advance(12 * 60_000);
  const kWh = after!.surface.registers("normal").find(({ label }) => label === "kWhr Delivered");
  assert.equal(Number(kWh?.text), 1);
  put("jem.yaml", "profiles: 5\n");
  assert.match((await site.reload()).refused ?? "", /profiles/);
  assert.equal(site.meters[0], after);
  write(jem(""));
  assert.equal((await site.reload()).refused?.includes("profiles"), true);
  assert.equal(site.meters.length, 2, "a file that is wrong changes nothing, whatever else the site's says");
});

test("who asks while a reload goes on gets one after it, and a site that stops ends in order", async (t) => {
  const { site, write } = await running(t, feeder(""));
  write(feeder("{ modbus: tcp, port: 0 }"));
  const first = site.reload();
  const second = site.reload();
  assert.match((await first).changes.join(), /^feeder: listens as the file says now,opened/);
  assert.deepEqual(await second, { changes: [] });
  write(feeder(""));
  const third = site.reload();
  await site.stop();
  const { refused, changes } = await third;
  assert.ok(/the site (is stopping|does not run)/.test(refused ?? "") || changes.length === 2, changes.join());
  assert.match((await site.reload()).refused ?? "", /does not run/);
});

test("a file that is spoilt while ports are opened for it changes nothing, and the ports are closed again", async (t) => {
  const { site, clock, write, put } = await running(t, feeder("") + jem(""), { "jem.yaml": "" });
  const meters = [...site.meters];
  clock.advance(SPAN);
  const port = await freePort();
  write(feeder(`{ modbus: tcp, port: ${port} }`) + jem(""));
  put("jem.yaml", "display: { scrollSeconds: 5 }\n");
  const reloading = site.reload();
  // All is checked by now, and the port is being opened: that takes a turn of the event loop.
  for (let k = 0; k < 20; k++) await undefined;
  put("jem.yaml", "profiles: 5\n");
  assert.match((await reloading).refused ?? "", /profiles/);
  assert.deepEqual([site.meters[0], site.meters[1], site.listeners.length], [...meters, 0]);
  const again = net.createServer();
  await new Promise<void>((resolve, reject) => again.once("error", reject).listen(port, "127.0.0.1", resolve));
  again.close();
  clock.advance(SPAN);
  isAbout(wattHours(site, "feeder"), wattHoursOf(80, 2));
  const register = site
    .meter("jem")!
    .surface.registers("normal")
    .find(({ label }) => label === "kWhr Delivered")!;
  isAbout(register.value! * register.scale, wattHoursOf(4, 2));
});

test("no stretch of time is lost, however often a meter is made anew, and at whatever instant", async (t) => {
  const with_ = (ct: number): string => feeder("", `{ ctPrimary: ${ct}, systemVoltage: 480 }`) + jem("");
  const { site, clock, write, put } = await running(t, with_(32_000), { "jem.yaml": "" });
  // 30 times 1.37 s, which is no whole number of heartbeats nor of calculation cycles.
  for (let k = 0; k < 30; k++) {
    clock.advance(1370);
    write(with_(16_000 + k));
    put("jem.yaml", `display: { scrollSeconds: ${3 + (k % 5)} }\n`);
    assert.equal((await site.reload()).refused, undefined);
  }
  clock.advance(3000);
  const seconds = (30 * 1370 + 3000) / 1000;
  const lost = seconds - wattHours(site, "feeder") / ((3 * 250 * 80) / 3600);
  // What has not been worked off yet: a calculation cycle and a heartbeat at most.
  assert.ok(lost >= -1e-6 && lost < 1.5, `${lost} s of the feeder`);
  const register = site
    .meter("jem")!
    .surface.registers("normal")
    .find(({ label }) => label === "kWhr Delivered")!;
  const jemLost = seconds - (register.value! * register.scale) / ((3 * 250 * 4) / 3600);
  assert.ok(jemLost >= -1e-6 && jemLost < 2, `${jemLost} s of the jem`);
});

test("what runs after a reload is what a start finds", async (t) => {
  const { site, clock, file, write } = await running(t, feeder(""));
  clock.advance(SPAN);
  write(feeder("", "{ ctPrimary: 16000, systemVoltage: 480 }") + spare(""));
  assert.equal((await site.reload()).refused, undefined);
  clock.advance(SPAN);
  await site.stop();
  const again = loadSite(file, { clock });
  t.after(() => again.stop());
  await again.start();
  clock.advance(SPAN);
  isAbout(wattHours(again, "feeder"), wattHoursOf(80, 3));
  isAbout(wattHours(again, "spare"), wattHoursOf(40, 2));
  assert.deepEqual(again.notices, []);
});

test("an owner reloads over HTTP, and is told what became of it", async (t) => {
  const { site, write } = await running(t, feeder(""));
  const { app } = webSide(site);
  const ask = async (): Promise<readonly [number, unknown]> => {
    const answer = await app.request("http://127.0.0.1/api/reload", { method: "POST" });
    return [answer.status, await answer.json()];
  };
  assert.deepEqual(await ask(), [200, { ok: true, changes: [] }]);
  write(feeder("") + spare(""));
  assert.deepEqual(await ask(), [200, { ok: true, changes: ["spare: is new"] }]);
  write(feeder("").replace("model:", "modell:"));
  const [status, body] = await ask();
  assert.equal(status, 422);
  assert.match((body as { error: string }).error, /did you mean model/);
});

test("whoever follows a meter that is gone, or is another now, is let go; whoever follows one that stays is not", async (t) => {
  const { site, clock, real, write } = await running(t, feeder("") + spare("") + jem(""), { "jem.yaml": "" });
  const { app } = webSide(site);
  const follow = async (name: string) => {
    const { body } = await app.request(`http://127.0.0.1/api/meters/${name}/live`);
    const state = { over: false, events: 0 };
    const reader = body!.getReader();
    t.after(() => reader.cancel());
    const read = async (): Promise<void> => {
      for (;;) {
        const { done } = await reader.read();
        if (done) return void (state.over = true);
        state.events++;
      }
    };
    void read();
    return state;
  };
  const [stays, goes, changes] = [await follow("feeder"), await follow("spare"), await follow("jem")];
  const second = async (): Promise<void> => {
    clock.advance(3000);
    for (let k = 0; k < 20; k++) {
      await new Promise((resolve) => setImmediate(resolve));
      real.advance(20);
    }
  };
  await second();
  assert.deepEqual([stays.over, goes.over, changes.over], [false, false, false]);
  write(feeder("") + jem("").replace("amps: 4", "amps: 5"));
  assert.equal((await site.reload()).refused, undefined);
  await second();
  assert.deepEqual([stays.over, goes.over, changes.over], [false, true, true]);
  const before = stays.events;
  await second();
  assert.ok(stays.events > before);
});

/** A meter in a site file of a story: whether it is there, its amps, its unit on the port that all share. */
const role = fc.record({ there: fc.boolean(), amps: fc.constantFrom(10, 20), unit: fc.constantFrom(1, 2, 3) });
/** Two of one unit are wrong, and so is a file without a meter: such a file has to change nothing. */
const story = fc.array(fc.tuple(role, role, role), { minLength: 1, maxLength: 12 });

test("whatever files come one after the other, every meter has measured for as long as it was there, and the master stays connected", async () => {
  await fc.assert(
    fc.asyncProperty(story, async (files) => {
      const { folder, remove } = temporaryFolder();
      const port = await freePort();
      const file = path.join(folder, "site.yaml");
      const write = (meters: (typeof files)[number]): void => {
        const entries = meters.map(({ there, amps, unit }, k) =>
          there
            ? `\n  - { name: m${k}, model: leviton-s4100, source: ${source(amps)}, settings: ${settings}, listen: [{ modbus: tcp, port: ${port}, unit: ${unit} }] }`
            : "",
        );
        // One that is always there keeps the port open.
        const last = `\n  - { name: always, model: leviton-s4100, source: ${source(5)}, settings: ${settings}, listen: [{ modbus: tcp, port: ${port}, unit: 9 }] }`;
        writeFileSync(file, `store: ":memory:"\nmeters:${entries.join("")}${last}\n`);
      };
      const none = { there: false, amps: 10, unit: 1 } as const;
      write([none, none, none]);
      const clock = new VirtualClock();
      const site = loadSite(file, { clock, real: new VirtualClock() });
      const stops: (() => unknown)[] = [];
      try {
        await site.start();
        const peer = await master({ after: (run: () => unknown) => void stops.push(run) } as TestContext, site, port);
        let now: (typeof files)[number] = [none, none, none];
        const expected = [0, 0, 0];
        for (const meters of files) {
          write(meters);
          const units = meters.filter(({ there }) => there).map(({ unit }) => unit);
          const isRight = new Set(units).size === units.length;
          assert.equal((await site.reload()).refused === undefined, isRight);
          if (isRight) now = meters;
          clock.advance(6000);
          for (const [k, { there, amps, unit }] of now.entries()) {
            assert.equal(site.meter(`m${k}`) !== undefined, there);
            if (!there) continue;
            expected[k]! += (3 * 250 * amps * 6) / 3600;
            assert.ok(Math.abs(wattHours(site, `m${k}`) - expected[k]!) < 1e-6, `m${k}`);
            assert.equal(await peer.ctPrimary(unit), 32_000);
          }
          assert.equal(await peer.ctPrimary(9), 32_000);
        }
        assert.equal(peer.state.closed, false);
        assert.ok(Math.abs(wattHours(site, "always") - (3 * 250 * 5 * 6 * files.length) / 3600) < 1e-6);
      } finally {
        for (const stop of stops) await stop();
        await site.stop();
        remove();
      }
    }),
    { numRuns: 20 },
  );
});
