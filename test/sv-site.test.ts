/** A site whose meter measures a stream that another meter's source publishes, over bridges on this machine. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import { siteSchema } from "#fleet/site-schema.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { viewOf } from "#web/meter-view.ts";
import { parseMeasure } from "#quantity/measure-name.ts";

const bridge = { listen: "127.0.0.1:17001", send: "127.0.0.1:17002" };

function problems(source: unknown, listen: readonly unknown[] = []): readonly string[] {
  const meter = { name: "m", model: "ametek-jemstar-ii", source, listen };
  return checkedBy(siteSchema, { meters: [meter] }).problems ?? [];
}

test("what is wrong with a stream in a site file is said by its key", () => {
  assert.deepEqual(problems({ sampledValues: { bridge, svID: "MU01" } }), []);
  const at = "meters[0].source.sampledValues";
  assert.deepEqual(problems({ sampledValues: { svID: "MU01" } }), [
    `${at}.interface: expected one of interface, bridge`,
  ]);
  assert.deepEqual(problems({ sampledValues: { bridge, svID: "MU01", rate: 14_400 } }), [
    `${at}.rate: expected a rate of 9-2LE (4000, 4800, 12800, 15360), found 14400`,
  ]);
  assert.deepEqual(problems({ sampledValues: { bridge, svID: "MU01", values: 4 } }), [
    `${at}.map: expected no number above values`,
  ]);
  const fast = {
    clock: { speed: 60 },
    meters: [{ name: "m", model: "ametek-jemstar-ii", source: { sampledValues: { bridge, svID: "A" } } }],
  };
  assert.deepEqual(checkedBy(siteSchema, fast).problems, [
    `${at}: a stream goes by real time: expected clock.speed 1, found 60`,
  ]);
  assert.match(problems({ live: {} }, [{ sv: "ethernet", bridge }]).join(), /listen\[0\]\.svID/);
});

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
  const { port } = socket.address();
  await new Promise<void>((done) => socket.close(() => done()));
  return port;
}

const model = "model: ametek-jemstar-ii, modelNumber: JSII-09I6020-2A-DIO";

test("a meter of a site measures what another one's source publishes; without it, it says so", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "sv-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [one, two] = [await freePort(), await freePort()];
  const file = path.join(folder, "site.yaml");
  const bridgeOf = (listen: number, send: number): string =>
    `bridge: { listen: "127.0.0.1:${listen}", send: "127.0.0.1:${send}" }`;
  const stream = `svID: MU01, rate: 4800`;
  writeFileSync(
    file,
    `store: ":memory:"
meters:
  - { name: near, ${model}, source: { synthetic: { volts: [119, 120, 121], amps: 5 } }, listen: [{ sv: ethernet, ${bridgeOf(one, two)}, ${stream} }] }
  - { name: next, ${model}, source: { synthetic: { volts: [229, 230, 231], amps: 2 } }, listen: [{ sv: ethernet, ${bridgeOf(one, two)}, svID: MU03, rate: 4000 }] }
  - { name: other, ${model}, source: { sampledValues: { ${bridgeOf(two, one)}, svID: MU03, rate: 4000 } } }
  - { name: far, ${model}, source: { sampledValues: { ${bridgeOf(two, one)}, ${stream} } } }
  - { name: self, ${model}, source: { sampledValues: { ${bridgeOf(one, two)}, ${stream} } } }
  - { name: alone, ${model}, source: { sampledValues: { ${bridgeOf(two, one)}, svID: MU02 } } }
`,
  );
  const site = loadSite(file);
  await site.start();
  t.after(() => site.stop());
  assert.deepEqual(
    site.listeners.map(({ what }) => what.replace(/\d+$/, "")),
    ["sv ethernet udp 127.0.0.1:", "sv ethernet udp 127.0.0.1:"],
  );
  const read = (meter: string, name: string): number | undefined =>
    site.meter(meter)?.surface.read(parseMeasure(name)!, "primary").value;
  // Two streams of one place, each to who follows it.
  const expected = [
    ["far", "V.a", 119],
    // Of the place at which it is published.
    ["self", "V.a", 119],
    ["far", "V.c", 121],
    ["far", "A.a", 5],
    ["other", "V.b", 230],
    ["other", "A.a", 2],
  ] as const;
  const isRight = ([meter, name, value]: readonly [string, string, number]): boolean =>
    Math.abs((read(meter, name) ?? NaN) / value - 1) < 1e-3;
  // The first cycle may be of a stream that has just begun.
  for (let turn = 0; turn < 600 && !expected.every(isRight); turn++)
    await new Promise<void>((done) => setTimeout(done, 50));
  for (const one of expected) assert.ok(isRight(one), `${one.join(" ")}: ${read(one[0], one[1])}`);
  assert.match(site.meter("alone")?.surface.absence ?? "", /nothing has come of MU02/);
  // It is before their terminals: no port of theirs, and nowhere to be read at.
  for (const { urls } of site.listeners) assert.deepEqual(urls, []);
  for (const name of ["near", "far", "alone"]) assert.deepEqual(viewOf(site.meter(name)!.surface).ports, []);
});
