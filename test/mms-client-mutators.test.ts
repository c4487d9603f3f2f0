/** A client of MMS before a server that says anything: every question has an end, nothing is thrown past it, and what is described is bounded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { browseDevice } from "#protocol/iec61850/client/browse.ts";
import { MmsClient } from "#protocol/iec61850/client/client.ts";
import { MmsError } from "#protocol/iec61850/client/failing.ts";
import { fetchFile, filesOf } from "#protocol/iec61850/client/files.ts";
import { ReportControlBlock } from "#protocol/iec61850/client/report-control.ts";
import { decodeReport, ReportAssembly } from "#protocol/iec61850/client/reports.ts";
import { leafCount } from "#protocol/iec61850/client/types.ts";
import { readWhole, typeOf } from "#protocol/iec61850/client/values.ts";
import { decodePdu, pduBytes } from "#protocol/iec61850/mms/pdu.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import { connectionsOf, fromHex, skip, toHex } from "./mms-exchanges.ts";
import { initiateResponse } from "./mms-osi.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

/** Answers of libiec61850's server, by the service that they are of. */
const answers = new Map<string, Uint8Array[]>();
const reports: Uint8Array[] = [];
for (const sent of connectionsOf("mms-walk.txt"))
  for (const { from, pdu } of sent) {
    if (from !== "server" || pdu === undefined || pdu.length > 6000) continue;
    const decoded = decodePdu(fromHex(pdu));
    if (decoded.kind === "informationReport") reports.push(fromHex(pdu));
    if (decoded.kind !== "response") continue;
    const { service } = decoded.response;
    answers.set(service, [...(answers.get(service) ?? []), fromHex(pdu)]);
  }

const at = { domain: "JEM01MTR", node: "MMXU1", fc: "MX", path: [] } as const;
const questions: readonly ((client: MmsClient) => Promise<unknown>)[] = [
  (client) => browseDevice(client, "JEM01MTR"),
  async (client) => readWhole(client, at, await typeOf(client, at)),
  (client) => filesOf(client),
  (client) => fetchFile(client, "COMTRADE/ev1.cfg"),
  async (client) =>
    (await ReportControlBlock.of(client, { ...at, node: "LLN0", buffered: true, name: "brcbIO01" })).enable(),
  (client) =>
    client.ask({ service: "getNamedVariableListAttributes", name: { scope: "domain", domain: "D", item: "I" } }),
];

test("whatever a server answers, each question has an end, and a report is one or none", { skip }, async () => {
  const random = numbers(61_850_8);
  let [answered, failed] = [0, 0];
  for (let k = 0; k < share(300, 2000, 20_000); k++) {
    const clock = new VirtualClock();
    const [here, there] = nullModem();
    let said = 0;
    const log: string[] = [];
    acceptAssociations(there, {
      clock,
      accept: () => ({ accepted: true, initiate: initiateResponse }),
      user: (association) => ({
        received(bytes) {
          const asked = decodePdu(bytes);
          // Names without end and files without end are another matter: here somebody gets tired.
          if (asked.kind !== "request" || ++said > 60) return;
          const own = answers.get(asked.request.service) ?? [];
          const sample = own[random(own.length || 1)];
          const decoded = sample && decodePdu(sample);
          const right =
            decoded?.kind === "response" ? pduBytes({ ...decoded, invokeId: asked.invokeId }) : Uint8Array.of(0xa1, 0);
          const all = [right, ...reports];
          const wrong = random(3) === 0 ? right : mutated(random(4) === 0 ? all : [right], random);
          log.push(toHex(wrong));
          association.send(wrong);
        },
        over: () => {},
      }),
    });
    const client = await MmsClient.associate(here, clock, { timeoutMs: 1000 });
    const assembly = new ReportAssembly();
    client.onReport((report) => {
      const decoded = decodeReport(report);
      if (decoded !== undefined) assembly.take(decoded);
    });
    const state = { ended: false };
    const question = questions[k % questions.length]!(client)
      .then(
        () => void answered++,
        (error: unknown) => {
          failed++;
          if (!(error instanceof MmsError)) throw new Error(log.join("\n"), { cause: error });
        },
      )
      .finally(() => (state.ended = true));
    // Silence ends after a second; a question has some hundred steps at most.
    for (let step = 0; step < 400 && !state.ended; step++) {
      await new Promise((done) => setImmediate(done));
      clock.advance(500);
    }
    assert.ok(state.ended, log.join("\n"));
    await question;
    client.abort();
  }
  assert.ok(answered > 10 && failed > 10, `${answered} answered, ${failed} failed`);
});

test("arrays of arrays that nobody can have are refused with their description", async () => {
  const array = (count: number, of: object): object => ({ kind: "array", count, of });
  const type = array(4_000_000_000, array(4_000_000_000, { kind: "boolean" })) as Parameters<typeof leafCount>[0];
  assert.ok(leafCount(type) > 1e18);
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  acceptAssociations(there, {
    clock,
    accept: () => ({ accepted: true, initiate: initiateResponse }),
    user: (association) => ({
      received(bytes) {
        const asked = decodePdu(bytes);
        if (asked.kind !== "request") return;
        const response = { service: "getVariableAccessAttributes", deletable: false, type } as const;
        association.send(pduBytes({ kind: "response", invokeId: asked.invokeId, response }));
      },
      over: () => {},
    }),
  });
  const client = await MmsClient.associate(here, clock, { timeoutMs: 1000 });
  await assert.rejects(typeOf(client, at), /more than 100000 attributes/);
});
