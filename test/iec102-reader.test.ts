/** Who reads a station of IEC 60870-5-102: as a foreign reader did in a recorded session, over lines that break, and from stations that err. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { UnknownName } from "#headend/chosen.ts";
import { openProfile } from "#headend/iec102-profile.ts";
import { setTime } from "#headend/iec102-time.ts";
import { parseIec102Url } from "#headend/iec102-url.ts";
import { sourceOf } from "#headend/meter-url.ts";
import { UrlError } from "#headend/place.ts";
import type { ProfileAsked, ProfileRows, ProfileValues } from "#headend/profile-rows.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { listenTcp } from "#io/tcp.ts";
import type { Body } from "#protocol/iec102/asdu/body.ts";
import { noTime } from "#protocol/iec102/asdu/time.ts";
import { LinkFailure, Primary } from "#protocol/iec102/frame/primary.ts";
import { frameBytes } from "#protocol/iec102/frame/frame.ts";
import { Iec102Client } from "#protocol/iec102/reader/client.ts";
import { Iec102Error } from "#protocol/iec102/reader/failing.ts";
import { serveIec102 } from "#protocol/iec102/station/line.ts";
import { limits } from "#quantity/limits.ts";
import type { Period, TotalsAsked } from "#protocol/iec102/station/host.ts";
import { FixtureHost, zone } from "./iec102-host.ts";
import { minute } from "./iec102-rig.ts";
import { fromHex, session, toHex } from "./iec102-vectors.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const secrets = {
  password: () => Promise.resolve(new TextEncoder().encode("7")),
  key: () => undefined,
  nameOf: String,
};
const settings = { timeoutMs: 300, secrets };

/** A clock that does not wait: what is due comes when nothing else is to be done. */
function hurried(): VirtualClock {
  const clock = new VirtualClock();
  const after = clock.after.bind(clock);
  clock.after = (ms, run) => {
    const cancel = after(ms, run);
    let isOff = false;
    setImmediate(() => setImmediate(() => isOff || clock.advance(ms)));
    return () => {
      isOff = true;
      cancel();
    };
  };
  return clock;
}

async function collected(bodies: AsyncGenerator<Body, void>): Promise<readonly Body[]> {
  const found: Body[] = [];
  for await (const body of bodies) found.push(body);
  return found;
}

test("the recorded session is what our reader would have said, and its answers are read", async () => {
  const [here, there] = nullModem();
  const asked: string[] = [];
  there.receive((bytes) => {
    const next = session[asked.length];
    asked.push(toHex(bytes));
    if (next !== undefined) there.send(fromHex(next.station));
  });
  const client = new Iec102Client(
    new Primary(here, hurried(), { address: 0x870c, octets: 2, timeoutMs: 100, retries: 0 }),
    1,
  );
  await client.open(7);
  assert.deepEqual(await client.ask({ type: 100 }), {
    kind: "product",
    edition: { year: 2002, month: 4 },
    manufacturer: 251,
    device: 12_345_678,
  });
  assert.equal((await client.time()).millisecond, 500);
  const weekday = (text: string): ReturnType<typeof minute> =>
    minute(text, { weekday: Temporal.PlainDate.from(text.slice(0, 10)).dayOfWeek });
  const range = (from: string, to: string) => [weekday(from), weekday(to)] as const;
  const morning = range("2025-03-03T01:00", "2025-03-03T03:00");
  const totals = { kind: "asked", objects: [1, 8], range: morning } as const;
  assert.equal((await collected(client.all({ type: 123, record: 11, body: totals }))).length, 3);
  const quarters = await collected(client.all({ type: 123, record: 12, body: totals }));
  assert.deepEqual(
    quarters.map((body) => body.kind === "totals" && body.at.minute),
    [0, 15, 30, 45, 0, 15, 30, 45, 0],
  );
  const days = { ...totals, range: range("2025-03-01T00:00", "2025-03-02T00:00") };
  const [first] = await collected(
    client.all({ type: 122, record: 21, body: { ...days, range: [days.range[0], { ...days.range[1], weekday: 7 }] } }),
  );
  assert.ok(first?.kind === "totals" && first.totals[5]?.value === 6000);
  const month = { kind: "asked", range: range("2025-02-01T00:00", "2025-03-01T00:00") } as const;
  assert.equal((await collected(client.all({ type: 134, record: 134, body: month }))).length, 4);
  const events = { kind: "asked", range: morning } as const;
  const [both] = await collected(client.all({ type: 102, record: 52, body: events, count: 0 }));
  assert.ok(both?.kind === "events" && both.events.length === 2);
  const moment = await client.ask({ type: 162, body: { kind: "addresses", addresses: [192, 193, 194] } });
  assert.ok(moment.kind === "instantaneous" && moment.objects.length === 3);
  const at = { ...noTime, year: 26, month: 11, day: 21, weekday: 6, hour: 1, minute: 46, second: 2, millisecond: 804 };
  await client.setTime({ kind: "time", at });
  await client.close();
  assert.deepEqual(
    asked,
    session.map(({ reader }) => reader),
  );
});

