/** Seeded bad input in and between good: an answer that is one or none, never a fall, nothing held, and the next association works. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeAcse } from "#protocol/dlms/apdu/acse.ts";
import { decodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import type { Addresses, ApduServer, Conversation } from "#protocol/dlms/apdu/conversation.ts";
import { isCiphered, parseCiphered } from "#protocol/dlms/security/ciphered-apdu.ts";
import { Party, serverKeys } from "#protocol/dlms/security/party.ts";
import { protect } from "#protocol/dlms/security/protect.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { exchangesOf, fromHex, toHex } from "./dlms-exchanges.ts";
import { goldenClients, goldenServices, keyClient, TestHost, TestSecurity, textBytes } from "./dlms-host.ts";
import { aarq, asker, carrying, GET_VALUE, low, RLRE, RLRQ, VALUE } from "./dlms-talking.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

/** What has an answer that is none of these would be a fall that nobody sees. */
function assertAnswer(answer: Uint8Array): void {
  const [tag = 0] = answer;
  // Access-Response: the number of its request, an empty time, no specifications.
  if (tag === 0xda) assert.ok(answer.length >= 9);
  else if (isCiphered(answer)) assert.ok(parseCiphered(answer));
  else if (tag >= 0x60 && tag <= 0x63) decodeAcse(answer);
  else decodeXdlms(answer);
}

const TEXT = "00010000600100FF02";
const ECHO = "00010000600100FF01";

/** Requests of every kind: the golden ones, and those of services that they do not have. */
const plain: readonly Uint8Array[] = [
  ...exchangesOf("jdlms_gxjava_wrapper_none.txt").map(({ client }) => client.slice(16)),
  aarq({ proposed: "FFFFFF" }),
  aarq({ proposed: "FFEFFF", pdu: "0040" }),
  low("Gurux"),
  aarq({ acse: "8A0207808B0760857405080203AC12801000112233445566778899AABBCCDDEEFF" }),
  "C301C1000F0000280000FF010109" + "10" + "00".repeat(16),
  "C001C1000F0000280000FF0200",
  "C001C100030100010700FF0000",
  "C002C100000001",
  "C002C100000002",
  "C003C1030003 0100010700FF 02000007 0100630100FF 02000001 0100636300FF 0200",
  `C101C1${TEXT}0009021122`,
  `C102C1${TEXT}000000000001020904`,
  "C103C1000000000202AABB",
  "C103C1010000000302CCDD",
  `C104C102${TEXT}00${TEXT}000209011109021122`,
  `C105C102${TEXT}00${TEXT}0000000000010302090111`.replace("0302090111", "0402090111"),
  `C301C1${ECHO}010964${"5A".repeat(100)}`,
  `C303C102${ECHO}00460000600363FF010211050F00`,
  `C304C1${ECHO}0000000001020964`,
  "C306C1010000000202AABB",
  "C302C100000001",
  `D9400000010004${"0100030100010700FF02"}02${TEXT}01${TEXT}03${ECHO}040009021122001105`,
  "D9500000020001040007 0100630100FF02020204060000000206000000021200011200020100",
  `E081000100000D${GET_VALUE}`,
  "E041000100000DC001C100070100630100FF0200",
  "E00100020000" + "05C001C10007",
  "E0810002000100",
  "E0810003000200",
  RLRQ,
].map(fromHex);

interface Bench {
  readonly host: TestHost;
  readonly server: ApduServer;
}

function bench(security: TestSecurity): Bench {
  const host = new TestHost({
    settings: {
      conformance: new Set([
        ...goldenServices,
        "general-protection",
        "general-block-transfer",
        "access",
        "attribute0-supported-with-get",
        "attribute0-supported-with-set",
      ]),
    },
    clients: (host) => [...goldenClients(host).slice(0, 3), keyClient(host, 1, security)],
  });
  return { host, server: dlmsServer(host, { port: "ethernet 1" }) };
}

async function tried(conversation: Conversation, request: Uint8Array, host: TestHost): Promise<void> {
  const asked = host.asked.length;
  const answer = await conversation.request(request);
  if (answer !== undefined) assertAnswer(answer);
  // A request asks for the rows of one APDU at most: forty of a range.
  const list = request.length / 10;
  assert.ok(host.asked.length - asked <= 40 * Math.max(1, list), toHex(request));
  assert.ok(host.sessions.size <= 1);
  if (host.told.length > 1000) host.told.length = 0;
  if (host.asked.length > 10_000) host.asked.length = 0;
}

const runs = share(3_000, 20_000, 100_000);

