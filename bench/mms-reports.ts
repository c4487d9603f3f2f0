/** Reports over MMS: the CPU of a server that tells ten clients fifty members each, ten times a second. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { MmsClient } from "#protocol/iec61850/client/client.ts";
import { ReportControlBlock } from "#protocol/iec61850/client/report-control.ts";
import { decodeReport } from "#protocol/iec61850/client/reports.ts";

const CLIENTS = 10;
const SECONDS = 10;
const TIMEOUT_MS = 5000;

export async function benchMmsReports(): Promise<void> {
  const server = fork(fileURLToPath(new URL("./mms-reporter.ts", import.meta.url)), [String(CLIENTS)]);
  const [port] = (await once(server, "message")) as [number];
  const cpu = async (): Promise<number> => {
    server.send("cpu");
    const [seconds] = (await once(server, "message")) as [number];
    return seconds;
  };
  const clock = new SystemClock();
  let told = 0;
  let members = 0;
  const clients: MmsClient[] = [];
  for (let k = 1; k <= CLIENTS; k++) {
    const client = await MmsClient.associate(await connectTcp("127.0.0.1", port), clock, { timeoutMs: TIMEOUT_MS });
    clients.push(client);
    client.onReport((report) => {
      told++;
      members += decodeReport(report)?.members.length ?? 0;
    });
    const name = `urcb${String(k).padStart(2, "0")}`;
    const block = await ReportControlBlock.of(client, { domain: "JEM01MTR", node: "LLN0", buffered: false, name });
    await block.enable();
  }
  await new Promise((done) => setTimeout(done, 2000));
  const before = await cpu();
  told = 0;
  members = 0;
  await new Promise((done) => setTimeout(done, SECONDS * 1000));
  const core = ((await cpu()) - before) / SECONDS;
  server.kill();
  for (const client of clients) client.abort();
  const rate = `${(told / SECONDS).toFixed(0)} reports/s, ${(members / SECONDS).toFixed(0)} members/s`;
  console.log(`\nMMS reports of 50 members to ${CLIENTS} clients at 10 Hz: ${rate} in ${core.toFixed(3)} of a core`);
}
