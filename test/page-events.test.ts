/** Events of the voltage on the page: of logs and files, where each lies by arithmetic, page by page, and what programs read of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileView, LogEntryView, LogView } from "#quantity/meter-api.ts";
import { csvOf, filtered, placedOf, sorted } from "#web/page/event-choice.ts";
import { listedOf, readNewer, readNewest, readOlder, unreadOf, type AskLog } from "#web/page/event-pages.ts";
import { eventOfEntry, filesFor, fileTime, hasPoint, withFiles, type Nominal } from "#web/page/pq-events.ts";
import { aroundOf, observationOf } from "#web/page/recorded-event.ts";
import { isBorne, readCurve } from "#web/page/ride-through.ts";

const nominal: Nominal = { of: () => 277, factor: 1 };

/** As a log has a sag of phase b: least, largest and mean of each voltage. */
function entry(details: LogEntryView["details"], more: Partial<LogEntryView> = {}): LogEntryView {
  return {
    sequence: 0,
    at: "",
    utc: "2026-11-27T23:04:46.139Z",
    offsetMinutes: 0,
    what: "sag or swell",
    by: "automatic",
    details,
    ...more,
  };
}

const sag = {
  trigger: 1,
  start: "2026-11-27 23:04:45.930",
  end: "2026-11-27 23:04:46.139",
  milliseconds: 208,
  event: "phase b sag < 249.3",
  "V.a": "275.76 276.60 276.21",
  "V.b": "193.94 241.75 197.99",
  "V.c": "277.86 278.70 278.32",
  Hz: "59.99 59.99 59.99",
};

test("a sag of the log is one of the phases below its level, to the least of them, in percent of what should be", () => {
  const event = eventOfEntry("sagSwell", entry(sag), nominal);
  assert.deepEqual(
    [event.kind, event.phases, event.volts, event.seconds, new Date(event.utc).toISOString()],
    ["sag", ["b"], 193.94, 0.208, "2026-11-27T23:04:45.930Z"],
  );
  // 193.94 / 277
  assert.ok(Math.abs((event.percent ?? 0) - 70.014) < 0.001);
  assert.deepEqual(event.spreads.map(({ name }) => name).join(" "), "V.a V.b V.c Hz");
  assert.equal(eventOfEntry("sagSwell", entry(sag), { of: () => undefined, factor: 1 }).percent, undefined);
  // Behind transformers of 120:1 the log has secondary volts.
  const behind = eventOfEntry("sagSwell", entry(sag), { of: () => 277 * 120, factor: 120 });
  assert.ok(Math.abs((behind.volts ?? 0) - 23_272.8) < 1e-6 && Math.abs((behind.percent ?? 0) - 70.014) < 0.001);
});

test("a swell has the largest, an interruption all phases, a rapid change its change and no point", () => {
  const swell = { ...sag, event: "phase a swell > 304.7", "V.a": "306.00 320.50 318.00" };
  const up = eventOfEntry("sagSwell", entry(swell), nominal);
  assert.deepEqual([up.kind, up.phases, up.volts], ["swell", ["a"], 320.5]);
  const off = {
    ...sag,
    event: "interruption < 138.5",
    "V.a": "0.00 1 0",
    "V.b": "0.5 5.52 0.05",
    "V.c": "0.00 2 0.00",
  };
  const gone = eventOfEntry("interruption", entry(off), nominal);
  assert.deepEqual([gone.kind, gone.phases, gone.volts], ["interruption", ["a", "b", "c"], 0]);
  const rapid = {
    start: sag.start,
    milliseconds: 500,
    "Umax.a": 12.5,
    "Umax.b": 14.1,
    "Umax.polyphase": 14.1,
    "Uss.a": 9,
  };
  const change = eventOfEntry("rapidVoltageChange", entry(rapid), nominal);
  assert.deepEqual([change.kind, change.volts, hasPoint(change)], ["rapidChange", 14.1, false]);
  assert.equal(hasPoint(gone), true);
});

test("an event that began before the clocks went back began when it did", () => {
  // Half an hour from 01:45 summer time (UTC-4) to 01:15 standard time (UTC-5): 05:45 to 06:15 UTC.
  const details = { ...sag, start: "2026-11-01 01:45:00.000", milliseconds: 1_800_000 };
  const { utc } = eventOfEntry(
    "sagSwell",
    entry(details, { utc: "2026-11-01T06:15:00Z", offsetMinutes: -300 }),
    nominal,
  );
  assert.equal(new Date(utc).toISOString(), "2026-11-01T05:45:00.000Z");
});

function file(seconds: number, micro: number, type: string, what?: string): FileView {
  const name = `264800013_${seconds}_${micro}_${type}.pqd`;
  return { name, utc: new Date(1000 * seconds + 900).toISOString(), offsetMinutes: 0, size: 1, what };
}

