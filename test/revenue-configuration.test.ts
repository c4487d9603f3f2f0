/** A revenue meter's configuration compared by meaning: what differs, what that takes, what begins anew, and what does nothing. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { queryObjects } from "node:v8";
import fc from "fast-check";
import { stringify } from "yaml";
import { parseSite } from "#fleet/site-file.ts";
import { FileError } from "#product/file-error.ts";
import { differences, features, type Feature } from "#product/jemstar/configuration-changes.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { answer } from "#protocol/modbus/unit.ts";
import type { Privilege } from "#revenue/people/security.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import { jemStar } from "./authority-rig.ts";
import { share } from "./share.ts";
import { modbusUnitOf } from "./devices.ts";
import {
  ametekJemstarIi,
  MemoryStore,
  parseModelNumber,
  parseRevenueFile,
  RevenueSite,
  siteSchema,
  VirtualClock,
} from "./revenue-rig.ts";
import { temporaryFolder } from "./running-site.ts";

const MODEL = "JSII-09I6020-1B/2A-DIO-DLP-NTP-ML";
const ordered = parseModelNumber(MODEL);
const parse = (text: string): RevenueFile => parseRevenueFile("file", text, ordered);

/** What the tests begin with: a part of every section that can be changed. */
const base = {
  registers: {
    normal: [
      { id: 2, type: "consumption", measure: { quantity: "Wh" }, units: "units" },
      { id: 3, type: "peakDemand", measure: { quantity: "W" }, units: "units" },
      { id: 4, type: "peakDemand", measure: { quantity: "W" }, units: "units", storage: "cumulative" },
    ],
    alternate: [{ id: 100, type: "systemBits" }],
    test: [{ id: 200, type: "consumption", measure: { quantity: "Wh" }, pulseWeight: 1.8 }],
  },
  profiles: [{ channels: [{ measure: { quantity: "Wh" }, km: 1 }], minutes: 5 }],
  totalization: [{ measure: { quantity: "Wh" }, inputs: [{ channel: 7, weight: 1 }] }],
  tou: {
    seasons: [
      {
        month: 1,
        day: 1,
        days: {
          monday: [
            { at: "00:00", rate: "A" },
            { at: "07:00", rate: "B" },
          ],
        },
      },
      { month: 6, day: 1, days: {} },
    ],
    holidays: [{ date: "2026-12-25" }, { date: "2026-01-01" }],
  },
  triggerBits: [[1, 2], [3]],
  users: [
    { name: "admin", privileges: privilegesOf() },
    { name: "boss", password: "a secret", privileges: ["freeze"] },
  ],
};
type Input = typeof base & Record<string, unknown>;

interface Change {
  readonly of: string;
  readonly change: (file: Input, n: number) => unknown;
  readonly takes: Privilege;
  readonly begins: readonly Feature[];
}

const anew = (...begins: Feature[]): readonly Feature[] => begins;
const [first, second, third] = base.registers.normal;
const normal = (...list: unknown[]) => ({ registers: { ...base.registers, normal: list } });
const profile = base.profiles[0]!;

/**
 * Sections by the manual's list (Changing Meter Configurations): display registers begin anew with the display lists, demand,
 * self reads, primary scaling and interval timing; load profiles with interval timing, channels and primary scaling; energy pulses
 * with their channels.
 */
