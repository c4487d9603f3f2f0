/** Meters that are there, and are read: what their registers say is what the site shows, as long as it is so now. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import { parseSite } from "#fleet/site-file.ts";
import type { Site } from "#fleet/site.ts";
import { meterSchema } from "#web/api/meter-schemas.ts";
import { webSide } from "#web/server.ts";
import { freePort, temporaryFolder } from "./running-site.ts";

/** Input registers of an SDM630 (its manual, table 1.2.1) by address: IEEE 754 single, the upper word first. */
const registers: Readonly<Record<number, number>> = {
  // V.a: 230.5 is 1.80078125 * 2^7, so 0 10000110 11001101000000000000000.
  0x0000: 0x4366,
  0x0001: 0x8000,
  // A.a: 8 is 2^3: 0 10000010 0.
  0x0006: 0x4100,
  0x0007: 0x0000,
  // W: 1843.75 is 1.800537109375 * 2^10: 0 10001001 11001100111100000000000.
  0x0034: 0x44e6,
  0x0035: 0x7800,
  // Wh.import, in kWh: 0.5 is 2^-1.
  0x0048: 0x3f00,
  0x0049: 0x0000,
};

/** A Modbus server made of the standard alone (6.4, MBAP): answers input registers, refuses all else with exception 1. */
async function fakeMeter(t: TestContext) {
  const sockets = new Set<net.Socket>();
  let asked = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      asked++;
      const fn = data.readUInt8(7);
      const [first, count] = fn === 4 ? [data.readUInt16BE(8), data.readUInt16BE(10)] : [0, 0];
      const pdu =
        fn === 4
          ? [
              4,
              2 * count,
              ...Array.from({ length: count }, (_, k) => registers[first + k] ?? 0).flatMap((w) => [w >> 8, w & 255]),
            ]
          : [fn | 0x80, 1];
      const head = Buffer.alloc(7);
      data.copy(head, 0, 0, 7);
      head.writeUInt16BE(pdu.length + 1, 4);
      socket.write(Buffer.concat([head, Buffer.from(pdu)]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  t.after(stop);
  return { port: (server.address() as net.AddressInfo).port, stop, asked: () => asked };
}

async function running(t: TestContext, meters: string) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, `store: ":memory:"\nmeters:\n${meters}`);
  const [clock, real] = [new VirtualClock(), new VirtualClock()];
  const site = loadSite(file, { clock, real });
  const told: string[] = [];
  site.onNotice((notice) => told.push(textOf(notice)));
  await site.start();
  t.after(() => site.stop());
  const { app } = webSide(site);
  const ask = async (url: string) => {
    const incoming = {
      socket: { remoteAddress: "127.0.0.1", localAddress: "127.0.0.1" },
      httpVersion: "1.1",
      rawHeaders: [],
    };
    return (await (await app.request(`http://127.0.0.1${url}`, {}, { incoming })).json()) as Answer;
  };
  /** Both clocks go on: what is due is read, and what it says comes by itself. */
  const pass = (ms: number): void => {
    for (let gone = 0; gone < ms; gone += 500) {
      real.advance(500);
      clock.advance(500);
    }
  };
  return { site, ask, pass, told };
}

/** As much of the answers as is looked at. */
interface Answer {
  readonly readings: Readonly<Record<string, number | null>>;
  readonly registers: readonly unknown[];
  readonly absence?: string;
  readonly reads: { readonly age: number | null };
  readonly conditions: readonly { readonly text: string }[];
  readonly counts: { readonly silent: number; readonly measuring: number };
  readonly meters: readonly {
    readonly watts: number | null;
    readonly words: string;
    readonly state: string;
    readonly last: { readonly utc: string } | null;
  }[];
}

/** What a peer says comes when it comes. */
async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let k = 0; k < 2000; k++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail(what);
}

const house = (port: number, name = "house"): string => `  - name: ${name}
    model: eastron-sdm630
    source: { read: { url: "modbus://127.0.0.1:${port}/1", every: 10s, timeout: 1 } }
`;

