/** What the server makes itself: associations, the list of logical devices, their names; and who may sit at a port. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { decodeData } from "#protocol/dlms/data/decode.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { fromHex } from "./dlms-exchanges.ts";
import { TestHost } from "./dlms-host.ts";
import { aarq, asker, carrying, GET_VALUE, low, RLRE, RLRQ, talking, VALUE, type Talking } from "./dlms-talking.ts";

const CURRENT = "000F0000280000FF";

async function got({ ask }: Pick<Talking, "ask">, object: string, attribute: number): Promise<string> {
  const answer = (await ask(`C001C1${object}0${attribute}00`)) ?? "";
  assert.match(answer, /^C401C1/);
  return answer.slice(6);
}

function membersOf(data: Data | undefined): readonly Data[] {
  return data?.type === "array" || data?.type === "structure" ? data.value : [];
}

/** Class, logical name, rights by attribute and method, of each object. */
function objectsOf(list: string): readonly (readonly [string, string, string])[] {
  return membersOf(decodeData(fromHex(list))).map((one) => {
    const [classId, version, name, rights] = membersOf(one);
    const [attributes, methods] = membersOf(rights);
    const numbers = (of: Data | undefined): string =>
      membersOf(of)
        .map((item) =>
          membersOf(item)
            .slice(0, 2)
            .map((field) => ("value" in field ? String(field.value) : ""))
            .join(":"),
        )
        .join(" ");
    const text = (of: Data | undefined): string => (of !== undefined && "value" in of ? String(of.value) : "");
    return [
      `${text(classId)} v${text(version)}`,
      text(name).replaceAll(",", "."),
      `${numbers(attributes)} | ${numbers(methods)}`,
    ];
  });
}

test("the object list has everything that there is, with the rights of who asks, and every right is so", async () => {
  const talk = talking();
  await talk.ask(aarq());
  const list = objectsOf((await got(talk, CURRENT, 2)).slice(2));
  assert.deepEqual(list, [
    ["15 v0", "0.0.40.0.0.255", "1:1 2:1 3:1 4:1 5:1 6:1 7:0 8:1 | "],
    ["15 v0", "0.0.40.0.1.255", "1:1 2:1 3:1 4:1 5:1 6:1 7:0 8:1 | "],
    ["15 v0", "0.0.40.0.2.255", "1:1 2:0 3:1 4:0 5:0 6:0 7:0 8:1 | "],
    ["15 v0", "0.0.40.0.3.255", "1:1 2:0 3:1 4:0 5:0 6:0 7:0 8:1 | 1:false"],
    ["15 v0", "0.0.40.0.4.255", "1:1 2:0 3:1 4:0 5:0 6:0 7:0 8:1 | "],
    ["1 v0", "0.0.42.0.0.255", "1:1 2:1 | "],
    ["17 v0", "0.0.41.0.0.255", "1:1 2:1 | "],
    ["3 v0", "1.0.1.7.0.255", "1:1 2:1 3:1 | "],
    ["3 v0", "1.0.2.7.0.255", "1:1 2:1 | 1:true"],
    ["8 v0", "0.0.1.0.0.255", "1:1 2:3 | "],
    ["7 v1", "1.0.99.1.0.255", "1:1 2:1 3:1 | "],
    ["1 v0", "0.0.96.1.0.255", "1:1 2:3 | 1:true"],
  ]);
  for (const [kind, name, rights] of list) {
    const object = `${Number.parseInt(kind).toString(16).padStart(4, "0")}${name
      .split(".")
      .map((group) => Number(group).toString(16).padStart(2, "0"))
      .join("")}`;
    for (const right of rights.split(" | ")[0]?.split(" ") ?? []) {
      const [attribute, mode] = right.split(":").map(Number);
      const answer = await got(talk, object.toUpperCase(), attribute ?? 0);
      assert.equal(answer.startsWith("00"), mode === 1 || mode === 3, `${name} ${attribute}: ${answer}`);
    }
  }
});

test("an association shows its partners, context, services and mechanism, and never its secret", async () => {
  const talk = talking({}, { client: 17 });
  await talk.ask(low("Gurux"));
  assert.equal(await got(talk, CURRENT, 1), "0009060000280000FF");
  assert.equal(await got(talk, CURRENT, 3), "00" + "02020F11120001");
  assert.equal(await got(talk, CURRENT, 4), "00" + "090760857405080101");
  // Conformance 0x001E1D, what the server takes, what it sends, DLMS 6, no quality, no key that is shown.
  assert.equal(
    await got(talk, CURRENT, 5),
    "00" + "0206" + "0418001E1D" + "120400" + "12FFFF" + "1106" + "0F00" + "0900",
  );
  assert.equal(await got(talk, CURRENT, 6), "00" + "090760857405080201");
  assert.equal(await got(talk, CURRENT, 7), "0103");
  assert.equal(await got(talk, CURRENT, 8), "00" + "1602");
  assert.equal(await got(talk, CURRENT, 9), "0103");
  // Its own name shows the same, another's only who it is for, and that it is not open.
  assert.equal(await got(talk, "000F0000280002FF", 8), "001602");
  assert.equal(await got(talk, "000F0000280001FF", 3), "0002020F10120001");
  assert.equal(await got(talk, "000F0000280001FF", 8), "001600");
  assert.equal(await talk.ask(`C101C1${CURRENT}0700${"0903112233"}`), "C501C103");
});

