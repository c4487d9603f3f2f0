/**
 * Conversations with the server of DLMS/COSEM without a socket. Requests and answers are those of golden exchanges (test/fixtures/dlms,
 * Gurux's server) where such are: that server has conformance 0x001E1D and a PDU of 1,024 bytes, and so has this host unless a test says
 * otherwise; answers that differ are written down with the reason.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exchangesOf } from "./dlms-exchanges.ts";
import { manualServices } from "./dlms-host.ts";
import { aare, aarq, GET_VALUE, low, NOT_ASSOCIATED, RLRE, RLRQ, talking, VALUE } from "./dlms-talking.ts";

const AARQ = aarq();
const AARE = aare();
/** What is answered otherwise than Gurux's server does. */
const otherwise: Readonly<Record<string, string>> = {
  // A register asked for as data: object-class-inconsistent, where Gurux says object-undefined.
  C0014600010100010700FF0200: "C401460109",
  // Entries 2 to 3 are two, where Gurux takes the 3 for a count.
  C0014A00070100630100FF020102020406000000020600000003120001120003:
    "C4014A0001020203090C07E9021303151500000000000600000001173E8000000203090C07E9021303151600000000000600000001173F000000",
  // The range has two rows; Gurux's server adds one that it captures while it is asked.
  C0014900070100630100FF0201010204020412000809060000010000FF0F02120000090C07E902130315140000000000090C07E9021303151500000000000100:
    "C401490001020206090C07E90213031514000000000006000000401700000000173F800000174000000017404000000206090C07E9021303151500000000000600000001173E800000173FA0000017401000001740500000",
  // Its server writes a register that nobody may write, ours (and that of jDLMS) refuses.
  C1014E00030100010700FF02000600000005: "C5014E03",
  // This host has no disconnect control, and the register 1.0.2.7.0 has a reset as the golden one.
  C3014F0046000060030AFF01010F00: "C7014F0400",
  // "No return data" has to be said, too.
  C3014100460000600363FF01010F00: "C701410400",
};

test("the golden exchanges of an association without security go as they went", async () => {
  const { ask } = talking();
  let compared = 0;
  for (const { client, server } of exchangesOf("jdlms_gxjava_wrapper_none.txt")) {
    // Without the eight bytes of the wrapper; blocks of 1,024 bytes because the client takes as many.
    const request = client.slice(16).replace("FE1DFFFF", "FE1D0400");
    assert.equal(await ask(request), otherwise[request] ?? server.slice(16), request);
    compared++;
  }
  assert.equal(compared, 18);
  assert.equal(await ask(RLRQ), RLRE);
});

test("an association is refused with the diagnostic of what is wrong", async () => {
  const cases: readonly [why: string, client: number, request: string, answer: string][] = [
    ["short names", 16, AARQ.replace("080101", "080102"), aare({ result: "01", code: "02", information: "" })],
    ["ciphering", 16, AARQ.replace("080101", "080103"), aare({ result: "01", code: "02", information: "" })],
    ["no password where one is needed", 17, AARQ, aare({ result: "01", code: "0E", information: "" })],
    [
      "a mechanism that the client does not have",
      16,
      low("Gurux"),
      aare({ result: "01", code: "0B", information: "" }),
    ],
    [
      "a mechanism that there is not",
      17,
      aarq({ acse: "8A0207808B0760857405080209AC0780054775727578" }),
      aare({ result: "01", code: "0B", information: "" }),
    ],
    [
      "a password of no mechanism",
      17,
      aarq({ acse: "8A020780AC0780054775727578" }),
      aare({ result: "01", code: "0C", information: "" }),
    ],
    ["a wrong password", 17, low("Wrong"), aare({ result: "01", code: "0D", information: "" })],
    [
      "no password",
      17,
      aarq({ acse: "8A0207808B0760857405080201" }),
      aare({ result: "01", code: "0D", information: "" }),
    ],
    ["a lockout, which passes", 17, low("locked"), aare({ result: "02", code: "0D", information: "" })],
    ["DLMS of version 5", 16, aarq({ version: "05" }), aare({ result: "01", code: "01", information: "0E010601" })],
    [
      "services of short names only",
      16,
      aarq({ proposed: "1C0320" }),
      aare({ result: "01", code: "01", information: "0E010602" }),
    ],
    ["a PDU of 11 bytes", 16, aarq({ pdu: "000B" }), aare({ result: "01", code: "01", information: "0E010603" })],
    [
      "no Initiate",
      16,
      "600BA109060760857405080101",
      aare({ result: "01", source: "A2", code: "01", information: "" }),
    ],
    [
      "an AARQ that is cut off",
      16,
      AARQ.slice(0, 20),
      aare({ result: "01", source: "A2", code: "01", information: "" }),
    ],
    [
      "another version of ACSE",
      16,
      `602180020700${AARQ.slice(4)}`,
      aare({ result: "01", source: "A2", code: "02", information: "" }),
    ],
  ];
  for (const [why, client, request, answer] of cases) {
    const { ask, conversation, host } = talking({}, { client });
    assert.equal(await ask(request), answer, why);
    assert.equal(conversation.associated, false, why);
    assert.equal(await ask(GET_VALUE), NOT_ASSOCIATED, why);
    assert.equal(host.sessions.size, 0, why);
  }
});

