/** Conversations that public clients had with public servers, had again by this client: what it asks otherwise is said of each. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { servicesOf } from "#protocol/dlms/apdu/initiate.ts";
import { doubleLongUnsigned, enumerated, integer, octets, structure, type Data } from "#protocol/dlms/data/data.ts";
import { byPassword, nobody, type Authentication } from "#protocol/dlms/client/authentication.ts";
import { DlmsClient } from "#protocol/dlms/client/client.ts";
import { captureObjects, profileRows, type Row } from "#protocol/dlms/client/profile.ts";
import { dateTimeOf } from "#protocol/dlms/data/date-time.ts";
import { decodeAcse } from "#protocol/dlms/apdu/acse.ts";
import { byKeys } from "#protocol/dlms/client/keyed.ts";
import { Party } from "#protocol/dlms/security/party.ts";
import { keyring } from "#protocol/dlms/security/party-fixture.ts";
import { isRefusedApdu, unprotect } from "#protocol/dlms/security/unprotect.ts";
import { bytesOf, hexOf, Replay, turnsOf } from "./dlms-replay.ts";

/** What jDLMS and Gurux for Python proposed. */
const jdlms = servicesOf(0x00fe1d);

const register = { classId: 3, logicalName: "1.0.1.7.0.255" } as const;
const clock = { classId: 8, logicalName: "0.0.1.0.0.255", attribute: 2 } as const;
const PROFILE = "1.0.99.1.0.255";

async function all<T>(of: AsyncGenerator<T, void>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of of) found.push(one);
  return found;
}

/** "4014000 01 ..." of a row: its numbers. */
function numbersIn(row: Row): readonly unknown[] {
  return row.flatMap((one: Data) => ("value" in one && typeof one.value === "number" ? [one.value] : []));
}

/** 21:20:00 on 2025-02-19. */
const at = (minute: number) => dateTimeOf(bytesOf(`07e90213 0315${minute.toString(16).padStart(2, "0")}00 00 0000 00`));

interface Case {
  readonly file: string;
  readonly authentication: Authentication;
  /** Where servers differ from each other. */
  readonly gurux: boolean;
}

const password = byPassword(bytesOf("4775727578"));

const cases: readonly Case[] = [
  { file: "jdlms_gxjava_wrapper_none.txt", authentication: nobody, gurux: true },
  { file: "jdlms_gxjava_wrapper_low.txt", authentication: password, gurux: true },
  { file: "jdlms_gxjava_hdlc_none.txt", authentication: nobody, gurux: true },
  { file: "jdlms_gxjava_hdlc_low.txt", authentication: password, gurux: true },
  { file: "jdlms_jdlms_wrapper_none.txt", authentication: nobody, gurux: false },
  { file: "jdlms_jdlms_wrapper_low.txt", authentication: password, gurux: false },
];

/** jDLMS asks for columns 1 to 3 of the entries; this client for all of them. */
const columns = {
  recorded: "c0014a00070100630100ff020102020406000000020600000003120001120003",
  ours: "c0014a00070100630100ff020102020406000000020600000003120001120000",
};