const hasRead = (site: Site, name: string) => (): boolean => (site.meter(name)?.surface.measures.length ?? 0) > 0;

test("what the registers of a meter say is what the site shows of it, with its age", async (t) => {
  const meter = await fakeMeter(t);
  const { site, ask, pass } = await running(t, house(meter.port));
  assert.equal((await ask("/api/v1/meters/house")).absence, "not read yet");
  await until(hasRead(site, "house"), "it was never read");
  const view = await ask("/api/v1/meters/house");
  assert.equal(meterSchema.safeParse(view).error, undefined);
  assert.equal(view.readings["V.a"], 230.5);
  assert.equal(view.readings["A.a"], 8);
  assert.equal(view.readings["W"], 1843.75);
  assert.equal(view.readings["Wh.import"], 500);
  assert.equal(view.absence, undefined);
  assert.equal(view.reads.age, 0);
  pass(2000);
  assert.equal((await ask("/api/v1/meters/house")).reads.age, 2);
  const [glance] = (await ask("/api/v1/overview")).meters;
  assert.equal(glance?.watts, 1843.75);
  // 2 s before the site's time: when it was read.
  assert.equal(Date.parse(glance?.last?.utc ?? ""), site.utc - 2000);
});

test("no value that is older than three intervals is shown as what is, and it is said since when and why", async (t) => {
  const meter = await fakeMeter(t);
  const { site, ask, pass, told } = await running(t, house(meter.port));
  await until(hasRead(site, "house"), "it was never read");
  meter.stop();
  pass(10_000);
  await until(() => told.some((one) => one.includes("cannot be read")), "nobody said that it cannot be read");
  // The last values are of 10 s ago: they are shown, and doubted.
  const held = await ask("/api/v1/meters/house");
  assert.equal(held.readings["V.a"], 230.5);
  assert.match(held.conditions[0]?.text ?? "", /^the last reading failed: .*nothing listens/);
  pass(20_000);
  assert.equal((await ask("/api/v1/meters/house")).readings["V.a"], 230.5);
  pass(500);
  const view = await ask("/api/v1/meters/house");
  assert.deepEqual(new Set(Object.values(view.readings)), new Set([null]));
  assert.match(view.absence ?? "", /^cannot connect to .*nothing listens there; not read since 2026-01-01T00:00:00Z$/);
  assert.deepEqual(view.registers, []);
  const [glance] = (await ask("/api/v1/overview")).meters;
  assert.equal(glance?.state, "silent");
  assert.equal(glance?.watts, null);
});

test("a meter that is not there leaves those that are", async (t) => {
  const meter = await fakeMeter(t);
  const nobody = await freePort();
  const { site, ask, told } = await running(t, house(nobody, "dead") + house(meter.port));
  await until(hasRead(site, "house"), "it was never read");
  await until(() => told.some((one) => one.startsWith("dead: cannot be read: ")), "nobody said that it cannot be read");
  const { meters, counts } = await ask("/api/v1/overview");
  assert.deepEqual([counts.silent, counts.measuring], [1, 1]);
  assert.match(meters[0]?.words ?? "", /^cannot connect .*; never read, tried since 2026-01-01T00:00:00Z$/);
  assert.equal(meters[0]?.last, null);
});

