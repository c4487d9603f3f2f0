/** What a meter's configuration has been: who changed what when, kept, and taken back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { ConfigurationHistory } from "#product/configuration-history.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { keyChanges } from "#product/key-changes.ts";
import { isRefused, type Done, type Outcome, type Peer } from "#quantity/authority.ts";
import type { ConfigurationEntry } from "#quantity/configuration-history.ts";
import { limits } from "#quantity/limits.ts";
import { MemoryStore, type MeterStore } from "#store/store.ts";
import { far, jemStar, MID, near, type JemStarRig } from "./authority-rig.ts";

const memory = (): MeterStore => new MemoryStore().drawer("jem");

function entriesOf({ jem }: Pick<JemStarRig, "jem">): readonly ConfigurationEntry[] {
  return jem.history.page(0, Infinity);
}

/** The keys that an entry says are others. */
const keysIn = ({ changes }: ConfigurationEntry): readonly string[] => changes.map(({ key }) => key);

function done(outcome: Outcome): Done {
  if (isRefused(outcome)) assert.fail(`${outcome.refused}: ${outcome.words.join("; ")}`);
  return outcome;
}

test("a configuration that is applied is an entry: who, when, over which port, which keys; what means the same is none", (t) => {
  const rig = jemStar(t);
  rig.run(90);
  const panel: Peer = { protocol: "panel", port: "panel", near: true };
  assert.equal(
    rig.configure(
      (file) => {
        file.demand.subIntervals = 1;
        file.triggers[0]!.alarm = 100;
        file.tou.holidays.push({ date: "2026-12-25", type: 1 });
      },
      rig.as("admin", far),
    ),
    "done",
  );
  assert.equal(
    rig.configure(() => {}),
    "done",
  );
  assert.equal(rig.tell({ command: "ratios", pt: 2, ct: 1 }, rig.as("admin", panel)), "done");
  const [first, second, ...more] = entriesOf(rig);
  assert.deepEqual(more, []);
  const before = jemStar(t).jem.file;
  assert.deepEqual(
    { ...first, consequences: undefined },
    {
      number: 0,
      by: "admin",
      port: "site",
      protocol: "http",
      peer: far.address,
      at: { utc: Date.UTC(2026, 0, 1, 1, 30), offsetMinutes: 0, daylightSaving: false, synchronised: true },
      changes: [
        { key: "demand.subIntervals", before: 3, after: 1 },
        { key: "tou.holidays[0]", after: { date: "2026-12-25", type: 1 } },
        { key: "triggers[id 1].alarm", before: before.triggers[0]!.alarm, after: 100 },
      ],
      consequences: undefined,
    },
  );
  // Sub-intervals time demand and profile (section Changing Meter Configurations).
  assert.deepEqual(first!.consequences, [
    "display registers, freezes and self reads begin at zero",
    "load profiles are erased",
  ]);
  assert.deepEqual([second!.by, second!.port, second!.protocol], ["admin", "panel", "panel"]);
  assert.deepEqual(
    second!.changes.find(({ key }) => key === "primary.pt"),
    { key: "primary.pt", before: 1, after: 2 },
  );
  // What stands in volts at the terminals means the same on the line as before.
  assert.deepEqual(
    second!.changes.find(({ key }) => key === "triggers[id 1].alarm"),
    { key: "triggers[id 1].alarm", before: 100, after: 50 },
  );
});

test("passwords are said to be others, and neither they nor their hashes are anywhere in what is kept", (t) => {
  const store = memory();
  const rig = jemStar(t, { store });
  const users = rig.jem.file.users.map((user) =>
    user.name === "user1" ? { ...user, password: "correct horse" } : user,
  );
  assert.equal(rig.tell({ command: "configure", configuration: JSON.stringify({ ...rig.jem.file, users }) }), "done");
  const added = [...users, { name: "new", password: "battery staple", privileges: [] }];
  assert.equal(
    rig.tell({ command: "configure", configuration: JSON.stringify({ ...rig.jem.file, users: added }) }),
    "done",
  );
  const [changed, made] = entriesOf(rig);
  assert.deepEqual(changed!.changes, [{ key: "users[name user1].password", secret: true }]);
  assert.deepEqual(made!.changes, [
    { key: "users[name new]", after: { name: "new", privileges: [] } },
    { key: "users[name new].password", secret: true },
  ]);
  const kept = [...store.entries("configuration-history/")].map(([, bytes]) => new TextDecoder().decode(bytes)).join();
  assert.doesNotMatch(kept, /correct horse|battery staple|scrypt/);
});

