/** Files of a meter over SFTP: who may, what there is, what is refused with which status, what a peer may cost. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { Client, type Attributes, type ConnectConfig } from "ssh2";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { LinkStream } from "#io/link-stream.ts";
import { nullModem } from "#io/null-modem.ts";
import { serveSftp } from "#io/sftp-server.ts";
import { resolved } from "#io/sftp-tree.ts";
import { limits } from "#quantity/limits.ts";
import { bytesOf, FOLDERS, NAMES } from "./filled-shelf.ts";
import { JEM, servedFiles } from "./served-files.ts";
import { closed, connect, done, gone, sftpOf, sftpPort, statusOf } from "./ssh-peers.ts";

const LISTEN = "{ sftp: tcp, port: 0 }";

async function rig(t: TestContext, jem = JEM) {
  const served = await servedFiles(t, { listen: LISTEN, jem });
  const port = sftpPort(served);
  const open = async (user = "admin", password = `meter-${user}`) => {
    const { client, key } = await connect(port, user, password);
    t.after(() => client.destroy());
    return { client, key, sftp: await sftpOf(client) };
  };
  return { ...served, port, open };
}

test("folders and files are listed, looked at and read, whole and in parts", async (t) => {
  const { open, shelf } = await rig(t);
  const { sftp, client } = await open("pq");
  assert.equal(await done<string>((then) => sftp.realpath(".", then)), "/");
  assert.equal(await done<string>((then) => sftp.realpath("wfc/../../..//hsrms/.", then)), "/hsrms");
  const root = await done<{ filename: string; longname: string; attrs: Attributes }[]>((then) =>
    sftp.readdir("/", then as never),
  );
  assert.deepEqual(root.map(({ filename }) => filename).toSorted(), [...NAMES.slice(0, 3), ...FOLDERS].toSorted());
  const first = root.find(({ filename }) => filename === NAMES[0])!;
  assert.equal(first.attrs.size, 14_131);
  assert.equal(first.attrs.mtime, Date.UTC(2020, 0, 9, 13, 56, 13) / 1000);
  assert.equal(first.attrs.mode, 0o100_440);
  assert.match(first.longname, /^-r--r-----.* 14131 Jan {2}9 {2}2020 154800417_1578578162_100772_06\.pqd$/);
  const stat = await done<Attributes>((then) => sftp.stat(`/${NAMES[3]}`, then as never));
  assert.equal(stat.size, 14_131);
  const folder = await done<Attributes>((then) => sftp.lstat("/wfc", then as never));
  assert.equal(folder.mode & 0o170_000, 0o040_000);
  shelf.put("big.pqd", bytesOf(7, 500_000));
  for (const [name, bytes] of [
    [NAMES[0], bytesOf(0)],
    [NAMES[4], bytesOf(4)],
    ["big.pqd", bytesOf(7, 500_000)],
  ] as const) {
    const got = await done<Buffer>((then) => sftp.readFile(`/${name}`, then as never));
    assert.deepEqual(new Uint8Array(got), bytes);
  }
  const handle = await done<Buffer>((then) => sftp.open("/big.pqd", "r", then as never));
  const into = Buffer.alloc(1000);
  const count = await done<number>((then) => sftp.read(handle, into, 0, 1000, 499_500, then as never));
  assert.deepEqual([count, into[0], into[499]], [500, (499_500 + 7) % 251, (499_999 + 7) % 251]);
  assert.equal(await done<number>((then) => sftp.read(handle, into, 0, 10, 500_000, then as never)), 0, "the end");
  assert.equal(await statusOf((then) => sftp.close(handle, then)), 0);
  assert.equal(await statusOf((then) => sftp.close(handle, then)), 4, "closed already");
  await closed(client);
});

test("nothing is written, made or renamed, and what there is not is not there", async (t) => {
  const { open, shelf } = await rig(t);
  const { sftp, client } = await open();
  const name = `/${NAMES[0]}`;
  const denied = 3;
  const [noSuchFile, failure, unsupported] = [2, 4, 8];
  for (const flags of ["w", "a", "r+", "wx", "a+"] as const)
    assert.equal(await statusOf((then) => sftp.open(name, flags, then as never)), denied, flags);
  assert.equal(await statusOf((then) => sftp.open("/new.pqd", "w", then as never)), denied);
  assert.equal(await statusOf((then) => sftp.mkdir("/new", then)), denied);
  assert.equal(await statusOf((then) => sftp.rmdir("/wfc", then)), denied);
  assert.equal(await statusOf((then) => sftp.rename(name, "/other.pqd", then)), denied);
  assert.equal(await statusOf((then) => sftp.symlink(name, "/link", then)), denied);
  assert.equal(await statusOf((then) => sftp.chmod(name, 0o777, then)), denied);
  assert.equal(await statusOf((then) => sftp.utimes(name, 0, 0, then)), denied);
  assert.equal(await statusOf((then) => sftp.unlink("/wfc", then)), denied);
  assert.equal(await statusOf((then) => sftp.readlink(name, then as never)), noSuchFile);
  assert.equal(await statusOf((then) => sftp.stat("/none.pqd", then as never)), noSuchFile);
  assert.equal(await statusOf((then) => sftp.open("/../../etc/passwd", "r", then as never)), noSuchFile);
  assert.equal(await statusOf((then) => sftp.open("/a\0b", "r", then as never)), noSuchFile);
  assert.equal(await statusOf((then) => sftp.opendir("/nowhere", then as never)), noSuchFile);
  assert.equal(await statusOf((then) => sftp.opendir(name, then as never)), failure);
  assert.equal(await statusOf((then) => sftp.open("/wfc", "r", then as never)), failure);
  assert.ok([unsupported, undefined].includes(await statusOf((then) => sftp.ext_openssh_rename(name, "/x", then))));
  const handle = await done<Buffer>((then) => sftp.open(name, "r", then as never));
  assert.equal(await statusOf((then) => sftp.write(handle, Buffer.from("x"), 0, 1, 0, then as never)), denied);
  assert.equal(shelf.list().length, NAMES.length);
  await closed(client);
});

test("there is no shell, no command, no other subsystem and no forwarding", async (t) => {
  const { open } = await rig(t);
  const { client } = await open();
  for (const run of [
    (then: (error: unknown) => void) => client.exec("id", then as never),
    (then: (error: unknown) => void) => client.shell(then as never),
    (then: (error: unknown) => void) => client.subsys("netconf", then as never),
    (then: (error: unknown) => void) => client.forwardOut("127.0.0.1", 1, "127.0.0.1", 22, then as never),
    (then: (error: unknown) => void) => client.forwardIn("127.0.0.1", 0, then as never),
    (then: (error: unknown) => void) => client.openssh_forwardOutStreamLocal("/tmp/x", then as never),
  ])
    await assert.rejects(done<unknown>((then) => run((error) => then(error, undefined))));
  await closed(client);
});

test("who reads has the privilege, whatever reading takes elsewhere; who removes may set up power quality", async (t) => {
  const { open, shelf, security } = await rig(t);
  const guest = await open("guest");
  for (const run of [
    (then: (error: unknown) => void) => guest.sftp.readdir("/", then as never),
    (then: (error: unknown) => void) => guest.sftp.stat(`/${NAMES[0]}`, then as never),
    (then: (error: unknown) => void) => guest.sftp.open(`/${NAMES[0]}`, "r", then as never),
  ])
    assert.equal(await statusOf(run), 3);
  const pq = await open("pq");
  assert.equal(await statusOf((then) => pq.sftp.unlink(`/${NAMES[0]}`, then)), 3);
  assert.equal(shelf.list().length, NAMES.length);
  const admin = await open("admin");
  assert.equal(await statusOf((then) => admin.sftp.unlink(`/${NAMES[0]}`, then)), 0);
  assert.equal(await statusOf((then) => admin.sftp.unlink(`/${NAMES[0]}`, then)), 2);
  assert.equal(shelf.list().length, NAMES.length - 1);
  assert.ok(security().includes(`admin: file ${NAMES[0]} removed`));
});

test("wrong names and passwords are told alike, three of a connection, and the meter locks out", async (t) => {
  const { port, security } = await rig(t);
  for (const [user, password] of [
    ["admin", "wrong"],
    ["nobody", "meter-admin"],
    ["x".repeat(1000), "x"],
  ] as const)
    await assert.rejects(connect(port, user, password), /All configured authentication methods failed/);
  let asked = 0;
  await assert.rejects(
    connect(port, "pq", "", {
      password: undefined,
      authHandler: () => (++asked > 20 ? false : { type: "password", username: "pq", password: `wrong ${asked}` }),
    }),
  );
  assert.ok(asked <= limits.ssh.attempts + 1, String(asked));
  // Three wrong ones lock a user out for five minutes.
  await assert.rejects(connect(port, "pq", "meter-pq"));
  assert.ok(security().some((one) => /lock/.test(one)));
});

test("a place is earned by a log-in: who only greets, and who is wrong and stays, is in nobody's way", async (t) => {
  const { port, site, open } = await rig(t);
  const greet = async (): Promise<net.Socket> => {
    const socket = net.connect(port, "127.0.0.1").on("error", () => {});
    t.after(() => socket.destroy());
    socket.write("SSH-2.0-x\r\n");
    await once(socket, "data");
    return socket;
  };
  const first = await greet();
  const closing = once(first.resume(), "close");
  for (let k = 1; k < limits.ssh.logIns - 4; k++) await greet();
  for (let k = 0; k < 4; k++) {
    // A wrong password, and no further one: the connection stays.
    const client = new Client().on("error", () => {});
    t.after(() => client.destroy());
    const wrong = new Promise<void>((resolve) => {
      let asked = 0;
      client.connect({
        host: "127.0.0.1",
        port,
        username: "nobody",
        authHandler: (_left, _partly, next) => {
          if (asked++ === 0) next({ type: "password", username: "nobody", password: "wrong" });
          else resolve();
        },
      } as ConnectConfig);
    });
    await wrong;
  }
  const [{ counts }] = site.listeners as [(typeof site.listeners)[0]];
  assert.deepEqual([counts["refused"], counts["putOut"]], [0, 0]);
  const admin = await open();
  assert.equal(await statusOf((then) => admin.sftp.stat("/", then as never)), 0);
  await closing;
  assert.deepEqual([counts["refused"], counts["putOut"]], [0, 1], "who came first went");
  await greet();
  // Four are inside, as many as there are places: nobody waits any more, and one more is refused.
  for (let k = 0; k < 3; k++) await open("pq");
  assert.equal(counts["putOut"], limits.ssh.logIns + 1, "all who have never logged in");
  await assert.rejects(connect(port, "pq", "meter-pq"));
  assert.equal(counts["refused"], 1);
  assert.equal(await statusOf((then) => admin.sftp.stat("/", then as never)), 0);
});

test("who has not exchanged keys within ten seconds, or not logged in within thirty more, is let go", async (t) => {
  const { site } = await rig(t);
  const host = { ...site.meter("jem")!.bindings.sftp!({ port: "ethernet" })!, answers: () => true };
  const clock = new VirtualClock();
  const served = (): { readonly theirs: Link; ended: boolean } => {
    const [ours, theirs] = nullModem();
    const peer = { theirs, ended: false };
    theirs.closed(() => void (peer.ended = true));
    serveSftp(ours, host, { clock, near: true, trouble: () => {} });
    return peer;
  };
  const turns = async (): Promise<void> => {
    for (let k = 0; k < 5; k++) await new Promise((resolve) => setImmediate(resolve));
  };
  const greets = served();
  greets.theirs.send(Buffer.from("SSH-2.0-x\r\n"));
  await turns();
  clock.advance(9999);
  await turns();
  assert.equal(greets.ended, false);
  clock.advance(1);
  await turns();
  assert.equal(greets.ended, true);
  const asks = served();
  const client = new Client().on("error", () => {});
  t.after(() => client.destroy());
  await new Promise<void>((resolve) => {
    client.connect({ sock: new LinkStream(asks.theirs, clock), username: "pq", authHandler: () => resolve() } as never);
  });
  clock.advance(29_999);
  await turns();
  assert.equal(asks.ended, false);
  clock.advance(1);
  await turns();
  assert.equal(asks.ended, true);
});

test("factory passwords work for peers on this machine, unless the site file says that they come through a tunnel", async (t) => {
  const served = await servedFiles(t, { listen: `${LISTEN}, { sftp: tcp, port: 0, near: false }`, jem: "" });
  const [near, far] = served.site.listeners.map(({ urls }) => Number(new URL(urls[0]!.url).port));
  const { client } = await connect(near!, "pq", "pq");
  await closed(client);
  await assert.rejects(connect(far!, "pq", "pq"));
});

test("the host key is made once, kept with the secrets, and told by its fingerprint", async (t) => {
  const { open, security, jemstar } = await rig(t);
  const first = await open();
  const second = await open("pq");
  assert.deepEqual(first.key, second.key);
  const fingerprint = createHash("sha256").update(first.key).digest("base64").replace(/=+$/, "");
  assert.deepEqual(
    security().filter((one) => one.includes("host key")),
    [`automatic: host key SHA256:${fingerprint} made`],
  );
  // No command reaches it: a secret of people has no space in its name.
  assert.equal(jemstar.secrets.names().length, 1);
  assert.doesNotMatch(jemstar.secrets.names()[0]!, /^[A-Za-z0-9_.-]+$/);
});

test("a conversation ends with the user's session, and with the configuration that disables SFTP nothing is answered", async (t) => {
  const { open, jemstar } = await rig(t);
  const { client, sftp } = await open("pq");
  assert.equal(await statusOf((then) => sftp.stat("/", then as never)), 0);
  const end = gone(client);
  jemstar.authority.applied(jemstar.file.users, ["pq"]);
  await end;
});

test("handles, requests and conversations are few", async (t) => {
  const { open } = await rig(t);
  const { client, sftp } = await open();
  const statuses: number[] = [];
  for (let k = 0; k <= limits.ssh.handles; k++)
    statuses.push(await statusOf((then) => sftp.open(`/${NAMES[0]}`, "r", then as never)));
  assert.deepEqual(statuses, [...Array<number>(limits.ssh.handles).fill(0), 4]);
  await sftpOf(client);
  await assert.rejects(sftpOf(client));
  await closed(client);
});

test("a peer that asks for more than it takes makes little wait here, and the site goes on", async (t) => {
  const { open, shelf, url } = await rig(t);
  shelf.put("big.pqd", bytesOf(1, 500_000));
  const { client, sftp } = await open();
  const handle = await done<Buffer>((then) => sftp.open("/big.pqd", "r", then as never));
  const socket = (client as unknown as { _sock: net.Socket })._sock;
  socket.pause();
  const end = gone(client);
  const into = Buffer.alloc(32_768);
  // A library that counted nothing would answer with some 80 megabytes.
  for (let k = 0; k < 2500; k++) sftp.read(handle, into, 0, 32_768, 0, () => {});
  assert.equal((await fetch(`${url}health`)).status, 200);
  socket.resume();
  await end;
  assert.ok(socket.bytesRead < 40 * 32_768 + 256 * 34_000, String(socket.bytesRead));
});

test("what is no SSH, and no SFTP, ends that peer's connection at most", async (t) => {
  const { port, open } = await rig(t);
  const send = async (bytes: Uint8Array): Promise<void> => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.end(bytes);
    socket.resume();
    await once(socket, "close");
  };
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), fc.boolean(), async (bytes, greets) =>
      send(greets ? Buffer.concat([Buffer.from("SSH-2.0-x\r\n"), bytes]) : bytes),
    ),
    { numRuns: 60 },
  );
  // Packets of somebody who has logged in: wrong lengths, types, handles.
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 80 }), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (packets, framed) => {
        const { client, sftp } = await open();
        const raw = sftp as unknown as {
          _protocol: { channelData(id: number, bytes: Buffer): void };
          outgoing: { id: number };
        };
        sftp.on("error", () => {});
        const end = gone(client);
        for (const packet of packets) {
          const length = Buffer.alloc(4);
          length.writeUInt32BE(packet.length);
          raw._protocol.channelData(raw.outgoing.id, Buffer.concat(framed ? [length, packet] : [packet]));
        }
        client.end();
        await end;
      },
    ),
    { numRuns: 12 },
  );
  const { sftp, client } = await open();
  assert.equal(await statusOf((then) => sftp.stat("/", then as never)), 0, "it serves on");
  await closed(client);
});

test("paths never lead out of the root", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("..", ".", "a", "wfc", "", "/", "\\"), { maxLength: 12 }), (parts) => {
      const whole = resolved(parts.join("/"));
      assert.ok(whole?.startsWith("/") === true && !whole.split("/").includes(".."), String(whole));
    }),
  );
  assert.equal(resolved("x".repeat(2000)), undefined);
  assert.equal(resolved("a\0"), undefined);
});
