/** What `read`, `profile`, `scan` and `write` make of meters over DLMS/COSEM, over TCP on this machine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { listenUdp } from "#io/udp-listener.ts";
import { serveWrapper } from "#protocol/dlms/wrapper.ts";
import { UnknownName } from "#headend/chosen.ts";
import { openProfile, type DlmsProfile, type ProfileAsked, type ProfileValues } from "#headend/dlms-profile.ts";
import { scanDlms } from "#headend/dlms-scan.ts";
import type { DlmsSecrets } from "#headend/dlms-secrets.ts";
import { setTime } from "#headend/dlms-time.ts";
import { parseDlmsUrl } from "#headend/dlms-url.ts";
import { sourceOf } from "#headend/meter-url.ts";
import type { AttributeReference, GetResult, Xdlms } from "#protocol/dlms/apdu/apdu.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import {
  array,
  doubleLongUnsigned,
  enumerated,
  integer,
  long64,
  longUnsigned,
  octets,
  structure,
  unsigned,
  visible,
} from "#protocol/dlms/data/data.ts";
import { dateTimeBytes, dateTimeOf } from "#protocol/dlms/data/date-time.ts";
import { logicalNameBytes } from "#protocol/dlms/data/logical-name.ts";
import { limits } from "#quantity/limits.ts";
import { FixtureMeter, served, type FixtureOptions, type Said } from "./dlms-fixture-meter.ts";

const secrets: DlmsSecrets = {
  password: () => Promise.reject(new Error("nobody is asked")),
  key: () => undefined,
  nameOf: (name) => name,
};
const settings = { timeoutMs: 2000, secrets };

type Values = Readonly<Record<string, Data>>;

/** A meter with these values, by "class name attribute". */
function having(values: () => Values): (attribute: AttributeReference) => GetResult {
  return ({ classId, logicalName, attribute }) => {
    const all = values();
    const data = all[`${classId} ${logicalName} ${attribute}`];
    if (data !== undefined) return { data };
    const isThere = Object.keys(all).some((one) => one.startsWith(`${classId} ${logicalName} `));
    return { denied: isThere ? "read-write-denied" : "object-undefined" };
  };
}

const listed = (classId: number, name: string): Data =>
  structure(longUnsigned(classId), unsigned(0), octets(logicalNameBytes(name)), structure(array([]), array([])));
const scale = (scaler: number, unit: number): Data => structure(integer(scaler), enumerated(unit));

/** Now, of this computer, where local time is two hours ahead; by the standard's sign or the other. */
function timeNow(deviation: number | undefined): Data {
  const { year, month, day, hour, minute, second } = Temporal.Now.zonedDateTimeISO("UTC").add({ hours: 2 });
  const unsaid = { weekday: undefined, hundredths: undefined, status: undefined };
  return octets(dateTimeBytes({ year, month, day, hour, minute, second, ...unsaid, deviation }));
}

const usual = (deviation?: number): Values => ({
  "15 0.0.40.0.0.255 2": array([
    listed(1, "0.0.42.0.0.255"),
    listed(8, "0.0.1.0.0.255"),
    listed(3, "1.0.1.8.0.255"),
    listed(3, "1.0.32.7.0.255"),
    listed(4, "1.0.1.6.0.255"),
    listed(7, "1.0.99.1.0.255"),
    listed(9, "0.0.10.0.1.255"),
    listed(1, "0.0.96.7.21.255"),
  ]),
  "1 0.0.42.0.0.255 2": octets(new TextEncoder().encode("ABC0000000000007")),
  "1 0.0.96.7.21.255 2": doubleLongUnsigned(3),
  "8 0.0.1.0.0.255 2": timeNow(deviation ?? -120),
  // 12,345,678.9 Wh in counts of 100 Wh of 64 bits; 229.17 V.
  "3 1.0.1.8.0.255 2": long64(123_457n),
  "3 1.0.1.8.0.255 3": scale(2, 30),
  "3 1.0.32.7.0.255 2": longUnsigned(22_917),
  "3 1.0.32.7.0.255 3": scale(-2, 35),
  "4 1.0.1.6.0.255 2": doubleLongUnsigned(4321),
  "4 1.0.1.6.0.255 3": scale(0, 27),
  "4 1.0.1.6.0.255 5": octets(
    dateTimeBytes(dateTimeOf(Uint8Array.of(7, 0xea, 7, 3, 5, 16, 45, 0, 0, 0xff, 0x88, 0x80))),
  ),
  "7 1.0.99.1.0.255 7": doubleLongUnsigned(96),
  "7 1.0.99.1.0.255 8": doubleLongUnsigned(2880),
});

