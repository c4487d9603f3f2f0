/** A JEMStar II that a site lets listen over IEC 60870-5-102, read by the reader that people have; and one that reads other meters. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { openProfile } from "#headend/iec102-profile.ts";
import { parseIec102Url } from "#headend/iec102-url.ts";
import { sourceOf } from "#headend/meter-url.ts";
import { listenTcp } from "#io/tcp.ts";
import { profileOf } from "./iec102-meter.ts";
import { reached, site, type Registers } from "./revenue-running.ts";

const listen = "{ modbus: tcp, port: 0, unit: 1 }, { iec102: tcp, port: 0 }";

const settingsOf = (key: string) => ({
  timeoutMs: 3000,
  secrets: { password: () => Promise.resolve(new TextEncoder().encode(key)), key: () => undefined, nameOf: String },
});

test("a meter of a site is read over TCP: its values and its hours, by whoever has its key", async (t) => {
  // 2,000 V and 100 A in three phases: 600 kW.
  const configuration = `
primary: { pt: 10, ct: 20 }
profiles: [${profileOf(15)}]
iec102: { companion: ree, unit: kWh, measuringPoint: 3, manufacturer: 33 }
communications: { ethernet1: { iec102: { address: 7000 } } }
`;
  const { running, get, command } = await site(t, {
    configuration,
    listen,
    source: "{ volts: 2000, amps: 100, steps: true }",
  });
  const [, port] = /listener +iec102 tcp 127.0.0.1:(\d+)/.exec(running.output()) ?? [];
  assert.match(running.output(), /iec102\.password is not set/);
  const url = `iec102://127.0.0.1:${port}/7000?point=3`;
  const read = async (key: string): Promise<ReadonlyMap<string, unknown>> => {
    const source = await sourceOf(url)!({ ...settingsOf(key), names: [], held: new Map() });
    try {
      const { parts, identification } = await source.read();
      assert.deepEqual(identification, ["manufacturer 33", "device 140200024"]);
      return new Map(parts.flatMap(({ points }) => points.map((one) => [one.name, one.value] as const)));
    } finally {
      await source.close();
    }
  };
  await assert.rejects(read("7"), "there is no key yet");
  assert.deepEqual(await command({ command: "secret", name: "iec102.password", value: "7" }), { ok: true });
  const points = await reached(
    () => read("7"),
    (found) => Number(found.get("Wh.import")) >= 600,
  );
  assert.equal(points.get("W"), 600);
  assert.equal(points.get("V.b"), 2000);
  assert.equal(points.get("A.c"), 100);
  const hours = async (): Promise<readonly (readonly unknown[])[]> => {
    const asked = { profile: "11", isLog: false, from: undefined, to: undefined };
    const profile = await openProfile(parseIec102Url(url), settingsOf("7"), asked);
    try {
      const rows: (readonly unknown[])[] = [];
      for await (const row of profile.rows()) rows.push(row);
      return rows;
    } finally {
      await profile.close();
    }
  };
  const [first] = await reached(hours, (rows) => rows.length > 0);
  assert.deepEqual(first?.slice(0, 3), ["2026-07-31T17:00:00".slice(0, 16), 0, 600]);
  const { registers } = await get<Registers>("/registers/normal");
  assert.ok(registers.length > 0);
});

test("a meter of a site reads a count of another meter over Modbus TCP", async (t) => {
  let count = 70_000;
  const clock = new SystemClock();
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 2, clock }, (link) =>
    link.receive((bytes) => {
      // One request at a time: transaction, unit and function are given back, with two registers.
      const head = [...bytes.subarray(0, 4), 0, 7, ...bytes.subarray(6, 8), 4];
      link.send(Uint8Array.of(...head, 0, 1, (count >>> 8) & 0xff, count & 0xff));
    }),
  );
  t.after(() => listener.close());
  const { get } = await site(t, {
    configuration: `
communicated: [{ host: "127.0.0.1:${listener.port}", register: 12, everySeconds: 1, scale: 100 }]
registers: { normal: [{ id: 1, type: consumption, measure: { quantity: communicated, channel: 1 }, units: units, digits: 9 }], alternate: [], test: [] }
modbus: { counters: [{ register: 1 }] }
`,
  });
  const value = async (): Promise<number | undefined> =>
    (await get<Registers>("/registers/normal")).registers.at(0)?.value;
  await reached(value, (found) => found === 0);
  const grow = async (): Promise<number | undefined> => {
    if (count < 70_010) count++;
    return value();
  };
  await reached(grow, (found) => found !== undefined && found > 0 && found <= 1000 && found % 100 === 0);
});