test("a restart keeps the history; the site file is an entry where it changes something, and only there", (t) => {
  const store = memory();
  const first = jemStar(t, { store, configuration: "demand: { subIntervals: 2 }" });
  assert.deepEqual(entriesOf(first), [], "the first configuration changes nothing");
  assert.equal(
    first.configure((file) => void (file.demand.subIntervals = 1)),
    "done",
  );
  const kept = entriesOf(first);
  first.jem.stop();
  const same = jemStar(t, { store, folder: first.folder, configuration: "demand: { subIntervals: 2 }" });
  assert.deepEqual(entriesOf(same), kept);
  same.jem.stop();
  const other = jemStar(t, { store, folder: first.folder, configuration: "demand: { subIntervals: 4 }" });
  const [, fromFile, ...more] = entriesOf(other);
  assert.deepEqual([fromFile!.number, fromFile!.by, fromFile!.port, more], [1, "the site file", undefined, []]);
  assert.deepEqual(fromFile!.changes, [{ key: "demand.subIntervals", before: 1, after: 4 }]);
});

test("a cold start is an entry, and can be taken back; what it erased stays erased", (t) => {
  const rig = jemStar(t, { configuration: "identification: { strings: [Substation 7] }\ndemand: { subIntervals: 2 }" });
  rig.run(25 * 60);
  assert.ok(rig.value(2) > 0);
  const before = rig.jem.file;
  assert.equal(rig.tell({ command: "coldStart" }), "done");
  assert.equal(rig.jem.file.demand.subIntervals, 3);
  assert.equal(rig.tell({ command: "undoConfiguration" }), "done");
  assert.deepEqual(rig.jem.file, before);
  assert.equal(rig.value(2), 0);
});

test("undo brings back what was, is an entry of its own, and a check of it changes nothing", (t) => {
  const rig = jemStar(t, { configuration: "timekeeping: { billingReset: { every: month, day: 1 } }" });
  const { authority } = rig.jem;
  const start = rig.jem.file;
  rig.configure((file) => void (file.profiles[0]!.minutes = 30));
  rig.configure((file) => (file.correction = { pt: three(1.01), ct: three(1) }));
  const asked = done(authority.obey({ command: "undoConfiguration", check: true }, rig.as("admin")));
  assert.deepEqual(
    asked.changes?.map(({ key }) => key),
    ["correction"],
  );
  assert.deepEqual([rig.jem.history.next, rig.jem.file.correction === undefined], [2, false]);
  // All since before the first entry.
  const told = done(authority.obey({ command: "undoConfiguration", entry: 0 }, rig.as("admin")));
  assert.deepEqual(rig.jem.file, start);
  assert.ok(told.consequences.includes("load profiles are erased"));
  const [, , undo] = entriesOf(rig);
  assert.deepEqual([undo!.undoes, undo!.by, keysIn(undo!)], [0, "admin", ["profiles[0].minutes", "correction"]]);
  // The last one, which was itself an undo: back to what it took back.
  assert.equal(rig.tell({ command: "undoConfiguration" }), "done");
  assert.equal(rig.jem.file.profiles[0]!.minutes, 30);
  assert.deepEqual(rig.jem.file.correction, { pt: three(1.01), ct: three(1) });
});

function three(ratio: number) {
  return [ratio, ratio, ratio].map((one) => ({ ratio: one, minutes: 0 }));
}

test("other ratios are taken back with the levels that they had rescaled", (t) => {
  const rig = jemStar(t);
  rig.configure((file) => void (file.triggers[0]!.alarm = 100));
  const start = rig.jem.file;
  assert.equal(rig.tell({ command: "ratios", pt: 20, ct: 5 }), "done");
  assert.equal(rig.jem.file.triggers[0]!.alarm, 5);
  assert.equal(rig.tell({ command: "undoConfiguration" }), "done");
  assert.deepEqual(rig.jem.file, start);
});

