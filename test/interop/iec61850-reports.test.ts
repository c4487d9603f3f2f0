/**
 * libiec61850's client (pyiec61850-ng of the Python index, a program of its own) takes reports of a server of ours through a disconnection, and
 * operates outputs by all four models of control; tshark finds nothing wrong with a single PDU.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { controls } from "#protocol/iec61850/server/controls.ts";
import type { IedClient, IedSession } from "#protocol/iec61850/server/host.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { ReportHost } from "../mms-report-host.ts";
import { leafNumber, reportIed } from "../report-ied.ts";
import { temporaryFolder } from "../running-site.ts";
import { onPort } from "./iec61850-serving.ts";
import { FrailPeer, peersPython, runProgram, tryAgain, withFrailPeer, without, withoutPeers } from "./programs.ts";
import { tcpCapture } from "./tcp-capture.ts";

const script = fileURLToPath(new URL("iec61850-reports.py", import.meta.url));

interface Said {
  readonly what: string;
  readonly is: unknown;
}

interface Told {
  readonly id: string;
  readonly sequence: number;
  readonly overflow: boolean | null;
  readonly set: string;
  readonly time: number | null;
  readonly revision: number;
  readonly entry: string | null;
  readonly members: readonly (readonly [index: number, value: unknown, why: string])[];
}

/** stVal of a member. */
function valueOf(member: Told["members"][number] | undefined): unknown {
  const [, value] = member ?? [];
  return Array.isArray(value) ? value[0] : undefined;
}

/** What a peer has not said by then it does not say any more. */
const SILENT_MS = 20_000;

/** The other program: told by lines what it is to do. */
class Client {
  readonly #said: Said[] = [];
  readonly #tell: (line: string) => void;
  #heard: () => void = () => {};
  #hasEnded: string | undefined;