const changes: readonly Change[] = [
  {
    of: "an identification string",
    change: (_, n) => ({ identification: { strings: [`string ${n}`] } }),
    takes: "configureIdentification",
    begins: [],
  },
  {
    of: "a ratio",
    change: (_, n) => ({ primary: { pt: n + 1 } }),
    takes: "configurePrimary",
    begins: anew("registers", "profiles"),
  },
  {
    of: "a normal register",
    change: (_, n) => normal(first, { ...second, digits: 1 + (n % 7) }, third),
    takes: "configureRegisters",
    begins: anew("registers"),
  },
  {
    of: "an alternate register",
    change: (_, n) => ({ registers: { ...base.registers, alternate: [{ id: 100 + n, type: "rate" }] } }),
    takes: "configureRegisters",
    begins: anew("registers"),
  },
  {
    of: "the self reads",
    change: (_, n) => ({ selfRead: { every: "day", minute: n } }),
    takes: "configureRegisters",
    begins: anew("registers"),
  },
  {
    of: "the measurement log",
    change: (_, n) => ({
      measurementLog: [
        { interval: [1, 5, 10, "cycles"][n % 4], channels: [{ measure: { quantity: "W" }, method: "average" }] },
      ],
    }),
    takes: "configureMeasurementLog",
    begins: anew("measurementLog"),
  },
  {
    of: "PQDIF files",
    change: (_, n) => ({
      pqdif: { mode: n % 2 === 0 ? "single" : "multiple", measurementLog: ["1 day", "1 hour"][n % 2] },
    }),
    takes: "configurePowerQuality",
    begins: anew(),
  },
  {
    of: "a profile channel",
    change: (_, n) => ({ profiles: [{ ...profile, channels: [{ measure: { quantity: "Wh" }, km: n + 1 }] }] }),
    takes: "configureLoadProfile",
    begins: anew("profiles"),
  },
  {
    of: "the length of a profile's interval",
    change: (_, n) => ({ profiles: [{ ...profile, minutes: [10, 15, 30, 60][n % 4] }] }),
    takes: "configureLoadProfile",
    begins: anew("registers", "profiles"),
  },
  {
    of: "thermal demand",
    change: (_, n) => ({ demand: { thermalMinutes: 15 + n } }),
    takes: "configureDemand",
    begins: anew("registers"),
  },
  {
    of: "the demand interval",
    change: (_, n) => ({ demand: { subIntervals: [1, 2, 4, 6][n % 4] } }),
    takes: "configureDemand",
    begins: anew("registers", "profiles"),
  },
  {
    of: "the lockout of resets",
    change: (_, n) => ({ resetLockoutMinutes: 5 + n }),
    takes: "configureDemand",
    begins: [],
  },
  {
    of: "a season",
    change: (_, n) => ({ tou: { ...base.tou, seasons: [{ month: 2, day: 1 + (n % 28), days: {} }] } }),
    takes: "configureTou",
    begins: [],
  },
  {
    of: "the zone",
    change: (_, n) => ({ timekeeping: { utcOffsetMinutes: n } }),
    takes: "configureTou",
    begins: [],
  },
  {
    of: "the schedule of billing resets",
    change: (_, n) => ({ timekeeping: { billingReset: { every: "day", minute: n } } }),
    takes: "configureTou",
    begins: anew("cumulative"),
  },
  {
    of: "the rate of an override",
    change: (_, n) => ({ overrideRate: ["A", "B", "C"][n % 3] }),
    takes: "configureTou",
    begins: [],
  },
  {
    of: "transformer correction",
    change: (_, n) => {
      const each = [0, 1, 2].map((k) => ({ ratio: 1 + n / 1000, minutes: k }));
      return { correction: { pt: each, ct: each } };
    },
    takes: "configureCorrection",
    begins: [],
  },
  {
    of: "losses",
    change: (_, n) => ({ losses: { delivered: { ironW: n }, received: { ironW: n } } }),
    takes: "configureLosses",
    begins: [],
  },
  {
    of: "what an energy pulse is worth",
    change: (_, n) => ({ io: ioWith(0, { mode: "outputEnergyPulse", measure: { quantity: "Wh" }, ke: n + 1 }) }),
    takes: "configureIo",
    begins: anew("pulses"),
  },
  {
    of: "an input",
    change: (_, n) => ({ io: ioWith(7, { mode: "inputStatus", debounceMs: 20 + n }) }),
    takes: "configureIo",
    begins: [],
  },
  { of: "test pulses", change: (_, n) => ({ testPulses: { kt: n } }), takes: "configureIo", begins: [] },
  {
    of: "test mode",
    change: (_, n) => ({ testMode: { timeoutMinutes: 30 + n } }),
    takes: "configureIo",
    begins: [],
  },
  {
    of: "totalization",
    change: (_, n) => ({ totalization: [{ measure: { quantity: "Wh" }, inputs: [{ channel: 7, weight: n + 1 }] }] }),
    takes: "configureIo",
    begins: anew("totalization"),
  },
  {
    of: "a trigger",
    change: (_, n) => ({
      triggers: [1, 2, 3].map((id) => ({ id, measure: { quantity: "V" }, alarm: 100 + n, reset: 90, output: "none" })),
    }),
    takes: "configureTriggers",
    begins: [],
  },
  { of: "a trigger bit", change: (_, n) => ({ triggerBits: [[1 + (n % 3)]] }), takes: "configureTriggers", begins: [] },
  {
    of: "how long waveforms are recorded",
    change: (_, n) => ({ powerQuality: { waveforms: { low: { limit: 100 + n } } } }),
    takes: "configurePowerQuality",
    begins: [],
  },
  {
    of: "the speed of a serial port",
    change: (_, n) => ({ communications: { port3: { address: 1 + n, baud: 19_200 } } }),
    takes: "configureCommunications",
    begins: [],
  },
  {
    of: "where Modbus begins",
    change: (_, n) => ({ modbus: { countersFrom: 40_001 + n, counters: [{ register: 2 }] } }),
    takes: "configureProtocols",
    begins: [],
  },
  {
    of: "the width of DLMS registers",
    change: (_, n) => ({ dlms: { registers: { width: n % 2 === 0 ? 32 : 64 }, maxPdu: 2000 + n } }),
    takes: "configureProtocols",
    begins: [],
  },
  {
    of: "DNP",
    change: (_, n) => ({ dnp3: { timeToleranceSeconds: 3 + n, counterDigits: n % 2 === 0 ? 8 : 7 } }),
    takes: "configureProtocols",
    begins: [],
  },
  {
    of: "another meter that it reads",
    change: (_, n) => ({ communicated: [{ host: "192.0.2.7", register: n }] }),
    takes: "configureIo",
    begins: anew("communicated"),
  },
  {
    of: "the measuring point of IEC 60870-5-102",
    change: (_, n) => ({ iec102: { measuringPoint: 2 + n, unit: n % 2 === 0 ? "Wh" : "MWh" } }),
    takes: "configureProtocols",
    begins: [],
  },
  {
    of: "IEC 61850",
    change: (_, n) => ({ iec61850: { name: `FEEDER${n}`, deadband: 100 + n } }),
    takes: "configureProtocols",
    begins: [],
  },
  {
    of: "the display",
    change: (_, n) => ({ display: { scrollSeconds: 10 + n } }),
    takes: "configureDisplay",
    begins: [],
  },
  {
    of: "security",
    change: (_, n) => ({ security: { lockoutMinutes: 5 + n } }),
    takes: "configureUsers",
    begins: [],
  },
  {
    of: "a password",
    change: (_, n) => ({
      users: [base.users[0], { name: "boss", password: `another ${n}`, privileges: ["freeze"] }],
    }),
    takes: "configureUsers",
    begins: [],
  },
];

