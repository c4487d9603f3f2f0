/** What `read`, `scan` and `write` make of meters over DNP3: words, names and units, flags, what is absent, on this machine. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { listenUdp } from "#io/udp-listener.ts";
import { serveDnp } from "#protocol/dnp3/link/serve.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { UnknownName, WrongWords } from "#headend/chosen.ts";
import { freezeCounters, giveTime, restartMeter } from "#headend/dnp3-commands.ts";
import { scanDnp3 } from "#headend/dnp3-scan.ts";
import { parseDnp3Url } from "#headend/dnp3-url.ts";
import type { Reading } from "#headend/meter-source.ts";
import { sourceOf } from "#headend/meter-url.ts";
import type { PointReading, SourceAsked } from "#headend/reader.ts";
import { configurations } from "#product/jemstar/configurations.ts";
import type { PointFacts } from "#protocol/dnp3/point-facts.ts";
import { pointFlags } from "#protocol/dnp3/outstation/host.ts";
import { FixtureHost, usualSettings } from "./dnp3-host.ts";
import { serveHost } from "./dnp3-served.ts";
import { jemStar } from "./authority-rig.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { DNP_MODEL } from "./dnp3-meter.ts";

const secrets = {
  password: () => Promise.reject(new Error("nobody is asked")),
  key: () => undefined,
  nameOf: (name: string) => name,
};

interface Asked {
  readonly names?: readonly string[];
  readonly held?: SourceAsked["held"];
  readonly dnp3Points?: SourceAsked["dnp3Points"];
  readonly timeoutMs?: number;
}

async function reading(
  url: string,
  { names = [], held = new Map(), dnp3Points, timeoutMs = 2000 }: Asked = {},
): Promise<Reading> {
  const source = await sourceOf(url)!({ names, timeoutMs, secrets, held, dnp3Points });
  try {
    return await source.read();
  } finally {
    await source.close();
  }
}

const rows = ({ parts }: Reading): readonly (readonly unknown[])[] =>
  parts.flatMap(({ points }) => points.map(({ name, text, value }) => [name, text ?? value]));

async function meter(t: TestContext, host = new FixtureHost()): Promise<string> {
  return `dnp3://127.0.0.1:${await serveHost(t, host)}/1`;
}

test("a meter tells every present value, and its state beside; its events stay where they are", async (t) => {
  const host = new FixtureHost({ events: { ...usualSettings.events, scanMs: 20 } });
  host.setAnalog(1, -5, pointFlags.communicationLost);
  const url = await meter(t, host);
  const found = await reading(url);
  assert.deepEqual(
    found.parts.map(({ title, points }) => [title, points.length]),
    [
      ["Counters", 3],
      ["Frozen counters", 3],
      ["Analogs", 4],
      ["Binaries", 10],
      ["Outputs", 6],
    ],
  );
  const all = Object.fromEntries(rows(found));
  assert.deepEqual(
    ["counter 2", "analog 0", "analog 1", "binary 3", "output 1"].map((name) => all[name]),
    [1_000_002, 236_439, "-5 (not online, communication lost)", "on", "off"],
  );
  const lost = found.parts.flatMap(({ points }) => points).find(({ name }) => name === "analog 1");
  assert.deepEqual([lost?.value, lost?.flags], [undefined, ["not online", "communication lost"]]);
  assert.deepEqual(found.notes, [`${url}: needs the time, has restarted`]);
  await freezeCounters(parseDnp3Url(url), { timeoutMs: 2000 }, false);
  await new Promise((done) => setTimeout(done, 60));
  await reading(url);
  const events = await reading(url, { names: ["events"] });
  assert.deepEqual(
    rows(events),
    [0, 1, 2].map((k) => [`frozen counter ${k}`, `${1_000_000 + k} (at 2026-01-01T00:00:00.000Z)`]),
  );
  // They have been taken.
  assert.deepEqual(rows(await reading(url, { names: ["events"] })), []);
});

test("words say which points: kinds, numbers, ranges, lists, classes, objects by number", async (t) => {
  const url = await meter(t);
  const names = async (...words: readonly string[]): Promise<readonly unknown[]> =>
    rows(await reading(url, { names: words })).map(([name, value]) => `${String(name)} = ${String(value)}`);
  assert.deepEqual(await names("counters"), ["counter 0 = 1000000", "counter 1 = 1000001", "counter 2 = 1000002"]);
  assert.deepEqual(await names("analogs", "1-2", "counter 0"), [
    "counter 0 = 1000000",
    "analog 1 = -5",
    "analog 2 = 2000",
  ]);
  assert.deepEqual(await names("binaries", "0,3"), ["binary 0 = on", "binary 3 = on"]);
  assert.deepEqual(await names("frozen 1"), ["frozen counter 1 = 0"]);
  assert.deepEqual(await names("g30v4", "1"), ["analog 1 = -5"]);
  assert.equal((await names("class", "0")).length, 26);
  assert.equal((await names("integrity")).length, 26);
  assert.deepEqual(await names("time"), ["time = 2026-01-01T00:00:00.000Z"]);
});

test("a list that is another outstation's is said to be, whether it is refused in part or whole", async (t) => {
  const url = await meter(t);
  const listed = (kind: PointFacts["kind"], from: number, count: number): readonly PointFacts[] =>
    Array.from({ length: count }, (_, k) => {
      const name = `${kind.replace(" ", "-")}-${from + k}`;
      return {
        kind,
        index: from + k,
        name,
        label: "",
        variation: kind === "analog" ? 1 : 0,
        unit: "",
        scale: 1,
        scaling: 1,
        factor: 1,
      };
    });
  const of = (...lists: readonly (readonly PointFacts[])[]): Promise<Reading> =>
    reading(url, { dnp3Points: () => Promise.resolve(lists.flat()) });
  const whose = "which the list of --configuration names: that is not the list of this outstation";
  const part = await of(listed("counter", 0, 3), listed("analog", 0, 10), listed("output", 6, 1));
  assert.equal(rows(part).length, 7);
  assert.ok(
    part.notes.some((note) => note.startsWith(`${url}: it has no analog 4-9, no output 6, ${whose}`)),
    part.notes.join("\n"),
  );
  await assert.rejects(
    of(listed("analog", 20, 5)),
    new RegExp(`refuses g30v1 20-24: .*; it has no analog 20-24, ${whose}`),
  );
  // Its own, and one that does not say whether counters are frozen.
  const own = await of(listed("analog", 0, 4), listed("counter", 0, 3), listed("frozen counter", 0, 9));
  assert.ok(!own.notes.some((note) => note.includes("not the list")), own.notes.join("\n"));
});

test("what there is not is said with what there is, and what is no word before anything is asked", async (t) => {
  const url = await meter(t);
  await assert.rejects(reading(url, { names: ["analog 7"] }), (error) => {
    assert.ok(error instanceof UnknownName);
    assert.match(error.message, /has no "analog 7"[^]*it has analog 0-3$/);
    return true;
  });
  await assert.rejects(reading(url, { names: ["analogs 9-12"] }), (error) => {
    assert.ok(error instanceof UnknownName);
    assert.match(error.message, /has no "analog 9-12"[^]*it has analog 0-3$/);
    return true;
  });
  const inPart = await reading(url, { names: ["analogs 2-9", "counters"] });
  assert.deepEqual(
    rows(inPart).map(([name]) => name),
    ["counter 0", "counter 1", "counter 2", "analog 2", "analog 3"],
  );
  assert.deepEqual(
    inPart.notes.filter((note) => note.includes("analog")),
    [`${url}: analog 2-9 is there in part; it has analog 0-3`],
  );
  assert.deepEqual(
    inPart.notes.filter((note) => note.includes("refuses")),
    [],
  );
  await assert.rejects(reading(url, { names: ["doubles"] }), /refuses g3v0: it does not have the object/);
  for (const wrong of ["countres", "class 4", "g300v1", "3"])
    await assert.rejects(
      reading("dnp3://127.0.0.1:1/1", { names: [wrong] }),
      (error) =>
        error instanceof UnknownName && /it has counters, frozen,[^]*with --configuration FILE/.test(error.message),
      wrong,
    );
});

test("numbers that are none, or in the wrong order, are said with what was expected, before anything is asked", async () => {
  for (const [words, found] of [
    ["analogs 9-3", "9-3"],
    ["analogs a-b", "a-b"],
    ["counters 0,x", "0,x"],
    ["g30v5 65536", "65536"],
    ["binaries 1-2-3", "1-2-3"],
  ] as const)
    await assert.rejects(
      reading("dnp3://127.0.0.1:1/1", { names: [words] }),
      (error) =>
        error instanceof WrongWords &&
        error.message.endsWith(`expected numbers of points, up to 65535, like 3, 0-9 or 0,3,8; found "${found}"`),
      words,
    );
});

test("a function that an outstation does not let a master use is said to be barred, perhaps", async (t) => {
  const host = new FixtureHost();
  host.told = "unsupported";
  await assert.rejects(
    freezeCounters(parseDnp3Url(await meter(t, host)), { timeoutMs: 2000 }, true),
    /did not do it: it does not have the function, or does not let masters use it$/,
  );
});

test("a meter is read over UDP as over TCP", async (t) => {
  const host = new FixtureHost({}, { binaries: [], outputs: [], counters: [7, 8], analogs: [] });
  const clock = new SystemClock();
  const server = outstation(host, { clock, port: "ethernet 1" });
  const listener = await listenUdp({ host: "127.0.0.1", port: 0, maxPeers: 5, idleMs: 60_000, clock }, (link) =>
    serveDnp(link, [{ server, settings: () => host.settings }], clock, { datagrams: true }),
  );
  t.after(async () => {
    server.close();
    await listener.close();
  });
  const url = `dnp3+udp://127.0.0.1:${listener.port}/1`;
  assert.deepEqual(rows(await reading(url, { names: ["counters"] })), [
    ["counter 0", 7],
    ["counter 1", 8],
  ]);
});

test("who is silent is said with what may be behind it", async (t) => {
  const url = await meter(t, new FixtureHost({ master: 7 }));
  await assert.rejects(
    reading(url, { timeoutMs: 100 }),
    /did not answer within 100 ms, asked 3 times; an outstation keeps silent to/,
  );
});

test("a connection that has ended is opened again, and meters of one place take turns on it", async (t) => {
  const host = new FixtureHost();
  const url = await meter(t, host);
  const held: SourceAsked["held"] = new Map();
  const asked = { names: ["counter 0"], timeoutMs: 2000, secrets, held };
  const [one, two] = [await sourceOf(url)!(asked), await sourceOf(`${url}?master=5`)!(asked)];
  for (let k = 0; k < 3; k++) {
    assert.deepEqual(rows(await one.read()), [["counter 0", 1_000_000]]);
    assert.deepEqual(rows(await two.read()), [["counter 0", 1_000_000]]);
  }
  await Promise.all([one.close(), two.close()]);
  assert.equal(held.size, 0);
});

test("a scan finds outstations by their addresses, says what they have, and who only answers by its data link", async (t) => {
  const url = parseDnp3Url(await meter(t, new FixtureHost({ address: 12 })));
  const progress: string[] = [];
  const options = { timeoutMs: 300, progress: (text: string): void => void progress.push(text) };
  assert.deepEqual(await scanDnp3(url, [0, 1, 2, 12, 13], options), [
    {
      address: 12,
      answers: true,
      points: { counters: 3, "frozen counters": 3, analogs: 4, binaries: 10, outputs: 6 },
      text: "needs the time, has restarted",
    },
  ]);
  assert.ok(progress.length > 0);
  const self = parseDnp3Url(await meter(t, new FixtureHost({ address: 65_000, selfAddress: true })));
  // Nobody has named it.
  assert.deepEqual(
    (await scanDnp3(self, [1], options)).map(({ address }) => address),
    [65_000],
  );
});

test("the time is given, and read back; a freeze and a restart are told", async (t) => {
  const host = new FixtureHost();
  const url = parseDnp3Url(await meter(t, host));
  host.setTime = (utc) => {
    host.utc = utc;
    return "done";
  };
  const noon = Date.UTC(2026, 6, 1, 12);
  const given = await giveTime(url, { timeoutMs: 2000 }, noon, "direct");
  assert.ok(Math.abs(host.utc - noon) < 2000);
  assert.ok(Math.abs(given.aheadMs ?? NaN) < 2000);
  await giveTime(url, { timeoutMs: 2000 }, "now", "lan");
  assert.ok(Math.abs(host.utc - Date.now()) < 2000);
  // A clock that keeps its own time is said.
  host.setTime = () => "done";
  await assert.rejects(
    giveTime(url, { timeoutMs: 2000 }, noon, "direct"),
    /took the time, and its clock is -?\d+ ms off/,
  );
  host.told = "refused";
  await assert.rejects(freezeCounters(url, { timeoutMs: 2000 }, true), /did not do it: /);
  host.told = "done";
  await freezeCounters(url, { timeoutMs: 2000 }, true);
  assert.equal(host.frozen.length, 1);
  assert.ok((await restartMeter(url, { timeoutMs: 2000 }, "cold")) !== undefined);
});

const configuration = `
primary: { pt: 100, ct: 20 }
registers:
  normal:
    - { id: 2, label: kWh, type: consumption, measure: { quantity: Wh } }
    - { id: 3, label: both ways, type: consumption, measure: { quantity: varh, direction: net }, units: mega }
dnp3:
  counters: [{ register: 2, scaling: 100 }, { register: 3, scaling: 10 }]
  analogs: [{ measure: { quantity: W } }, { measure: { quantity: V, phase: b }, scaling: 10 }]
  binaries: [{ status: voltsB }, { status: testMode }]
`;

test("a configuration gives points their names and units, whole numbers of 32 bits, and the primary side", async (t) => {
  // 123,456 / 100 kWh; 10^9 - 25 is -25 of a counter that has passed zero downwards: -2.5 Mvarh; 1,234,567 / 1000 W at the terminals.
  const host = new FixtureHost(
    { variations: { ...usualSettings.variations, counter: 6, analog: 4 } },
    { binaries: [true, false], outputs: [], counters: [123_456, 999_999_975], analogs: [1_234_567, 1185] },
  );
  const url = await meter(t, host);
  const dnp3Points = async () => configurations.dnp3Points("jem.yaml", configuration, configurations.usualOrder);
  const found = await reading(url, { dnp3Points });
  const told = found.parts.flatMap(({ points }) => points);
  const of = ({ name, label, value, unit, scale }: PointReading): readonly unknown[] => [
    name,
    label,
    value,
    unit,
    scale,
  ];
  assert.deepEqual(told.filter(({ name }) => !name.startsWith("frozen")).map(of), [
    ["Wh.import", "counter 0 kWh", 1234.56, "kWh", 1000],
    ["varh.net", "counter 1 both ways", -2.5, "Mvarh", 1_000_000],
    ["W.import", "analog 0", 1234.567 * 2000, "W", undefined],
    ["V.b", "analog 1", 118.5 * 100, "V", undefined],
    ["voltsB", "binary 0", "on", "", undefined],
    ["testMode", "binary 1", "off", "", undefined],
  ]);
  const named = await reading(url, { names: ["W.import", "both ways", "Wh.import"], dnp3Points });
  assert.deepEqual(rows(named), [
    ["W.import", 2_469_134],
    ["varh.net", -2_500_000],
    ["Wh.import", 1_234_560],
  ]);
  await assert.rejects(reading(url, { names: ["Wh.imprt"], dnp3Points }), /did you mean Wh\.import/);
});

test("the points of a JEMStar II are those that its configuration says", (t) => {
  const rig = jemStar(t, { modelNumber: DNP_MODEL });
  const host = deviceOf(rig.jem).bindings.dnp3?.({ port: "ethernet 1" });
  const facts = configurations.dnp3Points("the factory's", "", DNP_MODEL);
  const count = (kind: string): number => facts.filter((one) => one.kind === kind).length;
  const image = host!.image();
  assert.deepEqual(["counter", "frozen counter", "analog", "binary", "output"].map(count), [
    image.counters.values32.length,
    image.frozen.values32.length,
    image.analogs.values32.length,
    image.binaries.length,
    image.outputs.length,
  ]);
});
