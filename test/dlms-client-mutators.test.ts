/** Answers that are bent, cut and swapped: whatever comes, a client ends with a value or with an error that says what is wrong, soon. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeAcse } from "#protocol/dlms/apdu/acse.ts";
import type { AttributeReference, GetResult } from "#protocol/dlms/apdu/apdu.ts";
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import { nobody, type Authentication } from "#protocol/dlms/client/authentication.ts";
import { DlmsClient } from "#protocol/dlms/client/client.ts";
import { countingFrom } from "#protocol/dlms/client/counters.ts";
import { DlmsError } from "#protocol/dlms/client/failing.ts";
import { byKeys } from "#protocol/dlms/client/keyed.ts";
import { objectsOf } from "#protocol/dlms/client/objects.ts";
import { captureObjects, profileRows } from "#protocol/dlms/client/profile.ts";
import {
  array,
  doubleLongUnsigned,
  float32,
  octets,
  structure,
  unsigned,
  type Data,
} from "#protocol/dlms/data/data.ts";
import { FixtureMeter } from "./dlms-fixture-meter.ts";
import { Replay, turnsOf } from "./dlms-replay.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

/** More than any conversation here takes: who asks on is one who never ends. */
const MOST_ASKED = 2000;

/** What a meter says, now and then another thing. */
class Bent implements ApduCarrier {
  readonly peer = "bent";
  readonly longest: number | undefined = undefined;
  asked = 0;
  bent = 0;
  readonly #inner: ApduCarrier;
  readonly #random: (below: number) => number;
  readonly #once: number;
  /** Of other requests: parts of them come instead. */
  readonly #before: Uint8Array[] = [];

  constructor(inner: ApduCarrier, random: (below: number) => number, once: number) {
    this.#inner = inner;
    this.#random = random;
    this.#once = once;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  async ask(apdu: Uint8Array): Promise<Uint8Array> {
    assert.ok(++this.asked < MOST_ASKED, "it asks on and on");
    const answer = await this.#inner.ask(apdu);
    if (this.#random(this.#once) > 0) return answer;
    this.bent++;
    if (this.#before.length < 8) this.#before.push(answer);
    return mutated([answer, ...this.#before], this.#random);
  }

  notified(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const row = (k: number): Data =>
  structure(octets(Uint8Array.of(7, 0xea, 7, 1, 3, 0, k, 0, 0, 0x80, 0, 0)), unsigned(0), float32(k / 4));
const rows = array(Array.from({ length: 20 }, (_, k) => row(k)));

function get({ classId, attribute }: AttributeReference): GetResult {
  if (classId === 7 && attribute === 2) return { data: rows };
  if (classId === 15) return { data: array([structure(doubleLongUnsigned(1))]) };
  return { data: doubleLongUnsigned(70_003) };
}

/** All that is asked of a meter, whatever came of what was asked before. */
async function converse(carrier: ApduCarrier, authentication: Authentication): Promise<void> {
  const client = await DlmsClient.associate(carrier, { authentication });
  const register = { classId: 3, logicalName: "1.0.1.8.0.255", attribute: 2 };
  const tries: readonly (() => Promise<unknown>)[] = [
    () => client.get(register),
    () => client.getAll([register, register, register]),
    () => captureObjects(client, "1.0.99.1.0.255"),
    async () => {
      for await (const one of profileRows(client, "1.0.99.1.0.255", { by: "all" })) assert.ok(Array.isArray(one));
    },
    async () => {
      for await (const { object } of objectsOf(client)) assert.match(object.logicalName, /^\d+(\.\d+){5}$/);
    },
    () => client.set(register, octets(new Uint8Array(300))),
    () => client.act({ ...register, method: 1 }, octets(new Uint8Array(300))),
  ];
  for (const one of tries) await one().catch(expected);
}

/** What is said of bent answers, and of a recorded conversation that is at its end. */
function expected(error: unknown): void {
  if (error instanceof DlmsError) return assert.ok(error.message.length > 10);
  assert.match(String(error), /did not answer|asked beyond the end/);
}

test("bent answers end in an error that says so, and no client asks on and on", async () => {
  const all = share(2000, 8000, 100_000);
  let [bent, seed] = [0, 1];
  for (; bent < all; seed++) {
    const random = numbers(seed);
    const services = ["get", "set", "action", "multiple-references", "block-transfer-with-get-or-read"] as const;
    const meter = new FixtureMeter({
      get,
      block: 10 + random(190),
      conformance: services,
      maxPdu: 60 + random(340),
    });
    const carrier = new Bent(meter, random, 1 + random(12));
    await converse(carrier, nobody).catch(expected);
    bent += carrier.bent;
  }
});

test("bent answers under keys are never taken for right ones", async () => {
  const turns = turnsOf("jdlms_jdlms_wrapper_gmac.txt");
  const title = Uint8Array.fromHex("4a444c0000000007");
  const recorded = decodeAcse(turns[0]!.asked);
  const challenge = recorded.apdu === "aarq" ? recorded.value : undefined;
  const all = share(300, 2000, 10_000);
  for (let seed = 1; seed <= all; seed++) {
    const random = numbers(seed);
    const keys = {
      suite: 0,
      encryption: Uint8Array.fromHex("000102030405060708090a0b0c0d0e0f"),
      authentication: Uint8Array.fromHex("d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"),
      nextCounter: countingFrom(1),
    } as const;
    const sealing = { authenticated: true, encrypted: true };
    const authentication = byKeys({ mechanism: "high-gmac", keys, title, sealing, challenge });
    // The association as it was; from there on every answer is bent.
    const replay = new Replay(turns);
    const client = await DlmsClient.associate(replay, { authentication, retries: 0 });
    const ask = replay.ask.bind(replay);
    let same = false;
    replay.ask = async (apdu) => {
      const answer = await ask(apdu);
      const bent = mutated([answer], random);
      same = Buffer.compare(answer, bent) === 0;
      return bent;
    };
    const found = await client
      .get({ classId: 1, logicalName: "0.0.42.0.0.255", attribute: 2 })
      .catch((error: unknown) => {
        assert.ok(error instanceof DlmsError, String(error));
        return undefined;
      });
    assert.ok(found === undefined || same, `seed ${seed}`);
  }
});
