/** What an MMS server answers (ISO 9506-2; IEC 61850-8-1), asked PDU by PDU: codes are those of the standard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import type { Served } from "#protocol/iec61850/server/served.ts";
import type { MakePart } from "#protocol/iec61850/server/shown.ts";
import { initiateRequest, serving, TestHost, type TestClient } from "./mms-serving.ts";
import { leafOf, smallIed } from "./small-ied.ts";

function hostWith(values: Readonly<Record<number, LeafValue>> = {}): TestHost {
  const host = new TestHost(smallIed());
  host.set(Array.from({ length: host.ied.leaves }, (_, k) => values[k]));
  return host;
}

function namesOf(client: TestClient, objectClass: number, domain?: string, continueAfter?: string): unknown {
  const scope = domain === undefined ? "vmd" : "domain";
  return client.request({ service: "getNameList", objectClass, scope, domain, continueAfter });
}

test("names are in order, each variable before those in it, without elements of arrays", async () => {
  const client = await serving(hostWith()).client();
  const answer = client.request({ service: "getNameList", objectClass: 0, scope: "domain", domain: "JEM01MTR" });
  assert.ok(answer.kind === "response" && answer.response.service === "getNameList");
  assert.deepEqual(answer.response, {
    service: "getNameList",
    moreFollows: false,
    // prettier-ignore
    names: [
      "GGIO1", "GGIO1$ST", "GGIO1$ST$Ind1", "GGIO1$ST$Ind1$q", "GGIO1$ST$Ind1$stVal",
      "LLN0", "LLN0$ST", "LLN0$ST$Beh", "LLN0$ST$Beh$stVal",
      "MHAI1", "MHAI1$MX", "MHAI1$MX$HA", "MHAI1$MX$HA$phsAHar",
      "MMXU1",
      "MMXU1$CF", "MMXU1$CF$TotW", "MMXU1$CF$TotW$db",
      "MMXU1$CF$TotW$units", "MMXU1$CF$TotW$units$multiplier", "MMXU1$CF$TotW$units$SIUnit", "MMXU1$CF$TotW$zeroDb",
      "MMXU1$DC", "MMXU1$DC$TotW", "MMXU1$DC$TotW$d",
      "MMXU1$MX", "MMXU1$MX$TotW", "MMXU1$MX$TotW$mag", "MMXU1$MX$TotW$mag$f", "MMXU1$MX$TotW$q", "MMXU1$MX$TotW$t",
    ],
  });
});

test("a list goes on behind the name that a client has last, whether there is one of that name or not", async () => {
  const client = await serving(hostWith()).client();
  const after = (name: string): readonly string[] => {
    const answer = client.request({
      service: "getNameList",
      objectClass: 0,
      scope: "domain",
      domain: "JEM01MTR",
      continueAfter: name,
    });
    return answer.kind === "response" && answer.response.service === "getNameList" ? answer.response.names : [];
  };
  const behind = ["MMXU1$MX$TotW$q", "MMXU1$MX$TotW$t"];
  assert.deepEqual(after("MMXU1$MX$TotW$mag$f"), behind);
  assert.deepEqual(after("MMXU1$MX$TotW$mag$nothing$of$it"), behind);
  assert.deepEqual(after("MMXU1$MX$TotW$noMeasurement"), behind);
  assert.deepEqual(after("MMXU1$MX$TotW$t"), []);
  assert.deepEqual(after("Z"), []);
  assert.equal(after("").length, 30);
  assert.equal(after("$".repeat(10_000)).length, 30);
});

test("names of what there is not: of a domain that is none, of journals, of classes of objects that IEC 61850 does not have", async () => {
  const client = await serving(hostWith()).client();
  const error = (code: number): unknown => ({ kind: "error", invokeId: 7, error: { class: "access", code } });
  assert.deepEqual(namesOf(client, 0, "JEM02MTR"), error(2));
  assert.deepEqual(namesOf(client, 0), error(1));
  assert.deepEqual(namesOf(client, 1, "JEM01MTR"), error(1));
  assert.deepEqual(namesOf(client, 9, "JEM01MTR"), error(1));
  const none = { service: "getNameList", names: [], moreFollows: false };
  assert.deepEqual(namesOf(client, 8, "JEM01MTR"), { kind: "response", invokeId: 7, response: none });
});

test("values are those of the image, at any level, and each result of several says for itself", async () => {
  const host = hostWith({ [leafOf.power]: 230.5, [leafOf.powerQuality]: 0x0800, [leafOf.powerTime]: undefined });
  const client = await serving(host).client();
  assert.deepEqual(client.read("MMXU1$MX$TotW$mag$f"), { kind: "float", value: 230.5, width: 32 });
  // 230.5 is 43668000; invalid has 01 in its first two bits; a time that is not known is 0, its clock in failure.
  assert.deepEqual(client.read("MMXU1$MX$TotW"), {
    kind: "structure",
    items: [
      { kind: "structure", items: [{ kind: "float", value: 230.5, width: 32 }] },
      { kind: "bits", octets: Uint8Array.of(0x40, 0), length: 13 },
      { kind: "utc", octets: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x40) },
    ],
  });
  const failure = { kind: "failure", error: 10 };
  for (const name of [
    "MMXU1$MX$TotW$mag$f$f",
    "MMXU1$ST",
    "MMXU2",
    "",
    "$",
    "MMXU1$",
    "MHAI1$MX$HA$phsAHar$mag",
    "x".repeat(10_000),
  ])
    assert.deepEqual(client.read(name), failure, name);
});

test("an alternate access chooses an element, some of them, and parts of each", async () => {
  const host = hostWith();
  host.set(Array.from({ length: host.ied.leaves }, (_, k) => k));
  const client = await serving(host).client();
  const float = (value: number): unknown => ({ kind: "float", value, width: 32 });
  const mag = (value: number): unknown => ({ kind: "structure", items: [float(value)] });
  const quality = (value: number): unknown => ({
    kind: "bits",
    octets: Uint8Array.of((value << 3) >> 8, (value << 3) & 0xff),
    length: 13,
  });
  const name = "MHAI1$MX$HA$phsAHar";
  const component = (of: string): { part: { kind: "component"; name: string } } => ({
    part: { kind: "component", name: of },
  });
  const first = leafOf.firstHarmonic;
  assert.deepEqual(client.read(name, [{ part: { kind: "index", index: 2 } }]), {
    kind: "structure",
    items: [mag(first + 4), quality(first + 5)],
  });
  const inMag = [{ ...component("mag"), within: [component("f")] }];
  assert.deepEqual(client.read(name, [{ part: { kind: "index", index: 3 }, within: inMag }]), float(first + 6));
  assert.deepEqual(client.read(name, [{ part: { kind: "range", first: 1, count: 2 }, within: inMag }]), {
    kind: "array",
    items: [float(first + 2), float(first + 4)],
  });
  assert.deepEqual(client.read(name, [{ part: { kind: "all" }, within: [component("q")] }]), {
    kind: "array",
    items: [1, 3, 5, 7].map((k) => quality(first + k)),
  });
  assert.deepEqual(
    client.read(name, [{ part: { kind: "index", index: 0 }, within: [component("q"), component("mag")] }]),
    {
      kind: "structure",
      items: [quality(first + 1), mag(first)],
    },
  );
  const failure = { kind: "failure", error: 10 };
  assert.deepEqual(client.read(name, [{ part: { kind: "index", index: 4 } }]), failure);
  assert.deepEqual(client.read(name, [{ part: { kind: "range", first: 3, count: 2 } }]), failure);
  assert.deepEqual(client.read(name, [{ part: { kind: "range", first: 0, count: 0 } }]), failure);
  assert.deepEqual(client.read(name, [component("mag")]), failure);
  assert.deepEqual(client.read("MMXU1$MX$TotW", [{ part: { kind: "index", index: 0 } }]), failure);
});

test("what is read again while the image is the same object is the same, and with another image is new", async () => {
  const host = hostWith({ [leafOf.power]: 1 });
  const { client: join } = serving(host);
  const [one, other] = [await join(), await join()];
  const power = (client: TestClient): unknown => {
    const read = client.read("MMXU1$MX");
    assert.ok(read?.kind === "structure");
    const set = client.request({
      service: "read",
      withSpecification: false,
      access: { kind: "list", name: { scope: "domain", domain: "JEM01MTR", item: "LLN0$Power" } },
    });
    assert.ok(set.kind === "response" && set.response.service === "read");
    return [read.items[0], set.response.results[0]];
  };
  const before = power(one);
  assert.deepEqual(power(one), before);
  host.set(Array.from({ length: host.ied.leaves }, () => 2));
  const float = { kind: "float", value: 2, width: 32 };
  const after = power(other);
  assert.notDeepEqual(after, before);
  assert.deepEqual(power(one), after);
  assert.deepEqual((after as unknown[])[1], float);
});

test("who may not read is told so of each value, and of names and files", async () => {
  const host = hostWith();
  host.mayRead = false;
  const client = await serving(host).client();
  assert.deepEqual(client.read("MMXU1$MX$TotW"), { kind: "failure", error: 3 });
  assert.deepEqual(client.read("MMXU1$MX$TotW$mag$f"), { kind: "failure", error: 3 });
  const denied = { kind: "error", invokeId: 7, error: { class: "access", code: 3 } };
  assert.deepEqual(namesOf(client, 0, "JEM01MTR"), denied);
  assert.deepEqual(client.request({ service: "fileDirectory" }), denied);
  const answer = client.request({ service: "identify" });
  assert.equal(answer.kind, "response");
});

test("what can be set is set; what is measured, and what is none, is not", async () => {
  const host = hostWith();
  const client = await serving(host).client();
  assert.equal(client.write("MMXU1$CF$TotW$db", { kind: "unsigned", value: 500 }), undefined);
  assert.equal(client.write("MMXU1$DC$TotW$d", { kind: "visible", value: "Feeder 3" }), undefined);
  assert.deepEqual(host.written, [
    { name: "db", value: 500 },
    { name: "d", value: "Feeder 3" },
  ]);
  assert.equal(client.write("MMXU1$MX$TotW$mag$f", { kind: "float", value: 1, width: 32 }), 3);
  assert.equal(client.write("MMXU1$MX$TotW$nothing", { kind: "float", value: 1, width: 32 }), 10);
  // Of another type; of no value that the type has.
  assert.equal(client.write("MMXU1$CF$TotW$db", { kind: "boolean", value: true }), 7);
  assert.equal(client.write("MMXU1$CF$TotW$db", { kind: "integer", value: 5 }), 7);
  assert.equal(client.write("MMXU1$CF$TotW$db", { kind: "unsigned", value: 2 ** 33 }), 11);
  host.writes = () => 2;
  assert.equal(client.write("MMXU1$CF$TotW$db", { kind: "unsigned", value: 1 }), 2);
  assert.equal(host.written.length, 2);
});

test("a structure is written whole where all of it can be written, and not at all where some of it cannot", async () => {
  const host = hostWith();
  const client = await serving(host).client();
  const unit = {
    kind: "structure",
    items: [
      { kind: "integer", value: 38 },
      { kind: "integer", value: 3 },
    ],
  } as const;
  assert.equal(client.write("MMXU1$CF$TotW$units", unit), 3);
  assert.equal(
    client.write("MMXU1$DC$TotW", { kind: "structure", items: [{ kind: "visible", value: "a" }] }),
    undefined,
  );
  assert.equal(client.write("MMXU1$DC$TotW", { kind: "structure", items: [] }), 7);
  const two = {
    kind: "structure",
    items: [
      { kind: "visible", value: "a" },
      { kind: "visible", value: "b" },
    ],
  } as const;
  assert.equal(client.write("MMXU1$DC$TotW", two), 7);
  assert.deepEqual(host.written, [{ name: "d", value: "a" }]);
});

/** A control block with an attribute that only some may read, one that all may write, and a command that is written whole. */
function part(commands: unknown[]): MakePart {
  return () => {
    const leaf = (name: string): Served => ({
      kind: "leaf",
      name,
      type: "BOOLEAN",
      read: (asker) => (name === "Own" && asker.number > 1 ? { error: 2 } : true),
      ...(name === "Ena" ? { write: (value: LeafValue) => (value === true ? undefined : (11 as const)) } : {}),
    });
    const served: Served = { kind: "structure", name: "cb", fields: [leaf("Ena"), leaf("Own")] };
    const command: Served = {
      kind: "structure",
      name: "Ind1",
      fields: [
        {
          kind: "structure",
          name: "Oper",
          fields: [leaf("ctlVal")],
          write: (values, asker) => void commands.push([asker.number, ...values]),
        },
      ],
    };
    return {
      places: [
        { domain: "JEM01MTR", node: "LLN0", fc: "RP", served },
        { domain: "JEM01MTR", node: "GGIO1", fc: "CO", served: command },
      ],
      left: (asker) => void commands.push(`left ${asker.number}`),
      close: () => void commands.push("closed"),
    };
  };
}