/** The factory's contacts with another one in a place. */
function ioWith(place: number, one: unknown): unknown[] {
  return parse("").io.map((factory, k) => (k === place ? one : factory));
}

/** What is given by section, one level deep. */
function merged(file: Input, change: unknown): Input {
  return { ...file, ...(change as object) };
}

test("of random changes of every section exactly what the manual lists begins anew, and each takes its section's privilege", () => {
  const before = parse(JSON.stringify(base));
  const some = fc.subarray([...changes], { minLength: 0, maxLength: 5 });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 40 }), (chosen, n) => {
      // Two changes of one section would be one: the later one's.
      const bySection = new Map<string, Change>();
      for (const one of chosen) for (const key of Object.keys(one.change(base, n) as object)) bySection.set(key, one);
      const made = [...new Set(bySection.values())];
      const after = made.reduce((file, one) => merged(file, one.change(base, n)), base as Input);
      const found = differences(before, parse(JSON.stringify(after)));
      const wanted = new Set(made.flatMap(({ begins }) => begins));
      if (wanted.has("registers")) wanted.delete("cumulative");
      assert.deepEqual(new Set(found.anew), wanted, made.map(({ of }) => of).join(", "));
      assert.deepEqual(new Set(found.privileges), new Set(made.map(({ takes }) => takes)));
      assert.deepEqual(new Set(found.sections), new Set(bySection.keys()));
      assert.equal(found.lines.length > 0, made.length > 0);
      assert.doesNotMatch(found.lines.join("\n"), /a secret|another \d/);
      for (const feature of found.anew) assert.ok(found.words.includes(features[feature]));
    }),
    { numRuns: share(100, 200, 2000), seed: 2026 },
  );
});

