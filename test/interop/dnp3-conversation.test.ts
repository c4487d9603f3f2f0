/** What a master and an outstation of ours say to each other, frame by frame through tshark: nothing of it is malformed. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import type { Link } from "#io/link.ts";
import { Association } from "#protocol/dnp3/master/association.ts";
import { Line } from "#protocol/dnp3/master/line.ts";
import { clearRestart, freeze, read, restart } from "#protocol/dnp3/master/outstation.ts";
import { Points } from "#protocol/dnp3/master/points.ts";
import { classes, integrity } from "#protocol/dnp3/master/requests.ts";
import { synchronise } from "#protocol/dnp3/master/time-sync.ts";
import { FixtureHost, usualSettings } from "../dnp3-host.ts";
import { serveHost } from "../dnp3-served.ts";
import { temporaryFolder } from "../running-site.ts";
import { runProgram, without } from "./programs.ts";

const skip = without("tshark", "text2pcap");

/** What went each way, as text2pcap reads it: "I" from the outstation, "O" to it. */
function tapped(link: Link, lines: string[]): Link {
  const note = (direction: "I" | "O", bytes: Uint8Array): void => {
    lines.push(
      `${direction}\n0000 ${Buffer.from(bytes)
        .toString("hex")
        .replaceAll(/..(?=.)/g, "$& ")}\n`,
    );
  };
  return {
    ...link,
    peer: link.peer,
    get waiting() {
      return link.waiting;
    },
    send(bytes) {
      note("O", bytes.slice());
      link.send(bytes);
    },
    receive(run) {
      link.receive((bytes) => {
        note("I", bytes);
        run(bytes);
      });
    },
  };
}

for (const confirm of ["never", "always"] as const)
  test(`tshark finds nothing malformed, with confirmation by the link ${confirm}`, { skip }, async (t) => {
    const host = new FixtureHost(
      {
        link: { ...usualSettings.link, confirm },
        events: { ...usualSettings.events, binary: { class: 2, variation: 2 }, scanMs: 20 },
      },
      {
        binaries: Array.from({ length: 64 }, (_, k) => k % 3 === 1),
        outputs: [true, false],
        counters: Array.from({ length: 300 }, (_, k) => 100_000 + 7 * k),
        analogs: Array.from({ length: 200 }, (_, k) => 1000 * k - 70_000),
      },
    );
    const port = await serveHost(t, host);
    const lines: string[] = [];
    const clock = new SystemClock();
    const link = tapped(await connectTcp("127.0.0.1", port, 2000), lines);
    const line = new Line(link, clock, { master: 100, confirm, timeoutMs: 1000, retries: 1 });
    t.after(() => line.close());
    const association = new Association(line.to(1), clock, { timeoutMs: 2000, retries: 0 });
    await line.present([1], 500);
    await read(association, integrity, new Points());
    await clearRestart(association);
    await synchronise(association, "direct", clock);
    await synchronise(association, "lan", clock);
    host.setBinary(5, true);
    await freeze(association);
    await new Promise((done) => setTimeout(done, 100));
    const events = new Points();
    await read(association, classes(1, 2, 3), events);
    assert.ok(events.events.length >= 300);
    for (const variation of [1, 2, 3, 4, 5])
      await read(association, [{ group: 30, variation, which: { from: 0, to: 9 } }], new Points());
    for (const variation of [1, 2, 5, 6])
      await read(association, [{ group: 20, variation, which: { indices: [0, 7, 299] } }], new Points());
    for (const variation of [1, 2, 5, 6, 9, 10])
      await read(association, [{ group: 21, variation, which: { most: 5 } }], new Points());
    await read(association, [{ group: 1, variation: 2, which: "all" }], new Points());
    await read(association, [{ group: 50, variation: 1, which: { most: 1 } }], new Points());
    await read(association, [{ group: 99, variation: 1, which: "all" }], new Points());
    await restart(association, "warm");
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const [text, pcap] = ["dnp3.txt", "dnp3.pcap"].map((name) => path.join(folder, name)) as [string, string];
    writeFileSync(text, lines.join("\n"));
    const made = await runProgram("text2pcap", ["-D", "-T", "20000,40000", text, pcap]);
    assert.equal(made.status, 0, made.out);
    const shark = async (...words: readonly string[]) => {
      const ended = await runProgram("tshark", ["-r", pcap, ...words]);
      assert.equal(ended.status, 0, ended.out);
      return ended;
    };
    const all = await shark("-Y", "dnp3", "-T", "fields", "-e", "dnp3.al.func");
    const codes = new Set(all.out.split(/[\s,]+/).filter((one) => /^\d+$/.test(one)));
    for (const code of ["0", "1", "2", "7", "14", "23", "24", "129"])
      assert.ok(codes.has(code), `${code} of ${[...codes].join(" ")}`);
    const problems = await shark("-Y", "_ws.malformed || _ws.expert.severity >= 0x800000");
    const told = problems.out.split("\n").filter((one) => /^\s*\d+ /.test(one));
    assert.deepEqual(told, []);
    // It makes every CRC anew, and says what it does not know.
    const checks = await shark(
      "-Y",
      "dnp3.hdr.CRC.incorrect || dnp3.data_chunk.CRC.incorrect || dnp3.al.unknown_data_chunk",
    );
    assert.deepEqual(
      checks.out.split("\n").filter((one) => /^\s*\d+ /.test(one)),
      [],
    );
  });