test("a recording is of the event that began at its instant; what only files tell of is told, logs and days are not", () => {
  const event = eventOfEntry("sagSwell", entry(sag), nominal);
  const own = file(1_795_820_685, 930_468, "07", "sag, phase b: 70.0 %, 208 ms");
  const others = [
    file(1_795_820_700, 109_728, "02", "Transient"),
    file(1_795_820_715, 118_045, "07", "swell, phase a: 115.7 %, 100 ms"),
    file(1_795_820_720, 0, "03", "sag, phase b: 0.0 %, 1017 ms, of which 9 ms were not measured"),
    file(1_795_820_640, 0, "01_08"),
    file(1_795_737_600, 0, "128"),
    { ...own, name: `wfc/${own.name}` },
  ];
  assert.deepEqual(fileTime(own.name), { utc: 1_795_820_685_930.468, type: 7 });
  assert.equal(fileTime(`wfc/${own.name}`), undefined);
  const all = withFiles([event], [own, ...others]);
  assert.deepEqual(
    all.map(({ kind, source, percent, seconds, file: of }) => [
      kind,
      source,
      percent?.toFixed(1),
      seconds,
      of === own.name,
    ]),
    [
      ["sag", "file", "0.0", 1.017, false],
      ["swell", "file", "115.7", 0.1, false],
      ["transient", "file", undefined, undefined, false],
      ["sag", "log", "70.0", 0.208, true],
    ],
  );
  assert.equal(withFiles([event], others, event.utc + 20_000).length, 3);
  // An interruption that began within the recording of its sag, and the file of the day.
  assert.deepEqual(filesFor({ ...event, utc: event.utc + 17 }, [own, ...others]), [own.name, others[4]!.name]);
  assert.deepEqual(filesFor({ ...event, utc: event.utc - 17 }, [own]), []);
});

test("where an event lies is by duration and voltage: 70 % for 0.208 s is within ITIC and SEMI F47, for 0.6 s in neither", () => {
  const at = (percent: number, milliseconds: number, kind = "sag") => {
    const volts = (277 * percent) / 100;
    const details = {
      ...sag,
      milliseconds,
      "V.b": `${volts} ${volts} ${volts}`,
      event: `phase b ${kind} ${kind === "sag" ? "<" : ">"} ${kind === "sag" ? 249.3 : 304.7}`,
    };
    return placedOf([eventOfEntry("sagSwell", entry(details), nominal)], 60, [{ upTo: 1, percent: 75 }])[0]!.places;
  };
  const told = (places: ReturnType<typeof at>) => [
    places.itic?.region,
    places.f47?.passes,
    places.own,
    places.ieee1159?.number,
  ];
  // ITIC: 70 % to 0.5 s, 80 % to 10 s. F47: 50 % to 0.2 s, 70 % to 0.5 s, 80 % to 1 s. The own curve asks 75 % to 1 s.
  assert.deepEqual(told(at(70.1, 208)), ["no interruption", true, false, "2.1.1"]);
  assert.deepEqual(told(at(69, 208)), ["no damage", false, false, "2.1.1"]);
  assert.deepEqual(told(at(70.1, 600)), ["no damage", false, false, "2.2.2"]);
  assert.deepEqual(told(at(81, 2000)), ["no interruption", undefined, undefined, "2.2.2"]);
  assert.deepEqual(told(at(115.7, 100, "swell")), ["no interruption", undefined, undefined, "2.1.2"]);
  assert.deepEqual(told(at(125, 100, "swell")), ["prohibited", undefined, undefined, "2.1.2"]);
});

test("a curve that was typed is steps of seconds and percent; the part that is none is said", () => {
  assert.deepEqual(readCurve("0.02 0; 0,5 70%\n10 80"), [
    { upTo: 0.02, percent: 0 },
    { upTo: 0.5, percent: 70 },
    { upTo: 10, percent: 80 },
  ]);
  assert.deepEqual(readCurve("  "), []);
  for (const [text, part] of [
    ["0.5 70; 0.2 80", "0.2 80"],
    ["1 100", "1 100"],
    ["x 5", "x 5"],
    ["1 2 3", "1 2 3"],
    ["-1 5", "-1 5"],
    ["Infinity 5", "Infinity 5"],
  ] as const)
    assert.equal(readCurve(text), part);
  const steps = readCurve("0.5 70");
  assert.ok(typeof steps !== "string");
  assert.deepEqual(
    [isBorne(steps, 0.5, 70), isBorne(steps, 0.5, 69.9), isBorne(steps, 0.6, 10), isBorne(steps, 0.1, 120)],
    [true, false, undefined, undefined],
  );
});

/** A log of so many entries a second apart, of which the oldest are no longer kept. */
function keptLog(first: number, next: number, every = 1000): AskLog & { next: number } {
  const ask = (kind: string, from: number, most: number): Promise<LogView> => {
    const start = Math.max(from, first);
    const count = Math.max(0, Math.min(most, made.next - start));
    const entries = Array.from({ length: count }, (_, k) =>
      entry({ ...sag, start: "", kind }, { sequence: start + k, utc: new Date(every * (start + k)).toISOString() }),
    );
    return Promise.resolve({ first, next: made.next, entries });
  };
  const made = Object.assign(ask, { next });
  return made;
}

