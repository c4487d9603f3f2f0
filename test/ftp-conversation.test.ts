/** FTP word by word, on null modems: replies of RFC 959, 2428 and 3659, times, bounds, and what damaged commands do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { CommandReader, type FtpCommand } from "#protocol/ftp/command-reader.ts";
import { serveFtp } from "#protocol/ftp/conversation.ts";
import { encodeReply, type Reply } from "#protocol/ftp/reply.ts";
import type { FileVisitor } from "#quantity/file-visitor.ts";
import { limits } from "#quantity/limits.ts";
import { bytesOf, filledShelf, NAMES } from "./filled-shelf.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

interface Setup {
  readonly from?: string;
  readonly local?: string;
  readonly elsewhere?: boolean;
  readonly put?: (name: string, content: Uint8Array) => ReturnType<NonNullable<FileVisitor["put"]>>;
}

/** A conversation, and both ends of the connections for data that it opens. */
function rig({ from = "127.0.0.1:50214", local = "127.0.0.1", elsewhere = false, put }: Setup = {}) {
  const [ours, theirs] = nullModem();
  const clock = new VirtualClock();
  const shelf = filledShelf();
  const state = { answers: true, visitors: 0, misunderstood: 0, barred: undefined as string | undefined };
  const taken: { readonly name: string; readonly content: Uint8Array }[] = [];
  let over = (): void => {};
  const visitor: FileVisitor = {
    shelf,
    barred: () => state.barred,
    remove: (name) => (shelf.remove(name) ? undefined : { refused: "none", words: "there is none" }),
    mayPut: () => undefined,
    put:
      put ??
      ((name, content) => {
        taken.push({ name, content });
        return Promise.resolve(undefined);
      }),
    whenOver(run) {
      over = run;
      return () => {};
    },
    leave: () => void state.visitors--,
  };
  let heard = "";
  let closed = false;
  theirs.receive((bytes) => (heard += Buffer.from(bytes).toString()));
  theirs.closed(() => (closed = true));
  const ports: { readonly theirs: Link; readonly host: string; readonly peer: string; closed: boolean }[] = [];
  const link = Object.defineProperties(Object.create(ours) as Link, {
    peer: { value: from },
    local: { value: local },
    waiting: { get: () => ours.waiting },
    send: { value: (bytes: Uint8Array) => ours.send(bytes) },
    receive: { value: (run: (bytes: Uint8Array) => void) => ours.receive(run) },
    closed: { value: (run: () => void) => ours.closed(run) },
    close: { value: () => ours.close() },
  });
  serveFtp(
    link,
    {
      answers: () => state.answers,
      admit({ user, password }) {
        if (user !== "pq" || password !== "secret") return Promise.resolve(undefined);
        state.visitors++;
        return Promise.resolve(visitor);
      },
    },
    {
      clock,
      near: true,
      elsewhere,
      misunderstood: () => void state.misunderstood++,
      openData({ host, peer }, come) {
        const [near, far] = nullModem();
        const port = { theirs: far, host, peer, closed: false };
        ports.push(port);
        far.closed(() => (port.closed = true));
        come(near);
        return Promise.resolve({ port: 40_000 + ports.length, close: () => near.close() });
      },
    },
  );
  const turns = async (): Promise<void> => {
    for (let k = 0; k < 8; k++) await new Promise((resolve) => setImmediate(resolve));
  };
  /** Sends, and has all that is said for it. */
  const ask = async (text: string | Uint8Array): Promise<string> => {
    heard = "";
    theirs.send(Buffer.from(text));
    await turns();
    return heard;
  };
  const logIn = async (): Promise<void> => {
    assert.match(await ask("USER pq\r\nPASS secret\r\n"), /^331 .*\r\n230 .*\r\n$/);
  };
  return {
    ask,
    logIn,
    turns,
    clock,
    state,
    ports,
    shelf,
    taken,
    theirs,
    endSession: () => over(),
    get heard() {
      return heard;
    },
    get closed() {
      return closed;
    },
  };
}

test("replies are lines of RFC 959: one, or many whose inner ones are indented", () => {
  const text = (reply: Reply): string => Buffer.from(encodeReply(reply)).toString();
  assert.equal(text([220, "Polyphase"]), "220 Polyphase\r\n");
  assert.equal(text([211, "Features:", "SIZE", "End"]), "211-Features:\r\n SIZE\r\n211 End\r\n");
  assert.equal(text([550, "a\r\n226 b\u001b[2J"]), "550 a 226 b [2J\r\n", "nothing in it ends it");
  assert.equal(text([550, "x".repeat(9000)]).length, 4 + limits.ftp.replyCharacters + 2);
});

