/** What a peer has been told is on disk before it is told: reads, commands and freezes, however fast the clock goes. */
import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { GroupCommit } from "#fleet/group-commit.ts";
import { gated } from "#fleet/output-gate.ts";
import type { Carriers } from "#fleet/protocols/carriers.ts";
import { carriers } from "#fleet/protocols/carriers.ts";
import type { Site } from "#fleet/site.ts";
import type { Link } from "#io/link.ts";
import type { Device } from "#product/product.ts";
import { nullModem } from "#io/null-modem.ts";
import { NodeDisk, type DiskFile } from "#store/disk.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { MemoryStore } from "#store/store.ts";
import { webSide } from "#web/server.ts";
import { rig } from "./rig.ts";
import { siteOf, temporaryFolder } from "./running-site.ts";

/** Counts its transactions. */
class Counted extends SqliteStore {
  commits = 0;
  override commit(): void {
    this.commits++;
    super.commit();
  }
}

interface Rig {
  readonly folder: string;
  readonly site: Site;
  readonly store: Counted;
  /** Of the meters. */
  readonly time: VirtualClock;
  /** Of peers. */
  readonly real: VirtualClock;
  /** A peer: sends a PDU to unit 1; what has come back so far, a PDU each. */
  peer(): { ask(pdu: string): void; readonly heard: readonly string[]; readonly open: boolean };
}

/** A site whose meters' time and whose peers' time are moved by hand, on null modems. */
async function running(t: TestContext, yaml: string): Promise<Rig> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "site.yaml"), yaml);
  const store = new Counted(path.join(folder, "site.data"), "test");
  const [time, real] = [new VirtualClock(), new VirtualClock()];
  let accept: (link: Link) => void = () => {};
  const tcp = {
    ...carriers.tcp,
    async open(_keys: unknown, _place: unknown, take: (link: Link) => void) {
      accept = take;
      return { what: "null modem", authority: "null", query: [], close: async () => {} };
    },
  };
  const site = loadSite(path.join(folder, "site.yaml"), {
    clock: time,
    real,
    store,
    carriers: { ...carriers, tcp } as Carriers,
  });
  await site.start();
  t.after(() => site.stop());
  return {
    folder,
    site,
    store,
    time,
    real,
    peer() {
      const [near, far] = nullModem();
      const heard: string[] = [];
      near.receive((bytes) => heard.push(Buffer.from(bytes.subarray(7)).toString("hex")));
      accept(far);
      return {
        heard,
        get open() {
          return near.open;
        },
        ask(pdu) {
          const bytes = Buffer.from(pdu, "hex");
          near.send(Uint8Array.of(0, 1, 0, 0, 0, bytes.length + 1, 1, ...bytes));
        },
      };
    },
  };
}

/** The meter that begins on what a kill would leave now. */
function afterKill(t: TestContext, { folder }: Rig): Device {
  const { folder: image, remove } = temporaryFolder();
  t.after(remove);
  cpSync(folder, image, { recursive: true });
  const store = new SqliteStore(path.join(image, "site.data"), "test");
  t.after(() => store.close());
  const [meter] = loadSite(path.join(image, "site.yaml"), { clock: new VirtualClock(), store }).meters;
  assert.ok(meter !== undefined);
  return meter;
}

/** Registers of a meter, as hexadecimal digits. */
function registersOf(meter: Device, first: number, count: number): string {
  const out = new Uint8Array(2 * count);
  assert.equal(meter.bindings.modbus?.({ port: "ethernet 1", unit: 1 })?.read(first, count, out, 0), 0);
  return Buffer.from(out).toString("hex");
}

/** 108 MW: 30 kWh a second. */
const fast = siteOf({ watts: 36_000_000, settings: "{ ctPrimary: 32000, systemVoltage: 480 }" }).replace(
  "port: 0 }\nmeters",
  "port: 0 }\nclock: { start: 2026-01-01T00:00:00Z, speed: 3600 }\nmeters",
);
const ENERGY = "0301020002";

