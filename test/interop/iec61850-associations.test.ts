/**
 * Associations with libiec61850 (pyiec61850-ng of the Python index, a program of its own), at either end: a password that is right, wrong or not there,
 * titles, release and abort, TPDUs of each size; tshark finds nothing wrong with what our layers say.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp, listenTcp } from "#io/tcp.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import { associate, usual } from "#protocol/iec61850/osi/associate.ts";
import type { AssociationRequest } from "#protocol/iec61850/osi/association.ts";
import { fromHex, toHex } from "../mms-exchanges.ts";
import { initiateRequest } from "../mms-serving.ts";
import { initiateResponse } from "../mms-osi.ts";
import { temporaryFolder } from "../running-site.ts";
import { libiec61850Server } from "./iec61850-peers.ts";
import { kept } from "./iec61850-serving.ts";
import { FrailPeer, peersPython, runProgram, tryAgain, withFrailPeer, without, withoutPeers } from "./programs.ts";
import { tcpCapture, type Passed } from "./tcp-capture.ts";

const script = fileURLToPath(new URL("iec61850-associate.py", import.meta.url));
const skip = withoutPeers("pyiec61850");

test("libiec61850's client is let in by its password, and told where it is not", { skip }, (t) =>
  withFrailPeer(t, () => letIn(t)),
);

async function letIn(t: TestContext): Promise<void> {
  const clock = new SystemClock();
  const links: Passed[][] = [];
  const requests: AssociationRequest[] = [];
  const overs: string[] = [];
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 8, clock }, (link) => {
    const passed: Passed[] = [];
    links.push(passed);
    acceptAssociations(kept(link, passed), {
      clock,
      accept(request) {
        requests.push(request);
        const { password } = request;
        if (password !== undefined && Buffer.from(password).toString() === "sesame")
          return { accepted: true, initiate: initiateResponse };
        const diagnostic = password === undefined ? "authenticationRequired" : "authenticationFailure";
        return { accepted: false, result: "permanent", diagnostic };
      },
      user: (association) => ({
        received(pdu) {
          const hex = toHex(pdu);
          // Identify, by its number: vendor "A", model "JEM", revision "1"; conclude.
          const [, number] = /^a005(0201..)8200$/.exec(hex) ?? [];
          if (number !== undefined) association.send(fromHex(`a110${number}a20b80014181034a454d820131`));
          else if (hex === "8b00") association.send(fromHex("8c00"));
        },
        over: (how) => void overs.push(how),
      }),
    });
  });
  t.after(() => listener.close());
  const client = async (...words: string[]): Promise<string> => {
    const { out, status } = await runProgram(peersPython, [script, String(listener.port), ...words]);
    if (status === tryAgain) throw new FrailPeer("its library lost the association");
    assert.equal(status, 0, out);
    return out.trim().split("\n").join(" ");
  };
  assert.equal(await client("release", "sesame"), "associated JEM");
  assert.equal(await client("abort", "sesame"), "associated JEM");
  assert.equal(await client("release", "sesam"), "refused");
  assert.equal(await client("release"), "refused");
  assert.deepEqual(overs, ["released", "aborted"]);
  assert.deepEqual(
    requests.map(({ called, password }) => [
      called,
      password === undefined ? undefined : Buffer.from(password).toString(),
    ]),
    ["sesame", "sesame", "sesam", undefined].map((password) => [{ apTitle: "1.3.9999.13", aeQualifier: 7 }, password]),
  );
  await t.test("tshark finds nothing wrong with it", { skip: without("tshark") }, async () => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const capture = path.join(folder, "associations.pcap");
    writeFileSync(capture, tcpCapture(links, 10_102));
    const look = async (filter: string): Promise<number> => {
      const words = ["-r", capture, "-d", "tcp.port==10102,tpkt", "-Y", filter, "-T", "fields", "-e", "frame.number"];
      const ran = await runProgram("tshark", words, 120_000);
      assert.equal(ran.status, 0, ran.out);
      return ran.out.split("\n").filter((line) => /^\d+$/.test(line)).length;
    };
    assert.equal(await look("acse.aarq_element"), 4);
    assert.equal(await look("acse.aare_element && acse.result == 0"), 2);
    assert.equal(await look("acse.aare_element && acse.result == 1"), 2);
    const wrong = ["Malformed", "Undecoded"].map((group) => `_ws.expert.group == "${group}"`);
    assert.equal(await look(["_ws.malformed", ...wrong, '_ws.expert.severity >= "Warning"'].join(" || ")), 0);
  });
}

test(
  "libiec61850's server takes our association, in TPDUs of each size, to its release and its abort",
  { skip },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const server = await libiec61850Server(t, folder);
    for (const tpduSize of [128, 512, 1024, 8192])
      for (const end of ["release", "abort"] as const) {
        const link = await connectTcp("127.0.0.1", server.port);
        let told: (pdu: string) => void = () => {};
        let over: (how: string) => void = () => {};
        const association = await associate(link, {
          clock: new SystemClock(),
          timeoutMs: 5000,
          ...usual,
          tpduSize,
          initiate: fromHex(initiateRequest),
          user: () => ({ received: (pdu) => told(toHex(pdu)), over: (how) => over(how) }),
        });
        const ask = (pdu: string): Promise<string> =>
          new Promise((resolve) => {
            told = resolve;
            association.send(fromHex(pdu));
          });
        assert.match(await ask("a0050201018200"), /^a1..020101a2/);
        // All names of its logical device: more than one TPDU of most sizes.
        const names = await ask("a013020102a10ea003800100a10781" + "05" + Buffer.from("JEM01").toString("hex"));
        assert.match(names, /^a[12]/);
        const long = await ask("a016020103a111a003800100a10a8108" + Buffer.from("JEM01MTR").toString("hex"));
        assert.ok(long.length > 2000, `${long.length}`);
        const ended = new Promise((resolve) => (over = resolve));
        if (end === "release") assert.equal(await ask("8b00"), "8c00");
        association[end]();
        assert.equal(await ended, `${end}${end === "release" ? "d" : "ed"}`);
      }
  },
);