test("commands are read in whatever pieces they come, with the bytes of Telnet taken out of them", () => {
  const cases: readonly (readonly [bytes: string | Uint8Array, commands: readonly FtpCommand[]])[] = [
    [
      "USER pq\r\nPASS a b\r\n",
      [
        { verb: "USER", argument: "pq" },
        { verb: "PASS", argument: "a b" },
      ],
    ],
    ["noop\n\r\n\n", [{ verb: "NOOP", argument: "" }]],
    // RFC 959, 4.1.3: interrupt process, synch; the data mark is urgent, and may be lost.
    [Buffer.from("fff4fff241424f520d0a", "hex"), [{ verb: "ABOR", argument: "" }]],
    [Buffer.from("fff4ff41424f520d0a", "hex"), [{ verb: "ABOR", argument: "" }]],
    // ftplib sends all of it as urgent data, whose last byte is lost.
    ["ABOR\r", [{ verb: "ABOR", argument: "" }]],
    [Buffer.from("fffd0151554954fffb030d0a", "hex"), [{ verb: "QUIT", argument: "" }]],
    ["PASS \u00fc\u20ac\r\n", [{ verb: "PASS", argument: "\u00fc\u20ac" }]],
    ["XY\r\nABCDE f\r\n 1\r\n", [1, 2, 3].map(() => ({ verb: "", argument: "" }))],
    [
      `RETR ${"x".repeat(limits.ftp.lineBytes)}\r\nNOOP\r\n`,
      [
        { verb: "", argument: "" },
        { verb: "NOOP", argument: "" },
      ],
    ],
  ];
  for (const [text, commands] of cases) {
    const bytes = Buffer.from(text);
    assert.deepEqual(new CommandReader().take(bytes), commands, JSON.stringify(text.toString()).slice(0, 60));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 5 }), (cuts) => {
        const reader = new CommandReader();
        const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const read = edges.slice(1).flatMap((end, k) => reader.take(bytes.subarray(edges[k], end)));
        assert.deepEqual(read, commands);
      }),
      { numRuns: share(20, 100, 500) },
    );
  }
});

test("a greeting comes first, and what is asked together is answered in order", async () => {
  const one = rig();
  await one.turns();
  assert.equal(one.heard, "220 Polyphase\r\n");
  await one.logIn();
  assert.match(await one.ask("PWD\r\nSYST\r\nNOOP\r\nXPWD\r\n"), /^257 .*\r\n215 .*\r\n200 .*\r\n257 .*\r\n$/);
  assert.match(await one.ask("QUIT\r\nNOOP\r\n"), /^221 .*\r\n$/);
  assert.deepEqual([one.closed, one.state.visitors], [true, 0]);
});

test("a file goes over the connection that the peer opened, after 150 and before 226", async () => {
  const one = rig();
  await one.logIn();
  assert.equal(await one.ask("PASV\r\n"), "227 Entering Passive Mode (127,0,0,1,156,65)\r\n");
  const [first] = one.ports;
  assert.deepEqual([first!.host, first!.peer], ["127.0.0.1", "127.0.0.1"]);
  const pieces: Uint8Array[] = [];
  first!.theirs.receive((bytes) => void pieces.push(bytes));
  assert.match(await one.ask(`RETR ${NAMES[0]}\r\n`), /^150 14131 bytes\r\n226 .*\r\n$/);
  assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), bytesOf(0));
  assert.ok(first!.closed);
  assert.match(await one.ask(`RETR ${NAMES[0]}\r\n`), /^425 /, "each has a connection of its own");
});

test("a peer that takes nothing of a file, and one that sends none, is let go after half a minute", async () => {
  const one = rig();
  await one.logIn();
  one.shelf.put("big.pqd", bytesOf(1, 400_000));
  await one.ask("EPSV\r\n");
  one.ports[0]!.theirs.pause();
  assert.match(await one.ask("RETR big.pqd\r\nNOOP\r\n"), /^150 .*\r\n$/);
  assert.ok(one.ports[0]!.theirs.waiting <= limits.peers.answers + limits.ftp.pieceBytes);
  one.clock.advance(limits.ftp.dataMs);
  await one.turns();
  assert.match(one.heard, /^150 .*\r\n426 .*\r\n200 .*\r\n$/);
  await one.ask("EPSV\r\n");
  assert.match(await one.ask("STOR a.cid\r\n"), /^150 /);
  one.ports[1]!.theirs.send(Buffer.from("<"));
  one.clock.advance(limits.ftp.dataMs - 1);
  await one.turns();
  assert.doesNotMatch(one.heard, /426/);
  one.clock.advance(1);
  await one.turns();
  assert.match(one.heard, /426 /);
  assert.deepEqual(one.taken, []);
  await one.ask("EPSV\r\n");
  one.clock.advance(limits.ftp.dataMs);
  assert.ok(one.ports[2]!.closed, "a port that nobody uses is closed");
});