test("control blocks and controls stand among the names, and are read and written in their own ways", async () => {
  const commands: unknown[] = [];
  const { client: join } = serving(hostWith(), [part(commands)]);
  const [one, other] = [await join(), await join()];
  const on = { kind: "boolean", value: true } as const;
  assert.deepEqual(one.read("LLN0$RP$cb"), { kind: "structure", items: [on, on] });
  assert.deepEqual(one.read("LLN0$RP"), { kind: "structure", items: [{ kind: "structure", items: [on, on] }] });
  // What cannot be had of a structure makes that it cannot be had.
  assert.deepEqual(other.read("LLN0$RP$cb$Ena"), on);
  assert.deepEqual(other.read("LLN0$RP$cb$Own"), { kind: "failure", error: 2 });
  assert.deepEqual(other.read("LLN0$RP"), { kind: "failure", error: 2 });
  assert.equal(one.write("LLN0$RP$cb$Ena", on), undefined);
  assert.equal(one.write("LLN0$RP$cb$Ena", { kind: "boolean", value: false }), 11);
  assert.equal(one.write("LLN0$RP$cb$Own", on), 3);
  assert.equal(one.write("LLN0$RP$cb", { kind: "structure", items: [on, on] }), 3);
  assert.equal(other.write("GGIO1$CO$Ind1$Oper", { kind: "structure", items: [on] }), undefined);
  assert.equal(other.write("GGIO1$CO$Ind1$Oper$ctlVal", on), 3);
  assert.equal(other.write("GGIO1$CO$Ind1$Oper", { kind: "structure", items: [] }), 7);
  one.hangUp();
  assert.deepEqual(commands, [[2, true], "left 1"]);
});