test("undo takes what the change takes: a log-in, the privilege, no key, no seal, power; an entry that there is not is none", (t) => {
  const rig = jemStar(t, {
    configuration:
      "users: [{ name: admin, privileges: [configureUsers, configureDemand, configurePrimary] }, { name: guest, privileges: [configureIdentification] }]",
  });
  assert.equal(rig.tell({ command: "undoConfiguration" }), "invalid");
  rig.configure((file) => void (file.demand.subIntervals = 1));
  const undo = { command: "undoConfiguration" };
  assert.equal(rig.tell(undo, rig.jem.authority.open(near)), "session");
  assert.equal(rig.tell(undo, rig.jem.authority.open({ protocol: "modbus", port: "serial 3", near: true })), "session");
  assert.equal(rig.tell(undo, rig.as("guest")), "privilege");
  assert.equal(rig.tell({ ...undo, entry: 1 }), "invalid");
  assert.equal(rig.tell({ ...undo, entry: -1 }), "invalid");
  assert.equal(rig.tell({ ...undo, entry: 0.5 }), "invalid");
  rig.tell({ command: "key", key: "metering", installed: true });
  assert.equal(rig.tell(undo), "key");
  assert.equal(rig.tell({ ...undo, check: true }), "done", "what it would do may be known");
  rig.tell({ command: "key", key: "metering", installed: false });
  rig.tell({ command: "powerDown" });
  rig.tell({ command: "auxiliary", live: false });
  assert.equal(rig.tell(undo), "power");
  assert.equal(rig.jem.history.next, 1);
  const sealed = jemStar(t, { modelNumber: MID });
  sealed.configure((file) => void (file.identification.strings[0] = "Substation 7"));
  assert.equal(sealed.tell(undo), "done", "what a MID meter lets be changed it lets be taken back");
});

test("what an undo was read of is what it is applied to: somebody else's change in between refuses it", async (t) => {
  const rig = jemStar(t);
  rig.configure((file) => void (file.demand.subIntervals = 1));
  const { authority } = rig.jem;
  const session = rig.as("admin");
  const command = { command: "undoConfiguration", entry: 0 } as const;
  assert.equal(await authority.prepare(command, session), undefined);
  rig.configure((file) => void (file.display.scrollSeconds = 9));
  assert.equal(rig.tell(command, session), "invalid");
  assert.equal(rig.jem.file.display.scrollSeconds, 9);
});

