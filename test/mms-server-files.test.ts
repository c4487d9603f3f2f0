/** Files over MMS (ISO 9506-2, annex D; IEC 61850-8-1, 23): listed, read, sent and deleted. Codes of class file are those of the standard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request, Response } from "#protocol/iec61850/mms/services.ts";
import { decodePdu, pduBytes, type MmsPdu } from "#protocol/iec61850/mms/pdu.ts";
import { limits } from "#quantity/limits.ts";
import type { FileShelf } from "#quantity/file-shelf.ts";
import { fromHex, toHex } from "./mms-exchanges.ts";
import { initiateRequest, serving, TestHost, type Serving, type TestClient } from "./mms-serving.ts";
import { smallIed } from "./small-ied.ts";

const at = { utc: Date.UTC(2026, 10, 21, 1, 39, 41), offsetMinutes: 0, daylightSaving: false, synchronised: true };

function shelfOf(files: Readonly<Record<string, Uint8Array>>): FileShelf {
  return {
    folders: ["COMTRADE", "scl"],
    list: () => Object.entries(files).map(([name, bytes]) => ({ name, at, size: bytes.length })),
    read: (name) => files[name],
  };
}

const text = (of: string): Uint8Array => new TextEncoder().encode(of);

const files = {
  "meter.cid": text("<SCL/>"),
  "COMTRADE/ev1.cfg": text("station,1,1999"),
  "COMTRADE/ev1.dat": new Uint8Array(2000).map((_, k) => k),
  "COMTRADE/2026/ev2.cfg": text("station,2,1999"),
};

function hosting(): Serving {
  return serving(new TestHost(smallIed(), shelfOf(files)));
}

function listed(client: TestClient, name?: string, continueAfter?: string): unknown {
  const answer = client.request({ service: "fileDirectory", name, continueAfter });
  if (answer.kind !== "response" || answer.response.service !== "fileDirectory") return answer;
  return answer.response.files.map((file) => file.name);
}

function failed(code: number): MmsPdu {
  return { kind: "error", invokeId: 7, error: { class: "file", code } };
}

test("files are listed with what is in folders, with strokes of either kind, by name, and by pattern", async () => {
  const client = await hosting().client();
  const all = Object.keys(files);
  const comtrade = all.slice(1);
  for (const name of [undefined, "", "/", "\\", "*", "*.*"]) assert.deepEqual(listed(client, name), all, String(name));
  for (const name of ["COMTRADE", "COMTRADE/", "/COMTRADE", "\\COMTRADE\\"])
    assert.deepEqual(listed(client, name), comtrade, name);
  assert.deepEqual(listed(client, "COMTRADE/ev1.cfg"), ["COMTRADE/ev1.cfg"]);
  assert.deepEqual(listed(client, "COMTRADE/*"), ["COMTRADE/ev1.cfg", "COMTRADE/ev1.dat"]);
  assert.deepEqual(listed(client, "COMTRADE/*.cfg"), ["COMTRADE/ev1.cfg"]);
  assert.deepEqual(listed(client, "*/2026/ev?.c*g"), ["COMTRADE/2026/ev2.cfg"]);
  assert.deepEqual(listed(client, "*.cid"), ["meter.cid"]);
  assert.deepEqual(listed(client, "?.cid"), []);
  assert.deepEqual(listed(client, "scl"), []);
  assert.deepEqual(listed(client, "COMTR"), failed(7));
  assert.deepEqual(listed(client, "../meter.cid"), failed(7));
});