/** A station on a TCP port of this machine; `around` may do something to its links. */
async function served(t: TestContext, host: FixtureHost, around: (link: Link, count: number) => Link = (link) => link) {
  let count = 0;
  const clock = new SystemClock();
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 4, clock }, (link) =>
    serveIec102(around(link, count++), [{ host, port: "ethernet 1" }], clock),
  );
  t.after(() => listener.close());
  return { url: `iec102://127.0.0.1:${listener.port}/${host.settings.address}`, connections: () => count };
}

async function rowsOf(profile: ProfileRows): Promise<readonly ProfileValues[]> {
  const found: ProfileValues[] = [];
  try {
    for await (const one of profile.rows()) found.push(one);
  } finally {
    await profile.close();
  }
  return found;
}

const from = Temporal.PlainDateTime.from("2025-03-03T00:00");
const to = Temporal.PlainDateTime.from("2025-03-03T03:00");
const asked = (profile: string, more: Partial<ProfileAsked> = {}): ProfileAsked => ({
  profile,
  isLog: false,
  from,
  to,
  ...more,
});

test("a load profile has a row a period, and what is not fitted is empty", async (t) => {
  const { url } = await served(t, new FixtureHost());
  const profile = await openProfile(parseIec102Url(url), settings, asked("1"));
  assert.deepEqual(
    profile.columns.map(({ name, unit }) => [name, unit]),
    [
      ["time", ""],
      ["summer", ""],
      ["Wh.import", "kWh"],
      ["Wh.export", "kWh"],
      ["varh.q1", "kvarh"],
      ["varh.q2", "kvarh"],
      ["varh.q3", "kvarh"],
      ["varh.q4", "kvarh"],
      ["object.7", ""],
      ["object.8", ""],
      ["quality", ""],
    ],
  );
  const row = (hour: number): ProfileValues => [
    `2025-03-03T0${hour}:00`,
    0,
    10,
    20,
    30,
    40,
    50,
    60,
    undefined,
    undefined,
    "",
  ];
  assert.deepEqual(await rowsOf(profile), [row(1), row(2), row(3)]);
  const absolute = await rowsOf(
    await openProfile(parseIec102Url(`${url}?objects=2-2`), settings, asked("11/absolute")),
  );
  assert.equal(Number(absolute[1]?.[2]) - Number(absolute[0]?.[2]), 20);
  const days = await openProfile(parseIec102Url(url), settings, asked("21", { from: from.subtract({ days: 5 }) }));
  assert.equal((await rowsOf(days)).length, 5);
});