async function read(t: Parameters<typeof served>[0], options: FixtureOptions, ...names: readonly string[]) {
  const meter = new FixtureMeter(options);
  const { url } = await served(t, meter);
  const source = await sourceOf(url)!({ ...settings, names, held: new Map() });
  try {
    const reading = await source.read();
    return { meter, reading, points: reading.parts.flatMap(({ points }) => points) };
  } finally {
    await source.close();
  }
}

test("all that a meter has is read: registers scaled, by the names of the glossary and their codes", async (t) => {
  const { reading, points } = await read(t, { get: having(usual) });
  assert.deepEqual(reading.identification, ["ABC0000000000007"]);
  assert.deepEqual(reading.notes, []);
  const values = points.map(({ name, label, value, unit, text }) => [name, label, text ?? value, unit]);
  const [time, ...others] = values;
  assert.match(String(time?.[2]), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+02:00$/);
  assert.deepEqual(others, [
    ["0.0.42.0.0.255", undefined, "ABC0000000000007", ""],
    ["0.0.96.7.21.255", undefined, 3, ""],
    ["Wh.import", "1.0.1.8.0.255", 12_345_700, "Wh"],
    ["V.a", "1.0.32.7.0.255", 229.17, "V"],
    ["W.import.demand.max", "1.0.1.6.0.255", 4321, "W"],
    ["1.0.1.6.0.255/5", undefined, "2026-07-03 16:45:00 +02:00", ""],
    ["1.0.99.1.0.255", undefined, "96 of 2880", ""],
  ]);
});

test("only what is named is asked for: by name, by code, by attribute", async (t) => {
  const { meter, points } = await read(
    t,
    { get: having(usual) },
    "V.a",
    "1-0:1.8.0",
    "1.0.1.8.0.255/3",
    "0.0.96.7.21.255",
  );
  assert.deepEqual(
    points.map(({ name, value, unit }) => [name, value, unit]),
    [
      ["V.a", 229.17, "V"],
      ["1-0:1.8.0", 12_345_700, "Wh"],
      ["1.0.1.8.0.255/3", "(2, 30)", ""],
      ["0.0.96.7.21.255", 3, ""],
    ],
  );
  // No list of objects, and of what is a register two attributes each.
  const asked = meter.asked.flatMap((one) => (one.apdu === "get-request-normal" ? [one.attribute] : []));
  assert.ok(asked.every(({ classId }) => classId !== 15));
  assert.ok(asked.length <= 9, String(asked.length));
});

test("a name that the meter does not have ends with those that it has", async (t) => {
  await assert.rejects(
    read(t, { get: having(usual) }, "Hz"),
    (error) => error instanceof UnknownName && /has no "Hz"[^]*V\.a/.test(error.message),
  );
});

test("a list of objects that does not end is not waited for", async (t) => {
  const endless = Array.from({ length: limits.dlms.objects + 1 }, () => listed(3, "1.0.1.8.0.255"));
  await assert.rejects(
    read(t, { get: having(() => ({ "15 0.0.40.0.0.255 2": array(endless) })), block: 60_000 }),
    /its list of objects has no end: more than 20000 have come/,
  );
});

test("a clock whose deviation has the other sign is read as the meter means it, and it is said", async (t) => {
  const { reading, points } = await read(t, { get: having(() => usual(120)) });
  assert.match(String(points[0]?.value), / \+02:00$/);
  assert.match(reading.notes.join(), /the other way round/);
});

test("a meter without a list of objects is read by those that meters usually have, and it is said", async (t) => {
  const get = having(() => Object.fromEntries(Object.entries(usual()).filter(([key]) => !key.startsWith("15 "))));
  const { reading, points } = await read(t, { get });
  assert.match(reading.notes.join(), /no list of its objects/);
  assert.ok(points.some(({ name, value }) => name === "Wh.import" && value === 12_345_700));
});