test("an answer that is longer than was agreed is none, and the association stands", async () => {
  const host = hostWith();
  const { client: join } = serving(host);
  // 512 octets: 0200 in place of 00fde8.
  const client = await join("a825" + "80020200" + initiateRequest.slice(14));
  const tooLong = { kind: "error", invokeId: 7, error: { class: "resource", code: 0 } };
  const name = { scope: "domain", domain: "JEM01MTR", item: "MMXU1" } as const;
  const access = {
    kind: "variables",
    variables: Array.from({ length: 20 }, () => ({ kind: "name", name }) as const),
  } as const;
  assert.deepEqual(client.request({ service: "read", withSpecification: false, access }), tooLong);
  assert.deepEqual(client.request({ service: "getVariableAccessAttributes", name }).kind, "response");
});

test("with another configuration associations end, and what follows is of the new one", async () => {
  const commands: unknown[] = [];
  const host = hostWith();
  const { client: join } = serving(host, [part(commands)]);
  const [silent, asking] = [await join(), await join()];
  host.epoch++;
  assert.deepEqual(asking.ask(identify), []);
  assert.deepEqual([silent.how, asking.how], ["aborted", "aborted"]);
  assert.deepEqual(commands, ["left 1", "left 2", "closed"]);
  assert.equal(host.left, 2);
  const again = await join();
  assert.equal(again.ask(identify).length, 1);
  // Nobody has to ask.
  host.epoch++;
  host.tell();
  assert.equal(again.how, "aborted");
});

