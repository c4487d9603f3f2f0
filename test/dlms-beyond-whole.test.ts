/** A JEMStar with all that head-ends expect, asked through its server: rights follow its users, and what it lets them do is done. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { deviceOf } from "#product/jemstar/product.ts";
import type { Conversation } from "#protocol/dlms/apdu/conversation.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { jemStar } from "./authority-rig.ts";
import { fromHex, toHex } from "./dlms-exchanges.ts";
import { aarq, low } from "./dlms-talking.ts";

const configuration = `
communications: { ethernet1: { dlms: { use: enabled } } }
dlms:
  beyond: full
  conformance: full
  push: [{ host: 127.0.0.1, when: { every: day } }]
  clients: [{ sap: 16 }, { sap: 1, authentication: [low], user: user2 }, { sap: 2, authentication: [low], user: admin }]
registers:
  normal:
    - { id: 0, type: consumption, measure: { quantity: Wh, direction: delivered } }
    - { id: 1, type: consumption, measure: { quantity: Wh, direction: delivered }, scaling: secondary }
    - { id: 2, type: instantaneous, measure: { quantity: V, phase: a } }
    - { id: 3, type: instantaneous, measure: { quantity: Hz } }
    - { id: 4, type: peakDemand, measure: { quantity: W, direction: delivered } }
`;

function served(t: TestContext) {
  const rig = jemStar(t, { modelNumber: "JSII-09I6020-1B/2A-DIO-DLMS-NTP", configuration });
  rig.run(1);
  const host = deviceOf(rig.jem).bindings.dlms?.({ port: "ethernet 1" });
  assert.ok(host !== undefined);
  const server = dlmsServer(host, { port: "ethernet 1" });
  return {
    ...rig,
    objects: () => host.logicalDevices.flatMap(({ objects }) => objects),
    /** An association of a client, with a password where it has one. */
    async associated(client: number, password?: string) {
      const carrying = { peer: "127.0.0.1:50214", near: true, longest: undefined, push: () => {} };
      const conversation = server.converse({ client, server: 1 }, carrying) as Conversation;
      const ask = async (text: string): Promise<string> =>
        toHex((await conversation.request(fromHex(text))) ?? new Uint8Array(0));
      const answer = await ask(password === undefined ? aarq() : low(password));
      assert.match(answer, /A203020100/, answer);
      return { ask, end: () => conversation.end() };
    },
  };
}

const BILLING = "0009 00000A0001FF 01 01";
const act = (what: string): string => `C301C1${what}`.replaceAll(" ", "");

test("a script does what its association's user may, and nothing of who shows nothing", async (t) => {
  const meter = served(t);
  const stranger = await meter.associated(16);
  // Read-write-denied, and no data.
  assert.equal(await stranger.ask(act(`${BILLING} 120001`)), "C701C10300");
  stranger.end();
  // user2 may reset the billing period, and freeze nothing.
  const user = await meter.associated(1, "user2");
  assert.equal(await user.ask(act(`${BILLING} 120002`)), "C701C10300");
  assert.equal(await user.ask(act(`${BILLING} 120001`)), "C701C10000");
  assert.deepEqual(meter.log("billingReset"), ["user2: billing period reset"]);
  // The counter of billing periods.
  assert.equal(await user.ask("C001C1000101000001 00FF0200".replace(" ", "")), "C401C1000600000001");
  user.end();
});

test("a calendar that is written goes into force, and its association ends with the configuration in which it was opened", async (t) => {
  const meter = served(t);
  const admin = await meter.associated(2, "admin");
  const set = (attribute: string, value: string): Promise<string> =>
    admin.ask(`C101C1001400000D0000FF${attribute}00${value}`.replaceAll(" ", ""));
  const all = "1101".repeat(7);
  const values = [
    "0903 6e6577",
    "0101 0203 090173 090CFFFF0101FF00000000800000 090177",
    `0101 0208 090177 ${all}`,
    "0101 0202 1101 0101 0203 090400000000 090600000A0064FF 120003",
  ];
  for (const [k, value] of values.entries()) assert.equal(await set(`0${6 + k}`, value), "C501C100");
  assert.equal(await admin.ask(act("0014 00000D0000FF 01 01 0F00")), "C701C10000");
  const rate = "C001C1000100006 00E00FF0200".replace(" ", "");
  assert.equal(await admin.ask(rate), "D80101");
  admin.end();
  // Rate C all day.
  const again = await meter.associated(2, "admin");
  assert.equal(await again.ask(rate), "C401C100090143");
  assert.equal(await again.ask("C001C100140000 0D0000FF0400".replace(" ", "")), `C401C10001010208090131${all}`);
  again.end();
  assert.deepEqual(meter.log("configuration"), ["admin: configuration applied"]);
});

test("every logical name is there once, of whatever chapter it is", (t) => {
  const names = served(t)
    .objects()
    .map(({ logicalName }) => logicalName);
  assert.ok(names.length > 150, `${names.length}`);
  assert.deepEqual(
    names.filter((name, k) => names.indexOf(name) < k),
    [],
  );
});

test("what a push names and there is not is said when the meter starts, and so is a meter that was ordered without DLMS", (t) => {
  const pushes = `dlms:
  push:
    - host: a
      objects: [{ class: 3, object: 1.0.9.9.9.255 }, { class: 1, object: 1.0.1.8.0.255 }, { class: 3, object: 1.0.1.8.0.255, attribute: 9 }]`;
  const said = (modelNumber: string): readonly string[] =>
    deviceOf(jemStar(t, { modelNumber, configuration: pushes }).jem).notices.filter((one) =>
      one.startsWith("dlms.push"),
    );
  assert.deepEqual(said("JSII-09I6020-1B/2A-DIO-DLMS-NTP"), [
    "dlms.push[0].objects[0]: there is no 1.0.9.9.9.255; nothing is pushed of it",
    "dlms.push[0].objects[1]: 1.0.1.8.0.255 is of class 3, found 1; nothing is pushed of it",
    "dlms.push[0].objects[2]: 1.0.1.8.0.255 has no attribute 9; nothing is pushed of it",
  ]);
  assert.deepEqual(said("JSII-09I6020-1B/2A-DIO-NTP"), [
    "dlms.push: it was ordered without option DLMS, and pushes nothing",
  ]);
});

test("the log of security is asked for by range, and has who came", async (t) => {
  const meter = served(t);
  const admin = await meter.associated(2, "admin");
  const range = (from: string, to: string): string =>
    `C001C1000700006362 03FF02 01 01 0204 0204120008 0906 0000010000FF 0F02 120000 090C${from} 090C${to} 0100`.replaceAll(
      " ",
      "",
    );
  const day = (hour: string): string => `07EA010104${hour}00000000 00000000`.replace(" ", "").slice(0, 24);
  const found = await admin.ask(range(day("00"), day("01")));
  assert.match(found, /^C401C1000101/);
  assert.ok(found.includes(Buffer.from("logged in (admin)").toString("hex").toUpperCase()), found);
  assert.equal(await admin.ask(range(day("02"), day("03"))), "C401C1000100");
  admin.end();
});
