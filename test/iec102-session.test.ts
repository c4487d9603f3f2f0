/** The recorded session of a foreign reader with a reference station, replayed to ours: octet for octet what the reader saw. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { serveIec102 } from "#protocol/iec102/station/line.ts";
import type { StationEvent } from "#protocol/iec102/station/host.ts";
import { FixtureHost } from "./iec102-host.ts";
import { fromHex, session, toHex } from "./iec102-vectors.ts";

/** The reference station has its two events whatever is asked for. */
class ReferenceHost extends FixtureHost {
  override events(record: number): Iterable<StationEvent> | undefined {
    return super.events(record, -Infinity, Infinity);
  }
}

test("the station answers the recorded session as the reference station did", async () => {
  const host = new ReferenceHost();
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  serveIec102(there, [{ host, port: "ethernet 1" }], clock);
  let heard = "";
  here.receive((bytes) => (heard += toHex(bytes)));
  for (const { reader, station } of session) {
    heard = "";
    here.send(fromHex(reader));
    assert.equal(heard, station, reader);
    // The key is looked up beside the line.
    await Promise.resolve();
  }
  // Saturday 2026-11-21 01:46:02.804, winter: 24 0b is 2 s and 804 ms.
  assert.deepEqual(host.setTo, [Date.UTC(2026, 10, 21, 0, 46, 2, 804)]);
  assert.equal(host.left, 1);
  assert.deepEqual(host.shown, [7]);
});
