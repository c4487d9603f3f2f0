/** What a meter has acknowledged is told by its buffered reports, through kill -9: each change once, in its order, to who says where he is. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { MmsClient } from "#protocol/iec61850/client/client.ts";
import { ReportControlBlock } from "#protocol/iec61850/client/report-control.ts";
import { decodeReport, type Report } from "#protocol/iec61850/client/reports.ts";
import { startSite, temporaryFolder, type RunningSite } from "./running-site.ts";
import { share } from "./share.ts";

const KILLS = share(3, 6, 40);

const SITE = `
web: { port: 0 }
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-NTP-IEC
    auxiliary: true
    source: { synthetic: { volts: 120, amps: 10, steps: true } }
    listen: [{ mms: tcp, port: 0 }]
`;

const name = { domain: "JEM01MTR", node: "LLN0", buffered: true, name: "brcbIO01" } as const;

/** Closes or opens what is wired to input 7; it is done when this resolves. */
async function input({ page }: RunningSite, closed: boolean): Promise<void> {
  const answer = await fetch(`${page}api/meters/jem/commands`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ command: "input", channel: 7, closed }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** A client that has the block behind an entry, and what has been told of input 7, the first member. */
class Reader {
  readonly changes: boolean[] = [];
  overflows = 0;
  entry: Uint8Array | undefined;
  #heard = (): void => {};

  async enable(port: number): Promise<{ readonly client: MmsClient; readonly block: ReportControlBlock }> {
    const link = await connectTcp("127.0.0.1", port);
    const client = await MmsClient.associate(link, new SystemClock(), { timeoutMs: 10_000 });
    client.onReport((information) => {
      const report = decodeReport(information);
      if (report !== undefined) this.#take(report);
    });
    const block = await ReportControlBlock.of(client, name);
    await block.enable(this.entry === undefined ? { purge: true } : { behind: this.entry });
    return { client, block };
  }

  /** Until a report has come of which this is so. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.#heard = resolve));
  }

  #take({ entryId, overflow, members }: Report): void {
    if (overflow === true) this.overflows++;
    this.entry = entryId;
    for (const { index, value, reasons } of members) {
      const [state] = value.kind === "structure" ? value.items : [];
      if (index === 0 && reasons.includes("data change")) this.changes.push(state?.kind === "boolean" && state.value);
    }
    this.#heard();
  }
}

test(`changes of an input are told once, through ${KILLS} kills`, { timeout: 1_200_000 }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), "");
  const reader = new Reader();
  const done: boolean[] = [];
  for (let kill = 0; kill <= KILLS; kill++) {
    const running = await startSite(folder, SITE);
    t.after(() => running.end("SIGKILL"));
    const { client, block } = await reader.enable(
      Number(/listener +mms tcp 127\.0\.0\.1:(\d+)/.exec(running.output())?.[1]),
    );
    await reader.until(() => reader.changes.length >= done.length);
    assert.deepEqual(reader.changes, done, `kill ${kill}`);
    // The last entry that he has is a picture now and then, which lies in no store.
    if (kill % 2 === 0) {
      const { entry } = reader;
      await block.interrogate();
      await reader.until(() => reader.entry !== entry);
    }
    const closed = kill % 2 === 0;
    await input(running, closed);
    done.push(closed);
    // Before, in and after the calculation cycle in which the meter sees it.
    await new Promise((resolve) => setTimeout(resolve, [0, 300, 700][kill % 3]));
    await running.end("SIGKILL");
    client.abort();
  }
  assert.equal(reader.overflows, 1, "only the first time, when he had not said where he was");
});