test("a disk that takes nothing: the change is refused, and there is no entry", (t) => {
  let trouble: string | undefined;
  const drawer = memory();
  const store = new Proxy(drawer, {
    get(target, name) {
      if (name === "trouble") return trouble;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const rig = jemStar(t, { store });
  trouble = "the disk is full";
  assert.equal(
    rig.configure((file) => void (file.demand.subIntervals = 1)),
    "store",
  );
  assert.deepEqual([entriesOf(rig), rig.jem.file.demand.subIntervals], [[], 3]);
  trouble = undefined;
  assert.equal(
    rig.configure((file) => void (file.demand.subIntervals = 1)),
    "done",
  );
  trouble = "the disk is full";
  assert.equal(rig.tell({ command: "undoConfiguration" }), "store");
  assert.deepEqual([entriesOf(rig).length, rig.jem.file.demand.subIntervals], [1, 1]);
});

/** Changes of sections that go together with each other in any order. */
const edits: readonly ((file: RevenueFile, n: number) => void)[] = [
  (file, n) => void (file.demand.subIntervals = 1 + (n % 3)),
  (file, n) => void (file.display.scrollSeconds = 1 + n),
  (file, n) => void (file.triggers[0]!.alarm = 60 + (n % 40)),
  (file, n) => void (file.primary.pt = 1 + (n % 7)),
  (file, n) => void (file.tou.holidays = Array.from({ length: n % 4 }, (_, k) => ({ date: `2026-12-2${k}`, type: 1 }))),
  (file, n) => (n % 2 === 0 ? delete file.correction : (file.correction = { pt: three(1 + n / 1000), ct: three(1) })),
  (file, n) => (n % 3 === 0 ? delete file.overrideRate : (file.overrideRate = n % 2 === 0 ? "A" : "B")),
  (file, n) => void (file.registers.normal[0]!.label = `R${n}`),
];

test("whatever was changed in whatever order, undo of any entry brings back exactly what was before it", (t) => {
  const change = fc.tuple(fc.nat({ max: edits.length - 1 }), fc.nat({ max: 90 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(), (changes, wanted) => {
      const rig = jemStar(t);
      const before: RevenueFile[] = [];
      for (const [k, n] of changes) {
        const was = rig.jem.file;
        const { next } = rig.jem.history;
        // Levels that other ratios have moved may not go together with new ones: then it is refused, and is no entry.
        rig.configure((file) => void edits[k]!(file, n));
        if (rig.jem.history.next > next) before.push(was);
      }
      if (before.length === 0) return;
      const entry = wanted % before.length;
      assert.equal(rig.tell({ command: "undoConfiguration", entry }), "done");
      assert.deepEqual(rig.jem.file, before[entry]);
    }),
    { numRuns: 25 },
  );
});

test("the history is bounded: the oldest entry goes, numbers go on, and what lies before it cannot be taken back", () => {
  const store = memory();
  const history = new ConfigurationHistory(store);
  const clock = new VirtualClock();
  const many = limits.configuration.history + 7;
  for (let k = 0; k < many; k++) {
    const [before, after] = [
      { a: k, same: "x" },
      { a: k + 1, same: "x" },
    ];
    const at = { utc: clock.utc(), offsetMinutes: 0, daylightSaving: false, synchronised: true };
    history.add({ at, by: { by: "somebody" }, before, after, changes: keyChanges(before, after, "") });
    clock.advance(1000);
  }
  for (const one of [history, new ConfigurationHistory(store)]) {
    assert.deepEqual([one.first, one.next, one.page(0, Infinity).length], [7, many, limits.configuration.history]);
    assert.deepEqual(one.page(9, 1)[0]?.changes, [{ key: "a", before: 9, after: 10 }]);
    assert.equal(one.before(6, { a: many, same: "x" }), undefined);
    assert.deepEqual(one.before(7, { a: many, same: "x" }), { a: 7, same: "x" });
    assert.equal(one.seek(Date.UTC(2026, 0, 1, 0, 0, 50)), 50);
  }
  assert.equal([...store.entries("")].length, limits.configuration.history);
});

test("an entry has room for so many changes, and says how many more there were", () => {
  const history = new ConfigurationHistory(memory());
  const at = { utc: 0, offsetMinutes: 0, daylightSaving: false, synchronised: true };
  const after = Object.fromEntries(Array.from({ length: 500 }, (_, k) => [`key${k}`, k]));
  history.add({ at, by: { by: "somebody" }, before: {}, after, changes: keyChanges({}, after, "") });
  const long = { text: "x".repeat(limits.configuration.changes.characters) };
  history.add({
    at,
    by: { by: "somebody" },
    before: after,
    after: { ...after, ...long },
    changes: keyChanges({}, long, ""),
  });
  const [first, second] = history.page(0, 2);
  assert.deepEqual([first!.changes.length, first!.more], [limits.configuration.changes.count, 300]);
  assert.deepEqual([second!.changes, second!.more], [[], 1]);
  // What is not told is taken back all the same.
  assert.deepEqual(history.before(0, { ...after, ...long }), {});
});

test("what was too long to be kept cannot be taken back, nor what came before it", () => {
  const history = new ConfigurationHistory(memory());
  const at = { utc: 0, offsetMinutes: 0, daylightSaving: false, synchronised: true };
  const long = { a: "x".repeat(limits.configuration.historyCharacters) };
  for (const [before, after] of [
    [{ a: "1" }, long],
    [long, { a: "2" }],
    [{ a: "2" }, { a: "3" }],
  ] as const)
    history.add({ at, by: { by: "x" }, before, after, changes: [{ key: "a" }] });
  assert.equal(history.page(0, 9).length, 3);
  assert.deepEqual(history.before(2, { a: "3" }), { a: "2" });
  assert.equal(history.before(1, { a: "3" }), undefined);
  assert.equal(history.before(0, { a: "3" }), undefined);
});

test("records that cannot be read say nothing, and what lies behind one of them is not made up", () => {
  const store = memory();
  const history = new ConfigurationHistory(store);
  const at = { utc: 0, offsetMinutes: 0, daylightSaving: false, synchronised: true };
  for (let k = 0; k < 3; k++)
    history.add({ at, by: { by: "x" }, before: { a: k }, after: { a: k + 1 }, changes: [{ key: "a" }] });
  store.put("configuration-history/1", new TextEncoder().encode("{ torn"));
  const again = new ConfigurationHistory(store);
  assert.equal(again.next, 3);
  assert.deepEqual(
    again.page(0, 9).map(({ number }) => number),
    [0, 2],
  );
  assert.deepEqual(again.before(2, { a: 3 }), { a: 2 });
  assert.equal(again.before(1, { a: 3 }), undefined);
  assert.equal(again.before(0, { a: 3 }), undefined);
});