test("a period that ended where the range begins is before it", async (t) => {
  const { url } = await served(t, new FixtureHost());
  const timesOf = async (profile: string, one: string, other: string) => {
    const range = { from: Temporal.PlainDateTime.from(one), to: Temporal.PlainDateTime.from(other) };
    const rows = await rowsOf(await openProfile(parseIec102Url(`${url}?objects=1-1`), settings, asked(profile, range)));
    return rows.map(([time, summer]) => `${time} ${summer}`);
  };
  // The last moment of a day is its end.
  const day = await timesOf("1", "2025-03-03T00:00", "2025-03-03T23:59:59.999");
  assert.equal(day.length, 24);
  assert.deepEqual([day[0], day.at(-1)], ["2025-03-03T01:00 0", "2025-03-04T00:00 0"]);
  assert.deepEqual(await timesOf("21", "2025-03-03T00:00", "2025-03-03T23:59:59.999"), ["2025-03-04T00:00 0"]);
  assert.deepEqual(await timesOf("1", "2025-03-03T01:30", "2025-03-03T02:59"), ["2025-03-03T02:00 0"]);
  // Ended at 00:00 of 1 March: in February, and not in March.
  assert.equal((await timesOf("134", "2025-02-01T00:00", "2025-02-28T23:59:59.999")).length, 4);
  assert.equal((await timesOf("134", "2025-03-01T00:00", "2025-03-31T23:59:59.999")).length, 0);
});

test("closures have their tariffs, maxima and periods, events their words", async (t) => {
  const { url } = await served(t, new FixtureHost());
  const closures = await openProfile(parseIec102Url(url), settings, asked("134", { from: undefined, to: undefined }));
  const [, second] = await rowsOf(closures);
  // prettier-ignore
  assert.deepEqual(second, [
    "2025-02-01T00:00", "2025-03-01T00:00", "period1", 100_021, 100, 200_021, 200, 300_021, 300,
    357, "2025-02-01T00:00", undefined, "",
  ]);
  const log = { profile: "52", isLog: true };
  const events = await rowsOf(await openProfile(parseIec102Url(url), settings, log));
  assert.deepEqual(events, [
    ["2025-03-04T10:20:30.500", 0, 1, 2, 0, "started after a power failure, data are kept"],
    ["2025-03-04T10:20:30.500", 0, 7, 11, 0, "the clock was set: time after"],
  ]);
  await assert.rejects(openProfile(parseIec102Url(url), settings, { profile: "60", isLog: true }), UnknownName);
  // What there is none of are no rows.
  assert.deepEqual(await rowsOf(await openProfile(parseIec102Url(url), settings, asked("135"))), []);
  assert.deepEqual(
    await rowsOf(await openProfile(parseIec102Url(url), settings, asked("13", { from: to, to: from }))),
    [],
  );
});