test("an association that ended between two readings is begun again", async (t) => {
  let gone = false;
  const instead = (): Said | undefined => {
    if (!gone) return undefined;
    gone = false;
    return "silence";
  };
  const { url, connections } = await served(t, new FixtureMeter({ get: having(usual), instead }));
  const source = await sourceOf(url)!({ ...settings, names: ["V.a"], held: new Map() });
  for (const isGone of [false, true, false]) {
    gone = isGone;
    assert.equal((await source.read()).parts[0]?.points[0]?.value, 229.17);
  }
  assert.equal(connections(), 2);
  await source.close();
});

test("of two who ask one meter one has it at a time", async (t) => {
  const { url } = await served(t, new FixtureMeter({ get: having(usual) }), 1);
  const held = new Map<string, () => Promise<void>>();
  const sources = await Promise.all(
    [16, 17].map((client) => sourceOf(`${url}?client=${client}`)!({ ...settings, names: ["V.a"], held })),
  );
  for (const source of [...sources, ...sources]) assert.equal((await source.read()).parts[0]?.points[0]?.value, 229.17);
  for (const source of sources) await source.close();
});

test("an attribute that a meter cannot say hides no other, and one that can say none is given up", async (t) => {
  const refuses =
    (which: (attribute: AttributeReference) => boolean) =>
    (request: Xdlms): Xdlms | undefined =>
      request.apdu === "get-request-normal" && which(request.attribute)
        ? { apdu: "exception-response", state: "service-unknown", service: "other-reason" }
        : undefined;
  const one = refuses(({ logicalName }) => logicalName === "1.0.32.7.0.255");
  const { points } = await read(t, { get: having(usual), instead: one });
  assert.deepEqual(
    points.filter(({ name }) => /^(V|Wh)/.test(name)).map(({ name, value }) => [name, value]),
    [
      ["Wh.import", 12_345_700],
      ["V.a", undefined],
    ],
  );
  const all = refuses(({ classId }) => classId !== 15);
  await assert.rejects(read(t, { get: having(usual), instead: all }), /refused the request/);
});

test("over UDP a message that is lost is sent again, the first one too", async (t) => {
  const meter = new FixtureMeter({ get: having(usual) });
  let lost = 0;
  const listener = await listenUdp(
    { host: "127.0.0.1", port: 0, maxPeers: 8, idleMs: 10_000, clock: new SystemClock() },
    (link) => {
      // Every third datagram is not had.
      const request = (apdu: Uint8Array): Promise<Uint8Array | undefined> =>
        ++lost % 3 === 1 ? Promise.resolve(undefined) : meter.ask(apdu);
      serveWrapper(link, { converse: () => ({ associated: true, request, end() {} }) }, { datagrams: true });
    },
  );
  t.after(() => listener.close());
  const url = `dlms+udp://127.0.0.1:${listener.port}`;
  const source = await sourceOf(url)!({ ...settings, timeoutMs: 300, names: ["V.a"], held: new Map() });
  assert.equal((await source.read()).parts[0]?.points[0]?.value, 229.17);
  await source.close();
});

// ── profiles ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Row k of quarters of an hour from 2026-07-01T00:00 on, in a meter two hours ahead: 10 k of what counts 100 Wh. */
function row(k: number): Data {
  const [hour, minute] = [Math.floor(k / 4), 15 * (k % 4)];
  return structure(
    octets(Uint8Array.of(7, 0xea, 7, 1, 3, hour, minute, 0, 0, 0xff, 0x88, 0x80)),
    unsigned(0),
    doubleLongUnsigned(10 * k),
  );
}

const ROWS = 40;
const buffer = array(Array.from({ length: ROWS }, (_, k) => row(k)));
const captured = array(
  [
    [8, "0.0.1.0.0.255"],
    [1, "0.0.96.10.1.255"],
    [3, "1.0.1.8.0.255"],
  ].map(([classId, name]) =>
    structure(longUnsigned(Number(classId)), octets(logicalNameBytes(String(name))), integer(2), longUnsigned(0)),
  ),
);
const profiled = (): Values => ({
  ...usual(),
  "7 1.0.99.1.0.255 2": buffer,
  "7 1.0.99.1.0.255 3": captured,
  "7 1.0.99.1.0.255 4": doubleLongUnsigned(900),
});

