/** A start is whole or nothing: what a file changes of one meter is done once everything of the site could be had. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import type { Site } from "#fleet/site.ts";
import { serveWeb } from "#web/listen.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { temporaryFolder } from "./running-site.ts";

const jem = (km: number): string =>
  `profiles: [{ minutes: 1, channels: [{ measure: { quantity: Wh }, km: ${km} }] }]\n`;

/** A JEMStar with a load profile, a 4100, and what else stands in the file. */
const siteWith = (listen: string, more = ""): string => `
store: ./data
${more}
meters:
  - { name: jem, model: ametek-jemstar-ii, modelNumber: JSII-09I6020-1B/2A-DIO-DLP-NTP, configuration: jem.yaml, auxiliary: true, source: { synthetic: { volts: 120, amps: 3, steps: true } }, listen: [] }
  - { name: fixed, model: leviton-s4100, source: { synthetic: { hz: 60, volts: 277, amps: 80, steps: true } }, settings: { ctPrimary: 100, systemVoltage: 480 }, listen: [${listen}] }
`;

interface Found {
  readonly records: number;
  readonly configurations: number;
  readonly powerUps: number | undefined;
}

/** What the meters of a site know, and how often one of them has begun. */
function found({ meters: [first, second] }: Site): Found {
  const out = new Uint8Array(2);
  // Register 152 counts power-ups.
  second?.bindings.modbus?.({ port: "ethernet 1", unit: 1 })?.read(151, 1, out, 0);
  return {
    records: first?.surface.profiles[0]?.next ?? NaN,
    configurations: first?.surface.log("configuration").next ?? NaN,
    powerUps: new DataView(out.buffer).getUint16(0),
  };
}

async function busyPort(t: TestContext): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  return (server.address() as net.AddressInfo).port;
}

async function startOf(file: string, clock?: VirtualClock): Promise<void> {
  const site = loadSite(file, clock === undefined ? {} : { clock });
  const { web } = site.file;
  await site.start(async () => {
    if (web !== undefined) await serveWeb(site, web);
    return () => [];
  });
}

/** What lies in a folder and below. */
function contents(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true }).map(String).toSorted();
}

const refusals: readonly (readonly [what: string, site: (port: number) => string, why: RegExp])[] = [
  ["a port that another program has", (port) => siteWith(`{ modbus: tcp, port: ${port} }`), /another program uses it/],
  [
    "a certificate that is not there",
    () => siteWith("{ modbus: tls, port: 0, certificate: no.pem, key: no.key, authority: no.pem }"),
    /no\.pem/,
  ],
  ["a serial line that is not there", () => siteWith("{ modbus: rtu, device: /dev/no-such-line }"), /no-such-line/],
  ["a page on a port that is taken", (port) => siteWith("", `web: { port: ${port} }`), /another program uses it/],
  [
    "a page whose certificate is not there",
    () => siteWith("", "web: { port: 0, certificate: no.pem, key: no.key }"),
    /no\.pem/,
  ],
];
for (const [what, site, why] of refusals) {
  test(`${what} leaves no folder and no file that was not there`, async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "site.yaml");
    writeFileSync(file, site(await busyPort(t)).replace("store: ./data", "store: ./new/data"));
    writeFileSync(path.join(folder, "jem.yaml"), jem(1));
    const before = contents(folder);
    await assert.rejects(startOf(file), why);
    assert.deepEqual(contents(folder), before);
    // A folder that was there stays, with what others have put into it.
    mkdirSync(path.join(folder, "new", "data"), { recursive: true });
    writeFileSync(path.join(folder, "new", "data", "notes.txt"), "mine");
    await assert.rejects(startOf(file), why);
    assert.deepEqual(contents(folder), [...before, "new", "new/data", "new/data/notes.txt"].toSorted());
  });

  test(`${what} refuses the start, and nothing of what the files change has been done`, async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "site.yaml");
    const write = (yaml: string, km: number): void => {
      writeFileSync(file, yaml);
      writeFileSync(path.join(folder, "jem.yaml"), jem(km));
    };
    write(siteWith(""), 1);
    const clock = new VirtualClock();
    const first = loadSite(file, { clock });
    await first.start();
    clock.advance(10 * 60_000);
    const before = found(first);
    assert.equal(before.records, 10);
    await first.stop();
    // Another Km begins the profile anew, as its manual has it.
    write(site(await busyPort(t)), 500);
    await assert.rejects(startOf(file, clock), why);
    write(siteWith(""), 1);
    const third = loadSite(file, { clock });
    t.after(() => third.stop());
    const after = found(third);
    assert.ok(after.records >= before.records, `${after.records} records`);
    assert.deepEqual([after.configurations, after.powerUps], [before.configurations, (before.powerUps ?? 0) + 1]);
  });
}
