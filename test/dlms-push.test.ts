/** What a JEMStar sends by itself over DLMS: golden frames of another server's notification, schedules of a whole meter, and destinations that fail. */
import assert from "node:assert/strict";
import { createDecipheriv } from "node:crypto";
import { createSocket } from "node:dgram";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import { beyondObjects } from "#product/jemstar/dlms/beyond.ts";
import { isOpen } from "#product/jemstar/dlms/push-window.ts";
import { DlmsPush } from "#product/jemstar/dlms-push.ts";
import type { WhenKept } from "#product/product.ts";
import { decodeXdlms, encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import { doubleLongUnsigned, float32, octets, structure } from "#protocol/dlms/data/data.ts";
import { encodeData } from "#protocol/dlms/data/encode.ts";
import { framedPush, wrappedPush } from "#protocol/dlms/push-frame.ts";
import { protectedPush, type PushClient } from "#protocol/dlms/push-protection.ts";
import { PushQueue } from "#protocol/dlms/push-queue.ts";
import { sendPush, type PushDestination } from "#protocol/dlms/push-send.ts";
import { limits } from "#quantity/limits.ts";
import { TestSecurity } from "./dlms-host.ts";
import { beyond, DLMS, hex } from "./dlms-beyond-rig.ts";

/** {2025-03-19 20:21:00, 1234567, 1.5} of a server of Gurux, through the wrapper and as a UI frame. */
const APDU = "0fc00000010002 03090c07e902130315140000000000060012d687173fc00000".replaceAll(" ", "");
const WRAPPED = `0001000100100020${APDU}`;
const FRAMED = `7ea02c210313416ce6e700${APDU}01817e`;
const golden = encodeXdlms({
  apdu: "data-notification",
  invoke: 0xc000_0001,
  dateTime: new Uint8Array(0),
  body: structure(octets(Buffer.from("07e902130315140000000000", "hex")), doubleLongUnsigned(1_234_567), float32(1.5)),
});

test("a notification is the bytes that another server sends, through the wrapper and in a UI frame", () => {
  assert.equal(hex(golden), APDU);
  assert.equal(hex(wrappedPush({ client: 16, server: 1 }, golden)), WRAPPED);
  assert.equal(hex(framedPush({ client: 16, server: 1 }, golden)), FRAMED);
});

const configuration = (push: string): string => `
dlms: { push: [${push}] }
registers:
  normal: [{ id: 0, type: consumption, measure: { quantity: Wh, direction: delivered }, units: units }]
  alternate: []
`;
const objects = `objects: [{ class: 3, object: 1.0.1.8.0.255 }, { class: 3, object: 1.0.9.9.9.255 }, { class: 63, object: 0.0.96.5.0.255 }]`;

/** Title of the meter "GRX", key 00 to 0F, authentication key D0 to DF; what OpenSSL makes of a general-glo-ciphering (Green Book 9.2.7.2.4). */
const title = Buffer.from("4752580000000001", "hex");

function deciphered(apdu: Uint8Array): string {
  const frame = Buffer.from(apdu);
  // DB, the title with its length, a length, SC 30 and the counter.
  assert.equal(frame.toString("hex", 0, 10), `db08${title.toString("hex")}`);
  const [length = 0, control = 0] = frame.subarray(10);
  assert.equal(length, frame.length - 11);
  assert.equal(control, 0x30);
  const key = Buffer.from(Uint8Array.from({ length: 16 }, (_, k) => k));
  const nonce = Buffer.concat([title, frame.subarray(12, 16)]);
  const cipher = createDecipheriv("aes-128-gcm", key, nonce, { authTagLength: 12 });
  cipher.setAAD(Buffer.from(Uint8Array.from({ length: 17 }, (_, k) => (k === 0 ? control : 0xcf + k))));
  cipher.setAuthTag(frame.subarray(-12));
  return Buffer.concat([cipher.update(frame.subarray(16, -12)), cipher.final()]).toString("hex");
}

test("who must cipher has it under the keys of both, each under a counter of its own; without keys nothing leaves", () => {
  const security = new TestSecurity([41, 42]);
  const client = { sap: 16, ciphering: "must", security, systemTitle: title } as const;
  const [first, second] = [protectedPush(golden, client), protectedPush(golden, client)];
  assert.deepEqual([deciphered(first), deciphered(second)], [APDU, APDU]);
  assert.deepEqual(
    [first, second].map((one) => hex(one.subarray(12, 16))),
    ["00000029", "0000002a"],
  );
  for (const ciphering of ["no", "may"] as const)
    assert.equal(hex(protectedPush(golden, { ...client, ciphering })), APDU);
  assert.equal(hex(protectedPush(golden, undefined)), APDU);
  assert.throws(() => protectedPush(golden, { ...client, security: undefined }), /client 16 must cipher/);
  security.encryption = undefined;
  assert.throws(() => protectedPush(golden, client), /client 16 must cipher/);
});

test("a client that must cipher and has no keys is told nothing, and that is said once", async (t) => {
  const client = { sap: 16, ciphering: "must", security: undefined, systemTitle: title } as const;
  const meter = pushing(t, `{ host: a, when: { every: hour }, ${objects} }`, { client });
  await meter.pass(121);
  assert.deepEqual(meter.told, []);
  assert.deepEqual(meter.said, ["push to a:4059 fails: client 16 must cipher, and has no keys"]);
  assert.deepEqual(meter.pusher.view, [{ waiting: 0, sent: 0, lost: 2 }]);
});

interface Told {
  readonly to: PushDestination;
  readonly apdu: Uint8Array;
}

/** A meter that pushes to somebody who takes what there is unless `fails` says why not. */
function pushing(
  t: TestContext,
  push: string,
  { kept, client }: { readonly kept?: WhenKept; readonly client?: PushClient } = {},
) {
  const told: Told[] = [];
  const said: string[] = [];
  const peer: { fails?: string } = {};
  const meter = beyond(t, { configuration: configuration(push), level: "full", push: (place) => pusher.push(place) });
  const { jem, surface, clock } = meter;
  const pusher = new DlmsPush({
    surface,
    settings: () => jem.file.dlms.push,
    timekeeping: () => jem.file.timekeeping,
    objects: () => beyondObjects(surface, { ...jem.file, dlms: { ...jem.file.dlms, beyond: "read" } }),
    client: () => client,
    works: () => jem.meter.powered,
    real: clock,
    say: (what) => said.push(what),
    send(to, apdu) {
      if (peer.fails !== undefined) return Promise.reject(new Error(peer.fails));
      told.push({ to, apdu });
      return Promise.resolve();
    },
  });
  pusher.start(kept);
  t.after(() => pusher.stop());
  return {
    ...meter,
    pusher,
    told,
    said,
    peer,
    /** Lets minutes pass, heartbeat by heartbeat, and what follows from each. */
    async pass(minutes: number, stepMs = 60_000) {
      for (let gone = 0; gone < minutes * 60_000; gone += stepMs) {
        clock.advance(stepMs);
        surface.advance(clock.elapsed());
        await new Promise((later) => setImmediate(later));
      }
    },
    bodies: () => told.map(({ apdu }) => bodyOf(apdu)),
  };
}

function bodyOf(apdu: Uint8Array): string {
  const found = decodeXdlms(apdu);
  assert.equal(found.apdu, "data-notification");
  return found.apdu === "data-notification" ? hex(encodeData(found.body)) : "";
}

test("a setup pushes once for each time of its schedule, what the registers are then", async (t) => {
  const meter = pushing(t, `{ host: 192.0.2.7, when: { every: hour, minute: 30 }, ${objects} }`);
  await meter.pass(179);
  // 2880 W since midnight: 1440 Wh at 00:30, 4320 Wh at 01:30, 7200 Wh at 02:30; of an object that there is not, nothing.
  const body = (wh: string) => `0203 05${wh} 00 120000`.replaceAll(" ", "");
  assert.deepEqual(meter.bodies(), [body("000005a0"), body("000010e0"), body("00001c20")]);
  assert.deepEqual(meter.told[0]?.to, { transport: "tcp", host: "192.0.2.7", port: 4059, client: 16, server: 1 });
  // Long-Invoke-Ids count on; neither priority nor confirmation.
  assert.deepEqual(
    meter.told.map(({ apdu }) => hex(apdu.subarray(0, 6))),
    ["0f0000000100", "0f0000000200", "0f0000000300"],
  );
});

test("intervals, billing periods and alarms push, each its own setup only", async (t) => {
  const meter = pushing(
    t,
    [
      `{ host: a, when: { every: interval }, ${objects} }`,
      `{ host: b, when: { every: billingReset }, ${objects} }`,
      `{ host: c, alarms: true, ${objects} }`,
    ].join(", "),
  );
  const hosts = () => meter.told.map(({ to }) => to.host).join("");
  await meter.pass(16);
  assert.equal(hosts(), "a");
  assert.equal(meter.tell({ command: "billingReset" }), "done");
  await meter.pass(1);
  assert.equal(hosts(), "ab");
  // A trigger above what the load is: nothing; one below it: an alarm.
  assert.equal(
    meter.configure((file) => {
      file.triggers = [
        { ...(file.triggers[0] as (typeof file.triggers)[number]), operator: ">", alarm: 100, reset: 90 },
      ];
    }),
    "done",
  );
  await meter.pass(2);
  assert.equal(hosts(), "abc");
  await meter.pass(10);
  assert.equal(hosts(), "abc");
  await meter.pass(2);
  assert.equal(hosts(), "abca");
});

test("a destination that takes nothing is tried again, and given up; it is said once, and once that it works again", async (t) => {
  const meter = pushing(
    t,
    `{ host: 192.0.2.7, when: { every: hour }, ${objects}, retries: 2, repetitionSeconds: 120 }`,
  );
  meter.peer.fails = "nobody is there";
  await meter.pass(61);
  assert.deepEqual(meter.said, ["push to 192.0.2.7:4059 fails: nobody is there"]);
  assert.deepEqual(meter.pusher.view, [{ waiting: 1, sent: 0, lost: 0 }]);
  // At 01:00, 01:02 and 01:04.
  await meter.pass(4);
  assert.deepEqual(meter.pusher.view, [{ waiting: 0, sent: 0, lost: 1 }]);
  await meter.pass(55);
  delete meter.peer.fails;
  await meter.pass(3);
  assert.deepEqual(meter.pusher.view, [{ waiting: 0, sent: 1, lost: 1 }]);
  // As it was when it came due, at 02:00.
  assert.deepEqual(meter.bodies(), ["0305000016800012 0000".replace(" ", "").replace("03", "0203")]);
  assert.deepEqual(meter.said.slice(1), ["push to 192.0.2.7:4059 works again"]);
});

test("nothing is told before it is on disk", async (t) => {
  const waiting: ((kept: boolean) => void)[] = [];
  const meter = pushing(t, `{ host: a, when: { every: hour }, ${objects} }`, { kept: (run) => void waiting.push(run) });
  const commit = (kept: boolean): void => waiting.splice(0).forEach((run) => run(kept));
  await meter.pass(61);
  assert.equal(meter.told.length, 0);
  commit(false);
  await meter.pass(1);
  assert.equal(meter.told.length, 0);
  commit(true);
  await meter.pass(1);
  assert.equal(meter.told.length, 1);
});

test("a meter without power tells once when it has it again, however much was due, as it is then", async (t) => {
  const meter = pushing(t, `{ host: a, when: { every: hour }, ${objects} }`);
  await meter.pass(59);
  assert.equal(meter.tell({ command: "powerDown" }), "done");
  await meter.pass(130);
  assert.equal(meter.told.length, 0);
  assert.equal(meter.tell({ command: "powerUp" }), "done");
  await meter.pass(1);
  await meter.pass(1);
  // 2880 W for 59 minutes, and for one more: what it registered without power is nothing.
  assert.deepEqual(
    meter.bodies().map((body) => body.slice(4, 14)),
    ["0500000b40"],
  );
});

test("what waits is bounded: the oldest goes for one more", async () => {
  const clock = new VirtualClock();
  let open = false;
  const sent: number[] = [];
  const queue = new PushQueue({
    clock,
    send: (apdu) => Promise.resolve(void sent.push(apdu[0] ?? -1)),
    open: () => open,
    kept: (run) => run(true),
    retries: 0,
    repetitionMs: 1000,
    say: () => {},
  });
  const most = limits.dlms.pushes;
  for (let k = 0; k < most + 5; k++) queue.add(Uint8Array.of(k));
  assert.equal(queue.waiting, most);
  assert.equal(queue.lost, 5);
  open = true;
  for (let k = 0; k < 2 * most; k++) {
    clock.advance(limits.dlms.pushLookMs);
    await new Promise((later) => setImmediate(later));
  }
  assert.deepEqual(
    sent,
    Array.from({ length: most }, (_, k) => k + 5),
  );
});

test("a window is open from its first minute to before its last, also over midnight; none is always open", () => {
  const at = (hour: number, minute: number) => ({
    utc: Date.UTC(2026, 0, 1, hour - 1, minute),
    offsetMinutes: 60,
    daylightSaving: false,
    synchronised: true,
  });
  const time = (hour: number) => ({ hour, minute: 0 });
  const night = [{ from: time(22), to: time(6) }];
  const states = [at(21, 59), at(22, 0), at(5, 59), at(6, 0)].map((one) => isOpen(night, one));
  assert.deepEqual(states, [false, true, true, false]);
  assert.ok(isOpen([], at(12, 0)));
});

test("a setup is an object, which whoever may try a push has push at once", async (t) => {
  const meter = pushing(
    t,
    `{ host: 192.0.2.7, transport: udp, port: 4059, when: { every: day, minute: 90 }, ${objects},
       windows: [{ from: "01:30", to: "02:00" }], randomSeconds: 300, retries: 5, repetitionSeconds: 90 }`,
  );
  const setup = "0.0.25.9.0.255";
  const column = (classId: string, name: string) => `0204 12${classId} 0906${name} 0f02 120000`;
  const columns = [column("0003", "0100010800ff"), column("0003", "0100090909ff"), column("003f", "0000600500ff")];
  assert.equal(meter.get(setup, 2), `0103${columns.join("")}`.replaceAll(" ", ""));
  assert.equal(
    meter.get(setup, 3),
    `0203 1601 090e${Buffer.from("192.0.2.7:4059").toString("hex")} 1600`.replaceAll(" ", ""),
  );
  const bound = (time: string) => `090cffffffffff${time}00008000ff`;
  assert.equal(meter.get(setup, 4), `0101 0202 ${bound("011e")} ${bound("0200")}`.replaceAll(" ", ""));
  assert.deepEqual(
    [5, 6, 7].map((id) => meter.get(setup, id)),
    ["12012c", "1105", "12005a"],
  );
  assert.equal(meter.get("0.0.15.0.4.255", 4), "0101 0202 0904011e0000 0905ffffffffff".replaceAll(" ", ""));
  assert.equal(
    meter.get("0.0.10.0.108.255", 2),
    "0101 0202 120001 0101 0205 1602 120028 09060000190900ff 0f01 0f00".replaceAll(" ", ""),
  );
  assert.equal(meter.act(setup, 1), "denied");
  assert.equal(meter.act(setup, 1, undefined, meter.as("admin", DLMS)), "success");
  // It waits for its window.
  await meter.pass(89);
  assert.equal(meter.told.length, 0);
  await meter.pass(10);
  assert.ok(meter.told.length >= 1);
});

test("head-ends get it over TCP, as HDLC over TCP and over UDP; one that is not there is a rejection", async (t) => {
  const clock = new SystemClock();
  for (const [transport, frame] of [
    ["tcp", WRAPPED],
    ["hdlc-over-tcp", FRAMED],
  ] as const) {
    let heard = "";
    const whole = Promise.withResolvers<string>();
    const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 1, clock }, (link) =>
      link.receive((bytes) => {
        heard += hex(bytes);
        if (heard.length >= frame.length) whole.resolve(heard);
      }),
    );
    t.after(() => listener.close());
    await sendPush({ transport, host: "127.0.0.1", port: listener.port, client: 16, server: 1 }, golden, clock);
    assert.equal(await whole.promise, frame);
  }
  const socket = createSocket("udp4");
  await new Promise<void>((bound) => socket.bind(0, "127.0.0.1", bound));
  const datagram = new Promise<string>((resolve) => socket.once("message", (bytes) => resolve(hex(bytes))));
  const to = { host: "127.0.0.1", port: socket.address().port, client: 16, server: 1 };
  await sendPush({ transport: "udp", ...to }, golden, clock);
  assert.equal(await datagram, WRAPPED);
  socket.close();
  const nobody = { transport: "tcp", host: "127.0.0.1", port: 9, client: 16, server: 1 } as const;
  await assert.rejects(sendPush(nobody, golden, clock), /127\.0\.0\.1:9/);
  const long = new Uint8Array(3000);
  await assert.rejects(sendPush({ ...nobody, transport: "hdlc-over-tcp" }, long, clock), /3000 bytes/);
});
