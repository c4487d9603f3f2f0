/** Data link confirmation with opendnp3: its master acknowledges frames of an outstation of ours, each once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import type { Link } from "#io/link.ts";
import { listenTcp } from "#io/tcp.ts";
import { FrameReader } from "#protocol/dnp3/link/frame-reader.ts";
import { serveDnp } from "#protocol/dnp3/link/serve.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { FixtureHost, usualSettings } from "../dnp3-host.ts";
import { ran, withoutDnp3Peers } from "./dnp3-peers.ts";

/** A link whose frames are kept, by their control octets; `loses` says which of those that are sent do not go. */
function heard(link: Link, log: number[], loses: (control: number) => boolean): Link {
  const [sent, came] = [new FrameReader(), new FrameReader()];
  const keep = (reader: FrameReader, bytes: Uint8Array): number => {
    reader.add(bytes);
    let last = 0;
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) log.push((last = frame.control));
    return last;
  };
  return {
    ...link,
    get waiting() {
      return link.waiting;
    },
    send(bytes) {
      if (!loses(keep(sent, bytes))) link.send(bytes);
    },
    receive: (run) =>
      link.receive((bytes) => {
        keep(came, bytes);
        run(bytes);
      }),
  };
}

const analogs = Array.from({ length: 200 }, (_, k) => 1000 * k - 70_000);
const points = { binaries: [true], outputs: [], counters: [7], analogs };

for (const [confirm, isLossy] of [
  ["always", false],
  ["multi-frame", false],
  ["always", true],
] as const)
  test(
    `opendnp3's master acknowledges frames of an outstation that confirms ${confirm}${isLossy ? ", where some are lost" : ""}`,
    { skip: withoutDnp3Peers() },
    async (t) => {
      const clock = new SystemClock();
      const link = { ...usualSettings.link, confirm, timeoutMs: isLossy ? 400 : 5000 };
      const host = new FixtureHost({ link }, points);
      const server = outstation(host, { clock, port: "ethernet 1" });
      const log: number[] = [];
      let k = 0;
      const loses = (control: number): boolean => isLossy && (control & 0x0f) === 3 && k++ % 3 === 1;
      const options = { host: "127.0.0.1", port: 0, maxConnections: 5, clock };
      const listener = await listenTcp(options, (one) =>
        serveDnp(heard(one, log, loses), [{ server, settings: () => host.settings }], clock),
      );
      t.after(() => listener.close());
      const steps = await ran("opendnp3", "master", String(listener.port), "1", "0.4");
      const seen = steps.get("startup")?.["points"] as Readonly<Record<string, unknown>>;
      for (const [k, value] of analogs.entries()) assert.deepEqual(seen[`Analog ${k}`], [value, 1]);
      for (const step of ["range", "freeze", "class 0"])
        assert.deepEqual(steps.get(step)?.["result"], [["USER_TASK", "SUCCESS"]], step);
      // One reset, then the frame count bit in turns; a lost frame goes again as it was.
      assert.equal(log.filter((control) => control === 0x40).length, 1);
      const counted = log.filter((control) => control === 0x73 || control === 0x53);
      assert.ok(counted.length > 8, String(counted.length));
      if (!isLossy)
        assert.deepEqual(
          counted,
          counted.map((_, k) => (k % 2 === 0 ? 0x73 : 0x53)),
        );
      const acknowledged = log.filter((control) => control === 0x80).length;
      assert.equal(acknowledged, 1 + counted.length - (isLossy ? Math.floor((k + 1) / 3) : 0));
      assert.equal(log.filter((control) => control === 0x44).length > 0, confirm === "multi-frame");
    },
  );