test("a list of files goes on behind the one that a client has last", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 100 }, (_, k) => [`PQ/${String(k).padStart(3, "0")}.pqd`, text("x")]),
  );
  const { client: join } = serving(new TestHost(smallIed(), shelfOf(many)));
  const client = await join(`a82580020200${initiateRequest.slice(14)}`);
  const names: string[] = [];
  let pages = 0;
  for (let more = true; more; pages++) {
    const answer = client.request({ service: "fileDirectory", name: "PQ", continueAfter: names.at(-1) });
    assert.ok(answer.kind === "response" && answer.response.service === "fileDirectory");
    names.push(...answer.response.files.map(({ name }) => name));
    more = answer.response.moreFollows;
  }
  assert.deepEqual(names, Object.keys(many));
  assert.ok(pages > 5 && pages < 20, `${pages} pages`);
  assert.deepEqual(listed(client, "PQ", "PQ/gone.pqd"), failed(7));
});

test("a file is opened at a place, read in pieces of what was agreed, and closed", async () => {
  const { client: join } = hosting();
  const client = await join(`a82580020200${initiateRequest.slice(14)}`);
  const opened = client.request({ service: "fileOpen", name: "/COMTRADE\\ev1.dat", position: 100 });
  assert.ok(opened.kind === "response" && opened.response.service === "fileOpen");
  assert.deepEqual(opened.response, { service: "fileOpen", file: 0, size: 2000, modified: "20261121013941.000Z" });
  const pieces: Uint8Array[] = [];
  for (let more = true; more;) {
    const piece = client.request({ service: "fileRead", file: 0 });
    assert.ok(piece.kind === "response" && piece.response.service === "fileRead");
    pieces.push(piece.response.bytes);
    more = piece.response.moreFollows;
  }
  assert.deepEqual(Buffer.concat(pieces), Buffer.from(files["COMTRADE/ev1.dat"].subarray(100)));
  assert.equal(pieces.length, 5);
  assert.equal(client.request({ service: "fileClose", file: 0 }).kind, "response");
  assert.deepEqual(client.request({ service: "fileRead", file: 0 }), failed(7));
  assert.deepEqual(client.request({ service: "fileClose", file: 0 }), failed(7));
  assert.deepEqual(client.request({ service: "fileOpen", name: "nope.txt", position: 0 }), failed(7));
  assert.deepEqual(client.request({ service: "fileOpen", name: "meter.cid", position: 7 }), failed(5));
  assert.deepEqual(client.request({ service: "fileOpen", name: "meter.cid", position: -1 }), failed(5));
});

test("several are open at once, not too many, and one that nobody reads on is closed", async () => {
  const { client: join, clock } = hosting();
  const [client, other] = [await join(), await join()];
  const open = (): MmsPdu => client.request({ service: "fileOpen", name: "meter.cid", position: 0 });
  for (let k = 0; k < limits.mms.openFiles; k++) assert.equal(open().kind, "response");
  assert.deepEqual(open(), failed(2));
  assert.equal(other.request({ service: "fileOpen", name: "meter.cid", position: 0 }).kind, "response");
  clock.advance(limits.mms.openFileMs - 1);
  assert.equal(client.request({ service: "fileRead", file: 2 }).kind, "response");
  clock.advance(1);
  assert.deepEqual(client.request({ service: "fileRead", file: 1 }), failed(7));
  assert.equal(client.request({ service: "fileRead", file: 2 }).kind, "response");
});

/** What the server asks a client that sends a file, request by request; the last is what it answers. */
class Sender {
  readonly #client: TestClient;
  heard: string[];

  constructor(client: TestClient, destination = "new.cid") {
    this.#client = client;
    this.heard = client.ask(request({ service: "obtainFile", source: "C:\\here.cid", destination }, 9));
  }

  /** The request of the server that is not answered yet. */
  asked(): { readonly id: number; readonly request: Request } | undefined {
    const pdu = this.last();
    return pdu?.kind === "request" ? { id: pdu.invokeId, request: pdu.request } : undefined;
  }

  last(): MmsPdu | undefined {
    const hex = this.heard.at(-1);
    return hex === undefined ? undefined : decodePdu(fromHex(hex));
  }

  respond(response: Response): MmsPdu | undefined {
    const invokeId = this.asked()?.id ?? 0;
    this.heard = this.#client.ask(toHex(pduBytes({ kind: "response", invokeId, response })));
    return this.last();
  }
}