test("logs are read from their ends, page by page, and what comes meanwhile is added once", async () => {
  const ask = keptLog(40, 260);
  let log = await readNewest(ask, "sagSwell", 100);
  assert.deepEqual([log.from, log.next, log.entries.length, unreadOf([log])], [160, 260, 100, 120]);
  log = await readOlder(ask, log, 100);
  assert.deepEqual([log.from, log.entries.length, log.entries[0]?.sequence, unreadOf([log])], [60, 200, 60, 20]);
  log = await readOlder(ask, log, 100);
  assert.deepEqual([log.from, log.entries.length, unreadOf([log])], [40, 220, 0]);
  assert.equal(await readOlder(ask, log, 100), log);
  ask.next = 263;
  log = await readNewer(ask, log, 100);
  assert.deepEqual(
    [log.entries.length, log.entries.at(-1)?.sequence, new Set(log.entries.map(({ sequence }) => sequence)).size],
    [223, 262, 223],
  );
  ask.next = 900;
  log = await readNewer(ask, log, 100);
  assert.deepEqual([log.from, log.entries.length], [800, 100]);
  const none = await readNewest(keptLog(0, 0), "interruption", 100);
  assert.deepEqual([none.from, none.entries, unreadOf([none])], [0, [], 0]);
});

test("of several logs no event is shown that is older than what one of them has still to be read of", async () => {
  const often = await readNewest(keptLog(0, 1000), "sagSwell", 10);
  const seldom = await readNewest(keptLog(0, 5, 198_500), "interruption", 10);
  const { events, since } = listedOf([often, seldom], nominal);
  // The oldest of ten sags ended at 990 s, and lasted for 208 ms; of the interruptions the last, at 794 s, waits.
  assert.equal(since, 989_792);
  assert.equal(events.length, 10);
  assert.equal(listedOf([seldom], nominal).events.length, 5);
});

test("events are found by kind, phase and curve, and sorted; CSV has them for programs, and no formula", () => {
  const deep = { ...sag, "V.a": "20 241 30", "V.b": "277 277 277", milliseconds: 1500 };
  const events = [
    eventOfEntry("sagSwell", entry(sag), nominal),
    eventOfEntry("sagSwell", entry(deep, { sequence: 1, utc: "2026-11-27T22:00:00Z" }), nominal),
  ].map((event, k) => (k === 1 ? { ...event, file: "=cmd|' /C calc'!A0.pqd" } : event));
  const placed = placedOf(events, 60, []);
  const keys = (list: typeof placed) => list.map(({ key }) => key);
  const all = { kind: "all", phase: "all", beyond: "all" } as const;
  assert.deepEqual(keys(filtered(placed, { ...all, phase: "a" })), ["sagSwell 1"]);
  assert.deepEqual(keys(filtered(placed, { ...all, beyond: "itic" })), ["sagSwell 1"]);
  assert.deepEqual(keys(filtered(placed, { ...all, kind: "swell" })), []);
  assert.deepEqual(keys(sorted(placed, "percent")), ["sagSwell 1", "sagSwell 0"]);
  assert.deepEqual(keys(sorted(placed, "time")), ["sagSwell 0", "sagSwell 1"]);
  const [head, first, second, end] = csvOf(placed).split("\r\n");
  assert.equal(head?.split(",").length, 13);
  assert.equal(first, "2026-11-27T23:04:45.930Z,0,sag,b,0.208,70.01444,193.94,instantaneous sag,borne,borne,,log,");
  assert.match(second ?? "", /,1\.5,7\.220217,20,momentary interruption,no damage,,,log,'=cmd/);
  assert.equal(end, "");
});

test("of a recording the observation is the one that was triggered then, or else was being recorded", () => {
  const track = { kind: "rms", unit: "V", times: [0, 0.1, 0.2, 0.3, 0.4], channels: [] } as const;
  const observation = (utc: string, triggered: number | undefined) => ({
    name: utc,
    disturbance: undefined,
    utc,
    triggered,
    explained: undefined,
    tracks: [track],
  });
  const content = {
    file: "day.pqd",
    observations: [observation("2026-01-01T00:00:00Z", 0.1), observation("2026-01-01T00:00:00.100Z", 0.2)],
  };
  const at = (ms: number) => observationOf(content, Date.UTC(2026, 0, 1) + ms)?.name;
  assert.deepEqual(
    [at(100), at(301), at(20), at(450), at(700)],
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.100Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.100Z", undefined],
  );
  const values = [230, 230, 160, null, 231];
  assert.deepEqual(aroundOf({ ...track, channels: [{ name: "VA", phase: "A-N", values }] }, 0.15, 0.3), [
    { name: "VA", before: 230, least: 160, most: 160, after: 231 },
  ]);
  assert.deepEqual(aroundOf({ ...track, channels: [{ name: "VA", phase: "A-N", values }] }, -1, 9)[0], {
    name: "VA",
    before: undefined,
    least: 160,
    most: 231,
    after: undefined,
  });
});
