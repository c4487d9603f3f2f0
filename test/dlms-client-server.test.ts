/** The client at the server of this project, over the wrapper and HDLC without a socket: every mechanism, every suite, every long service. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { makeKeyPair } from "#io/curves.ts";
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import { byPassword, nobody, type Authentication } from "#protocol/dlms/client/authentication.ts";
import { DlmsClient } from "#protocol/dlms/client/client.ts";
import { countingFrom } from "#protocol/dlms/client/counters.ts";
import { DlmsError } from "#protocol/dlms/client/failing.ts";
import { byKeys, makeDedicatedKey, type KeyedOptions } from "#protocol/dlms/client/keyed.ts";
import { objectsOf } from "#protocol/dlms/client/objects.ts";
import { profileRows } from "#protocol/dlms/client/profile.ts";
import type { Service } from "#protocol/dlms/cosem/logical-device.ts";
import { octets } from "#protocol/dlms/data/data.ts";
import { hdlcCarrier } from "#protocol/dlms/hdlc/primary.ts";
import { serveHdlc } from "#protocol/dlms/hdlc/secondary.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { serveWrapper, wrapperCarrier } from "#protocol/dlms/wrapper.ts";
import { usualHdlc } from "./dlms-exchanges.ts";
import { goldenClients, keyClient, TestHost, TestSecurity, textBytes, type HostOptions } from "./dlms-host.ts";

const everything: ReadonlySet<Service> = new Set<Service>([
  "general-protection",
  "block-transfer-with-get-or-read",
  "block-transfer-with-set-or-write",
  "block-transfer-with-action",
  "multiple-references",
  "get",
  "set",
  "selective-access",
  "action",
]);

/** Windows and sizes as the manual has them, but long messages in segments. */
const hdlc = { ...usualHdlc, segmentation: true };

type Way = "wrapper" | "hdlc" | "padded";

/** A line on which something stands before and behind whatever the meter sends: flags, and what a modem makes of silence. */
function padded(link: Link): Link {
  const padding = Uint8Array.of(0x7e, 0xff, 0x00, 0xff, 0x7e, 0x7e);
  return {
    peer: link.peer,
    get waiting() {
      return link.waiting;
    },
    send: (bytes) => link.send(Uint8Array.of(...padding, ...bytes, ...padding)),
    receive: (run) => link.receive(run),
    pause: () => link.pause(),
    resume: () => link.resume(),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}

function carrierTo(host: TestHost, client: number, way: Way = "wrapper"): ApduCarrier {
  const clock = new VirtualClock();
  const [near, far] = nullModem();
  const server = dlmsServer(host, { port: "ethernet 1" });
  if (way === "wrapper") serveWrapper(far, server, { near: true });
  else {
    const station = { server, settings: () => hdlc, has: (device: number) => device === 1 };
    serveHdlc(way === "padded" ? padded(far) : far, () => [station], clock);
  }
  const addresses = { client, server: 1 };
  return way === "wrapper"
    ? wrapperCarrier(near, addresses, clock, 1000)
    : hdlcCarrier(near, clock, { addresses, physical: usualHdlc.physical, timeoutMs: 1000 });
}

async function associated(
  host: TestHost,
  {
    client = 16,
    authentication = nobody,
    way = "wrapper" as Way,
    maxPdu = 0xffff,
    conformance = undefined as ReadonlySet<Service> | undefined,
  } = {},
): Promise<DlmsClient> {
  const carrier = carrierTo(host, client, way);
  await carrier.open();
  return DlmsClient.associate(carrier, { authentication, maxPdu, conformance });
}

const register = { classId: 3, logicalName: "1.0.1.7.0.255", attribute: 2 } as const;
const PROFILE = "1.0.99.1.0.255";
const settings = { conformance: everything } as const;

async function all<T>(of: AsyncGenerator<T, unknown>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of of) found.push(one);
  return found;
}

