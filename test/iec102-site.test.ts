/** IEC 60870-5-102 as a row of the table of protocols: meters on a place, told apart by link address, over TCP and on a serial line. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Clock } from "#clock/clock.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { Listeners } from "#fleet/listeners.ts";
import type { Carrier } from "#fleet/protocols/carrier.ts";
import { carriers, type Carriers } from "#fleet/protocols/carriers.ts";
import type { Listening } from "#fleet/protocols/protocol.ts";
import { protocols } from "#fleet/protocols/table.ts";
import { siteSchemaOf } from "#fleet/site-schema.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { connectTcp } from "#io/tcp.ts";
import type { TrafficSink } from "#product/product.ts";
import { FixtureHost } from "./iec102-host.ts";
import { fromHex, toHex } from "./iec102-vectors.ts";
import { freePort } from "./running-site.ts";

const source = { live: {} };

function meter(name: string, host: FixtureHost, listen: readonly unknown[], more: Partial<Listening> = {}): Listening {
  const [parsed] = siteSchemaOf(protocols).parse({ meters: [{ name, model: "x", source, listen }] }).meters;
  return {
    name,
    listen: parsed!.listen,
    bindings: { iec102: () => host },
    line: { address: host.settings.address, baud: 9600, parity: 1 },
    room: () => undefined,
    ...more,
  };
}

async function open(
  t: TestContext,
  meters: readonly Listening[],
  { over, clock = new SystemClock() }: { readonly over?: Carriers; readonly clock?: Clock } = {},
) {
  const listeners = new Listeners({ clock, folder: ".", table: protocols, carriers: over });
  await listeners.open(meters);
  t.after(() => listeners.close());
  return listeners.all;
}

const STATUS = "10 49 0c 87 dc 16";
const ANSWER = "10 0b 0c 87 9e 16";
/** Of link address 300. */
const [OTHER, OTHER_ANSWER] = ["10 49 2c 01 76 16", "10 0b 2c 01 38 16"];

async function asking(t: TestContext, port: number) {
  const link = await connectTcp("127.0.0.1", port);
  t.after(() => link.close());
  return async (hex: string): Promise<string> => {
    link.send(fromHex(hex));
    return new Promise((resolve) => link.receive((bytes) => resolve(toHex(bytes))));
  };
}

test("two meters share a place by their link addresses, and their URLs name them", async (t) => {
  const entry = [{ iec102: "tcp", port: 0 }];
  const place = { iec102: "tcp", port: await freePort() };
  const [one, other] = [new FixtureHost(), new FixtureHost({ address: 300, measuringPoint: 3 })];
  const [shared] = await open(t, [meter("one", one, [place]), meter("other", other, [place])]);
  assert.deepEqual(
    shared?.urls.map(({ url }) => url.replace(/:\d+\//, ":PORT/")),
    ["iec102://127.0.0.1:PORT/34572", "iec102://127.0.0.1:PORT/300?point=3"],
  );
  const ask = await asking(t, place.port);
  assert.equal(await ask(STATUS), ANSWER);
  assert.equal(await ask(OTHER), OTHER_ANSWER);
  await assert.rejects(
    open(t, [meter("a", one, [{ ...place, port: 1 }]), meter("b", new FixtureHost(), [{ ...place, port: 1 }])]),
    /address 34572/,
  );
  const narrow = new FixtureHost({ address: 17, addressOctets: 1 });
  const later = { iec102: "tcp", port: await freePort() };
  await assert.rejects(
    open(t, [meter("a", one, [later]), meter("b", narrow, [later])]),
    /a and b have link addresses of one octet and of two on one place/,
  );
  await assert.rejects(
    open(t, [{ ...meter("none", one, entry), bindings: {} }]),
    /none does not speak IEC 60870-5-102/,
  );
});

test("peers of this machine are near unless a tunnel ends there", async (t) => {
  const open7 = "68 0d 0d 68 73 0c 87 b7 01 06 01 00 00 07 00 00 00 cc 16";
  for (const near of [true, false]) {
    const host = new FixtureHost();
    const port = await freePort();
    await open(t, [meter("one", host, [{ iec102: "tcp", port, near }])]);
    const ask = await asking(t, port);
    assert.equal(await ask(open7), "10 00 0c 87 93 16");
    assert.equal(host.peers[0]?.near, near);
    assert.equal(host.peers[0]?.port, "ethernet 1");
  }
});

test("on a serial line the meter's port tells who comes and goes, and answers wait as long as it says", async (t) => {
  const told: string[] = [];
  const sink = Object.fromEntries(
    ["opened", "failed", "connected", "left", "heard", "misunderstood"].map((what) => [what, () => told.push(what)]),
  ) as unknown as TrafficSink;
  const [here, there] = nullModem();
  let accept = (_link: Link): void => {};
  const serial: Carrier = {
    ...carriers.serial,
    open: (_keys, _place, take) => {
      accept = (link) => take(link, { baud: 9600 });
      return Promise.resolve({
        what: "line",
        authority: "/dev/line",
        query: ["baud=9600"],
        close: () => Promise.resolve(),
      });
    },
  };
  const clock = new VirtualClock();
  const host = new FixtureHost({ password: false, unit: "Wh" });
  const one = meter("one", host, [{ iec102: "serial", device: "/dev/line" }], {
    traffic: () => sink,
    answerDelayMs: () => 40,
  });
  const [listener] = await open(t, [one], { over: { ...carriers, serial } as Carriers, clock });
  assert.deepEqual(
    listener?.urls.map(({ url }) => url),
    ["iec102+serial:///dev/line?baud=9600&address=34572&unit=Wh&auth=none"],
  );
  accept(there);
  let heard = "";
  here.receive((bytes) => (heard += toHex(bytes)));
  here.send(fromHex(STATUS));
  clock.advance(39);
  assert.equal(heard, "");
  clock.advance(1);
  assert.equal(heard, ANSWER);
  clock.advance(60_001);
  here.send(fromHex("00 00 00"));
  clock.advance(500);
  assert.deepEqual(
    told.filter((what) => what !== "heard"),
    ["opened", "connected", "left", "misunderstood"],
  );
});