test("no section is forgotten: the changes tried are of all of them", () => {
  const tried = new Set(changes.flatMap(({ change }) => Object.keys(change(base, 1) as object)));
  assert.deepEqual(
    new Set(
      Object.keys(
        parse(
          JSON.stringify({
            ...base,
            overrideRate: "A",
            ...(changes.find(({ of }) => of === "losses")!.change(base, 1) as object),
            ...(changes.find(({ of }) => of === "transformer correction")!.change(base, 1) as object),
          }),
        ),
      ),
    ),
    tried,
  );
});

/** Lists whose order says nothing. */
const unordered = new Set([
  "normal",
  "alternate",
  "test",
  "seasons",
  "holidays",
  "users",
  "privileges",
  "triggers",
  "inputs",
  "monday",
]);

/** The same said otherwise: keys and, where it says nothing, lists in another order. */
function shuffled(value: unknown, random: (below: number) => number, key = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  const mixed = <T>(list: readonly T[]): T[] => {
    const rest = [...list];
    return list.map(() => rest.splice(random(rest.length), 1)[0]!);
  };
  if (Array.isArray(value)) {
    const inner = value.map((one: unknown) => shuffled(one, random));
    return unordered.has(key) ? mixed(inner) : inner;
  }
  return Object.fromEntries(mixed(Object.entries(value)).map(([name, inner]) => [name, shuffled(inner, random, name)]));
}

test("other orders of keys and lists, YAML for JSON, and defaults written out or left out are no difference", () => {
  const change = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(change, fc.infiniteStream(fc.nat(1000)), fc.boolean(), fc.boolean(), (one, numbers, whole, yaml) => {
      const given = merged(base as Input, one[0].change(base, one[1]));
      const before = parse(JSON.stringify(given));
      const random = (below: number): number => numbers.next().value! % below;
      const said = shuffled(whole ? before : given, random);
      const after = parse(yaml ? `# said otherwise\n${stringify(said)}` : JSON.stringify(said, undefined, 1));
      assert.deepEqual(differences(before, after).lines, [], one[0].of);
      assert.deepEqual(differences(after, before).sections, []);
    }),
    { numRuns: 200, seed: 2026 },
  );
});

test("a file whose aliases have no anchors, or would make it a thousand times as large, is refused as any other", () => {
  const ten = (of: string): string => `[${Array.from({ length: 10 }, () => of).join(", ")}]`;
  const bomb = `a: &a ${ten("x")}\nb: &b ${ten("*a")}\nc: &c ${ten("*b")}\nd: ${ten("*c")}\n`;
  for (const text of ["primary: *nowhere", "<<: *nowhere", bomb]) {
    assert.throws(
      () => parse(text),
      (error) => error instanceof FileError && /alias/i.test(error.message),
      text,
    );
    assert.throws(
      () => parseSite("site.yaml", text),
      (error) => error instanceof FileError && /alias/i.test(error.message),
      text,
    );
  }
});

test("what goes without saying may be said", () => {
  for (const [one, other] of [
    ["primary: { pt: 1 }", "primary: { pt: 1.0 }"],
    ["demand: {}", "demand: { thermalMinutes: 1.5e1 }"],
    ["{}", "correction: { pt: [{}, {}, {}], ct: [{ ratio: 1 }, {}, {}] }"],
    ["{}", "losses: { delivered: {}, received: { copperW: 0 } }"],
    ["triggerBits: [[1, 2]]", "triggerBits: [[2, 1, 2], [], []]"],
    ["display: {}", "display: { units: { W: kilo, V: units } }"],
    [
      "registers: { normal: [{ id: 2, type: blank }, { id: 5, type: rate }] }\nmodbus: { counters: [] }",
      "registers: { normal: [{ id: 2, type: blank, screen: 1 }, { id: 5, type: rate, screen: 2 }] }\nmodbus: { counters: [] }",
    ],
    ["{}", "selfRead: { every: never, minute: 30, day: 3 }"],
    ["selfRead: { every: hour, minute: 5 }", "selfRead: { every: hour, minute: 5, day: 3 }"],
    ["selfRead: { every: interval }", "selfRead: { every: interval, minute: 5 }"],
    [
      "timekeeping: { freeze: { every: subInterval } }",
      "timekeeping: { billingReset: { every: never, day: 1 }, freeze: { every: subInterval, day: 1 } }",
    ],
    [
      "profiles: [{ channels: [{ measure: { quantity: Wh } }], events: false }]",
      "profiles: [{ channels: [{ measure: { quantity: Wh } }], events: false, freezeMarkers: false }]",
    ],
    [
      "registers: { normal: [{ id: 2, type: peakDemand, measure: { quantity: W } }] }",
      "registers: { normal: [{ id: 2, type: peakDemand, measure: { quantity: W }, of: 7 }] }",
    ],
    ["communications: { port3: { baud: 9600 } }", "communications: { ethernet1: { modbus: { use: listener } } }"],
  ] as const) {
    assert.deepEqual(differences(parse(one), parse(other)).lines, [], other);
  }
});