/** What jDLMS asked, one after the other, and what came of it. */
async function converse(replay: Replay, authentication: Authentication, gurux: boolean): Promise<void> {
  const client = await DlmsClient.associate(replay, { authentication, conformance: jdlms, retries: 0 });
  assert.deepEqual(await client.get({ classId: 1, logicalName: "0.0.42.0.0.255", attribute: 2 }), {
    data: octets(bytesOf("4a454d30303030303030303030303031")),
  });
  assert.deepEqual(await client.get({ ...register, attribute: 2 }), { data: doubleLongUnsigned(1_234_567) });
  assert.deepEqual(await client.get({ ...register, attribute: 3 }), { data: structure(integer(-3), enumerated(27)) });
  const time = await client.get(clock);
  assert.ok("data" in time && time.data.type === "octet-string");
  // 2025-02-19, a Wednesday.
  assert.equal(hexOf(time.data.value.subarray(0, 5)), "07e9021303");
  const undefinedObject = { classId: 3, logicalName: "1.0.99.99.0.255", attribute: 2 };
  assert.deepEqual(await client.get(undefinedObject), { denied: "object-undefined" });
  assert.deepEqual(await client.get({ ...register, classId: 1, attribute: 2 }), { denied: "object-undefined" });
  assert.deepEqual(await client.get({ ...register, attribute: 9 }), { denied: "read-write-denied" });
  const captured = await captureObjects(client, PROFILE);
  assert.deepEqual(
    captured?.map(({ logicalName }) => logicalName),
    ["0.0.1.0.0.255", "0.0.96.10.1.255", "1.0.1.29.0.255", "1.0.2.29.0.255", "1.0.3.29.0.255", "1.0.4.29.0.255"],
  );
  const rows = await all(profileRows(client, PROFILE, { by: "range", from: at(20), to: at(21) }));
  assert.deepEqual(rows.map(numbersIn), [
    [64, 0, 1, 2, 3],
    [1, 0.25, 1.25, 2.25, 3.25],
    // Gurux sends a row of the end of the range once more, without values.
    ...(gurux ? [[1, 0, 0, 0, 0]] : []),
  ]);
  // Gurux takes the last entry for how many; the columns are those that jDLMS asked for. jDLMS gives all columns whatever is asked.
  const entries = await all(profileRows(client, PROFILE, { by: "entry", from: 2, to: 3 }));
  assert.deepEqual(
    entries.map(numbersIn),
    [
      [1, 0.25, 1.25, 2.25, 3.25],
      [1, 0.5, 1.5, 2.5, 3.5],
    ].map((row) => (gurux ? row.slice(0, 2) : row)),
  );
  const list = await client.getAll([{ ...register, attribute: 2 }, clock]);
  assert.deepEqual(list[0], { data: doubleLongUnsigned(1_234_567) });
  assert.ok("data" in list[1]!);
  const long = await all(profileRows(client, PROFILE, { by: "entry", from: 1, to: 40 }));
  // Row k has k/4 in its first channel, whatever the blocks cut.
  assert.deepEqual(
    long.map((row) => numbersIn(row)[1]),
    Array.from({ length: 40 }, (_, k) => k / 4),
  );
  assert.equal(await client.set(clock, octets(bytesOf("07e902130317000000000000"))), "success");
  const written = await client.set({ ...register, attribute: 2 }, doubleLongUnsigned(5));
  // Gurux's example writes what it shows read-only.
  assert.equal(written, gurux ? "success" : "read-write-denied");
  const disconnect = { classId: 70, logicalName: "0.0.96.3.10.255", method: 1 };
  const disconnected = await client.act(disconnect, integer(0));
  assert.deepEqual(disconnected, { result: gurux ? "read-write-denied" : "object-undefined" });
  const reset = { classId: 3, logicalName: "1.0.2.7.0.255", method: 1 };
  assert.deepEqual(await client.act(reset, integer(0)), { result: "success" });
  const nothing = { classId: 70, logicalName: "0.0.96.3.99.255", method: 1 };
  assert.deepEqual(await client.act(nothing, integer(0)), { result: "object-undefined" });
  assert.ok(replay.left.length <= 1, "all but the release has been had");
}

for (const { file, authentication, gurux } of cases)
  test(`what jDLMS asked in ${file} this client asks, and understands`, async () => {
    const replay = new Replay(turnsOf(file));
    await converse(replay, authentication, gurux);
    // jDLMS names the mechanism none where nothing is shown; the standard asks for no name then.
    const aarq = authentication === nobody ? [{ recorded: AARQ_OF_JDLMS, ours: AARQ_OF_OURS }] : [];
    assert.deepEqual(replay.differing, [...aarq, columns]);
  });

