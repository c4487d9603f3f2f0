/** A month of a JEMStar's 15-minute profile in 16 channels, read over the wrapper on TCP from a running site: the goal is 0.3 s. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { freePort, startSite, temporaryFolder } from "../test/running-site.ts";
import { AARQ, Client, RLRQ, wrapped } from "./dlms-client.ts";
import { median } from "./median.ts";

/** 31 days of 96 quarters, less what begins late on the first. */
const ROWS = 2900;
const ROUNDS = 7;
const COUNT = "C001C100070100630100FF0700";

const quantities = ["Wh", "varh", "VAh"].flatMap((quantity) => [
  { quantity },
  ...["a", "b", "c"].map((phase) => ({ quantity, phase })),
]);
const volts = ["a", "b", "c"].map((phase) => ({ quantity: "V", phase }));
const measures = [...quantities, ...volts, { quantity: "A", phase: "a" }];

const configuration = `
dlms: { conformance: full, clients: [{ sap: 16, authentication: [none] }] }
profiles:
  - minutes: 15
    data: engineering
    channels: [${measures.map((one) => `{ measure: ${JSON.stringify(one)}, km: 1 }`).join(", ")}]
`;

const site = (port: number): string => `
store: ":memory:"
clock: { start: 2026-01-01T00:00:00Z, speed: 1000000 }
meters:
  - name: head
    model: ametek-jemstar-ii
    modelNumber: JSII-09I5010-1B/2A-DIOP-DLMS
    serial: "12345"
    configuration: head.yaml
    source: { synthetic: { hz: 50, volts: [200, 230, 250], amps: [5, 4, 2], pf: 1, steps: true } }
    listen:
      - { dlms: tcp, port: ${port} }
`;

export async function benchDlmsMonth(): Promise<void> {
  const { folder, remove } = temporaryFolder();
  writeFileSync(path.join(folder, "head.yaml"), configuration);
  const port = await freePort();
  const running = await startSite(folder, site(port));
  try {
    const client = await Client.open(port);
    await client.ask(wrapped(AARQ));
    for (let count = 0; count < ROWS; count = (await client.ask(wrapped(COUNT))).readUInt32BE(5))
      await new Promise((done) => setTimeout(done, 200));
    const entries = `02020406000000010600${ROWS.toString(16).padStart(6, "0")}120001120000`;
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const begin = performance.now();
      await client.gathered(wrapped(`C001C100070100630100FF0201${entries}`));
      seconds.push((performance.now() - begin) / 1000);
    }
    await client.ask(wrapped(RLRQ));
    await client.close();
    console.log(
      `  ${ROWS} rows of 16 channels of a JEMStar that lives a million times as fast (median of ${ROUNDS}): ${median(seconds).toFixed(3)} s; goal 0.3 s`,
    );
  } finally {
    await running.end();
    remove();
  }
}
