/** MMS as other implementations write it: what was captured is understood, and written again octet for octet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WireError } from "#wire/cursor.ts";
import { decodePdu, pduBytes } from "#protocol/iec61850/mms/pdu.ts";
import { connectionsOf, fromHex, mmsFiles, skip, toHex, type MmsFile } from "./mms-exchanges.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const pdusOf = (file: MmsFile): readonly string[] =>
  connectionsOf(file).flatMap((sent) => sent.flatMap(({ pdu }) => (pdu === undefined ? [] : [pdu])));

/** What the first message of either end carries. */
const initiatesOf = (file: MmsFile): readonly string[] =>
  connectionsOf(file).flatMap((sent) => sent.flatMap(({ tsdu }) => /a[89]26800300fde8.*$/.exec(tsdu)?.[0] ?? []));

for (const file of mmsFiles) {
  test(`every PDU of ${file} is understood, and is the same when it is written again`, { skip }, () => {
    const pdus = [...initiatesOf(file), ...pdusOf(file)];
    assert.ok(pdus.length >= 8);
    for (const hex of pdus) {
      const pdu = decodePdu(fromHex(hex));
      if (pdu.kind === "unknownService" || pdu.kind === "unconfirmed") assert.fail(hex);
      else assert.equal(toHex(pduBytes(pdu)), hex);
    }
  });
}

test(
  "whatever else comes is understood or is a WireError, and what is understood can be written and understood again",
  { skip },
  () => {
    const samples = [
      ...mmsFiles.flatMap((file) => pdusOf(file).map(fromHex)),
      ...initiatesOf("mms-walk.txt").map(fromHex),
    ]
      .filter((bytes) => bytes.length < 2000)
      .slice(-300);
    const random = numbers(61850);
    let understood = 0;
    for (let k = 0; k < share(4000, 40_000, 400_000); k++) {
      const bytes = mutated(samples, random);
      try {
        const pdu = decodePdu(bytes);
        understood++;
        if (pdu.kind === "unknownService" || pdu.kind === "unconfirmed") continue;
        const again = pduBytes(pdu);
        assert.deepEqual(decodePdu(again), pdu, toHex(bytes));
      } catch (error) {
        if (!(error instanceof WireError)) throw new Error(toHex(bytes), { cause: error });
      }
    }
    assert.ok(understood > 100);
  },
);
