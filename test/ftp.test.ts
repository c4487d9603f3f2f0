/** Files of a meter over FTP: who may, what there is, what is sent, whose data it takes, and that it is off until twice switched on. */
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test, type TestContext } from "node:test";
import { limits } from "#quantity/limits.ts";
import { bytesOf, FOLDERS, NAMES } from "./filled-shelf.ts";
import { ftpPeer } from "./ftp-peers.ts";
import { CID } from "./iec61850-hand-cid.ts";
import { servedFiles } from "./served-files.ts";

const USERS = `
communications: { ftp: { enabled: true } }
users:
  - { name: admin, password: meter-admin, privileges: [readPowerQuality, configurePowerQuality, configureProtocols, configureUsers] }
  - { name: pq, password: meter-pq, privileges: [readPowerQuality] }
  - { name: guest, password: meter-guest, privileges: [] }
`;

const IEC = "JSII-09I6020-2A-DIO-NTP-IEC";

async function rig(t: TestContext, { jem = USERS, keys = "", modelNumber = IEC } = {}) {
  const served = await servedFiles(t, { listen: `{ ftp: tcp, port: 0${keys} }`, jem, modelNumber });
  const [listener] = served.site.listeners;
  const port = Number(new URL(listener!.urls[0]!.url).port);
  const open = async (user = "admin") => {
    const peer = await ftpPeer(t, port);
    assert.match(await peer.ask(`USER ${user}`), /^331 /);
    assert.match(await peer.ask(`PASS meter-${user}`), /^230 /);
    return peer;
  };
  const { surface } = served.site.meter("jem")!;
  const ied = (): string => (surface.configuration() as { readonly iec61850: { readonly name: string } }).iec61850.name;
  return { ...served, port, open, ied, counts: listener!.counts };
}

test("folders and files are listed in each way, looked at and fetched byte for byte", async (t) => {
  const { open, shelf } = await rig(t);
  shelf.put("big.pqd", bytesOf(7, 500_000));
  const peer = await open("pq");
  assert.equal(await peer.ask("PWD"), '257 "/"');
  assert.equal(await peer.ask("SYST"), "215 UNIX Type: L8");
  const features = await peer.ask("FEAT");
  for (const one of ["UTF8", "EPSV", "SIZE", "MDTM", "MLST type*;size*;modify*;"])
    assert.ok(features.includes(`\r\n ${one}\r\n`), one);
  const names = (await peer.fetch("NLST")).bytes.toString();
  assert.deepEqual(
    names.trimEnd().split("\r\n").toSorted(),
    [...NAMES.slice(0, 3), "big.pqd", "scl", ...FOLDERS].toSorted(),
  );
  const long = (await peer.fetch("LIST -la /wfc")).bytes.toString();
  assert.match(long, /^-r--r-----.* 14131 Jan {2}9 {2}2020 154800417_1578578162_100772\.cff\r\n$/);
  const facts = (await peer.fetch("MLSD")).bytes.toString();
  assert.ok(facts.includes(`type=file;size=14131;modify=20200109135613; ${NAMES[0]}\r\n`), facts);
  assert.ok(facts.includes("type=dir; pqcomms\r\n"), facts);
  assert.equal(await peer.ask(`SIZE ${NAMES[3]}`), "213 14131");
  assert.equal(await peer.ask(`MDTM ${NAMES[0]}`), "213 20200109135613");
  assert.equal(await peer.ask("OPTS MLST size;"), "200 MLST OPTS size;");
  assert.equal(await peer.ask(`MLST ${NAMES[3]}`), `250-what it is\r\n size=14131; /${NAMES[3]}\r\n250 end`);
  assert.match(await peer.ask("CWD wfc"), /^250 /);
  assert.equal(await peer.ask("PWD"), '257 "/wfc"');
  assert.match(await peer.ask("TYPE I"), /^200 /);
  const inFolder = await peer.fetch("RETR 154800417_1578578162_100772.cff");
  assert.deepEqual([inFolder.said.slice(0, 3), new Uint8Array(inFolder.bytes)], ["226", bytesOf(4)]);
  assert.match(await peer.ask("CDUP"), /^250 /);
  const big = await peer.fetch("RETR /big.pqd");
  assert.deepEqual([big.said.slice(0, 3), new Uint8Array(big.bytes)], ["226", bytesOf(7, 500_000)]);
  assert.match(await peer.ask("QUIT"), /^221 /);
  await peer.closed;
});