test("version 1 of an association names its security setup, and none where there is none", async () => {
  const talk = talking({ settings: { associationVersion: 1 } });
  await talk.ask(aarq());
  assert.equal(await got(talk, CURRENT, 9), "0009060000000000" + "00");
  const [first] = objectsOf((await got(talk, CURRENT, 2)).slice(2));
  assert.deepEqual(first, ["15 v1", "0.0.40.0.0.255", "1:1 2:1 3:1 4:1 5:1 6:1 7:0 8:1 9:1 | "]);
});

test("600 objects come in blocks of 125 bytes, each made when it is sent", async () => {
  let asked = 0;
  const many = Array.from({ length: 600 }, (_, k): CosemObject => ({
    classId: 3,
    version: 0,
    logicalName: `1.0.${k >> 8}.8.${k & 0xff}.255`,
    attributes: [
      {
        id: 2,
        name: "value",
        access: () => {
          asked++;
          return "read";
        },
        get: () => ({ type: "null-data" }),
      },
    ],
    methods: [],
  }));
  const talk = talking({ devices: (device) => [{ ...device, objects: many }] });
  await talk.ask(aarq({ pdu: "007D" }));
  let answer = await talk.ask(`C001C1${CURRENT}0200`);
  assert.equal(asked, 0);
  let bytes = "";
  for (let number = 1; ; number++) {
    const [, last, rest = ""] = /^C402C1(0.)0000....00..(.*)$/.exec(answer ?? "") ?? assert.fail(answer);
    bytes += rest;
    if (last === "01") break;
    answer = await talk.ask(`C002C1${number.toString(16).padStart(8, "0")}`);
  }
  assert.equal(objectsOf(bytes).length, 600 + 4 + 1 + 2);
  assert.equal(asked, 600);
});

test("the management device says which logical devices there are", async () => {
  const host = new TestHost({
    devices: (device) => [device, { ...device, sap: 2, name: "JEM0000000000002", objects: [] }],
  });
  const server = dlmsServer(host, { port: "ethernet 1" });
  const conversation = server.converse({ client: 16, server: 1 }, carrying());
  const ask = asker(conversation);
  await ask(aarq());
  const name = (digit: number): string => `09104A454D${"30".repeat(12)}3${digit}`;
  assert.equal(await got({ ask }, "00110000290000FF", 2), `0001020202120001${name(1)}0202120002${name(2)}`);
  await ask(RLRQ);
  const second = { ask: asker(server.converse({ client: 16, server: 2 }, carrying())) };
  await second.ask(aarq());
  assert.equal(await got(second, "000100002A0000FF", 2), `00${name(2)}`);
  assert.equal(await got(second, "00110000290000FF", 2), "0104");
});

test("who has no logical device, or no client, is not answered", () => {
  const server = dlmsServer(new TestHost(), { port: "ethernet 1" });
  assert.equal(server.converse({ client: 16, server: 2 }, carrying()), undefined);
  assert.equal(server.converse({ client: 99, server: 1 }, carrying()), undefined);
});

test("a port has one association: the next client is answered when it is released, over, or gone", async () => {
  const { host, server, conversation, ask } = talking();
  const elsewhere = (): Talking["ask"] => asker(server.converse({ client: 16, server: 1 }, carrying("10.0.0.7:1024")));
  const other = elsewhere();
  const sameLink = asker(server.converse({ client: 17, server: 1 }, carrying()));
  await ask(aarq());
  assert.equal(server.converse({ client: 16, server: 1 }, carrying("10.0.0.7:1024")), undefined);
  for (const silent of [other, sameLink]) {
    assert.equal(await silent(low("Gurux")), undefined);
    assert.equal(await silent(GET_VALUE), undefined);
    assert.equal(await silent(RLRQ), undefined);
  }
  assert.equal(await ask(GET_VALUE), VALUE);
  assert.equal(await ask(RLRQ), RLRE);
  assert.match((await sameLink(low("Gurux"))) ?? "", /^6129A1/);
  assert.equal(await ask(aarq()), undefined);
  // The meter ends the session of who has it.
  for (const session of host.sessions.keys()) host.leave(session);
  assert.match((await other(aarq())) ?? "", /^6129A1/);
  assert.equal(await ask(aarq()), undefined);
  conversation.end();
  assert.equal(await other(GET_VALUE), VALUE);
});

test("while a password is looked at, nobody else takes the port; who is refused leaves it", async () => {
  const { server, ask } = talking({}, { client: 17 });
  const other = asker(server.converse({ client: 16, server: 1 }, carrying("10.0.0.7:1024")));
  const first = ask(low("Wrong"));
  assert.equal(await other(aarq()), undefined);
  assert.match((await first) ?? "", /A305A10302010D/);
  assert.match((await other(aarq())) ?? "", /^6129A1/);
});

test("a client may have an association with each logical device where that is set, and only that client", async () => {
  const host = new TestHost({
    settings: { severalDevices: true },
    devices: (device) => [device, { ...device, sap: 2, name: "JEM0000000000002" }],
  });
  const server = dlmsServer(host, { port: "ethernet 1" });
  const [one, two, stranger] = [
    asker(server.converse({ client: 16, server: 1 }, carrying())),
    asker(server.converse({ client: 16, server: 2 }, carrying())),
    asker(server.converse({ client: 16, server: 2 }, carrying("10.0.0.7:1024"))),
  ];
  await one(aarq());
  assert.match((await two(aarq())) ?? "", /^6129A1/);
  assert.equal(await stranger(aarq()), undefined);
  assert.equal(await one(GET_VALUE), VALUE);
  assert.equal(await two(GET_VALUE), VALUE);
  await one(RLRQ);
  assert.equal(await stranger(aarq()), undefined);
  await two(RLRQ);
  assert.match((await stranger(aarq())) ?? "", /^6129A1/);
});