/** The link ends when so many frames have been sent on it. */
function breaking(link: Link, after: number): Link {
  let left = after;
  return new Proxy(link, {
    get(target, key) {
      if (key === "send")
        return (bytes: Uint8Array) => {
          if (left-- > 0) target.send(bytes);
          else target.close();
        };
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("a line that breaks in the middle is opened again, and no row is missing or there twice", async (t) => {
  const host = new FixtureHost();
  const day = {
    from: Temporal.PlainDateTime.from("2025-03-03T00:00"),
    to: Temporal.PlainDateTime.from("2025-03-04T00:00"),
  };
  for (const [profile, more, rows] of [
    ["12", day, 96],
    ["134", { from: undefined, to: undefined }, 4],
    ["52", { isLog: true, from: undefined, to: undefined }, 60],
  ] as const) {
    for (let k = 1; k <= 58 && host.further.length < 58; k++)
      host.further.push({
        address: 3,
        qualifier: 1,
        on: true,
        at: host.at(Date.UTC(2025, 2, 5, 0, Math.floor(k / 3), k)).stamp,
      });
    // Of a session the sixth answer is the confirmation.
    const { url, connections } = await served(t, host, (link, count) =>
      breaking(link, count < 3 ? 7 + 3 * count : Infinity),
    );
    const read = await openProfile(parseIec102Url(url), settings, asked(profile, more));
    const found = await rowsOf(read);
    assert.ok(connections() >= 2, profile);
    assert.equal(found.length, rows, profile);
    assert.equal(new Set(found.map((row) => JSON.stringify(row))).size, rows, profile);
  }
});

/** A meter whose clock was set back by 20 minutes at 01:35: 01:15 and 01:30 are there twice, and 01:15 of what it counted first. */
class SetBackHost extends FixtureHost {
  override *totals({ from = -Infinity, to = Infinity }: TotalsAsked): Generator<Period, void> {
    const times = ["00:15", "00:30", "00:45", "01:00", "01:15", "01:30", "01:35", "01:15", "01:30", "01:45", "02:00"];
    for (const [k, time] of times.entries()) {
      const utc = Date.parse(`2025-03-03T${time}+01:00`);
      if (utc >= from && utc <= to) yield { at: this.at(utc), totals: [{ object: 1, value: k + 1, quality: 0 }] };
    }
  }
}

test("a line that breaks where the clock was set back loses no row, and tells none twice, wherever it breaks", async (t) => {
  const range = {
    from: Temporal.PlainDateTime.from("2025-03-03T00:00"),
    to: Temporal.PlainDateTime.from("2025-03-03T02:00"),
  };
  let broken = 0;
  for (let after = 6; after < 24; after++) {
    const { url, connections } = await served(t, new SetBackHost(), (link, count) =>
      breaking(link, count === 0 ? after : Infinity),
    );
    const rows = await rowsOf(await openProfile(parseIec102Url(`${url}?objects=1-1`), settings, asked("12", range)));
    assert.deepEqual(
      rows.map((row) => row[2]),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      `broken after ${after} answers`,
    );
    if (connections() > 1) broken++;
  }
  assert.ok(broken >= 10, `${broken} were broken`);
});

/** A frame with another type in its ASDU, where it has one of these. */
function retyped(bytes: Uint8Array, types: Readonly<Record<number, number>>): Uint8Array {
  const type = types[bytes[7] ?? 0];
  if (bytes[0] !== 0x68 || type === undefined) return bytes;
  const changed = bytes.slice();
  changed[7] = type;
  const end = changed.length - 2;
  changed[end] = changed.subarray(4, end).reduce((sum, one) => sum + one, 0) & 0xff;
  return changed;
}

/** A station that does not know some types: they come to it as others that it does not know. */
function without(link: Link, types: readonly number[]): Link {
  const there = Object.fromEntries(types.map((type, k) => [type, 200 + k]));
  const back = Object.fromEntries(types.map((type, k) => [200 + k, type]));
  return new Proxy(link, {
    get(target, key) {
      if (key === "send") return (bytes: Uint8Array) => target.send(retyped(bytes, back));
      if (key === "receive")
        return (run: (bytes: Uint8Array) => void) => target.receive((bytes) => run(retyped(bytes, there)));
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("of a station without operational totals the accounting ones are rows, and of one without either it is said", async (t) => {
  const host = new FixtureHost({ companion: "base", password: false });
  const accounting = await served(t, host, (link) => without(link, [122, 123]));
  const profile = await openProfile(parseIec102Url(`${accounting.url}?auth=none`), settings, asked("1"));
  const rows = await rowsOf(profile);
  assert.deepEqual([rows.length, rows[0]?.[2]], [3, 10]);
  assert.match(profile.notes[0] ?? "", /accounting totals/);
  const none = await served(t, host, (link) => without(link, [120, 121, 122, 123]));
  await assert.rejects(
    openProfile(parseIec102Url(`${none.url}?auth=none`), settings, asked("1")),
    /type of ASDU is not available/,
  );
});

test("a station that shuts somebody out at once is tried again, and one that always does is said to", async (t) => {
  const host = new FixtureHost();
  const shut = (times: number) => (link: Link, count: number) => {
    if (count < times) link.close();
    return link;
  };
  const once = await served(t, host, shut(2));
  assert.equal((await rowsOf(await openProfile(parseIec102Url(once.url), settings, asked("1")))).length, 3);
  assert.equal(once.connections(), 3);
  const always = await served(t, host, shut(Infinity));
  await assert.rejects(openProfile(parseIec102Url(always.url), settings, asked("1")), /closed the connection/);
  assert.equal(always.connections(), 3);
  // One that hangs up on the key is shown it once.
  const hangsUp = await served(t, host, (link) => breaking(link, 2));
  await assert.rejects(openProfile(parseIec102Url(hangsUp.url), settings, asked("1")), /closed the connection/);
  assert.equal(hangsUp.connections(), 1);
});

test("a meter is read by what it has, or by what is named", async (t) => {
  const { url } = await served(t, new FixtureHost());
  const all = await sourceOf(url)!({ ...settings, names: [], held: new Map() });
  const { parts, identification, notes } = await all.read();
  await all.close();
  assert.deepEqual(identification, ["manufacturer 251", "device 12345678"]);
  assert.deepEqual(
    parts.map(({ title }) => title),
    ["Values of the moment", "Contract 1, since its last closure", "Equipment", "Clock"],
  );
  const points = new Map(parts.flatMap(({ points: some }) => some.map((one) => [one.name, one] as const)));
  assert.deepEqual(points.get("Wh.import"), { name: "Wh.import", value: 111, unit: "kWh", scale: 1000 });
  assert.deepEqual(points.get("W.b"), { name: "W.b", value: 42, unit: "kW", scale: 1000 });
  assert.deepEqual(points.get("V.c"), { name: "V.c", value: 230.3, unit: "V" });
  assert.equal(points.get("contract1.period2.active")?.value, 100_022);
  assert.equal(points.get("ratio.V")?.value, "66000/110");
  assert.equal(points.get("time")?.value, "2025-03-04T10:20:30.500");
  // It stands still in 2025.
  assert.match(notes[0] ?? "", /its clock is \d+ s behind/);
  const some = await sourceOf(url)!({ ...settings, names: ["A.a", "Wh.export"], held: new Map() });
  assert.deepEqual(
    (await some.read()).parts[0]?.points.map(({ value }) => value),
    [5.1, 222],
  );
  await some.close();
  const wrong = await sourceOf(url)!({ ...settings, names: ["Wh.imported"], held: new Map() });
  await assert.rejects(wrong.read(), /Wh.import/);
});

test("of a station of the base standard the totals of the last hour are read", async (t) => {
  const { url } = await served(t, new FixtureHost({ companion: "base", password: false }));
  const source = await sourceOf(`${url}?auth=none`)!({ ...settings, names: [], held: new Map() });
  const { parts } = await source.read();
  await source.close();
  assert.deepEqual(
    parts.map(({ title }) => title),
    ["Totals at 2025-03-04T10:00", "Clock"],
  );
});

test("a wrong key is said to be one, and nothing is told of it", async (t) => {
  const { url } = await served(t, new FixtureHost());
  const wrong = {
    ...settings,
    secrets: { ...secrets, password: () => Promise.resolve(new TextEncoder().encode("123456")) },
  };
  await assert.rejects(openProfile(parseIec102Url(url), wrong, asked("1")), (error: unknown) => {
    assert.ok(error instanceof Iec102Error && error.reason === "key");
    assert.doesNotMatch(error.message, /123456/);
    return true;
  });
  const letters = {
    ...settings,
    secrets: { ...secrets, password: () => Promise.resolve(new TextEncoder().encode("abc")) },
  };
  await assert.rejects(openProfile(parseIec102Url(url), letters, asked("1")), UrlError);
  await assert.rejects(openProfile(parseIec102Url(`${url}?auth=none`), settings, asked("1")), /is a session needed/);
});

/** A clock that can be set, a day late. */
class SettableHost extends FixtureHost {
  readonly #since = Date.now();
  #set = Date.now();

  override now() {
    return this.at(this.#set + Date.now() - this.#since);
  }

  behind(ms: number): this {
    this.#set -= ms;
    return this;
  }

  override async open(key: number | undefined, peer: Parameters<FixtureHost["open"]>[1]) {
    const session = await super.open(key, peer);
    return (
      session && {
        ...session,
        setTime: (utc: number) => ((this.#set = utc - (Date.now() - this.#since)), "done" as const),
      }
    );
  }
}

test("a clock is set in the local time that the meter keeps, and read back", async (t) => {
  // Minutes behind: the meter keeps Central European time, wherever this runs.
  const near = await served(t, new SettableHost().behind(40_000));
  const set = await setTime(parseIec102Url(near.url), settings, "now");
  assert.ok(Math.abs((set.aheadBeforeMs ?? NaN) + 40_000) < 5000);
  assert.ok(Math.abs(set.aheadMs ?? NaN) < 5000);
  // So far off that nobody knows which local time it keeps: it is set to that of here.
  const host = new SettableHost().behind(7 * 86_400_000);
  const far = await served(t, host);
  const { notes } = await setTime(parseIec102Url(far.url), settings, "now").catch((error: unknown) => {
    // Here is another zone than the meter's: what it shows is what it was told.
    assert.match(String(error), /took the time and shows/);
    return { notes: ["far off"] };
  });
  assert.match(notes[0] ?? "", /far off/);
  assert.ok(zone.offsetMinutes(Date.now()) >= 60);
});

test("URLs say where a station is, and what is wrong with them", () => {
  const { place, address, point, octets, withKey, objects } = parseIec102Url("iec102://192.0.2.9/34572");
  assert.deepEqual(
    [place, address, point, octets, withKey, objects],
    [{ over: "tcp", host: "192.0.2.9", port: 10_102 }, 34_572, 1, 2, true, [1, 8]],
  );
  const serial = parseIec102Url("iec102+serial:///dev/ttyUSB0?address=17&octets=1&auth=none&point=2");
  assert.deepEqual(serial.place, { over: "serial", device: "/dev/ttyUSB0", baud: 9600, parity: "even" });
  assert.deepEqual([serial.address, serial.octets, serial.withKey, serial.point], [17, 1, false, 2]);
  for (const [url, why] of [
    ["iec102://h/70000", /expected 0 to 65534/],
    ["iec102://h/255?octets=1", /expected 0 to 254/],
    ["iec102://h/1?address=2", /address twice/],
    ["iec102://h/1?point=0", /point/],
    ["iec102://h/1?key=7", /has key/],
    ["iec102://h/1?objects=8-1", /objects/],
    ["iec102://h/1?unit=J", /unit/],
    ["modbus://h/1", /is not IEC 60870-5-102/],
  ] as const)
    assert.throws(() => parseIec102Url(url), why, url);
});

// ── stations that err ───────────────────────────────────────────────────────────────────────────────────────────────────

/** A station that says what a test says to each frame; undefined is silence. */
function against(say: (bytes: Uint8Array, count: number) => Uint8Array | undefined) {
  const [here, there] = nullModem();
  let count = 0;
  there.receive((bytes) => {
    const said = say(bytes, count++);
    if (said !== undefined) there.send(said);
  });
  const primary = new Primary(here, hurried(), { address: 1, octets: 2, timeoutMs: 100 });
  return { client: new Iec102Client(primary, 1, 500), there, count: () => count };
}

const ack = fromHex("10 00 01 00 01 16");
const noData = fromHex("10 09 01 00 0a 16");

function data(hex: string): Uint8Array {
  const control = { from: "secondary", fn: 8, acd: false, dfc: false } as const;
  return frameBytes({ kind: "frame", control, address: 1, asdu: fromHex(hex) }, 2);
}

/** Whether a frame asks for data. */
const isPoll = (bytes: Uint8Array): boolean => bytes[0] === 0x10 && ((bytes[1] ?? 0) & 0x0f) >= 10;

test("a station that keeps silent, has nothing, or says something else is told apart", async () => {
  const silent = against(() => undefined);
  await assert.rejects(silent.client.open(7), LinkFailure);
  assert.equal(silent.count(), 3);
  const empty = against((bytes) => (isPoll(bytes) ? noData : ack));
  await assert.rejects(
    empty.client.open(7),
    (error: unknown) => error instanceof Iec102Error && error.reason === "silence",
  );
  assert.ok(empty.count() > limits.iec102.preparingMs / 200);
  const refusing = against((bytes) => (bytes[0] === 0x68 ? fromHex("10 01 01 00 02 16") : ack));
  await assert.rejects(
    refusing.client.open(7),
    (error: unknown) => error instanceof LinkFailure && error.reason === "refused",
  );
  const stray = against((bytes) => (isPoll(bytes) ? data("46 01 04 01 00 00 00 00") : ack));
  await assert.rejects(stray.client.open(7), /nobody has asked for/);
  const short = against((bytes) => (isPoll(bytes) ? data("b7 01") : ack));
  await assert.rejects(short.client.open(7), /no ASDU/);
  const other = against((bytes) => (isPoll(bytes) ? data("48 01 05 01 00 00 00 00 00 00 00 00 00") : ack));
  await other.client.open(undefined);
  await assert.rejects(other.client.ask({ type: 100 }), /was asked and M_TI_TA_2/);
  const cut = against((bytes) => (isPoll(bytes) ? data("47 01 05 01 00 00 24") : ack));
  await cut.client.open(undefined);
  await assert.rejects(
    cut.client.ask({ type: 100 }),
    (error: unknown) => error instanceof Iec102Error && error.reason === "nonsense",
  );
  const gone = against(() => ack);
  await gone.client.open(undefined);
  gone.there.close();
  await assert.rejects(
    gone.client.ask({ type: 100 }),
    (error: unknown) => error instanceof LinkFailure && error.reason === "closed",
  );
});

test("a single character acknowledges, and a busy station is asked again", async () => {
  let busy = 1;
  const { client } = against((bytes) => {
    if (bytes[0] === 0x68) return busy-- > 0 ? fromHex("10 11 01 00 12 16") : fromHex("e5");
    return isPoll(bytes) ? data("47 01 05 01 00 00 24 fb 4e 61 bc 00") : ack;
  });
  await client.open(undefined);
  const product = await client.ask({ type: 100 });
  assert.ok(product.kind === "product" && product.device === 12_345_678);
});

test("what is lost is asked again with the same count bit", async () => {
  const asked: string[] = [];
  const { client } = against((bytes, count) => {
    asked.push(toHex(bytes.subarray(0, 2)));
    if (count === 3) return undefined;
    return isPoll(bytes) ? data("47 01 05 01 00 00 24 fb 4e 61 bc 00") : ack;
  });
  await client.open(undefined);
  await client.ask({ type: 100 });
  assert.deepEqual(asked, ["10 49", "10 40", "68 09", "10 5b", "10 5b"]);
});

test("an answer that was late and comes twice is none to the next question", async () => {
  const product = data("47 01 05 01 00 00 24 fb 4e 61 bc 00");
  const answers = [undefined, product, product, data("48 01 05 01 00 00 00 00 14 0a 44 03 19")];
  let polls = 0;
  const { client, there } = against((bytes) => {
    if (!isPoll(bytes)) return ack;
    const answer = answers[polls++];
    // The answer to what was asked again comes while the next question is asked already.
    if (polls === 2) setImmediate(() => there.send(answers[polls++] ?? ack));
    return answer;
  });
  await client.open(undefined);
  assert.equal((await client.ask({ type: 100 })).kind, "product");
  assert.equal((await client.time()).hour, 10);
});

test("answers without end are more than one question can have", async () => {
  let at = 0;
  const { client } = against((bytes) => {
    if (!isPoll(bytes)) return ack;
    const minutes = (at++ % 60).toString(16).padStart(2, "0");
    return data(`0b 01 05 01 00 0b 01 01 00 00 00 00 ${minutes} 01 01 01 19`);
  });
  await client.open(undefined);
  await assert.rejects(
    (async () => {
      for await (const _ of client.all({
        type: 123,
        record: 11,
        body: { kind: "asked", objects: [1, 8], range: [noTime, noTime] },
      }));
    })(),
    /more than/,
  );
  assert.equal(at, 500);
});

test("mutated answers are values, or are told to be none", async () => {
  const random = numbers(60_870);
  const samples = session.map(({ station }) => fromHex(station));
  for (let k = share(60, 300, 2000); k > 0; k--) {
    const [here, there] = nullModem();
    let count = 0;
    there.receive(() => {
      const sample = session[count++ % session.length]!;
      there.send(random(4) === 0 ? mutated(samples, random) : fromHex(sample.station));
    });
    const client = new Iec102Client(
      new Primary(here, hurried(), { address: 0x870c, octets: 2, timeoutMs: 10, retries: 0 }),
      1,
    );
    try {
      await client.open(7);
      await client.ask({ type: 100 });
      await client.time();
      for await (const _ of client.all({
        type: 123,
        record: 11,
        body: { kind: "asked", objects: [1, 8], range: [noTime, noTime] },
      }));
      await client.ask({ type: 162, body: { kind: "addresses", addresses: [192] } });
    } catch (error) {
      assert.ok(error instanceof Iec102Error || error instanceof LinkFailure, String(error));
    }
    await client.close();
  }
});