test("a read of a meter that is ahead of its commit waits for the next transaction, and gets what is on disk then", async (t) => {
  const rig = await running(t, fast);
  const peer = rig.peer();
  // A tenth of a second of the fast clock, in which nobody commits.
  const before = rig.store.commits;
  rig.site.meters[0]!.advance(360_000);
  peer.ask(ENERGY);
  assert.deepEqual(peer.heard, []);
  assert.equal(rig.store.commits, before);
  rig.real.advance(20);
  assert.equal(rig.store.commits, before + 1);
  // 360 s at 30 kWh a second are 10,800 kWh.
  assert.equal(peer.heard.length, 1);
  const [answer = ""] = peer.heard;
  assert.equal(Buffer.from(answer.slice(4), "hex").readFloatBE(0), 10_800);
  assert.equal(registersOf(afterKill(t, rig), 258, 2), answer.slice(4));
});

test("a read of what is on disk waits for nothing", async (t) => {
  const rig = await running(t, fast);
  const peer = rig.peer();
  rig.real.advance(1000);
  rig.time.advance(1000);
  const before = rig.store.commits;
  for (let k = 0; k < 100; k++) peer.ask(ENERGY);
  assert.equal(peer.heard.length, 100);
  assert.equal(rig.store.commits, before);
});

test("peers together cause at most fifty transactions a second, and get their answers in order", async (t) => {
  const rig = await running(t, fast);
  const [one, other] = [rig.peer(), rig.peer()];
  const before = rig.store.commits;
  let asked = 0;
  for (let ms = 0; ms < 1000; ms += 5) {
    rig.site.meters[0]!.advance(1000 * (asked + 1));
    one.ask("0301020002");
    other.ask("0300820001");
    asked++;
    rig.real.advance(5);
  }
  rig.real.advance(20);
  assert.equal(one.heard.length, asked);
  assert.equal(other.heard.length, asked);
  const energies = one.heard.map((answer) => Buffer.from(answer.slice(4), "hex").readFloatBE(0));
  assert.deepEqual(
    energies,
    energies.toSorted((a, b) => a - b),
  );
  assert.ok(rig.store.commits - before <= 51, `${rig.store.commits - before} transactions`);
});

test("a setting written over Modbus is acknowledged when it is on disk", async (t) => {
  const rig = await running(t, fast);
  rig.real.advance(1000);
  rig.time.advance(1000);
  const peer = rig.peer();
  // Register 143, voltage imbalance, 33 percent.
  peer.ask("06008e0021");
  rig.real.advance(20);
  assert.deepEqual(peer.heard, ["06008e0021"]);
  assert.equal(registersOf(afterKill(t, rig), 142, 1), "0021");
});