async function rowsOf(profile: DlmsProfile): Promise<readonly ProfileValues[]> {
  const found: ProfileValues[] = [];
  try {
    for await (const one of profile.rows()) found.push(one);
  } finally {
    await profile.close();
  }
  return found;
}

const whole: ProfileAsked = { profile: "1", isLog: false };
const expected = (k: number): ProfileValues => {
  const text = `${String(Math.floor(k / 4)).padStart(2, "0")}:${String(15 * (k % 4)).padStart(2, "0")}`;
  return [`2026-07-01T${text}:00+02:00`, 0, 1000 * k];
};
const everyRow = Array.from({ length: ROWS }, (_, k) => expected(k));

test("a profile has its columns by name, with their scale, and its rows with the meter's time", async (t) => {
  const { url } = await served(t, new FixtureMeter({ get: having(profiled) }));
  const profile = await openProfile(parseDlmsUrl(url), settings, whole);
  assert.deepEqual(
    profile.columns.map(({ name, unit }) => [name, unit]),
    [
      ["time", ""],
      ["0.0.96.10.1.255", ""],
      ["Wh.import", "Wh"],
    ],
  );
  assert.deepEqual(await rowsOf(profile), everyRow);
});

/** By range, as the standard has it: what is asked for, both ends included. */
const choosing = (attribute: AttributeReference): GetResult => {
  const found = having(profiled)(attribute);
  const { selection } = attribute;
  if (selection === undefined || !("data" in found) || found.data.type !== "array") return found;
  const [, from, to] = selection.parameters.type === "structure" ? selection.parameters.value : [];
  const at = (data: Data | undefined): string =>
    data !== undefined && data.type === "octet-string" ? data.value.slice(0, 8).with(4, 0).toHex() : "";
  const rows = found.data.value.filter((one) => {
    const time = at(one.type === "structure" ? one.value[0] : undefined);
    return selection.selector === 1 && time >= at(from) && time <= at(to);
  });
  return { data: array(rows) };
};

/** The newest first, as a buffer sorted LIFO has them. */
const newestFirst = (attribute: AttributeReference): GetResult => {
  const found = choosing(attribute);
  const isBuffer = attribute.classId === 7 && attribute.attribute === 2;
  return isBuffer && "data" in found && found.data.type === "array"
    ? { data: array(found.data.value.toReversed()) }
    : found;
};

test("a line that breaks in the middle is opened again, and no row is missing or there twice", async (t) => {
  for (const get of [choosing, newestFirst, having(profiled)]) {
    let breaks = 2;
    // The third block is never had, twice; then all goes on.
    const instead = (request: Xdlms): Said | undefined =>
      request.apdu === "get-request-next" && request.block === 3 && breaks-- > 0 ? "silence" : undefined;
    const { url, connections } = await served(t, new FixtureMeter({ get, block: 150, instead }));
    const from = get === choosing || get === newestFirst ? Temporal.PlainDateTime.from("2026-07-01T00:00") : undefined;
    const profile = await openProfile(parseDlmsUrl(url), settings, { ...whole, from });
    assert.deepEqual(await rowsOf(profile), get === newestFirst ? everyRow.toReversed() : everyRow);
    assert.equal(connections(), 3);
  }
});

test("a meter that chooses no rows is read as a whole, and what was not asked for is left out", async (t) => {
  const get = (attribute: AttributeReference): GetResult =>
    attribute.selection === undefined ? having(profiled)(attribute) : { denied: "scope-of-access-violated" };
  const { url } = await served(t, new FixtureMeter({ get }));
  const [from, to] = ["2026-07-01T01:00", "2026-07-01T02:00"].map((one) => Temporal.PlainDateTime.from(one));
  const profile = await openProfile(parseDlmsUrl(url), settings, { ...whole, from, to });
  assert.deepEqual(await rowsOf(profile), everyRow.slice(4, 9));
  assert.match(profile.notes.join(), /does not choose rows/);
});