const AARQ_OF_JDLMS = "6026a1090607608574050801018b0760857405080200be10040e01000000065f1f040000fe1dffff";
const AARQ_OF_OURS = "601da109060760857405080101be10040e01000000065f1f040000fe1dffff";

const encryption = bytesOf("000102030405060708090a0b0c0d0e0f");
const authenticationKey = bytesOf("d0d1d2d3d4d5d6d7d8d9dadbdcdddedf");
const TITLE = bytesOf("4a444c0000000007");

/** What stands in a ciphered message of the client, whatever its counter. */
function deciphered(hex: string): string {
  const keys = keyring({ encryption, authentication: authenticationKey });
  const found = unprotect(bytesOf(hex), new Party({ keys, own: bytesOf("4752580000000001"), peer: TITLE }));
  return isRefusedApdu(found) ? found.words : hexOf(found.apdu);
}

for (const [file, gurux] of [
  ["jdlms_gxjava_wrapper_gmac.txt", true],
  ["jdlms_gxjava_hdlc_gmac.txt", true],
  ["jdlms_jdlms_wrapper_gmac.txt", false],
] as const)
  test(`what jDLMS asked under keys in ${file} this client asks, and understands`, async () => {
    const turns = turnsOf(file);
    const recorded = decodeAcse(turns[0]!.asked);
    assert.ok(recorded.apdu === "aarq");
    const replay = new Replay(turns);
    let counter = 1;
    const keys = { suite: 0, encryption, authentication: authenticationKey, nextCounter: () => counter++ } as const;
    const sealing = { authenticated: true, encrypted: true };
    const authentication = byKeys({ mechanism: "high-gmac", keys, title: TITLE, sealing, challenge: recorded.value });
    await converse(replay, authentication, gurux);
    // jDLMS has the same counter in its answer to the challenge and around it; here no two are the same, and all that follow are one more.
    const [third, ...others] = replay.differing;
    assert.match(deciphered(third!.recorded), /^c301c1000f0000280000ff0101091110/);
    assert.match(deciphered(third!.ours), /^c30141000f0000280000ff010109111000000002/);
    // The answer itself is to the same challenge, with the same counter: it is the same.
    assert.equal(deciphered(third!.ours).slice(-34), deciphered(third!.recorded).slice(-34));
    for (const { recorded, ours } of others)
      if (withoutInvoke(deciphered(recorded)) !== withoutInvoke(columns.recorded))
        assert.equal(withoutInvoke(deciphered(ours)), withoutInvoke(deciphered(recorded)));
  });

test("what Gurux for Python asked of servers with messages of 125 bytes this client asks, and understands", async () => {
  for (const file of ["14070pdu125", "14090pdu125", "14091hdlcpdu125"]) {
    const replay = new Replay(turnsOf(`gxpy_pdu125_${file}.txt`), { echo: true });
    const client = await DlmsClient.associate(replay, {
      authentication: nobody,
      conformance: servicesOf(0x401e5d),
      maxPdu: 125,
      retries: 0,
    });
    assert.deepEqual(await client.get({ ...register, attribute: 3 }), { data: structure(integer(-3), enumerated(27)) });
    assert.deepEqual(await client.get({ ...register, attribute: 2 }), { data: doubleLongUnsigned(1_234_567) });
    assert.ok("data" in (await client.get(clock)));
    assert.equal((await captureObjects(client, PROFILE))?.length, 6);
    const rows = await all(profileRows(client, PROFILE, { by: "entry", from: 1, to: 4 }));
    assert.deepEqual(
      rows.map((row) => numbersIn(row)[1]),
      [0, 0.25, 0.5, 0.75],
    );
    // Gurux uses one id with high priority (C1) throughout, this client the ids in turn.
    for (const { recorded, ours } of replay.differing) assert.equal(withoutInvoke(ours), withoutInvoke(recorded), file);
  }
});

/** The third byte of what is asked for by GET. */
function withoutInvoke(apdu: string): string {
  return `${apdu.slice(0, 4)}..${apdu.slice(6)}`;
}
