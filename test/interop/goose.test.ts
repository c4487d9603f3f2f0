/** GOOSE with libiec61850 at the other end of a cable, and over UDP; and what tshark says of what we send. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { encodeFrame } from "#io/ethernet-frame.ts";
import { gooseFrame } from "#protocol/iec61850/goose/goose-frame.ts";
import { SessionWriter, signatures, type SessionKey } from "#protocol/iec61850/goose/session-security.ts";
import { pcapOf } from "../captures.ts";
import { publishing } from "../goose-rig.ts";
import { ranInNetwork, withoutRawSockets } from "./own-network.ts";
import { peersPython, runProgram, without, withoutPeers } from "./programs.ts";

const peer = fileURLToPath(new URL("goose-peer.py", import.meta.url));
const withoutPeer = withoutPeers("pyiec61850");
const skip = withoutPeer === false ? await withoutRawSockets() : withoutPeer;
const meter = "test/interop/ethernet/goose-meter.ts";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "goose-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function documents(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Shell that runs something beside the rest, and goes on when it has said a word. */
function readyAs(word: string, command: string): string {
  return `SAID=$(mktemp); ${command} >"$SAID" & until grep -q ${word} "$SAID"; do sleep 0.05; done`;
}

const reference = "JEM01MTR/LLN0$GO$gcbDI";
const subscribe = (input: number) => [
  { controlBlock: "GEN/LLN0$GO$g", configRevision: 2, inputs: [{ input, value: 0, quality: 1 }], whenGone: "open" },
];

test(
  "libiec61850 follows a meter's inputs over a cable: every message valid, every state in its order",
  { skip },
  async () => {
    const entry = JSON.stringify({ goose: "ethernet", interface: "near" });
    const said = await ranInNetwork(
      `${readyAs("running", `"$PYTHON" "$PEER" subscribe far '${reference}' 60`)}; $NODE ${meter} publish '${entry}' 0.2; kill %1; cat "$SAID"`,
      { PYTHON: peersPython, PEER: peer },
    );
    const all = documents(said);
    assert.deepEqual(all.find((one) => "open" in one)?.["open"], ["goose ethernet near"]);
    assert.deepEqual(all.find((one) => "notices" in one)?.["notices"], []);
    const came = all.filter((one) => "StNum" in one);
    assert.ok(came.length >= 10, said);
    assert.ok(came.every(({ valid, error }) => valid === true && error === 0));
    const states = new Map(came.map(({ StNum, values }) => [StNum, values]));
    assert.deepEqual(
      [...states],
      [
        [1, "{false,0000000000000,false,0000000000000}"],
        [2, "{true,0000000000000,false,0000000000000}"],
        [3, "{false,0000000000000,false,0000000000000}"],
        [4, "{true,0000000000000,true,0000000000000}"],
        [5, "{false,0000000000000,true,0000000000000}"],
      ],
    );
    const { goId, dataSet, ConfRev, t } = came.at(-1)!;
    assert.deepEqual([goId, dataSet, ConfRev], ["JEM01MTR/LLN0.gcbDI", "JEM01MTR/LLN0$DI", 1]);
    assert.equal(t, Date.UTC(2026, 4, 1) + 4000);
  },
);

test("a meter follows libiec61850's publisher over a cable, and knows when it is gone", { skip }, async () => {
  const entry = JSON.stringify({ goose: "ethernet", interface: "near", publish: false, subscribe: subscribe(4) });
  const said = await ranInNetwork(
    `${readyAs("open", `$NODE ${meter} follow '${entry}' 5`)}; "$PYTHON" "$PEER" publish far 'GEN/LLN0$GO$g'; wait; cat "$SAID"`,
    { PYTHON: peersPython, PEER: peer },
  );
  const { driven, notices } = documents(said).find((one) => "driven" in one) as { driven: unknown; notices: unknown };
  // Four states, and open when it is gone.
  assert.deepEqual(driven, [
    [4, false],
    [4, true],
    [4, false],
    [4, true],
    [4, false],
  ]);
  assert.deepEqual(notices, ["GOOSE GEN/LLN0$GO$g is gone: nothing has come within the time that it allowed"]);
});

