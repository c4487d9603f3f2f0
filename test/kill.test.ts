/** kill -9 at any instant loses at most one second of energy and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { ModbusClient } from "#protocol/modbus/client.ts";
import { Random } from "#waveform/random.ts";
import { share } from "./share.ts";
import { siteOf, startSite, temporaryFolder } from "./running-site.ts";

const KILLS = share(3, 12, 300);

/** 3.6 MW is a kilowatt-hour a second. */
const site = siteOf({ watts: 1_200_000 });
const WH_A_SECOND = 1000;

interface Seen {
  readonly wh: number;
  /** Register 147: an energy before a clearing says nothing of one after it. */
  readonly resets: number;
  readonly at: number;
}

test(`a site that is killed ${KILLS} times counts on where it was`, { timeout: 2_400_000 }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const random = new Random(2026);
  const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
  let last: Seen | undefined;
  let killed = 0;
  let imbalance = 25;
  let resets = 0;
  let compared = 0;
  let entries = 0;
  for (let kill = 0; kill <= KILLS; kill++) {
    const started = performance.now();
    const running = await startSite(folder, site);
    t.after(() => running.end("SIGKILL"));
    const client = new ModbusClient(await connectTcp("127.0.0.1", running.port), new SystemClock(), {
      framing: "tcp",
      timeoutMs: 5000,
    });
    const read = async (register: number, count: number): Promise<DataView> => {
      const response = await client.request(1, { kind: "read", fn: 3, first: register - 1, count });
      if (response.kind !== "registers") throw new Error(`register ${register}: ${JSON.stringify(response)}`);
      const view = new DataView(new ArrayBuffer(2 * count));
      response.values.forEach((word, k) => view.setUint16(2 * k, word));
      return view;
    };
    const write = async (register: number, value: number): Promise<void> => {
      const response = await client.request(1, {
        kind: "write",
        fn: 6,
        first: register - 1,
        values: Uint16Array.of(value),
      });
      assert.equal(response.kind, "written");
    };
    // A read of both in one request would need a longer run of registers than there is: the count is read twice.
    const energy = async (): Promise<Seen> => {
      for (;;) {
        const before = (await read(147, 1)).getUint16(0);
        const wh = (await read(259, 2)).getFloat32(0) * 1000;
        if ((await read(147, 1)).getUint16(0) === before) return { wh, resets: before, at: performance.now() };
      }
    };

    // What was acknowledged before the kill holds.
    assert.equal((await read(143, 1)).getUint16(0), imbalance, "a setting");
    assert.equal((await read(152, 1)).getUint16(0), kill + 1, "power-ups");
    const log = await read(161, 3);
    const total = log.getUint16(0) * 5760 + log.getUint16(4);
    assert.ok(total >= entries, "log entries");
    const begun = await energy();
    if (last !== undefined && last.resets === begun.resets) {
      compared++;
      assert.ok(begun.wh >= last.wh - 1, `energy that was read: ${begun.wh} after ${last.wh}`);
      const lost = ((killed - last.at) / 1000) * WH_A_SECOND - (begun.wh - last.wh);
      assert.ok(lost <= 1.5 * WH_A_SECOND, `${lost} Wh lost in kill ${kill}`);
      // As long as it was alive before and after; a busy machine takes a while to the first answer.
      const alive = (killed - last.at + begun.at - started) / 1000;
      assert.ok(
        begun.wh <= last.wh + (alive + 0.5) * WH_A_SECOND,
        `nothing is counted twice: ${begun.wh - last.wh} Wh in ${alive} s`,
      );
    }
    if (kill === KILLS) {
      await sleep(1600);
      assert.equal((await read(147, 1)).getUint16(0), resets + 1, "a clearing that was acknowledged is executed, once");
      assert.ok(compared > KILLS / 3, `${compared} energies were compared`);
      client.close();
      await running.end();
      break;
    }

    await sleep(50 + 1200 * random.next());
    imbalance = 1 + Math.floor(99 * random.next());
    await write(143, imbalance);
    if (random.next() < 0.3) await write(129, 30078);
    if (random.next() < 0.5) await sleep(600 * random.next());
    const now = await read(161, 3);
    entries = now.getUint16(0) * 5760 + now.getUint16(4);
    last = await energy();
    if (kill === KILLS - 1) {
      // Everything that waits is done by then; one more clearing is acknowledged just before the last kill.
      await sleep(1200);
      resets = (await read(147, 1)).getUint16(0);
      await write(129, 30078);
      last = undefined;
    }
    client.close();
    await sleep(300 * random.next());
    killed = performance.now();
    await running.end("SIGKILL");
  }
});