test("PASV names the address that the peer has reached", async (t) => {
  const { open } = await rig(t);
  const peer = await open("pq");
  const said = await peer.ask("PASV");
  const [, ip, high, low] = /^227 .*\((\d+,\d+,\d+,\d+),(\d+),(\d+)\)$/.exec(said) ?? [];
  assert.equal(ip, "127,0,0,1");
  const data = net.connect(256 * Number(high) + Number(low), "127.0.0.1");
  const pieces: Buffer[] = [];
  data.on("data", (bytes: Buffer) => pieces.push(bytes));
  const end = once(data, "close");
  assert.match(await peer.ask(`RETR ${NAMES[1]}`), /^150 /);
  assert.match(await peer.reply(), /^226 /);
  await end;
  assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), bytesOf(1));
});

test("what there is not, what nobody may and what is no command is said, and changes nothing", async (t) => {
  const { open, shelf } = await rig(t);
  const peer = await open("pq");
  for (const [command, code] of [
    ["RETR none.pqd", 550],
    ["RETR ../../etc/passwd", 550],
    ["RETR wfc", 550],
    ["SIZE wfc", 550],
    ["MDTM pqcomms", 550],
    ["CWD nowhere", 550],
    [`CWD ${NAMES[0]}`, 550],
    [`MLSD ${NAMES[0]}`, 501],
    [`RETR ${NAMES[0]}`, 425],
    ["LIST", 425],
    [`DELE ${NAMES[0]}`, 550],
    ["DELE wfc", 550],
    ["STOR a.cid", 425],
    ["STOR a.pqd", 550],
    ["STOR /", 550],
    ["PORT 127,0,0,1,4,1", 502],
    ["EPRT |1|127.0.0.1|1025|", 502],
    ["RNFR a", 502],
    ["APPE a.cid", 502],
    ["STOU", 502],
    ["REST 7", 502],
    ["MKD a", 502],
    ["RMD wfc", 502],
    ["SITE CHMOD 777 a", 502],
    ["AUTH TLS", 502],
    ["PROT P", 502],
    ["constructor", 500],
    ["TYPE E", 504],
    ["MODE B", 504],
    ["STRU R", 504],
    ["OPTS UTF8 OFF", 501],
    ["EPSV 2", 522],
    ["USER admin", 530],
    ["", 0],
    ["\u0007\u0007", 500],
    [`STOR ${"x".repeat(5000)}`, 500],
    ["NOOP", 200],
  ] as const)
    if (code === 0) peer.send("\r\n");
    else assert.equal(Number((await peer.ask(command)).slice(0, 3)), code, command.slice(0, 40));
  assert.equal(shelf.list().length, NAMES.length);
  const admin = await open();
  assert.match(await admin.ask(`DELE ${NAMES[0]}`), /^250 /);
  assert.equal(shelf.list().length, NAMES.length - 1);
  const guest = await open("guest");
  for (const command of ["LIST", "SIZE a", `RETR ${NAMES[1]}`, "CWD wfc"])
    assert.match(await guest.ask(command), /^550 /, command);
});

test("before a log-in there is nothing but what leads to one", async (t) => {
  const { port } = await rig(t);
  const peer = await ftpPeer(t, port);
  for (const [command, code] of [
    ["LIST", 530],
    ["PASV", 530],
    ["STOR a.cid", 530],
    ["PASS meter-admin", 503],
    ["AUTH TLS", 502],
    ["OPTS MLST size;", 530],
    ["FEAT", 211],
    ["NOOP", 200],
  ] as const)
    assert.equal(Number((await peer.ask(command)).slice(0, 3)), code, command);
});

test("a CID that is sent is what the meter is set up to be", async (t) => {
  const { open, ied } = await rig(t);
  const peer = await open();
  const data = await peer.data();
  assert.match(await peer.ask("STOR FEEDER9.cid"), /^150 /);
  data.end(CID);
  assert.equal(await peer.reply(), "226 taken");
  assert.equal(ied(), "FEEDER9");
});

