/** `watch` of a buffered block whose reports do not say which entry they are, and of one that no longer knows the last: nothing twice, and it is said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp, listenTcp } from "#io/tcp.ts";
import type { Link } from "#io/link.ts";
import { parseMmsUrl } from "#headend/mms-url.ts";
import { watchReports } from "#headend/mms-watch.ts";
import { dataText } from "#headend/mms-values.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { onPort } from "./interop/iec61850-serving.ts";
import { ReportHost } from "./mms-report-host.ts";
import { leafNumber, reportIed } from "./report-ied.ts";

const fields = {
  sequenceNumber: true,
  timeStamp: true,
  reason: true,
  dataSet: true,
  dataReference: false,
  bufferOverflow: false,
  entryId: false,
  configRevision: false,
};

test(
  "what is watched goes on behind the last entry, or with the oldest where that is gone",
  { timeout: 60_000 },
  async (t) => {
    const ied = reportIed({ reports: [{ name: "brcb", buffered: true, dataSet: "Energy", fields }] });
    const host = new ReportHost(ied, { buffer: { entries: 3, octets: 100_000 } });
    const counter = leafNumber(ied, "MMTR1.TotWh.actVal");
    let count = 0;
    const happen = (times: number): void => {
      for (let k = 0; k < times; k++) host.become([[counter, BigInt(++count)]]);
    };
    const { port } = await onPort(t, host, [reports]);
    const open: Link[] = [];
    const clock = new SystemClock();
    const between = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 4, clock }, (near) => {
      open.push(near);
      near.pause();
      void connectTcp("127.0.0.1", port).then((far) => {
        near.receive((bytes) => far.send(bytes.slice()));
        far.receive((bytes) => near.send(bytes.slice()));
        near.closed(() => far.close());
        far.closed(() => near.close());
        near.resume();
      });
    });
    const ending = new AbortController();
    t.after(() => {
      ending.abort();
      return between.close();
    });
    const [told, notes]: [string[], string[]] = [[], []];
    const watch = watchReports(
      parseMmsUrl(`mms://127.0.0.1:${between.port}`),
      { timeoutMs: 2000, secrets: { password: () => Promise.resolve(new Uint8Array(0)) } },
      { names: ["LLN0.brcb01"], interrogate: false },
      {
        told: {
          report: ({ members: [first] }) =>
            void told.push(first?.value.kind === "structure" ? dataText(first.value.items[0]!) : ""),
          note: (words) => void notes.push(words),
        },
        clock,
        signal: ending.signal,
      },
    );
    const until = async (length: number): Promise<void> => {
      for (let k = 0; k < 1000 && told.length < length; k++) await new Promise((done) => setTimeout(done, 10));
      assert.equal(told.length, length, JSON.stringify({ told, notes }));
    };
    happen(2);
    await until(2);
    for (const link of open.splice(0)) link.close();
    happen(1);
    await until(3);
    assert.deepEqual(told, ["1", "2", "3"]);
    for (const link of open.splice(0)) link.close();
    // More than it keeps: 4 and 5 are gone.
    await new Promise((done) => setTimeout(done, 100));
    happen(5);
    await until(6);
    assert.deepEqual(told, ["1", "2", "3", "6", "7", "8"]);
    assert.match(
      notes.at(-1) ?? "",
      /brcb01 does not know the entry that came last any more \(.*\): it begins with the oldest/,
    );
    ending.abort();
    await watch;
  },
);