test("a freeze over HTTP is acknowledged when it is on disk", async (t) => {
  const rig = await running(
    t,
    `
web: { port: 0 }
clock: { start: 2026-01-01T00:00:00Z, speed: 3600 }
meters:
  - { name: jem, model: ametek-jemstar-ii, auxiliary: true, source: { synthetic: { volts: 120, amps: 3, steps: true } }, listen: [] }
`,
  );
  const app = webSide(rig.site).app;
  const ask = (method: string, where: string, body?: unknown, token?: string) =>
    app.request(`http://127.0.0.1/api/meters/jem${where}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
    });
  const moving = setInterval(() => rig.real.advance(20), 1);
  t.after(() => clearInterval(moving));
  const { token } = (await (await ask("POST", "/session", { user: "admin", password: "admin" })).json()) as {
    token: string;
  };
  const before = rig.store.commits;
  assert.equal((await ask("POST", "/commands", { command: "freeze" }, token)).status, 200);
  assert.equal(rig.store.commits, before + 1);
  assert.equal(afterKill(t, rig).surface.log("freeze").next, 1);
});

/** A disk that can be full. */
class SmallDisk extends NodeDisk {
  full = false;
  override open(file: string, how: "read" | "begin"): DiskFile {
    const opened = super.open(file, how);
    const write = opened.write.bind(opened);
    opened.write = (bytes, at) => {
      if (this.full) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      write(bytes, at);
    };
    return opened;
  }
}

for (const lasting of [false, true]) {
  test(`what cannot be kept is not told: a ${lasting ? "line stays, silent" : "connection is closed"}`, (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const [clock, disk] = [new VirtualClock(), new SmallDisk()];
    const store = new SqliteStore(folder, "test", { disk });
    t.after(() => store.close());
    const drawer = store.drawer("m");
    const said: string[] = [];
    const commits = new GroupCommit(store, clock, (what) => said.push(what));
    commits.begin();
    const [near, far] = nullModem();
    const heard: number[] = [];
    near.receive((bytes) => heard.push(...bytes));
    const link = gated(far, { commits, isAhead: () => drawer.waits, lasting });
    drawer.put("settings", Uint8Array.of(1));
    disk.full = true;
    link.send(Uint8Array.of(1));
    link.send(Uint8Array.of(2));
    clock.advance(100);
    assert.deepEqual(heard, []);
    assert.equal(near.open, lasting);
    assert.match(said.join(), /cannot be written \(the disk is full\); what is measured is kept in memory/);
    // Now that it is said, what is read is told: no change is acknowledged any more.
    far.receive(() => link.send(Uint8Array.of(3)));
    near.send(Uint8Array.of(0));
    assert.deepEqual(heard, lasting ? [3] : []);
    disk.full = false;
    commits.commit();
    assert.deepEqual([said.length, drawer.waits], [2, false]);
  });
}

for (const lasting of [false, true]) {
  test(`an answer to the request by which trouble came out is no acknowledgement: a ${lasting ? "line is silent" : "connection is closed"}`, () => {
    let trouble: string | undefined;
    const commits = {
      get trouble() {
        return trouble;
      },
    } as GroupCommit;
    const [near, far] = nullModem();
    const heard: number[] = [];
    near.receive((bytes) => heard.push(...bytes));
    let isAhead = false;
    const link = gated(far, { commits, isAhead: () => isAhead, lasting });
    link.receive(([request = 0]) => {
      // The second is looked at and refused, since the disk is full; the third has changed something before that is seen.
      if (request === 2) trouble = "the disk is full";
      if (request === 3) [isAhead, trouble] = [true, "the disk is full"];
      link.send(Uint8Array.of(request));
      if (request === 2) trouble = undefined;
    });
    for (const request of [1, 2, 3, 4]) near.send(Uint8Array.of(request));
    // Once it is known, changes are refused: what is answered then is a reading, or that.
    assert.deepEqual(heard, lasting ? [1, 2, 4] : [1, 2]);
    assert.equal(near.open, lasting);
  });
}

test("while nothing can be kept a change over HTTP is refused before it is done, and what nobody keeps is taken", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(
    path.join(folder, "site.yaml"),
    `
web: { port: 0 }
meters:
  - { name: jem, model: ametek-jemstar-ii, source: { synthetic: { volts: 120, amps: 3, steps: true } }, listen: [] }
  - { name: fed, model: leviton-s4100, source: { live: {} }, listen: [] }
`,
  );
  let trouble: string | undefined;
  const store = new MemoryStore();
  Object.defineProperty(store, "trouble", { get: () => trouble });
  const clock = new VirtualClock();
  const site = loadSite(path.join(folder, "site.yaml"), { clock, real: clock, store });
  await site.start();
  t.after(() => site.stop());
  const { app } = webSide(site);
  const ask = (method: string, where: string, body: unknown) =>
    app.request(`http://127.0.0.1/api/meters${where}`, {
      method,
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
    });
  const mark = (next: number) => ask("POST", "/jem/marks", { reader: "r", series: "profile 1", next });
  assert.equal((await mark(7)).status, 200);
  trouble = "the disk is full";
  const refused = await mark(8);
  assert.equal(refused.status, 503);
  assert.match(((await refused.json()) as { error: string }).error, /the disk is full/);
  // Only a configuration can be asked about: a query makes no change one that is not kept.
  const asked = await ask("POST", "/jem/marks?check", { reader: "r", series: "profile 1", next: 9 });
  assert.equal(asked.status, 503);
  assert.equal(site.meter("jem")?.surface.mark("r", "profile 1"), 7);
  assert.equal((await ask("POST", "/fed/readings", { volts: 230, amps: 5 })).status, 200);
  trouble = undefined;
  assert.equal((await mark(8)).status, 200);
});

test("that a command is done is told when what it did can be kept, not before", () => {
  const drawer = new MemoryStore().drawer("rig");
  let trouble: string | undefined = "the disk is full";
  Object.defineProperty(drawer, "trouble", { get: () => trouble });
  const store = new MemoryStore();
  store.drawer = () => drawer;
  const m = rig({ store });
  let told = 0;
  m.instrument.obey("clearEnergy", () => told++);
  m.run(3);
  assert.equal(told, 0);
  trouble = undefined;
  m.run(1);
  assert.equal(told, 1);
});