test("another spelling of the same ratio begins nothing anew; another ratio does, and rescales the levels that stand", () => {
  const ratio = parse("primary: { pt: 120, ct: 80 }");
  const rated = parse("primary: { pt: { primary: 14400, secondary: 120 }, ct: { primary: 400, secondary: 5 } }");
  assert.deepEqual([rated.primary.pt, rated.primary.ct, rated.primary.ptSecondary], [120, 80, 120]);
  const spelt = differences(ratio, rated);
  assert.deepEqual([spelt.sections, spelt.anew], [["primary"], []]);
  const other = differences(ratio, parse("primary: { pt: 60, ct: 80 }"));
  assert.deepEqual(other.anew, ["registers", "profiles"]);
  assert.match(other.words.at(-1)!, /levels of triggers are rescaled/);
  // 108 V at a PT of 120 are 12,960 V; at one of 60 these are 216 V.
  assert.deepEqual([other.next.triggers[0]!.alarm, other.next.triggers[0]!.reset], [216, 220.8]);
  // Rotation and unbalance are of no ratio.
  assert.equal(other.next.triggers[6]!.alarm, 30);
});

test("a difference in a list is told by the member's id or name, wherever it stands", () => {
  const before = parse(JSON.stringify(base));
  const more = {
    ...base,
    registers: { ...base.registers, normal: [{ id: 0, type: "blank" }, ...base.registers.normal] },
  };
  const lines = differences(before, parse(JSON.stringify(more))).lines;
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /^registers\.normal\[id 0\]: nothing becomes \{/);
  const password = differences(
    before,
    parse(JSON.stringify(changes.at(-1)!.change && merged(base as Input, changes.at(-1)!.change(base, 1)))),
  );
  assert.deepEqual(password.lines, ["users[name boss].password becomes another"]);
});

test("meters with the same configuration share it, and with a part that is the same, that part", () => {
  assert.equal(parse("primary: { pt: 3 }"), parse("primary: { pt: 3 }"));
  const [one, other] = [
    parse("identification: { strings: [one] }"),
    parse("# another\nidentification: { strings: [other] }"),
  ];
  assert.equal(one.registers, other.registers);
  assert.equal(one.triggers, other.triggers);
  assert.notEqual(one.identification, other.identification);
  assert.throws(() => void (one.registers.normal[0]!.label = "mine"), TypeError);
  const mixed = parse(JSON.stringify(shuffled(one, (below) => below - 1)));
  assert.equal(mixed.io, one.io);
  assert.equal(mixed.primary, one.primary);
});

/** A meter of a site that can be started again on the same store, with another file. */
function meterOn(t: TestContext, text: string, store = new MemoryStore()) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "c.yaml"), text);
  const site = siteSchema.parse({
    meters: [
      {
        name: "jem",
        model: "ametek-jemstar-ii",
        modelNumber: MODEL,
        auxiliary: true,
        configuration: "c.yaml",
        source: { synthetic: { volts: 120, amps: 10, steps: true } },
        listen: [],
      },
    ],
  });
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const meter = new RevenueSite({
    entry: site.meters[0]!,
    model: ametekJemstarIi,
    folder,
    clock,
    store: store.drawer("jem"),
  });
  const admin = { name: "admin", password: "factory", privileges: privilegesOf() };
  return {
    meter,
    store,
    admin,
    run(minutes: number): void {
      clock.advance(minutes * 60_000);
      meter.catchUp();
    },
    value: (id: number) => meter.meter.registers.show(id)?.value ?? NaN,
    records: () => meter.meter.profiles[0]!.records().filter(({ type }) => type === "normal").length,
    pulses: () => meter.meter.periphery.io.view()[0]!.count,
    configured: () => meter.meter.log.entries("configuration").length,
  };
}

function privilegesOf(): readonly Privilege[] {
  return parse("").users[0]!.privileges;
}