for (const way of ["wrapper", "hdlc", "padded"] as const)
  test(`what a meter has, the list tells, and rows come in blocks: ${way}`, async () => {
    const host = new TestHost({ settings });
    const client = await associated(host, { way, maxPdu: 125 });
    const objects = await all(objectsOf(client));
    const listed = objects.map(({ object }) => object.logicalName);
    for (const one of ["1.0.1.7.0.255", PROFILE, "0.0.1.0.0.255", "0.0.42.0.0.255", "0.0.41.0.0.255"])
      assert.ok(listed.includes(one), one);
    assert.deepEqual(await client.get(register), { data: { type: "double-long-unsigned", value: 1_234_567 } });
    const rows = await all(profileRows(client, PROFILE, { by: "all" }));
    assert.equal(rows.length, 40);
    // Row k: channel c is c + k/4.
    assert.deepEqual(
      rows.map((row) => row.slice(2).map((one) => "value" in one && one.value)),
      Array.from({ length: 40 }, (_, k) => [0, 1, 2, 3].map((channel) => channel + k / 4)),
    );
    assert.equal((await all(profileRows(client, PROFILE, { by: "entry", from: 2, to: 4 }))).length, 3);
  });

test("a password is shown, and a wrong one refused in words", async () => {
  const host = new TestHost({ settings });
  const client = await associated(host, { client: 17, authentication: byPassword(textBytes("Gurux")) });
  assert.ok("data" in (await client.get(register)));
  await assert.rejects(
    associated(new TestHost({ settings }), { client: 17, authentication: byPassword(textBytes("Wrong")) }),
    (error) =>
      error instanceof DlmsError && error.reason === "rejected" && /13\): wrong password or key/.test(error.message),
  );
});

const TITLE = textBytes("PLY00001");

for (const mechanism of ["high-md5", "high-sha1", "high-sha256"] as const)
  test(`a secret that both have is proved by ${mechanism}, and another is not`, async () => {
    const by = (secret: string): Authentication =>
      byKeys({ mechanism, keys: { suite: 0, nextCounter: () => 1 }, title: TITLE, secret: textBytes(secret) });
    const client = await associated(new TestHost({ settings }), { client: 18, authentication: by("a secret of both") });
    assert.ok("data" in (await client.get(register)));
    await assert.rejects(
      associated(new TestHost({ settings }), { client: 18, authentication: by("another secret") }),
      (error) => error instanceof DlmsError && error.reason === "rejected",
    );
  });

function keyed(options: Partial<KeyedOptions> & { readonly suite?: 0 | 1 | 2; readonly first?: number } = {}): {
  readonly host: TestHost;
  readonly authentication: Authentication;
  readonly security: TestSecurity;
} {
  const { suite = 0, first = 1, ...more } = options;
  const security = new TestSecurity(Array.from({ length: 10_000 }, (_, k) => k + 1));
  const length = suite === 2 ? 32 : 16;
  security.suite = suite;
  security.encryption = Uint8Array.from({ length }, (_, k) => k);
  security.authentication = Uint8Array.from({ length }, (_, k) => 0xd0 + k);
  const curve = suite === 2 ? "P-384" : "P-256";
  const [ofClient, ofServer] = [makeKeyPair(curve), makeKeyPair(curve)];
  security.signing = ofServer.privateKey;
  security.clientSigning = ofClient.publicKey;
  const clients: HostOptions["clients"] = (host) => [
    ...goldenClients(host),
    keyClient(host, 2, security, { mechanisms: ["none", "high-gmac", "high-ecdsa"] }),
  ];
  const { encryption, authentication } = security;
  const keys = {
    suite,
    encryption,
    authentication,
    signing: ofClient.privateKey,
    meter: ofServer.publicKey,
    nextCounter: countingFrom(first),
  } as const;
  return {
    host: new TestHost({ settings, clients }),
    security,
    authentication: byKeys({
      mechanism: "high-gmac",
      keys,
      title: TITLE,
      sealing: { authenticated: true, encrypted: true },
      ...more,
    }),
  };
}

for (const suite of [0, 1, 2] as const)
  for (const sealing of [
    { authenticated: true, encrypted: true },
    { authenticated: true, encrypted: false },
    { authenticated: false, encrypted: true },
  ])
    for (const style of ["global", "general", "dedicated", "general dedicated"] as const)
      test(`suite ${suite}, ${Object.entries(sealing)
        .flatMap(([name, is]) => (is ? name : []))
        .join(" and ")}, ${style}: rows come in blocks`, async () => {
        const dedicated = style.includes("dedicated") ? makeDedicatedKey(suite) : undefined;
        const { host, authentication } = keyed({ suite, sealing, dedicated, general: style.includes("general") });
        const client = await associated(host, { client: 2, authentication, maxPdu: 300 });
        assert.deepEqual(await client.get(register), { data: { type: "double-long-unsigned", value: 1_234_567 } });
        assert.equal((await all(profileRows(client, PROFILE, { by: "all" }))).length, 40);
        assert.deepEqual(
          host.asked,
          Array.from({ length: 40 }, (_, k) => k),
        );
      });

