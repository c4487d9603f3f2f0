/** Data sets over MMS (IEC 61850-7-2, 13; IEC 61850-8-1, 14): the model's, and those that clients make. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ObjectName } from "#protocol/iec61850/mms/data.ts";
import type { MmsPdu } from "#protocol/iec61850/mms/pdu.ts";
import type { Variable } from "#protocol/iec61850/mms/variable-access.ts";
import type { DataSets } from "#protocol/iec61850/server/data-sets.ts";
import type { MakePart } from "#protocol/iec61850/server/shown.ts";
import { serving, TestHost, type TestClient } from "./mms-serving.ts";
import { leafOf, smallIed } from "./small-ied.ts";

const inDomain = (item: string): ObjectName => ({ scope: "domain", domain: "JEM01MTR", item });
const own = (item: string): ObjectName => ({ scope: "association", item });
const vmd = (item: string): ObjectName => ({ scope: "vmd", item });
const variable = (item: string): Variable => ({ kind: "name", name: inDomain(item) });

const power = variable("MMXU1$MX$TotW$mag$f");

function define(client: TestClient, name: ObjectName, ...variables: readonly Variable[]): MmsPdu {
  return client.request({ service: "defineNamedVariableList", name, variables });
}

function failed(errorClass: string, code: number): MmsPdu {
  return { kind: "error", invokeId: 7, error: { class: errorClass, code } } as MmsPdu;
}

const defined = { kind: "response", invokeId: 7, response: { service: "defineNamedVariableList" } };

function read(client: TestClient, name: ObjectName): MmsPdu {
  return client.request({ service: "read", withSpecification: false, access: { kind: "list", name } });
}

function remove(client: TestClient, ...names: readonly ObjectName[]): unknown {
  const answer = client.request({ service: "deleteNamedVariableList", scope: "specific", names });
  if (answer.kind !== "response" || answer.response.service !== "deleteNamedVariableList") return answer;
  return [answer.response.matched, answer.response.deleted];
}

function namesOf(client: TestClient, scope: ObjectName["scope"]): unknown {
  const domain = scope === "domain" ? "JEM01MTR" : undefined;
  const answer = client.request({ service: "getNameList", objectClass: 2, scope, domain });
  return answer.kind === "response" && answer.response.service === "getNameList" ? answer.response.names : answer;
}

test("a data set of the model says what it is, and gives its values in their order; nobody deletes it", async () => {
  const host = new TestHost(smallIed());
  host.set(Array.from({ length: host.ied.leaves }, (_, k) => (k === leafOf.power ? 5 : 0)));
  const client = await serving(host).client();
  const name = inDomain("LLN0$Power");
  assert.deepEqual(client.request({ service: "getNamedVariableListAttributes", name }), {
    kind: "response",
    invokeId: 7,
    response: {
      service: "getNamedVariableListAttributes",
      deletable: false,
      variables: [power, variable("MMXU1$MX$TotW$q")],
    },
  });
  const good = { kind: "bits", octets: Uint8Array.of(0, 0), length: 13 };
  const results = [{ kind: "float", value: 5, width: 32 }, good];
  assert.deepEqual(read(client, name), { kind: "response", invokeId: 7, response: { service: "read", results } });
  assert.deepEqual(remove(client, name), [1, 0]);
  assert.deepEqual(define(client, name, power), failed("definition", 5));
  assert.deepEqual(read(client, inDomain("LLN0$None")), failed("access", 2));
});

test("sets of a domain and of the device are everybody's and stay; those of an association are its own and end with it", async () => {
  const { client: join } = serving(new TestHost(smallIed()));
  const [one, other] = [await join(), await join()];
  assert.deepEqual(define(one, inDomain("LLN0$Mine"), power), defined);
  assert.deepEqual(define(one, vmd("All"), power, variable("GGIO1$ST$Ind1")), defined);
  assert.deepEqual(define(one, own("Mine"), power), defined);
  assert.deepEqual(define(other, own("Mine"), variable("GGIO1$ST$Ind1"), power), defined);
  assert.deepEqual(namesOf(other, "domain"), ["LLN0$All", "LLN0$Mine", "LLN0$Power"]);
  assert.deepEqual(namesOf(other, "vmd"), ["All"]);
  assert.deepEqual(namesOf(one, "association"), ["Mine"]);
  const count = (client: TestClient, name: ObjectName): unknown => {
    const answer = read(client, name);
    return answer.kind === "response" && answer.response.service === "read" ? answer.response.results.length : answer;
  };
  assert.deepEqual([count(one, own("Mine")), count(other, own("Mine"))], [1, 2]);
  one.hangUp();
  assert.deepEqual(
    [count(other, inDomain("LLN0$Mine")), count(other, vmd("All")), count(other, own("Mine"))],
    [1, 2, 2],
  );
  const third = await join();
  assert.deepEqual(namesOf(third, "association"), []);
  assert.deepEqual(remove(third, inDomain("LLN0$Mine"), vmd("All"), own("Mine")), [2, 2]);
  assert.deepEqual(namesOf(third, "vmd"), []);
  assert.deepEqual(count(other, own("Mine")), 2);
});

test("a set of what is no data of the meter is none: of commands, of whole nodes, of names that are none", async () => {
  const client = await serving(new TestHost(smallIed())).client();
  for (const item of ["MMXU1$MX$TotW$none", "MMXU1", "", "x".repeat(10_000)])
    assert.deepEqual(define(client, inDomain("LLN0$New"), power, variable(item)), failed("access", 2), item);
  assert.deepEqual(
    define(client, inDomain("LLN0$New"), { kind: "name", name: vmd("MMXU1$MX$TotW") }),
    failed("access", 2),
  );
  assert.deepEqual(define(client, { scope: "domain", domain: "None", item: "LLN0$New" }, power), failed("access", 2));
  assert.deepEqual(define(client, inDomain("LLN0$New")), failed("definition", 6));
  assert.deepEqual(define(client, inDomain(""), power), failed("definition", 6));
  assert.deepEqual(define(client, inDomain("n".repeat(130)), power), failed("definition", 6));
  assert.deepEqual(namesOf(client, "domain"), ["LLN0$All", "LLN0$Power"]);
});

test("a set has a name that 8-1 has: its logical node's, which there is, a dollar sign, its own; its own alone of device and association", async () => {
  const host = new TestHost(smallIed());
  const client = await serving(host).client();
  const unnamed = [
    "Mine",
    "LLN0$",
    "$Mine",
    "LLN0$My set",
    "LLN0$M\u0000",
    "LLN0$M\u00e4",
    "LLN0$M\ne",
    "LLN0$A$B",
    "LLN0.A",
  ];
  for (const item of [...unnamed, `LLN0$${"n".repeat(65)}`])
    assert.deepEqual(define(client, inDomain(item), power), failed("definition", 6), JSON.stringify(item));
  for (const item of ["", "a b", "LLN0$Mine", "\u0001", "@Mine", "n".repeat(65)])
    for (const name of [vmd(item), own(item)])
      assert.deepEqual(define(client, name, power), failed("definition", 6), JSON.stringify(item));
  assert.deepEqual(define(client, inDomain("FOO1$Ax"), power), failed("access", 2));
  assert.equal(host.reports.records.size, 0);
  for (const item of ["LLN0$M_1", `MMXU1$${"n".repeat(64)}`])
    assert.deepEqual(define(client, inDomain(item), power), defined);
  assert.deepEqual(define(client, own("1st"), power), defined);
  // What a meter took before.
  const [[, octets] = ["", new Uint8Array(0)]] = host.reports.records;
  for (const item of ["LLN0$a b", "FOO1$Ax"]) host.reports.put(`set/JEM01MTR/${item}`, octets);
  assert.deepEqual(namesOf(await serving(host).client(), "domain"), [
    "LLN0$All",
    "LLN0$M_1",
    "LLN0$Power",
    `MMXU1$${"n".repeat(64)}`,
  ]);
  assert.equal(host.reports.records.size, 2);
});

test("there are as many as the manual says: 8 of 50 members, whoever makes a thousand", async () => {
  const host = new TestHost(smallIed());
  const { client: join } = serving(host);
  const client = await join();
  const made = Array.from({ length: 1000 }, (_, k) => define(client, inDomain(`LLN0$New${k}`), power).kind);
  assert.equal(made.filter((kind) => kind === "response").length, 8);
  assert.deepEqual(define(client, vmd("More"), power), failed("resource", 4));
  assert.deepEqual(remove(client, inDomain("LLN0$New3")), [1, 1]);
  const fifty = Array.from({ length: 50 }, () => power);
  assert.deepEqual(define(client, vmd("More"), power, ...fifty), failed("resource", 4));
  assert.deepEqual(define(client, vmd("More"), ...fifty), defined);
  const mine = Array.from({ length: 1000 }, (_, k) => define(client, own(`New${k}`), power).kind);
  assert.equal(mine.filter((kind) => kind === "response").length, 8);
  assert.equal(host.reports.records.size, 8);
});

test("what clients have made lives through a failure of the power; what the model does not have any more does not", async () => {
  const host = new TestHost(smallIed());
  const before = await serving(host).client();
  assert.deepEqual(define(before, inDomain("LLN0$Mine"), power), defined);
  assert.deepEqual(define(before, vmd("All"), variable("GGIO1$ST$Ind1"), power), defined);
  assert.deepEqual(define(before, own("Mine"), power), defined);
  const after = await serving(host).client();
  assert.deepEqual(namesOf(after, "domain"), ["LLN0$All", "LLN0$Mine", "LLN0$Power"]);
  assert.deepEqual(namesOf(after, "association"), []);
  const attributes = after.request({ service: "getNamedVariableListAttributes", name: vmd("All") });
  assert.ok(attributes.kind === "response" && attributes.response.service === "getNamedVariableListAttributes");
  assert.deepEqual(attributes.response.variables, [variable("GGIO1$ST$Ind1"), power]);
  assert.deepEqual(remove(after, inDomain("LLN0$Mine")), [1, 1]);
  const [device] = smallIed().devices;
  assert.ok(device !== undefined);
  const nodes = device.nodes.filter(({ lnClass }) => lnClass !== "GGIO");
  host.ied = { ...smallIed(), devices: [{ ...device, nodes }] };
  const otherwise = await serving(host).client();
  assert.deepEqual([namesOf(otherwise, "vmd"), namesOf(otherwise, "domain")], [[], ["LLN0$All", "LLN0$Power"]]);
  assert.equal(host.reports.records.size, 0);
});

test("what a control block uses is not deleted until it does not any more", async () => {
  let sets: DataSets | undefined;
  const part: MakePart = ({ dataSets }) => {
    sets = dataSets;
    return { places: [], left: () => {}, close: () => {} };
  };
  const client = await serving(new TestHost(smallIed()), [part]).client();
  assert.deepEqual(define(client, inDomain("LLN0$Mine"), power, variable("MMXU1$MX$TotW")), defined);
  const set = sets?.find("JEM01MTR/LLN0$Mine");
  assert.ok(sets !== undefined && set !== undefined);
  sets.use(set);
  sets.use(set);
  assert.deepEqual(remove(client, inDomain("LLN0$Mine")), [1, 0]);
  sets.release(set);
  assert.deepEqual(remove(client, inDomain("LLN0$Mine")), [1, 0]);
  sets.release(set);
  assert.deepEqual(remove(client, inDomain("LLN0$Mine")), [1, 1]);
  assert.equal(sets.find("JEM01MTR/LLN0$Mine"), undefined);
});

test("members know their leaves, and what a change of each triggers", () => {
  let sets: DataSets | undefined;
  serving(new TestHost(smallIed()), [
    ({ dataSets }) => {
      sets = dataSets;
      return { places: [], left: () => {}, close: () => {} };
    },
  ]);
  const [member] = sets?.find("JEM01MTR/LLN0$All")?.members ?? [];
  assert.equal(member?.reference, "JEM01MTR/MMXU1$MX$TotW");
  assert.deepEqual(
    member?.leaves.map(({ leaf, triggers }) => [leaf.name, leaf.index, triggers]),
    [
      ["f", leafOf.power, { dataChange: true }],
      ["q", leafOf.powerQuality, { qualityChange: true }],
      ["t", leafOf.powerTime, {}],
    ],
  );
});

test("a data set is written member by member", async () => {
  const host = new TestHost(smallIed());
  const client = await serving(host).client();
  const set = inDomain("LLN0$Mine");
  const members = ["MMXU1$CF$TotW$db", "MMXU1$MX$TotW$q", "MMXU1$DC$TotW$d"].map(variable);
  assert.deepEqual(define(client, set, ...members), defined);
  const answer = client.request({
    service: "write",
    access: { kind: "list", name: set },
    values: [
      { kind: "unsigned", value: 7 },
      { kind: "bits", octets: Uint8Array.of(0, 0), length: 13 },
      { kind: "visible", value: "Feeder" },
    ],
  });
  const results = [undefined, 3, undefined];
  assert.deepEqual(answer, { kind: "response", invokeId: 7, response: { service: "write", results } });
  assert.deepEqual(host.written, [
    { name: "db", value: 7 },
    { name: "d", value: "Feeder" },
  ]);
  const none = { service: "write", access: { kind: "list", name: inDomain("LLN0$None") }, values: [] } as const;
  assert.deepEqual(client.request(none), failed("access", 2));
});

test("who may keep nothing makes and deletes data sets of his association alone", async () => {
  const host = new TestHost(smallIed());
  const server = serving(host);
  const owner = await server.client();
  assert.deepEqual(define(owner, inDomain("LLN0$Kept"), power), defined);
  host.mayKeep = false;
  const other = await server.client();
  // Class 7, access: object access denied (9506-2).
  for (const name of [inDomain("LLN0$Mine"), vmd("Mine")])
    assert.deepEqual(define(other, name, power), failed("access", 3));
  assert.deepEqual(remove(other, inDomain("LLN0$Kept")), [1, 0]);
  assert.deepEqual(define(other, own("Mine"), power), defined);
  assert.deepEqual(remove(other, own("Mine")), [1, 1]);
  assert.match(JSON.stringify(namesOf(owner, "domain")), /LLN0\$Kept/);
});