for (const { of, change, begins } of changes) {
  test(`${of} is applied: ${begins.length === 0 ? "nothing" : begins.join(", ")} begins anew`, (t) => {
    const rig = meterOn(t, JSON.stringify(base));
    rig.run(31);
    rig.meter.meter.billing.reset("admin");
    const before = { wh: rig.value(2), cumulative: rig.value(4), records: rig.records(), pulses: rig.pulses() };
    // 3,600 W for 31 minutes.
    assert.ok(
      Math.abs(before.wh - 1860) < 10 && before.cumulative > 3500 && before.records >= 5 && before.pulses > 100,
    );
    const text = JSON.stringify(merged(base as Input, change(base, 3)));
    const said = rig.meter.consequences(text);
    const done = rig.meter.apply(text, rig.admin);
    assert.deepEqual(done, { consequences: said });
    const is = (feature: Feature): boolean => begins.includes(feature);
    assert.equal(rig.value(2) < 10, is("registers"), "registers");
    assert.equal(rig.value(4) < 10, is("registers") || is("cumulative"), "cumulative");
    assert.equal(rig.records() === 0, is("profiles"), "profiles");
    assert.equal(rig.pulses() < before.pulses, is("pulses"), "pulses");
    assert.equal(rig.configured(), 1);
    assert.deepEqual(rig.meter.apply(JSON.stringify(rig.meter.file), rig.admin), { consequences: [] });
    assert.equal(rig.configured(), 1, "what is there already is not applied");
  });
}

test("a meter that is started again with its file said otherwise goes on, and logs nothing; with another meaning it is configured", (t) => {
  const text = JSON.stringify(base);
  const first = meterOn(t, text);
  first.run(31);
  first.meter.stop();
  const { store } = first;
  const said = [
    `# a comment\n${text}`,
    stringify(shuffled(base, (below) => below - 1)),
    JSON.stringify({ ...base, demand: { subIntervals: 3 } }),
    JSON.stringify({ ...base, users: base.users.toReversed() }),
  ];
  for (const one of said) {
    const again = meterOn(t, one, store);
    assert.ok(again.value(2) > 1850, one);
    assert.ok(again.records() >= 5);
    assert.equal(again.configured(), 0, one);
    again.meter.stop();
  }
  const other = meterOn(t, JSON.stringify({ ...base, primary: { pt: 2 } }), store);
  assert.deepEqual([other.value(2) < 10, other.records(), other.configured()], [true, 0, 1]);
});

test("what was applied since the file was read stays when the meter starts again, until the file says that otherwise", (t) => {
  const first = meterOn(t, JSON.stringify(base));
  const applied = { ...base, identification: { strings: ["applied"] } };
  assert.deepEqual(first.meter.apply(JSON.stringify(applied), first.admin), { consequences: [] });
  first.meter.stop();
  const again = meterOn(t, `# a comment\n${stringify(base)}`, first.store);
  assert.equal(again.meter.file.identification.strings[0], "applied");
  again.meter.stop();
  const other = { ...base, selfRead: { every: "day" } };
  const elsewhere = meterOn(t, JSON.stringify(other), first.store);
  const { identification, selfRead } = elsewhere.meter.file;
  assert.deepEqual([identification.strings[0], selfRead.every], ["applied", "day"]);
  elsewhere.meter.stop();
  const there = meterOn(t, JSON.stringify({ ...other, identification: { strings: ["filed"] } }), first.store);
  assert.equal(there.meter.file.identification.strings[0], "filed");
});

test("a password that is the same, left out, or another erases nothing; the same one keeps its hash", async (t) => {
  const rig = meterOn(t, JSON.stringify(base));
  rig.run(31);
  const boss = (password?: string) =>
    JSON.stringify({
      ...base,
      users: [base.users[0], { name: "boss", privileges: ["freeze"], ...(password === undefined ? {} : { password }) }],
    });
  const login = (password: string) =>
    rig.meter.authority.admit(
      { kind: "password", user: "boss", password },
      { protocol: "http", port: "site", near: false },
    );
  assert.deepEqual(rig.meter.apply(boss("a secret"), rig.admin), { consequences: [] });
  assert.deepEqual(rig.meter.apply(boss(), rig.admin), { consequences: [] });
  assert.equal(rig.configured(), 0);
  assert.ok("token" in (await login("a secret")));
  assert.deepEqual(rig.meter.apply(boss("a new one"), rig.admin), { consequences: [] });
  assert.equal(rig.configured(), 1);
  assert.ok(rig.value(2) > 1850 && rig.records() >= 5);
  assert.ok("refused" in (await login("a secret")));
  assert.ok("token" in (await login("a new one")));
  for (const [, bytes] of rig.store.drawer("jem").entries(""))
    assert.doesNotMatch(new TextDecoder().decode(bytes), /a secret|a new one/);
});

