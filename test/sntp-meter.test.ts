/** The time that a JEMStar II serves: its own clock's, between two steps of its measuring, too, and who keeps it. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { sntp } from "#fleet/protocols/sntp.ts";
import type { Station } from "#fleet/protocols/protocol.ts";
import { FaultPlan, FaultyLink } from "#io/faulty-link.ts";
import { nullModem } from "#io/null-modem.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { ntpAnswer, NtpError, ntpRequest } from "#protocol/ntp/packet.ts";
import { jemStar } from "./authority-rig.ts";

const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** A meter that serves its time; undefined where it says nothing, words where it says that it has none. */
function serving(t: TestContext, configuration: string, local = true) {
  const rig = jemStar(t, { configuration, listen: `{ sntp: udp, local: ${local} }`, ownTime: true });
  const device = deviceOf(rig.jem, rig.clock);
  const { surface } = device;
  const station: Station = {
    device: { ...device, name: "jem", listen: [] },
    port: "ethernet 1",
    keys: rig.listen[0]!.keys,
    line: device.line,
    answers: () => surface.answers("ethernet 1", "sntp"),
  };
  const server = sntp.serve({
    transport: sntp.transports[0]!,
    stations: [station as Station<never>],
    clock: rig.clock,
    misunderstood() {},
    connected() {},
    left() {},
  });
  const ask = (): { stratum: number; received: number } | string | undefined => {
    const [here, there] = nullModem();
    let answer: Uint8Array | undefined;
    here.receive((bytes) => (answer = bytes));
    server.take(new FaultyLink(there, new FaultPlan(), rig.clock), undefined);
    here.send(ntpRequest(nonce));
    here.close();
    if (answer === undefined) return undefined;
    try {
      const { stratum, received } = ntpAnswer(answer, nonce);
      return { stratum, received };
    } catch (error) {
      assert.ok(error instanceof NtpError);
      return error.message;
    }
  };
  return { ...rig, ask };
}

test("time goes on between two steps of measuring, and is the meter's own when somebody sets it", (t) => {
  const { ask, clock, run, tell } = serving(t, "timekeeping: { sync: crystal }");
  run(1);
  const begun = clock.utc();
  assert.deepEqual(ask(), { stratum: 10, received: begun });
  clock.advance(437);
  assert.deepEqual(ask(), { stratum: 10, received: begun + 437 });
  assert.equal(tell({ command: "setTime", utc: "2030-06-01T12:00:00Z" }), "done");
  clock.advance(250);
  assert.deepEqual(ask(), { stratum: 10, received: Date.UTC(2030, 5, 1, 12) + 250 });
});

test("while time servers keep the clock it is one behind them; without them it is its own, or none", (t) => {
  for (const [local, without] of [
    [true, 10],
    [false, "refused: INIT"],
  ] as const) {
    const { ask, jem, run } = serving(t, "timekeeping: { sync: ntp }", local);
    run(1);
    const kept = ask();
    assert.ok(typeof kept === "object" && kept.stratum === 2, JSON.stringify(kept));
    jem.reachTimeServer(false);
    run(1);
    const lost = ask();
    assert.deepEqual(typeof lost === "object" ? lost.stratum : lost, without);
    jem.reachTimeServer(true);
    run(2);
    assert.ok(typeof ask() === "object");
  }
});

test("without power, and in test mode, it serves nothing", (t) => {
  const { ask, run, tell } = serving(t, "");
  run(1);
  assert.equal(typeof ask(), "object");
  assert.equal(tell({ command: "enterTestMode" }), "done");
  assert.equal(ask(), undefined);
  assert.equal(tell({ command: "leaveTestMode" }), "done");
  assert.equal(tell({ command: "powerDown" }), "done");
  run(1);
  assert.equal(ask(), undefined);
});