test("what is sent is taken once it is whole, and a right that is taken away ends what goes", async () => {
  const one = rig();
  await one.logIn();
  await one.ask("EPSV ALL\r\nEPSV 1\r\n");
  assert.match(await one.ask("PASV\r\n"), /^522 /, "RFC 2428, 4: no other way after ALL");
  assert.match(await one.ask("STOR /folder/a.cid\r\n"), /^150 .*\r\n$/);
  one.ports[0]!.theirs.send(Buffer.from("<SCL"));
  one.ports[0]!.theirs.send(Buffer.from("/>"));
  one.ports[0]!.theirs.close();
  await one.turns();
  assert.match(one.heard, /\r\n226 .*\r\n$/);
  assert.deepEqual(
    one.taken.map(({ name, content }) => [name, Buffer.from(content).toString()]),
    [["folder/a.cid", "<SCL/>"]],
  );
  one.shelf.put("big.pqd", bytesOf(1, 400_000));
  await one.ask("EPSV\r\n");
  one.ports[1]!.theirs.pause();
  await one.ask("RETR big.pqd\r\n");
  one.state.barred = "not the privilege";
  one.clock.advance(limits.peers.lookMs);
  await one.turns();
  assert.match(one.heard, /\r\n426 /);
  assert.match(await one.ask("LIST\r\nSIZE big.pqd\r\nDELE big.pqd\r\n"), /^(550 not the privilege\r\n){3}$/);
});

test("who does not log in within half a minute, whose session is over and who floods is told so, and gone", async () => {
  const late = rig();
  await late.ask("USER pq\r\n");
  late.clock.advance(limits.ftp.logInMs - 1);
  assert.equal(late.closed, false);
  late.clock.advance(1);
  assert.match(late.heard, /421 .*\r\n$/);
  assert.ok(late.closed);
  const ended = rig();
  await ended.logIn();
  ended.clock.advance(limits.ftp.logInMs);
  assert.equal(ended.closed, false);
  ended.endSession();
  assert.match(ended.heard, /421 .*\r\n$/);
  assert.deepEqual([ended.closed, ended.state.visitors], [true, 0]);
  const flood = rig();
  await flood.logIn();
  await flood.ask("EPSV\r\n");
  flood.ports[0]!.theirs.pause();
  await flood.ask(`RETR ${NAMES[0]}\r\n${"NOOP\r\n".repeat(limits.ftp.commands + 1)}`);
  assert.match(flood.heard, /421 .*\r\n$/);
  assert.deepEqual([flood.closed, flood.ports[0]!.closed, flood.state.visitors], [true, true, 0]);
});

test("peers elsewhere are refused unless the listener says otherwise", async () => {
  for (const from of ["192.0.2.7:50214", "2001:db8::7:50214"]) {
    const refused = rig({ from });
    await refused.turns();
    assert.match(refused.heard, /^421 .*elsewhere: true\r\n$/);
    assert.ok(refused.closed);
  }
  const let6 = rig({ from: "2001:db8::7:50214", local: "2001:db8::1", elsewhere: true });
  await let6.logIn();
  assert.match(await let6.ask("PASV\r\n"), /^522 /);
  assert.match(await let6.ask("EPSV 1\r\n"), /^522 .*\(2\)\r\n$/);
  assert.match(await let6.ask("EPSV\r\n"), /^229 .*\(\|\|\|40001\|\)\r\n$/);
  assert.deepEqual([let6.ports[0]!.host, let6.ports[0]!.peer], ["2001:db8::1", "2001:db8::7"]);
});

test("a meter without power says nothing and takes nothing, and the conversation ends when it is back", async () => {
  const one = rig();
  await one.logIn();
  await one.ask("EPSV\r\n");
  await one.ask("STOR a.cid\r\n");
  one.state.answers = false;
  one.ports[0]!.theirs.send(Buffer.from("<SCL/>"));
  one.ports[0]!.theirs.close();
  await one.turns();
  assert.deepEqual(one.taken, []);
  assert.equal(await one.ask("NOOP\r\n"), "");
  one.state.answers = true;
  await one.ask("NOOP\r\n");
  assert.ok(one.closed);
});

test("damaged conversations are answered or end, and leave nobody and no port behind", async () => {
  const samples = [
    "USER pq\r\nPASS secret\r\nEPSV\r\nLIST -la /wfc\r\nMLSD\r\nQUIT\r\n",
    `USER pq\r\nPASS secret\r\nPASV\r\nRETR ${NAMES[0]}\r\nABOR\r\nSIZE ${NAMES[1]}\r\n`,
    "USER pq\r\nPASS secret\r\nEPSV ALL\r\nSTOR a.cid\r\nOPTS MLST size;type;\r\nMLST wfc\r\nCWD wfc\r\nCDUP\r\n",
    "FEAT\r\nUSER pq\r\nPASS secret\r\nTYPE I\r\nEPSV\r\nNLST\r\nMDTM x\r\nDELE x\r\nPORT 1,2,3,4,5,6\r\n",
  ].map((text) => Buffer.from(text));
  for (let seed = 1; seed <= share(150, 1000, 10_000); seed++) {
    const random = numbers(seed);
    const one = rig();
    for (let sends = 1 + random(2); sends > 0; sends--) {
      const said = await one.ask(mutated(samples, random));
      for (const line of said.split("\r\n").slice(0, -1)) assert.match(line, /^(\d{3}[ -]| )/, `seed ${seed}: ${line}`);
    }
    one.theirs.close();
    await one.turns();
    assert.equal(one.state.visitors, 0, `seed ${seed}`);
    assert.ok(
      one.ports.every(({ closed }) => closed),
      `seed ${seed}`,
    );
  }
});