function request(of: Request, invokeId: number): string {
  return toHex(pduBytes({ kind: "request", invokeId, request: of }));
}

const done = { kind: "response", invokeId: 9, response: { service: "obtainFile" } };

test("a file that a client sends is fetched from it, and is the meter's when it is whole", async () => {
  const { client: join, host } = hosting();
  const sender = new Sender(await join());
  assert.deepEqual(sender.asked()?.request, { service: "fileOpen", name: "C:\\here.cid", position: 0 });
  assert.deepEqual(sender.respond({ service: "fileOpen", file: 5, size: 9 }), {
    kind: "request",
    invokeId: 2,
    request: { service: "fileRead", file: 5 },
  });
  sender.respond({ service: "fileRead", bytes: text("<SC"), moreFollows: true });
  assert.deepEqual(host.put, []);
  sender.respond({ service: "fileRead", bytes: text("L/>"), moreFollows: false });
  assert.deepEqual(sender.asked()?.request, { service: "fileClose", file: 5 });
  assert.deepEqual(sender.respond({ service: "fileClose" }), done);
  assert.deepEqual(host.put, [{ name: "new.cid", content: text("<SCL/>") }]);
});

test("what the meter does not take is refused with its reason, at once or later", async () => {
  for (const [why, code] of [
    ["access", 6],
    ["missing", 7],
    ["invalid", 4],
    ["full", 9],
  ] as const) {
    const { client: join, host } = hosting();
    const refusal = { why, words: 'line 7: "Möglichkeit" is none\nline 9' };
    host.puts = () => (code > 6 ? Promise.resolve(refusal) : refusal);
    host.removes = () => refusal;
    const client = await join();
    const sender = new Sender(client, "/scl\\new.cid");
    sender.respond({ service: "fileOpen", file: 1, size: 1 });
    sender.respond({ service: "fileRead", bytes: text("x"), moreFollows: false });
    const last = sender.respond({ service: "fileClose" });
    await Promise.resolve();
    const heard = last ?? decodePdu(fromHex(client.heard.at(-1) ?? ""));
    // What is wrong with a file is told in words, as a VisibleString.
    const words = why === "invalid" ? { description: 'line 7: "M?glichkeit" is none; line 9' } : {};
    assert.deepEqual(heard, { kind: "error", invokeId: 9, error: { class: "file", code, ...words } });
    assert.equal(host.put[0]?.name, "scl/new.cid");
    assert.deepEqual(client.request({ service: "fileDelete", name: "meter.cid" }), { ...heard, invokeId: 7 });
  }
});

test("a client that sends too much, nothing for ever, something else or no more is not waited for", async () => {
  const { client: join, host, clock } = hosting();
  const error = (code: number): unknown => ({ kind: "error", invokeId: 9, error: { class: "file", code } });
  const large = new Sender(await join());
  large.respond({ service: "fileOpen", file: 1, size: limits.mms.obtainedOctets + 1 });
  assert.deepEqual(large.asked()?.request, { service: "fileClose", file: 1 });
  assert.deepEqual(large.respond({ service: "fileClose" }), error(9));
  const endless = new Sender(await join());
  endless.respond({ service: "fileOpen", file: 1, size: 1 });
  const piece = { service: "fileRead", bytes: new Uint8Array(60_000), moreFollows: true } as const;
  let pieces = 0;
  while (endless.asked()?.request.service === "fileRead") {
    endless.respond(piece);
    pieces++;
  }
  assert.equal(pieces, Math.floor(limits.mms.obtainedOctets / 60_000) + 1);
  const empty = new Sender(await join());
  empty.respond({ service: "fileOpen", file: 1, size: 1 });
  empty.respond({ service: "fileRead", bytes: new Uint8Array(0), moreFollows: true });
  assert.deepEqual(empty.respond({ service: "fileClose" }), error(0));
  const other = new Sender(await join());
  assert.deepEqual(other.respond({ service: "identify", vendor: "", model: "", revision: "" }), error(0));
  const client = await join();
  const silent = new Sender(client);
  silent.respond({ service: "fileOpen", file: 1, size: 1 });
  clock.advance(limits.mms.obtainStepMs);
  assert.deepEqual(
    client.heard.splice(0).map((hex) => decodePdu(fromHex(hex))),
    [error(0)],
  );
  assert.equal(client.request({ service: "identify" }).kind, "response");
  assert.deepEqual(host.put, []);
});