test("the meter's own CID is fetched, and sent back says nothing new", async (t) => {
  const { open, ied } = await rig(t);
  const peer = await open();
  const own = await peer.fetch("RETR scl/JEM01.cid");
  assert.equal(await (await open()).ask("DELE scl/JEM01.cid"), "550 it is made when it is read, and cannot be removed");
  assert.match(own.bytes.toString(), /<IED [^>]*name="JEM01"[\s\S]*<\/SCL>\s*$/);
  const data = await peer.data();
  assert.match(await peer.ask("STOR JEM01.cid"), /^150 /);
  data.end(own.bytes);
  assert.equal(await peer.reply(), "226 taken");
  assert.equal(ied(), "JEM01");
});

test("a CID that is wrong changes nothing, and what is wrong is said with its line", async (t) => {
  const { open, ied } = await rig(t);
  const peer = await open();
  const wrong = CID.replace(`<DAType id="AV">`, `<DAType id="AX">`);
  const line = wrong.slice(0, wrong.indexOf(`type="AV"`)).split("\n").length;
  const data = await peer.data();
  assert.match(await peer.ask("STOR FEEDER9.cid"), /^150 /);
  data.end(wrong);
  const said = await peer.reply();
  assert.match(said, /^550/);
  assert.ok(said.includes(`line ${line}`) || said.includes(`${line}:`), `${line}: ${said}`);
  assert.equal(ied(), "JEM01");
});

test("of a CID that breaks off nothing is taken, however it does", async (t) => {
  const { open, ied } = await rig(t);
  const peer = await open();
  const reset = await peer.data();
  assert.match(await peer.ask("STOR FEEDER9.cid"), /^150 /);
  reset.write(CID);
  reset.resetAndDestroy();
  assert.match(await peer.reply(), /^426 /);
  const half = await peer.data();
  assert.match(await peer.ask("STOR FEEDER9.cid"), /^150 /);
  half.end(CID.slice(0, CID.length / 2));
  assert.match(await peer.reply(), /^550/);
  const long = await peer.data();
  assert.match(await peer.ask("STOR FEEDER9.cid"), /^150 /);
  long.end(Buffer.alloc(limits.ftp.putBytes + 1, 0x20));
  assert.match(await peer.reply(), /^552 /);
  // Whoever sends fifty times as much can send it all, and hears why it was in vain.
  const longer = await peer.data();
  const fault = once(longer, "error").then(([error]) => error as Error);
  const ended = once(longer, "close").then(() => undefined);
  assert.match(await peer.ask("STOR FEEDER9.cid"), /^150 /);
  longer.end(Buffer.alloc(50 * limits.ftp.putBytes, 0x20));
  assert.match(await peer.reply(), /^552 a file has 1048576 bytes at most/);
  assert.equal(await Promise.race([fault, ended]), undefined);
  // Beyond all bounds it is cut off.
  const endless = await peer.data();
  assert.match(await peer.ask("STOR FEEDER9.cid"), /^150 /);
  endless.write(Buffer.alloc(limits.ftp.wastedBytes + 1, 0x20));
  assert.match(await peer.reply(), /^552 /);
  const dropped = await peer.data();
  assert.match(await peer.ask("STOR FEEDER9.cid"), /^150 /);
  dropped.write(CID);
  peer.socket.destroy();
  await once(dropped, "close");
  assert.equal(ied(), "JEM01");
});

test("a meter without option IEC gives its files and takes none", async (t) => {
  const { open } = await rig(t, { modelNumber: "JSII-09I6020-2A-DIO-NTP" });
  const peer = await open();
  assert.deepEqual(new Uint8Array((await peer.fetch(`RETR ${NAMES[0]}`)).bytes), bytesOf(0));
  const data = await peer.data();
  assert.match(await peer.ask("STOR a.cid"), /^150 /);
  data.end(CID);
  assert.match(await peer.reply(), /^550/);
});

test("wrong names and passwords are told alike, three of a connection, and the meter locks out", async (t) => {
  const { port, security } = await rig(t);
  const peer = await ftpPeer(t, port);
  for (const [user, password, code] of [
    ["nobody", "meter-admin", 530],
    ["x".repeat(900), "x", 530],
    ["pq", "wrong", 421],
  ] as const) {
    assert.match(await peer.ask(`USER ${user}`), /^331 /);
    assert.equal(Number((await peer.ask(`PASS ${password}`)).slice(0, 3)), code);
  }
  await peer.closed;
  const other = await ftpPeer(t, port);
  for (const password of ["wrong", "wrong again", "meter-pq"]) {
    await other.ask("USER pq");
    assert.match(await other.ask(`PASS ${password}`), /^(530|421) /, password);
  }
  assert.ok(security().some((one) => /lock/.test(one)));
});