test("without capture objects the rows say how many columns there are, and which is the time", async (t) => {
  const get = having(() =>
    Object.fromEntries(Object.entries(profiled()).filter(([key]) => key !== "7 1.0.99.1.0.255 3")),
  );
  const { url } = await served(t, new FixtureMeter({ get }));
  const profile = await openProfile(parseDlmsUrl(url), settings, whole);
  assert.deepEqual(
    profile.columns.map(({ name }) => name),
    ["time", "column 2", "column 3"],
  );
  const rows = await rowsOf(profile);
  assert.deepEqual(
    rows.map(([time, status, count]) => [time, status, count]),
    everyRow.map(([time, status], k) => [time, status, 10 * k]),
  );
});

test("what a row does not say is as in the row before, a period later", async (t) => {
  const nothing: Data = { type: "null-data" };
  const data = array([
    row(0),
    structure(nothing, nothing, doubleLongUnsigned(10)),
    structure(nothing, nothing, doubleLongUnsigned(20)),
  ]);
  const { url } = await served(
    t,
    new FixtureMeter({ get: having(() => ({ ...profiled(), "7 1.0.99.1.0.255 2": data })) }),
  );
  assert.deepEqual(await rowsOf(await openProfile(parseDlmsUrl(url), settings, whole)), everyRow.slice(0, 3));
});

test("a profile that there is not is said with those that there are", async (t) => {
  const { url } = await served(t, new FixtureMeter({ get: having(profiled) }));
  await assert.rejects(openProfile(parseDlmsUrl(url), settings, { profile: "7", isLog: false }), UnknownName);
});

// ── clocks, and what answers ────────────────────────────────────────────────────────────────────────────────────────────

test("a clock is set by its own sign, and read back", async (t) => {
  for (const deviation of [-120, 120]) {
    let time = octets(dateTimeBytes({ ...dateTimeOf((timeNow(deviation) as { value: Uint8Array }).value) }));
    const said: Data[] = [];
    const instead = (request: Xdlms): Xdlms | undefined => {
      if (request.apdu !== "set-request-normal") return undefined;
      said.push((time = request.value));
      return { apdu: "set-response-normal", invoke: request.invoke, result: "success" };
    };
    const get = having(() => ({ ...usual(), "8 0.0.1.0.0.255 2": time }));
    const { url } = await served(t, new FixtureMeter({ get, instead }));
    const set = await setTime(parseDlmsUrl(url), settings, "now");
    const [data] = said;
    assert.ok(data?.type === "octet-string");
    assert.equal(dateTimeOf(data.value).deviation, deviation);
    assert.match(set.after, / \+02:00$/);
    assert.ok(Math.abs(set.aheadMs ?? Infinity) < 5000);
    assert.equal(set.notes.length, deviation === 120 ? 1 : 0);
  }
});

test("a clock that may not be set says so", async (t) => {
  const instead = (request: Xdlms): Xdlms | undefined =>
    request.apdu === "set-request-normal"
      ? { apdu: "set-response-normal", invoke: request.invoke, result: "read-write-denied" }
      : undefined;
  const { url } = await served(t, new FixtureMeter({ get: having(usual), instead }));
  await assert.rejects(setTime(parseDlmsUrl(url), settings, "now"), /did not set its clock: this client may not/);
});

test("a scan tells who is let in from who is refused, and what the meter says of its logical devices", async (t) => {
  const get = having(() => ({
    ...usual(),
    "17 0.0.41.0.0.255 2": array([structure(longUnsigned(1), visible("ABC0000000000007"))]),
  }));
  const open = await served(t, new FixtureMeter({ get }));
  const how = { timeoutMs: 1000, progress: () => {} };
  const scanned = { clients: [16], servers: [1], physicals: [] };
  assert.deepEqual(await scanDlms(parseDlmsUrl(open.url), scanned, how), {
    found: [{ client: 16, server: 1, says: "open", text: "ABC0000000000007" }],
    devices: [{ server: 1, name: "ABC0000000000007" }],
    silent: 0,
  });
  const refused = { result: "rejected-permanent", diagnostic: { by: "user", code: 14 } } as const;
  const shut = await served(t, new FixtureMeter({ aare: refused }));
  const [found] = (await scanDlms(parseDlmsUrl(shut.url), scanned, how)).found;
  assert.equal(found?.says, "refuses");
  assert.match(found?.text ?? "", /wants authentication/);
});