test(
  "a meter follows libiec61850's publisher round the greatest numbers, while it is commissioned, and through two starts",
  { skip },
  async () => {
    const entry = JSON.stringify({ goose: "ethernet", interface: "near", publish: false, subscribe: subscribe(4) });
    const said = await ranInNetwork(
      `${readyAs("open", `$NODE ${meter} follow '${entry}' 10`)}; "$PYTHON" "$PEER" oddly far 'GEN/LLN0$GO$g'; wait; cat "$SAID"`,
      { PYTHON: peersPython, PEER: peer },
    );
    const { driven } = documents(said).find((one) => "driven" in one) as { driven: [number, boolean][] };
    assert.deepEqual(
      driven.map(([, closed]) => closed),
      // Off, the greatest state, state 1, another; commissioning opens it, and is over; a simulation is none; off; two starts; gone.
      [false, true, false, true, false, true, false, true, false, false],
    );
  },
);

/** By libiec61850's numbers of algorithms. */
const ways: readonly (readonly [title: string, encryption: 0 | 1 | 2, signature: 0 | 2])[] = [
  ["signed", 0, 2],
  ["ciphered", 1, 0],
  ["ciphered with a longer key", 2, 0],
];
const keyText = (octets: number): string => "00112233445566778899aabbccddeeff".repeat(2).slice(0, 2 * octets);

function program(t: TestContext, command: string, args: readonly string[]) {
  const child: ChildProcess = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  let out = "";
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const ended = once(child, "close");
  return {
    async said(word: string): Promise<void> {
      for (let turn = 0; !out.includes(word); turn++) {
        assert.ok(turn < 500 && child.exitCode === null, `${word} was never said: ${out}`);
        await new Promise((done) => setTimeout(done, 20));
      }
    },
    soFar: () => documents(out),
    async documents() {
      await ended;
      return documents(out);
    },
  };
}

function node(t: TestContext, ...args: readonly string[]) {
  return program(t, process.execPath, ["--disable-warning=ExperimentalWarning", meter, ...args]);
}

for (const [k, [title, encryption, signature]] of ways.entries()) {
  const names = ["none", "aes-128-gcm", "aes-256-gcm"] as const;
  const key = keyText(encryption === 2 ? 32 : 16);
  const keysOf = (file: string) => [
    {
      id: 7,
      secret: { file },
      encryption: names[encryption],
      signature: signature === 2 ? "hmac-sha256-128" : "none",
    },
  ];
  const words = ["7", key, String(encryption), String(signature)];

  // What is signed only its subscriber does not take from its own publisher either.
  if (signature === 0)
    test(`over UDP libiec61850 follows a meter whose sessions are ${title}`, { skip: withoutPeer }, async (t) => {
      const file = path.join(folderOf(t), "key");
      writeFileSync(file, key, { mode: 0o600 });
      const [there, own] = [24_310 + 2 * k, 24_311 + 2 * k];
      const follower = program(t, peersPython, [peer, "subscribe-udp", String(there), reference, "60", ...words]);
      await follower.said("running");
      const entry = { goose: "udp", port: own, to: [`127.0.0.1:${there}`], keys: keysOf(file) };
      await node(t, "publish", JSON.stringify(entry), "0.2").documents();
      const came = follower.soFar().filter((one) => "StNum" in one);
      assert.ok(came.every(({ valid }) => valid === true));
      assert.deepEqual([...new Set(came.map(({ StNum }) => StNum))].slice(-4), [2, 3, 4, 5]);
      assert.equal(came.at(-1)?.["values"], "{false,0000000000000,true,0000000000000}");
    });

  test(`over UDP a meter follows libiec61850 whose sessions are ${title}`, { skip: withoutPeer }, async (t) => {
    const file = path.join(folderOf(t), "key");
    writeFileSync(file, key, { mode: 0o600 });
    const port = 24_320 + k;
    const entry = { goose: "udp", port, publish: false, subscribe: subscribe(2), keys: keysOf(file) };
    const follower = node(t, "follow", JSON.stringify(entry), "5");
    await follower.said("open");
    await program(t, peersPython, [peer, "publish-udp", String(port), "GEN/LLN0$GO$g", ...words]).documents();
    const { driven } = (await follower.documents()).find((one) => "driven" in one) as { driven: unknown };
    assert.deepEqual(driven, [
      [2, false],
      [2, true],
      [2, false],
      [2, true],
      [2, false],
    ]);
  });
}