test("a connection for data is taken of the peer's own address only, and once", async (t) => {
  const { open } = await rig(t);
  const peer = await open("pq");
  const said = await peer.ask("EPSV");
  const port = Number(/(\d+)\|\)$/.exec(said)?.[1]);
  const stranger = net.connect({ port, host: "127.0.0.1", localAddress: "127.0.0.2" }).on("error", () => {});
  await once(stranger, "close");
  assert.equal(stranger.bytesRead, 0);
  const own = net.connect(port, "127.0.0.1").on("error", () => {});
  const pieces: Buffer[] = [];
  own.on("data", (bytes: Buffer) => pieces.push(bytes));
  await once(own, "connect");
  const second = net.connect(port, "127.0.0.1").on("error", () => {});
  await once(second, "close");
  const end = once(own, "close");
  assert.match(await peer.ask(`RETR ${NAMES[2]}`), /^150 /);
  assert.match(await peer.reply(), /^226 /);
  await end;
  assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), bytesOf(2));
  const late = net.connect(port, "127.0.0.1");
  const [error] = (await once(late, "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNREFUSED", "the port is closed");
});

test("a second connection goes on beside the first, and a transfer is aborted as lftp and ftplib do it", async (t) => {
  const { open, shelf } = await rig(t);
  shelf.put("big.pqd", new Uint8Array(20_000_000));
  const first = await open("pq");
  const data = await first.data();
  data.pause();
  assert.match(await first.ask("RETR big.pqd"), /^150 /);
  const second = await open("admin");
  assert.equal((await second.fetch(`RETR ${NAMES[1]}`)).said, "226 sent");
  // Interrupt process, and the mark whose last byte is lost as urgent data; then a line that ends in CR alone.
  first.send(Buffer.from([0xff, 0xf4, 0xff]));
  first.send("ABOR\r");
  assert.match(await first.reply(), /^426 /);
  assert.match(await first.reply(), /^226 /);
  assert.equal((await first.fetch(`RETR ${NAMES[1]}`)).said, "226 sent");
});

test("a conversation ends with the user's session", async (t) => {
  const { open, jemstar } = await rig(t);
  const peer = await open("pq");
  jemstar.authority.applied(jemstar.file.users, ["pq"]);
  assert.match(await peer.reply(), /^421 /);
  await peer.closed;
});

test("FTP is off by the factory: a listener alone is silent, and says so", async (t) => {
  const { site, port, told, url } = await rig(t, { jem: "" });
  assert.ok(
    site.meter("jem")!.notices.some((one) => one.includes("ftp disabled on ethernet 1")),
    told.join("; "),
  );
  const socket = net.connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  await once(socket, "connect");
  socket.write("USER pq\r\n");
  assert.equal((await fetch(`${url}health`)).status, 200);
  assert.equal(socket.bytesRead, 0);
});

test("factory passwords work for peers on this machine, unless the listener says that they come through a tunnel", async (t) => {
  const jem = "communications: { ftp: { enabled: true } }";
  for (const [keys, code] of [
    ["", 230],
    [", near: false", 530],
  ] as const) {
    const { port } = await rig(t, { jem, keys });
    const peer = await ftpPeer(t, port);
    await peer.ask("USER pq");
    assert.equal(Number((await peer.ask("PASS pq")).slice(0, 3)), code);
  }
});

test("a place is earned by a log-in, and there are four", async (t) => {
  const { open, port, counts } = await rig(t);
  const idle = await Promise.all(Array.from({ length: 10 }, () => ftpPeer(t, port)));
  const four = [];
  for (let k = 0; k < 4; k++) four.push(await open("pq"));
  await Promise.all(idle.map(({ closed }) => closed));
  assert.equal(counts["putOut"], 10);
  const socket = net.connect(port, "127.0.0.1").on("error", () => {});
  await once(socket, "close");
  assert.equal(counts["refused"], 1);
  assert.match(await four[0]!.ask("NOOP"), /^200 /);
});