test("a store of an earlier version goes on: its file as it was written, its users, points that it would be refused now", (t) => {
  const text = "modbus: { binaries: [{ trigger: 64 }] }\nprimary: { pt: 2 }";
  const first = meterOn(t, "primary: { pt: 2 }");
  first.run(31);
  first.meter.stop();
  const drawer = first.store.drawer("jem");
  const stored = JSON.parse(new TextDecoder().decode(drawer.get("configuration")!)) as RevenueFile;
  const { communications: _ports, display: _display, ...earlier } = stored;
  const bytes = (value: string) => new TextEncoder().encode(value);
  const old = (name: string) => !/Communications|Display|PowerQuality|MeasurementLog/.test(name);
  const users = stored.users.map((user) => ({ ...user, privileges: user.privileges.filter(old) }));
  drawer.put(
    "configuration",
    bytes(JSON.stringify({ ...earlier, users, modbus: { ...stored.modbus, binaries: [{ trigger: 64 }] } })),
  );
  // An earlier version kept the text of the file.
  drawer.put("configuration-file", bytes("# as it was\nprimary: { pt: 2 }"));
  const again = meterOn(t, "primary: { pt: 2 }", first.store);
  assert.ok(again.value(2) > 1 && again.configured() === 0);
  assert.deepEqual(again.meter.file.modbus.binaries, [{ trigger: 64 }]);
  assert.ok(again.meter.file.users[0]!.privileges.includes("configureDisplay"), "who had all privileges has all");
  assert.ok(!again.meter.file.users[1]!.privileges.includes("configureDisplay"));
  assert.equal(again.meter.file.communications.ethernet1?.ip, "192.168.250.100");
  assert.throws(() => parse(text), /modbus\.binaries\[0\]\.trigger: there is no trigger 64/);
});

test("Modbus points move when a configuration is applied, and a register shows the digits that it has", (t) => {
  const rig = meterOn(t, JSON.stringify({ ...base, modbus: { counters: [{ register: 2 }] } }));
  rig.run(10);
  const out = new Uint8Array(300);
  const unit = modbusUnitOf(rig.meter);
  const ask = (...bytes: number[]): string =>
    Buffer.from(out.subarray(0, answer(unit, Uint8Array.from(bytes), 0, bytes.length, out, 0))).toString("hex");
  // 3,600 W for ten minutes: 600 Wh.
  assert.equal(ask(3, 0, 0, 0, 2), "030400000258");
  assert.equal(rig.meter.meter.registers.show(2)?.text, "600");
  const moved = { countersFrom: 40_101, analogsFrom: 30_201, analogBits: 32, outputsFrom: 11, inputsFrom: 10_021 };
  const text = JSON.stringify({ ...base, modbus: { counters: [{ register: 2 }], ...moved } });
  assert.deepEqual(rig.meter.apply(text, rig.admin), { consequences: [] });
  assert.equal(ask(3, 0, 0, 0, 2), "8302");
  assert.equal(ask(3, 0, 100, 0, 2), "030400000258");
  rig.run(1);
  // Watts delivered of phase A, 1,200.
  assert.equal(ask(4, 0, 200, 0, 2), "0404000004b0");
  assert.equal(ask(1, 0, 0, 0, 8), "8102");
  assert.match(ask(1, 0, 10, 0, 8), /^0101/);
  assert.match(ask(2, 0, 20, 0, 14), /^0202/);
});

test("a configuration that is applied leaves nothing of the meter that was before it", (t) => {
  const rig = jemStar(t);
  // This looks for what can be reached, and throws the rest away first.
  const alive = (): number => queryObjects(RevenueMeter, { format: "count" });
  const before = alive();
  const apply = (k: number): string => rig.configure((file) => (file.identification.strings = [`x${k}`]));
  for (let k = 0; k < 20; k++) {
    rig.run(1);
    assert.equal(apply(k), "done");
  }
  assert.ok(alive() - before <= 2, `${alive() - before} more meters are alive after 20 configurations`);
});