const identify = "a0050201078200";

test("a meter that does not answer is silent, and takes no association", async () => {
  const host = hostWith();
  const { client: join } = serving(host);
  const client = await join();
  host.isOn = false;
  assert.deepEqual(client.ask(identify), []);
  assert.deepEqual((await join()).answer, { accepted: false, result: "transient", diagnostic: "noReason" });
  host.isOn = true;
  assert.equal(client.ask(identify).length, 1);
});

test("whom the meter does not admit gets no association; who has shown a password is told that it is wrong", async () => {
  const host = hostWith();
  const { client: join } = serving(host);
  host.barred = "a password is wanted";
  assert.deepEqual((await join()).answer, {
    accepted: false,
    result: "permanent",
    diagnostic: "authenticationRequired",
  });
  const wrong = await join(initiateRequest, Uint8Array.of(1, 2));
  assert.deepEqual(wrong.answer, { accepted: false, result: "permanent", diagnostic: "authenticationFailure" });
  assert.deepEqual(
    host.admitted.map(({ password }) => password),
    [undefined, Uint8Array.of(1, 2)],
  );
});

test("less is agreed on where either end has less", async () => {
  const host = new TestHost(smallIed(), undefined, { maxPdu: 4000, outstanding: 3 });
  const { client: join } = serving(host);
  const { answer } = await join();
  assert.ok(answer.accepted);
  // 4000 is 0fa0; three requests either way.
  const services = "a416 800101 810305f100 820c03ee1c00000002000040ed18".replaceAll(" ", "");
  assert.equal(
    Buffer.from(answer.initiate).toString("hex"),
    `a92580020fa0810103820103 83010a${services}`.replaceAll(" ", ""),
  );
  // 400 octets are too few: an initiate error, class 8.
  const few = await join("a825" + "80020190" + initiateRequest.slice(14));
  assert.ok(!few.answer.accepted);
  assert.equal(Buffer.from(few.answer.initiate ?? []).toString("hex"), "aa05a003880102");
  assert.deepEqual((await join("a803020100")).answer, { accepted: false, result: "permanent", diagnostic: "noReason" });
});