test("a meter that is taken out of the file is asked no more", async (t) => {
  const meter = await fakeMeter(t);
  const { site, pass } = await running(t, house(meter.port) + house(await freePort(), "other"));
  await until(hasRead(site, "house"), "it was never read");
  writeFileSync(path.join(site.folder, "site.yaml"), `store: ":memory:"\nmeters:\n${house(await freePort(), "other")}`);
  assert.equal((await site.reload()).refused, undefined);
  const asked = meter.asked();
  pass(60_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(meter.asked(), asked);
});

test("it takes no command, and has nothing that only a meter of the site has", async (t) => {
  const { site } = await running(t, house(await freePort()));
  const { surface } = site.meter("house")!;
  const outcome = surface.obey({ command: "freeze" } as never, surface.open({} as never));
  assert.deepEqual(outcome, {
    refused: "unsupported",
    words: [`house is read from ${surface.identity.readFrom}: it is told nothing here`],
  });
});

/** What is wrong with an entry, by its key. */
const wrong: readonly (readonly [entry: string, says: RegExp])[] = [
  [
    'model: no-such, source: { read: { url: "modbus://10.0.0.7/1" } }',
    /meters\[0\]\.model: expected one of .*self-describing; found "no-such"/,
  ],
  [
    'model: self-describing, source: { read: { url: "modbus://10.0.0.7/1" } }',
    /meters\[0\]\.model: over Modbus a meter does not say/,
  ],
  [
    'model: leviton-s4100, source: { read: { url: "gopher://10.0.0.7/1" } }',
    /meters\[0\]\.source\.read\.url: "gopher:\/\/10\.0\.0\.7\/1" has no protocol/,
  ],
  [
    'model: leviton-s4100, source: { read: { url: "http://ann:horse@10.0.0.7/#x" } }',
    /source\.read\.url: expected no user and no password in the URL/,
  ],
  [
    'model: leviton-s4100, source: { read: { url: "http://10.0.0.7:8080" } }',
    /source\.read\.url: .*is a site; expected one of its meters/,
  ],
  ['model: leviton-s4100, source: { read: { url: "modbus://10.0.0.7/1", every: 5 } }', /source\.read\.every/],
  [
    'model: leviton-s4100, source: { read: { url: "modbus://10.0.0.7/1", every: 5d } }',
    /source\.read\.every: expected 100ms to 24h, like 5s; found "5d"/,
  ],
  [
    'model: leviton-s4100, source: { read: { url: "modbus://10.0.0.7/1" }, live: {} }',
    /expected exactly one of .*read; found live and read/,
  ],
  [
    'model: leviton-s4100, source: { read: { url: "modbus://10.0.0.7/1" } }, settings: { ctPrimary: 5 }',
    /meters\[0\]\.settings: this meter is read/,
  ],
  [
    'model: leviton-s4100, source: { read: { url: "modbus://10.0.0.7/1" } }, listen: [{ modbus: tcp }]',
    /meters\[0\]\.listen: this meter is read/,
  ],
];
for (const [entry, says] of wrong)
  test(`refuses ${entry}`, () => {
    assert.throws(() => parseSite("site.yaml", `meters: [{ name: house, ${entry} }]`), says);
  });

test("what listens on a serial line, and what is read on it, are not on it together", () => {
  const bus = (url: string, more = ""): string =>
    `{ name: n${url.length}${more.length}, model: leviton-s4100, source: { read: { url: "${url}"${more} } } }`;
  const own = `{ name: own, model: leviton-s4100, source: { live: {} }, listen: [{ modbus: rtu, device: /dev/ttyX0 }] }`;
  const rtu = "modbus+rtu:///dev/ttyX0?unit=2";
  assert.throws(
    () => parseSite("f", `meters: [${own}, ${bus(rtu)}]`),
    /meters\[1\]\.source\.read\.url: own listens with modbus rtu on \/dev\/ttyX0 already/,
  );
  parseSite("f", `meters: [${bus(rtu)}, ${bus("modbus+rtu:///dev/ttyX0?unit=12")}]`);
  assert.throws(
    () => parseSite("f", `meters: [${bus(rtu)}, ${bus("modbus+rtu:///dev/ttyX0?unit=12", ", timeout: 5")}]`),
    /meters\[1\]\.source\.read: n\d+ is read on the same line, with timeout 2/,
  );
});

test("a meter that is read goes by real time", () => {
  const site =
    'clock: { speed: 60 }\nmeters: [{ name: a, model: leviton-s4100, source: { read: { url: "modbus://10.0.0.7/1" } } }]';
  assert.throws(
    () => parseSite("f", site),
    /meters\[0\]\.source\.read: a meter that is read goes by real time: expected clock\.speed 1, found 60/,
  );
});