test(`${runs} mutated requests among good ones: each is answered or not, and the next association works`, async () => {
  const { host, server } = bench(new TestSecurity());
  const random = numbers(20_261_126);
  for (let run = 0; run < runs;) {
    const addresses: Addresses = { client: 16 + random(3), server: 1 };
    const conversation = server.converse(addresses, carrying());
    assert.ok(conversation, `${run}`);
    if (random(4) > 0)
      await conversation.request(
        fromHex(addresses.client === 17 ? low("Gurux") : aarq({ proposed: random(2) === 0 ? "FFFFFF" : "FFEBFF" })),
      );
    for (let k = 0; k < 50; k++, run++) {
      const request = random(4) === 0 ? plain[random(plain.length)] : mutated(plain, random);
      await tried(conversation, request ?? new Uint8Array(0), host);
    }
    conversation.end();
    assert.equal(host.sessions.size, 0);
  }
  const ask = asker(server.converse({ client: 16, server: 1 }, carrying()));
  await ask(aarq());
  assert.equal(await ask(GET_VALUE), VALUE);
  assert.equal(await ask(RLRQ), RLRE);
});

test(`${runs} mutated requests of a client with keys`, async () => {
  const security = new TestSecurity(endless());
  const { host, server } = bench(security);
  const random = numbers(26_112_026);
  const title = fromHex("4D4D4D0000000001");
  const party = new Party({ keys: serverKeys(new TestSecurity(endless())), own: title, peer: textBytes("JEM00001") });
  const sealed = (apdu: Uint8Array): Uint8Array => {
    const kind = random(3) === 0 ? "general-global" : "global";
    const made = protect(apdu, { kind, authenticated: random(4) > 0, encrypted: true }, party);
    return made instanceof Uint8Array ? made : assert.fail(made.words);
  };
  const opening = (): Uint8Array => {
    const information = toHex(sealed(fromHex("01000000065F1F04005AFE1DFFFF")));
    const length = (hex: string): string => (hex.length / 2).toString(16).padStart(2, "0");
    const inside = `A109060760857405080103A60A0408${toHex(title)}BE${length(`0400${information}`)}04${length(information)}${information}`;
    return fromHex(`60${length(inside)}${inside}`);
  };
  let deciphered = 0;
  for (let run = 0; run < runs;) {
    const conversation = server.converse({ client: 1, server: 1 }, carrying());
    assert.ok(conversation, `${run}`);
    const first = random(3) === 0 ? mutated([opening()], random) : opening();
    await tried(conversation, first, host);
    for (let k = 0; k < 20; k++, run++) {
      const chosen = plain[random(plain.length)] ?? new Uint8Array(0);
      const isRight = random(3) === 0;
      // Wrong inside what is right, and wrong around it.
      const request = isRight
        ? sealed(chosen)
        : random(2) === 0
          ? sealed(mutated(plain, random))
          : mutated([sealed(chosen)], random);
      if (request.length > 0 && conversation.associated && isRight) deciphered++;
      await tried(conversation, request, host);
    }
    conversation.end();
    assert.equal(host.sessions.size, 0);
  }
  assert.ok(deciphered > runs / 50, `${deciphered}`);
  const conversation = server.converse({ client: 1, server: 1 }, carrying());
  const answer = await conversation?.request(opening());
  assert.equal(answer && decodeAcse(answer).apdu, "aare");
  assert.equal(conversation?.associated, true);
});

function* endless(): Generator<number> {
  for (let counter = 1; ; counter++) yield counter;
}

test("what a conversation holds is bounded, whatever its client begins and does not end", async () => {
  const { host, server } = bench(new TestSecurity());
  const conversation = server.converse({ client: 16, server: 1 }, carrying());
  assert.ok(conversation);
  await conversation.request(fromHex(aarq({ pdu: "0040" })));
  const begun = ["C001C100070100630100FF0200", `C102C1${TEXT}000000000001020904`, `C304C1${ECHO}0000000001020964`].map(
    fromHex,
  );
  const heap = (): number => {
    gc?.();
    gc?.();
    return process.memoryUsage().heapUsed;
  };
  for (let k = 0; k < 1000; k++) for (const one of begun) await conversation.request(one);
  host.asked.length = 0;
  const before = heap();
  for (let k = 0; k < 10_000; k++) for (const one of begun) await conversation.request(one);
  host.asked.length = 0;
  const grown = heap() - before;
  // Thirty thousand services that were begun; without collection there is nothing to be said.
  if (typeof gc === "function") assert.ok(grown < 1_000_000, `${grown} bytes`);
});