test("low-level security has the session of its password; who is released, goes or is logged off has none", async () => {
  const { host, ask, conversation } = talking({}, { client: 17 });
  assert.equal(await ask(low("Gurux")), AARE);
  assert.equal(conversation.associated, true);
  assert.deepEqual(
    [...host.sessions.keys()],
    [{ peer: { protocol: "dlms", port: "ethernet 1", address: "127.0.0.1:50214", near: true }, user: "reader" }],
  );
  assert.equal(await ask(GET_VALUE), VALUE);
  assert.equal(await ask(RLRQ), RLRE);
  assert.equal(host.sessions.size, 0);
  assert.equal(await ask(GET_VALUE), NOT_ASSOCIATED);
  assert.equal(await ask(RLRQ), NOT_ASSOCIATED);

  // The meter ends the session.
  await ask(low("Gurux"));
  for (const session of host.sessions.keys()) host.leave(session);
  assert.equal(conversation.associated, false);
  assert.equal(await ask(GET_VALUE), NOT_ASSOCIATED);

  // The link ends; the password that was being looked at opens nothing.
  await ask(low("Gurux"));
  conversation.end();
  assert.equal(host.sessions.size, 0);
  assert.equal(await ask(low("Gurux")), undefined);
  const late = talking({}, { client: 17 });
  const answer = late.ask(low("Gurux"));
  late.conversation.end();
  assert.equal(await answer, undefined);
  assert.equal(late.host.sessions.size, 0);
});

test("a second AARQ begins anew, whatever was there before", async () => {
  const { host, ask } = talking({ settings: { maxPdu: 125 } });
  await ask(aarq({ pdu: "007D" }));
  assert.match((await ask("C001C100070100630100FF0200")) ?? "", /^C402C10000000001/);
  assert.equal(await ask(aarq({ pdu: "0400" })), aare({ information: "0800065F1F0400001E1D007D0007" }));
  assert.equal(host.sessions.size, 1);
  // The long GET of the association before is no more.
  assert.equal(await ask("C002C100000001"), "C402C1010000000101" + "10");
});

test("what is agreed is what the client proposes and the server has, and an APDU as long as both take", async () => {
  const manual = { settings: { conformance: new Set(manualServices), maxPdu: 1024 } };
  const whole = talking(manual);
  assert.equal(await whole.ask(aarq({ proposed: "FFFFFF" })), aare({ information: "0800065F1F040000101C04000007" }));
  // ACTION and lists are not there.
  assert.equal(await whole.ask("C3014000030100020700FF01010F00"), "D80102");
  assert.equal(await whole.ask("C0034B0200030100010700FF020000080000010000FF0200"), "D80102");
  assert.equal(await whole.ask(`C1024D00080000010000FF020000000000010809 0C`.replaceAll(" ", "")), "D80103");

  // GET alone: nothing is selected, nothing comes in blocks.
  const little = talking(manual);
  assert.equal(await little.ask(aarq({ proposed: "000010" })), aare({ information: "0800065F1F040000001004000007" }));
  assert.equal(await little.ask("C0014A00070100630100FF020102020406000000020600000003120001120003"), "C4014A010D");
  assert.equal(await little.ask("C1014D00080000010000FF0200090C07E902130317000000000000"), "D80102");
  assert.equal(await little.ask("C002C100000001"), "D80102");
  assert.equal(
    await talking(manual).ask(aarq({ proposed: "000010", pdu: "0000" })),
    aare({ information: "0800065F1F040000001004000007" }),
  );
  const short = talking(manual);
  await short.ask(aarq({ proposed: "000010", pdu: "0040" }));
  assert.equal(await short.ask("C001C100070100630100FF0200"), "D80104");

  // Over a carrier of 125 bytes the server takes no more either.
  const carried = talking(manual, {}, 125);
  assert.equal(await carried.ask(aarq()), aare({ information: "0800065F1F040000101C007D0007" }));
  const first = (await carried.ask("C001C100070100630100FF0200")) ?? "";
  assert.equal(first.length / 2, 125);
  assert.ok(first.startsWith("C402C100000000010073"));
  assert.equal(await carried.ask(`C101C100080000010000FF02000982${"00".repeat(120)}`), "D80104");
});

test("an association without answers is opened, and a release without a reason is one", async () => {
  const { ask, conversation } = talking();
  // InitiateRequest with response-allowed FALSE: the AARQ is not answered, and what needs no confirmation is done.
  assert.equal(await ask(aarq({ before: "00010000" })), undefined);
  assert.equal(conversation.associated, true);
  assert.equal(await ask(GET_VALUE), VALUE);
  assert.equal(await ask("6200"), RLRE);
  assert.equal(conversation.associated, false);
});

test("a configuration that is applied while a password is looked at makes an association void", async () => {
  const { host, ask, conversation } = talking({}, { client: 17 });
  const answer = ask(low("Gurux"));
  host.epoch++;
  assert.equal(await answer, undefined);
  assert.equal(conversation.associated, false);
  assert.equal(host.sessions.size, 0);
  assert.match((await ask(low("Gurux"))) ?? "", /^6129A1/);
});
