/** Associations of libiec61850 and iec61850bean, octet by octet: our end of each, and both ends together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionsOf, fromHex, mmsFiles, skip } from "./mms-exchanges.ts";
import { accepting } from "./mms-osi.ts";

/** The answer to an initiate, which stands in an accept. */
function initiateIn(tsdu: string): Uint8Array {
  const at = tsdu.lastIndexOf("a92680") >= 0 ? tsdu.lastIndexOf("a92680") : tsdu.lastIndexOf("a92580");
  return fromHex(tsdu.slice(at));
}

for (const file of mmsFiles)
  for (const [k, sent] of connectionsOf(file).entries())
    for (const cut of [Infinity, 7])
      test(`the server of ${file}, connection ${k + 1}, is ours${cut === 7 ? ", in pieces" : ""}`, { skip }, () => {
        const accept = sent.find(({ from, tsdu }) => from === "server" && tsdu.startsWith("0e"));
        const one = accepting(() => ({ accepted: true, initiate: initiateIn(accept?.tsdu ?? "") }));
        for (const { from, packets, pdu } of sent) {
          const wire = packets.join("");
          if (from === "client") {
            one.pdus.length = 0;
            for (let at = 0; at < wire.length; at += 2 * cut) one.send(wire.slice(at, at + 2 * cut));
            if (pdu !== undefined) assert.deepEqual(one.pdus, [pdu]);
            continue;
          }
          if (pdu !== undefined) one.association?.send(fromHex(pdu));
          assert.equal(one.heard(), wire);
        }
        assert.equal(one.misunderstood, 0);
        assert.equal(one.requests.length, 1);
      });