test("who concludes is answered, and asks no more", async () => {
  const host = hostWith();
  const client = await serving(host).client();
  assert.deepEqual(client.ask("8b00"), ["8c00"]);
  assert.deepEqual(client.ask(identify), []);
  assert.equal(client.how, "aborted");
  assert.equal(host.left, 1);
});

test("a meter that says that something changed while another model takes the place of its own is served once", async () => {
  const host = hostWith();
  let made = 0;
  // As reports and controls do, which free what they hold.
  const part: MakePart = () => {
    made++;
    host.tell();
    return { places: [], left: () => host.tell(), close: () => host.tell() };
  };
  const { client: join } = serving(host, [part]);
  const client = await join();
  assert.equal(client.ask(identify).length, 1);
  host.epoch++;
  host.tell();
  assert.equal(client.how, "aborted");
  assert.deepEqual([made, host.left], [2, 1]);
  assert.equal((await join()).ask(identify).length, 1);
  assert.equal(made, 2);
});

test("what is asked of a meter that is silent is lost, and the association goes on", async () => {
  const host = new TestHost(smallIed());
  const client = await serving(host).client();
  host.isOn = false;
  // identify: confirmed request 7, [2] of no octets (9506-2).
  const identify = "a0050201078200";
  assert.deepEqual(client.ask(identify), []);
  host.isOn = true;
  assert.deepEqual(client.heard, []);
  assert.equal(client.how, "there");
  assert.equal(client.request({ service: "identify" }).kind, "response");
});