for (const suite of [1, 2] as const)
  test(`suite ${suite}: each proves itself by a signature, and another key does not`, async () => {
    const { host, authentication } = keyed({ suite, mechanism: "high-ecdsa" });
    const client = await associated(host, { client: 2, authentication });
    assert.ok("data" in (await client.get(register)));
    const other = keyed({ suite, mechanism: "high-ecdsa" });
    other.security.clientSigning = makeKeyPair(suite === 2 ? "P-384" : "P-256").publicKey;
    await assert.rejects(associated(other.host, { client: 2, authentication: other.authentication }), DlmsError);
  });

test("an invocation counter that is not higher is refused, and it is said that it may be that", async () => {
  const { host, authentication, security } = keyed({ first: 7 });
  security.received = 1000;
  await assert.rejects(
    associated(host, { client: 2, authentication }),
    (error) => error instanceof DlmsError && error.reason === "rejected" && /counter has been used/.test(error.message),
  );
});

test("a meter with another key is found out by its answer", async () => {
  const { host, authentication, security } = keyed();
  const client = await associated(host, { client: 2, authentication });
  security.encryption = security.encryption?.map((byte) => byte ^ 1);
  await assert.rejects(client.get(register), DlmsError);
});

test("what is long is set and invoked in blocks, and comes back in blocks", async () => {
  const host = new TestHost({ settings: { ...settings, maxPdu: 64 } });
  const client = await associated(host, { client: 17, authentication: byPassword(textBytes("Gurux")), maxPdu: 64 });
  // 1,000 bytes that differ.
  const long = octets(Uint8Array.from({ length: 1000 }, (_, k) => (7 * k) & 0xff));
  const text = { classId: 1, logicalName: "0.0.96.1.0.255" };
  assert.equal(await client.set({ ...text, attribute: 2 }, long), "success");
  assert.deepEqual(host.text, long);
  const echoed = await client.act({ ...text, method: 1 }, long);
  assert.deepEqual(echoed, { result: "success", returned: { data: long } });
});

test("many are set and invoked at once, whole and in blocks, or one after the other where a meter takes no lists", async () => {
  const text = { classId: 1, logicalName: "0.0.96.1.0.255" };
  const values = [1, 2, 3].map((k) => octets(Uint8Array.from({ length: 60 }, (_, at) => k * 50 + at)));
  for (const [maxPdu, services] of [
    [1024, everything],
    [100, everything],
    [1024, new Set<Service>(["get", "set", "action"])],
  ] as const) {
    const host = new TestHost({ settings: { conformance: services, maxPdu } });
    const client = await associated(host, { client: 17, authentication: byPassword(textBytes("Gurux")), maxPdu });
    const attributes = [
      { ...text, attribute: 2 },
      { ...text, attribute: 1 },
      { ...text, attribute: 2 },
    ];
    const [first, second, third] = await client.setAll(attributes, values);
    assert.deepEqual([first, third, host.text], ["success", "success", values[2]]);
    // The logical name is nobody's to set.
    assert.equal(second, "read-write-denied");
    const methods = values.map(() => ({ ...text, method: 1 }));
    const echoed = values.map((data) => ({ result: "success", returned: { data } }));
    assert.deepEqual(await client.actAll(methods, values), echoed, `${maxPdu}, ${services.size}`);
  }
});

test("what a meter sends by general block transfer is put together, in the clear and under keys", async () => {
  const conformance = new Set<Service>(["get", "action", "selective-access", "general-block-transfer"]);
  for (const authentication of [undefined, keyed().authentication]) {
    const { host } = keyed();
    host.settings = { ...host.settings, conformance };
    const client = authentication === undefined ? 16 : 2;
    const asked = await associated(host, { client, authentication, conformance, maxPdu: 200 });
    assert.ok(asked.has("general-block-transfer") && !asked.has("block-transfer-with-get-or-read"));
    // 40 rows of 41 bytes come in one message, which blocks of 194 bytes carry.
    assert.equal((await all(profileRows(asked, PROFILE, { by: "all" }))).length, 40);
  }
});