/** A CID that makes the meter another, as far as the client has given it. */
async function sentCid() {
  const { client: join, host, clock } = hosting();
  host.puts = () => {
    host.epoch++;
    host.tell();
    return Promise.resolve(undefined);
  };
  const other = await join();
  const client = await join();
  const sender = new Sender(client);
  sender.respond({ service: "fileOpen", file: 5, size: 6 });
  sender.respond({ service: "fileRead", bytes: text("<SCL/>"), moreFollows: false });
  assert.equal(client.how, "there");
  sender.respond({ service: "fileClose" });
  await Promise.resolve();
  assert.equal(other.how, "aborted", "what it agreed on is void");
  return { client, clock, heard: () => client.heard.splice(0).map((hex) => decodePdu(fromHex(hex))) };
}

test("who sends a file that makes the meter another has his answer, and may conclude; then his association is over", async () => {
  const first = await sentCid();
  await Promise.resolve();
  assert.deepEqual(first.heard(), [done]);
  assert.deepEqual(first.client.ask("8b00"), ["8c00"], "conclude");
  const second = await sentCid();
  await Promise.resolve();
  assert.deepEqual(second.heard(), [done]);
  assert.deepEqual(second.client.ask(request({ service: "identify" }, 3)), []);
  assert.equal(second.client.how, "aborted");
  const third = await sentCid();
  await Promise.resolve();
  third.clock.advance(limits.osi.partingMs - 1);
  assert.equal(third.client.how, "there");
  third.clock.advance(1);
  assert.equal(third.client.how, "aborted");
});

test("a file that no shelf can have is not even asked for", async () => {
  const client = await hosting().client();
  for (const destination of ["..\\..\\x", "scl/../x", "a b", "ä", "x".repeat(256), "/"])
    assert.deepEqual(client.request({ service: "obtainFile", source: "a", destination }), failed(3), destination);
});

test("while a file comes other requests are answered, but not more than was agreed, and no second file", async () => {
  const { client: join } = hosting();
  const client = await join();
  const sender = new Sender(client);
  assert.equal(client.request({ service: "identify" }).kind, "response");
  assert.deepEqual(client.request({ service: "obtainFile", source: "a", destination: "b" }), failed(2));
  // Not yet: something comes.
  assert.deepEqual(client.ask("8b00"), ["ad05a003890101"]);
  assert.equal(sender.respond({ service: "fileOpen", file: 1, size: 1 })?.kind, "request");
  // One request at a time: 81 01 01.
  const one = await join(initiateRequest.replace("810105", "810101"));
  const alone = new Sender(one);
  assert.equal(alone.asked()?.request.service, "fileOpen");
  // A reject of request 7 (80), of a confirmed request (81), more than there may be outstanding (6).
  assert.deepEqual(one.ask("a0050201078200"), ["a406800107810106"]);
});

test("when the association ends nothing is waited for, and nothing is put", async () => {
  const { client: join, host, clock } = hosting();
  const client = await join();
  const sender = new Sender(client);
  sender.respond({ service: "fileOpen", file: 1, size: 1 });
  client.request({ service: "fileOpen", name: "meter.cid", position: 0 });
  client.hangUp();
  clock.advance(10 * limits.mms.openFileMs);
  assert.deepEqual([client.heard, host.put], [[], []]);
});