  constructor(t: TestContext, port: number) {
    const child = spawn(peersPython, [script, String(port)], { stdio: ["pipe", "pipe", "inherit"] });
    t.after(async () => {
      child.stdin.end("end\n");
      await Promise.race([once(child, "exit"), new Promise((done) => setTimeout(done, 3000).unref())]);
      child.kill("SIGKILL");
    });
    child.on("exit", (code, signal) => {
      this.#hasEnded = `${code ?? signal}`;
      this.#heard();
    });
    this.#tell = (line) => child.stdin.write(`${line}\n`);
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) this.#said.push(JSON.parse(line) as Said);
      this.#heard();
    });
  }

  /** The next thing of a kind that it says. */
  async next(what: string): Promise<unknown> {
    for (;;) {
      const at = this.#said.findIndex((one) => one.what === what);
      if (at >= 0) return this.#said.splice(at, 1)[0]?.is;
      if (this.#hasEnded === String(tryAgain)) throw new FrailPeer("its library lost the association");
      if (this.#hasEnded !== undefined) throw new Error(`it has ended, ${this.#hasEnded}, and not said ${what}`);
      const silent = setTimeout(() => {
        this.#hasEnded ??= "silent";
        this.#heard();
      }, SILENT_MS);
      await new Promise<void>((resolve) => (this.#heard = resolve));
      clearTimeout(silent);
    }
  }

  async report(): Promise<Told> {
    return (await this.next("report")) as Told;
  }

  async do(line: string): Promise<void> {
    this.#tell(line);
    await this.next("done");
  }
}

class Outputs extends ReportHost {
  readonly did: string[] = [];
  bars = false;

  override admit(client: IedClient): IedSession | string {
    const session = super.admit(client);
    if (typeof session === "string") return session;
    return {
      ...session,
      mayControl: () => (this.bars ? 20 : undefined),
      control: (reference, value) => {
        this.did.push(`${reference} ${String(value)}`);
        this.become([[leafNumber(this.ied, `${reference.replace(/^.*\//, "")}.stVal`), value]]);
        return undefined;
      },
    };
  }
}

test(
  "libiec61850's client takes our reports through a disconnection, and operates by all models of control",
  { skip: withoutPeers("pyiec61850") },
  (t) => withFrailPeer(t, () => talk(t)),
);

async function talk(t: TestContext): Promise<void> {
  const host = new Outputs(reportIed());
  host.utc = Date.UTC(2026, 10, 27, 6, 0, 0);
  host.become([1, 2, 3, 4].map((k) => [leafNumber(host.ied, `GGIO1.Ind${k}.stVal`), false]));
  for (const number of [1, 2, 3, 4])
    host.become(
      (["stVal", "ctlModel", "sboTimeout", "sboClass", "operTimeout"] as const).map((name) => {
        const value = { stVal: false, ctlModel: number, sboTimeout: 5000, sboClass: 0, operTimeout: 2000 }[name];
        return [leafNumber(host.ied, `GGIO1.SPCSO${number}.${name}`), value];
      }),
    );
  const become = (k: number, value: boolean): void =>
    host.become([[leafNumber(host.ied, `GGIO1.Ind${k}.stVal`), value]]);
  const served = await onPort(t, host, [reports, controls]);
  const client = new Client(t, served.port);
  await client.next("ready");
  await client.do("connect");
  assert.equal(await client.next("connected"), 0);
  const [urcb, brcb] = ["JEM01MTR/LLN0.RP.urcb01", "JEM01MTR/LLN0.BR.brcb01"];
  await client.do(`enable ${urcb}`);
  assert.equal(await client.next("enabled"), 0);
  become(2, true);
  const { entry, ...first } = await client.report();
  assert.equal(entry, null);
  const stamp = "utc-time";
  const quality = "bit-string";
  assert.deepEqual(first, {
    id: "JEM01MTR/LLN0$RP$urcb01",
    sequence: 0,
    overflow: null,
    set: "JEM01MTR/LLN0$IO",
    time: host.utc,
    revision: 1,
    members: [[1, [true, quality, stamp], "data-change"]],
  });
  await client.do(`interrogate ${urcb}`);
  const all = await client.report();
  assert.equal(all.sequence, 1);
  assert.deepEqual(
    all.members.map((member) => [valueOf(member), member[2]]),
    [false, true, false, false].map((on) => [on, "GI"]),
  );
  await client.do(`enable ${brcb}`);
  assert.equal(await client.next("enabled"), 0);
  const buffered = await client.report();
  // It had buffered the one change before anybody was there.
  assert.deepEqual([buffered.sequence, buffered.overflow, buffered.members.length], [0, true, 1]);
  const last = buffered.entry ?? "";
  await client.do("drop");
  for (const on of [true, false, true]) become(3, on);
  await client.do("connect");
  assert.equal(await client.next("connected"), 0);
  await client.do(`enable ${brcb} ${last}`);
  assert.equal(await client.next("enabled"), 0);
  const missed = [await client.report(), await client.report(), await client.report()];
  assert.deepEqual(
    missed.map(({ sequence, overflow, members: [first] }) => [sequence, overflow, valueOf(first)]),
    [
      [0, false, true],
      [1, false, false],
      [2, false, true],
    ],
  );
  for (const number of [1, 2, 3, 4]) {
    await client.do(`operate JEM01MTR/GGIO1.SPCSO${number} true`);
    assert.deepEqual(await client.next("operated"), {
      model: number,
      selected: number === 2 || number === 4 ? true : null,
      done: true,
      error: [0, 0],
    });
    if (number > 2) assert.deepEqual(await client.next("termination"), [0, 0]);
  }
  assert.deepEqual(
    host.did,
    [1, 2, 3, 4].map((number) => `JEM01MTR/GGIO1.SPCSO${number} true`),
  );
  host.bars = true;
  for (const number of [1, 2, 3, 4]) {
    await client.do(`operate JEM01MTR/GGIO1.SPCSO${number} false`);
    const { done, selected, error } = (await client.next("operated")) as Record<string, unknown>;
    assert.equal(done, false);
    if (number === 2 || number === 4) assert.equal(selected, false);
    else assert.deepEqual(error, [1, 20], "no access authority");
  }
  assert.equal(served.misunderstood(), 0);
  await t.test("tshark finds nothing wrong with it", { skip: without("tshark") }, async () => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const capture = path.join(folder, "reports.pcap");
    writeFileSync(capture, tcpCapture(served.links, 10_102));
    const look = async (filter: string): Promise<number> => {
      const words = ["-r", capture, "-d", "tcp.port==10102,tpkt", "-Y", filter, "-T", "fields", "-e", "frame.number"];
      const ran = await runProgram("tshark", words, 120_000);
      assert.equal(ran.status, 0, ran.out);
      return ran.out.split("\n").filter((line) => /^\d+$/.test(line)).length;
    };
    assert.ok((await look("mms.informationReport_element")) >= 12);
    const wrong = ["Malformed", "Undecoded"].map((group) => `_ws.expert.group == "${group}"`);
    assert.equal(await look(["_ws.malformed", ...wrong, '_ws.expert.severity >= "Warning"'].join(" || ")), 0);
  });
}