/** A datagram as a frame: IPv4 and UDP to port 102, their sums left out. */
function overUdp(datagram: Uint8Array): Uint8Array {
  const head = Buffer.alloc(28);
  head.writeUInt16BE(0x4500, 0);
  head.writeUInt16BE(28 + datagram.length, 2);
  head.writeUInt16BE(0x2011, 8);
  head.set([192, 0, 2, 1, 239, 0, 0, 1], 12);
  head.writeUInt16BE(40_000, 20);
  head.writeUInt16BE(102, 22);
  head.writeUInt16BE(8 + datagram.length, 24);
  const ends = { destination: Uint8Array.of(1, 0, 0x5e, 0, 0, 1), source: Uint8Array.of(2, 0, 0, 0, 0, 1) };
  return encodeFrame({ ...ends, etherType: 0x0800 }, Buffer.concat([head, datagram]));
}

const GATE =
  '_ws.malformed || _ws.expert.group == "Malformed" || _ws.expert.group == "Undecoded" || _ws.expert.severity >= "Warning" || ' +
  "goose.zero_pdu || goose.invalid_sim || goose.malformed.utctime";

test(
  "tshark finds nothing wrong with what is sent, and reads what was meant",
  { skip: without("tshark") },
  async (t) => {
    const frames: Uint8Array[] = [];
    const meant: string[] = [];
    const key: SessionKey = {
      id: 7,
      signature: "hmac-sha256-128",
      encryption: "none",
      key: new Uint8Array(32).fill(9),
    };
    const sessions = new SessionWriter(key, 100);
    for (const simulated of [false, true]) {
      const m = publishing({ simulated });
      m.publisher.look();
      for (let k = 0; k < 20; k++) {
        m.clock.advance(7 * k);
        m.set({ 0: k % 2 === 0 });
      }
      for (const { octets, pdu } of m.sent) {
        const head = { destination: Uint8Array.of(1, 0x0c, 0xcd, 1, 0, 7), source: Uint8Array.of(2, 0, 0, 0, 0, 1) };
        const vlan = simulated ? undefined : { id: 5, priority: 4 };
        frames.push(gooseFrame({ ...head, appId: 0x3007, simulated, vlan }, octets));
        meant.push(`${pdu.stNum}\t${pdu.sqNum}\t${simulated ? 1 : 0}\t5\t${pdu.timeAllowedToLive}`);
      }
      const first = m.sent[0]!;
      frames.push(overUdp(sessions.write({ simulated, appId: 0x3007, pdu: first.octets })));
      meant.push(`1\t1\t${simulated ? 1 : 0}\t5\t${first.pdu.timeAllowedToLive}`);
    }
    assert.equal(signatures[key.signature].octets, 16);
    const file = path.join(folderOf(t), "goose.pcap");
    writeFileSync(file, pcapOf(frames));
    const wrong = await runProgram("tshark", ["-r", file, "-Y", GATE]);
    assert.equal(wrong.out.replace(/^Running as user.*\n/m, ""), "");
    const fields = ["stNum", "sqNum", "simulation", "numDatSetEntries", "timeAllowedtoLive"];
    const read = await runProgram("tshark", [
      "-r",
      file,
      "-T",
      "fields",
      ...fields.flatMap((one) => ["-e", `goose.${one}`]),
    ]);
    const lines = read.out
      .split("\n")
      .filter((line) => line.includes("\t"))
      .map((line) => line.replaceAll("True", "1").replaceAll("False", "0"));
    assert.deepEqual(lines, meant);
  },
);
