/** What a master was told over DNP3 is there after kill -9: freezes, and how far he has read them. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { connectTcp } from "#io/tcp.ts";
import { hand } from "./dnp3-listening.ts";
import { controls, data } from "./dnp3-line.ts";
import { startSite, temporaryFolder } from "./running-site.ts";
import { share } from "./share.ts";

const KILLS = share(3, 6, 60);

const SITE = `
web: { port: 0 }
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A
    configuration: jem.yaml
    auxiliary: true
    source: { synthetic: { volts: 120, amps: 10, steps: true } }
    listen: [{ dnp3: tcp, port: 0 }]
`;
const CONFIGURATION = `
registers: { normal: [{ id: 2, type: consumption, units: units, digits: 9, decimals: 3, measure: { quantity: Wh } }] }
modbus: { counters: [] }
dnp3: { counters: [{ register: 2, scaling: 1000 }], variations: { counter: 1, frozen: 1 } }
`;

/** Of an answer of one frame: the application's octets. */
function objects(answer: string): string {
  return answer.slice("44 c0 ".length);
}

/** The value, little endian, behind a header of five octets and flags. */
function valueOf(answer: string): number {
  const octets = answer.split(" ").map((one) => Number.parseInt(one, 16));
  return octets.slice(10, 14).reduceRight((sum, octet) => 256 * sum + octet, 0);
}

test(`freezes and marks of a master outlast ${KILLS} kills`, { timeout: 1_200_000 }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), CONFIGURATION);
  let [last, isThere] = [-1, false];
  for (let kill = 0; kill <= KILLS; kill++) {
    const running = await startSite(folder, SITE);
    t.after(() => running.end("SIGKILL"));
    const port = Number(/listener +dnp3 tcp 127\.0\.0\.1:(\d+)/.exec(running.output())?.[1]);
    const master = hand(t, await connectTcp("127.0.0.1", port));
    let sequence = 0;
    const ask = async (fragment: string): Promise<string> => {
      const control = (0xc0 | (sequence++ & 0x0f)).toString(16);
      const head = await master.ask(data(0xc4, `${control} ${fragment}`), 10);
      const user = Number.parseInt(head.slice(6, 8), 16) - 5;
      return objects(controls(`${head} ${await master.taken(user + 2 * Math.ceil(user / 16))}`)[0] ?? "");
    };
    const frozen = await ask("01 15 01 06");
    if (isThere) {
      assert.match(frozen, /^c\w 81 9\w 00 15 01 00 00 00 01 /, `kill ${kill}: the freeze that was told is the last`);
      assert.equal(valueOf(frozen), last, `kill ${kill}`);
      // The one event that he has not confirmed, of the one counter.
      const events = await ask("01 3c 02 06");
      assert.match(events, /^e\w 81 90 00 17 05 28 01 00 00 00 01 /, `kill ${kill}: ${events}`);
      master.link.send(data(0xc4, `c${events.slice(1, 2)} 00`));
      assert.match(await ask("01 3c 02 06"), /^c\w 81 90 00$/, `kill ${kill}: no other`);
    } else {
      // So that he is known: his first is confirmed.
      await ask("07 14 00 06");
      const events = await ask("01 3c 02 06");
      master.link.send(data(0xc4, `c${events.slice(1, 2)} 00`));
      await ask("01 3c 02 06");
      isThere = true;
    }
    assert.match(await ask("07 14 00 06"), /^c\w 81 92 00$/, "frozen, with events of class 1");
    last = valueOf(await ask("01 15 01 06"));
    await running.end("SIGKILL");
    master.link.close();
  }
});
