/** Files of a meter that are pushed: once each, kept trying, removed only when the server has them, and never a password to a stranger. */
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { remoteFileTransfer } from "#product/jemstar/configuration-schema-transfer.ts";
import { FileTransfer, HOST_KEY, PASSWORD, TEST_FILE } from "#product/jemstar/file-transfer.ts";
import { limits } from "#quantity/limits.ts";
import { MemoryStore } from "#store/store.ts";
import { jemStar } from "./authority-rig.ts";
import { bytesOf, filledShelf, NAMES } from "./filled-shelf.ts";
import { pushServer } from "./push-server.ts";

const FILES = NAMES.slice(0, 3);
const NOON = Date.UTC(2020, 0, 10, 12);

function rig(t: TestContext, port: number, settings: Readonly<Record<string, unknown>> = {}) {
  const real = new VirtualClock();
  const shelf = filledShelf();
  const said: string[] = [];
  const secrets = new Map<string, Uint8Array>([[PASSWORD, new TextEncoder().encode("right")]]);
  const state = { works: true, utc: NOON };
  const given = { protocol: "sftp", host: "127.0.0.1", port, username: "admin", folder: "/in", ...settings };
  const parsed = remoteFileTransfer.parse(given);
  const store = new MemoryStore().drawer("jem");
  /** Bytes of each record that was put. */
  const put: number[] = [];
  const watched = Object.create(store, {
    put: {
      value: (key: string, bytes: Uint8Array) => {
        put.push(key.length + bytes.length);
        store.put(key, bytes);
      },
    },
    get: { value: (key: string) => store.get(key) },
    entries: { value: (prefix: string) => store.entries(prefix) },
    remove: { value: (key: string) => store.remove(key) },
  }) as typeof store;
  const made = (): FileTransfer =>
    new FileTransfer({
      real,
      store: watched,
      settings: () => parsed,
      shelf: () => shelf,
      remove: (name) => void shelf.remove(name),
      works: () => state.works,
      now: () => ({ utc: state.utc, offsetMinutes: 0, daylightSaving: false, synchronised: true }),
      secrets: {
        secret: (name) => secrets.get(name),
        setSecret: (name, secret) => void secrets.set(name, secret),
      },
      say: (what) => said.push(what),
    });
  const transfer = made();
  transfer.start();
  t.after(() => transfer.stop());
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** Lets the network go on, and so many milliseconds of people's time go by at once, until something is so. */
  const until = async (is: () => boolean, ms = 0): Promise<void> => {
    if (ms > 0) real.advance(ms);
    for (let k = 0; !is(); k++) {
      assert.ok(k < 10_000, `it never is: ${transfer.view?.trouble ?? said.at(-1)}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  /** Looks at the shelf once more. */
  const look = async (): Promise<void> => {
    real.advance(limits.push.lookMs);
    for (let k = 0; k < 20; k++) await turn();
  };
  return { real, shelf, said, secrets, state, transfer, until, look, made, put };
}

for (const protocol of ["sftp", "scp"] as const)
  test(`files go there by ${protocol}, once each, whole, and stay here unless the configuration removes them`, async (t) => {
    const server = await pushServer(t);
    const { transfer, until, look, shelf } = rig(t, server.port, { protocol });
    await until(() => transfer.view?.waiting === 0, limits.push.lookMs);
    assert.deepEqual([...server.files.keys()].toSorted(), FILES.map((name) => `/in/${name}`).toSorted());
    FILES.forEach((name, k) => assert.deepEqual(new Uint8Array(server.files.get(`/in/${name}`)!), bytesOf(k)));
    assert.equal(shelf.list().length, NAMES.length);
    const { connections } = server;
    await look();
    assert.equal(server.connections, connections, "nobody connects for nothing");
    shelf.put("154800417_1578648252_449641_07.pqd", bytesOf(9, 100_000));
    await until(() => server.files.size === 4 && transfer.view?.waiting === 0, limits.push.lookMs);
    assert.deepEqual(new Uint8Array(server.files.get("/in/154800417_1578648252_449641_07.pqd")!), bytesOf(9, 100_000));
  });

test("what has been sent is remembered over a restart, and forgotten with the file", async (t) => {
  const server = await pushServer(t);
  const { transfer, until, made, shelf } = rig(t, server.port);
  await until(() => transfer.view?.waiting === 0, limits.push.lookMs);
  transfer.stop();
  assert.equal(made().view?.waiting, 0);
  shelf.put("154800417_1578648252_449641_07.pqd", bytesOf(9));
  assert.equal(made().view?.waiting, 1);
});

test("files are removed only when the server has all of them", async (t) => {
  const server = await pushServer(t, { writes: "short" });
  const { transfer, until, shelf, said, real } = rig(t, server.port, { deleteFiles: true });
  await until(() => said.some((one) => one.includes("is refused")), limits.push.lookMs);
  assert.match(said.at(-1)!, /127\.0\.0\.1 has 14130 bytes of .*\.pqd; expected 14131/);
  assert.equal(shelf.list().length, NAMES.length);
  // All three have been tried, and the conversation is over.
  await until(() => server.open === 0);
  server.bad.writes = "fine";
  real.advance(limits.push.refusedMs);
  await until(() => transfer.view?.waiting === 0 && shelf.list().length === 2, limits.push.lookMs);
  assert.deepEqual(
    shelf.list().map(({ name }) => name),
    NAMES.slice(3),
  );
});

test("a server that stalls, vanishes, refuses or is not there is told of once, tried again ever later, and once it is over", async (t) => {
  const server = await pushServer(t, { writes: "vanish" });
  const { until, said, real, transfer, look } = rig(t, server.port);
  const failing = (): boolean => transfer.view?.trouble !== undefined;
  await until(failing, limits.push.lookMs);
  assert.match(transfer.view!.trouble!, /ended the connection/);
  const { connections } = server;
  await look();
  assert.equal(server.connections, connections, "not before the pause is over");
  // What is wrong changes; the log has its beginning.
  server.bad.password = "another";
  await until(() => /takes no admin/.test(transfer.view?.trouble ?? ""), limits.push.firstPauseMs);
  server.bad.password = "right";
  real.advance(limits.push.firstPauseMs);
  await look();
  assert.equal(server.connections, connections + 1, "the second pause is twice as long");
  server.bad.writes = "stall";
  await until(() => server.stalled === 1, limits.push.firstPauseMs);
  for (let k = 0; k < 7; k++) await look();
  assert.match(transfer.view!.trouble!, /has not taken .* within 30 s/);
  server.bad.writes = "fine";
  server.bad.password = "another";
  await until(
    () => /takes no admin with this password/.test(transfer.view?.trouble ?? ""),
    4 * limits.push.firstPauseMs,
  );
  server.bad.password = "right";
  await until(() => transfer.view?.trouble === undefined, 8 * limits.push.firstPauseMs + limits.push.lookMs);
  assert.deepEqual(
    said.map((one) => one.replace(/127\.0\.0\.1:\d+/g, "SERVER").replace(/SHA256:\S+/, "KEY")),
    [
      "file transfer to SERVER: its key is KEY from now on",
      "file transfer to SERVER fails: SERVER has ended the connection",
      "file transfer to SERVER works again",
    ],
  );
});

for (const protocol of ["sftp", "scp"] as const)
  test(`a file that the server refuses keeps no other back by ${protocol}, and is tried behind them`, async (t) => {
    const [first = "", ...others] = FILES;
    const server = await pushServer(t, { refuses: first });
    const { transfer, until, look, shelf, said, real } = rig(t, server.port, { protocol });
    await until(() => transfer.view?.waiting === 1 && said.length === 2, limits.push.lookMs);
    assert.deepEqual([...server.files.keys()].toSorted(), others.map((name) => `/in/${name}`).toSorted());
    assert.match(said[1]!, new RegExp(`${first} is refused, others go on: 127`));
    assert.equal(transfer.view?.trouble !== undefined, true);
    const { connections } = server;
    await look();
    assert.equal(server.connections, connections, "nobody connects for what is refused alone");
    shelf.put("154800417_1578648252_449641_07.pqd", bytesOf(9));
    await until(() => server.files.has("/in/154800417_1578648252_449641_07.pqd"), limits.push.lookMs);
    await until(() => transfer.view?.waiting === 1);
    real.advance(limits.push.refusedMs);
    await look();
    assert.equal(said.length, 2, "said once");
    server.bad.refuses = "\0";
    await until(() => transfer.view?.waiting === 0, limits.push.refusedMs + limits.push.lookMs);
    assert.match(said.at(-1)!, /takes every file again$/);
    assert.equal(said.length, 3);
    assert.equal(transfer.view?.trouble, undefined);
  });

test("what is kept of a file that has been sent is as much as of the first", async (t) => {
  const server = await pushServer(t);
  const { transfer, until, shelf, put, made } = rig(t, server.port);
  for (let k = 0; k < 40; k++) shelf.put(`154800417_15786482${10 + k}_449641_07.pqd`, bytesOf(k));
  await until(() => transfer.view?.waiting === 0, limits.push.lookMs);
  assert.equal(put.length, 43);
  assert.ok(Math.max(...put) < 64, String(Math.max(...put)));
  assert.equal(made().view?.waiting, 0);
  transfer.stop();
});

test("a server that accepts and says nothing, or nothing of SSH, is given up", async (t) => {
  const sockets = new Set<net.Socket>();
  const mute = net.createServer((socket) => void sockets.add(socket.on("error", () => {})));
  mute.listen(0, "127.0.0.1");
  await once(mute, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    mute.close();
  });
  const { port } = mute.address() as AddressInfo;
  for (const protocol of ["sftp", "ftp"] as const) {
    const { until, look, transfer } = rig(t, port, { protocol });
    const before = sockets.size;
    await until(() => sockets.size > before, limits.push.lookMs);
    for (let k = 0; k < 7; k++) await look();
    await until(() => /has not let anybody in within 30 s/.test(transfer.view?.trouble ?? ""));
  }
});

test("a server of another key is sent nothing, no password either, until people say that it is known", async (t) => {
  const server = await pushServer(t);
  const { until, said, secrets, transfer, shelf, real } = rig(t, server.port);
  await until(() => transfer.view?.waiting === 0, limits.push.lookMs);
  assert.match(new TextDecoder().decode(secrets.get(HOST_KEY)), new RegExp(`^127\\.0\\.0\\.1:${server.port} SHA256:`));
  await server.rekey();
  const before = server.shown.length;
  shelf.put("154800417_1578648252_449641_07.pqd", bytesOf(9));
  await until(() => transfer.view?.trouble !== undefined, limits.push.lookMs);
  const [, print = ""] =
    /shows another key than before \((SHA256:\S+)\); nothing is sent to it/.exec(said.at(-1)!) ?? [];
  assert.notEqual(print, "");
  assert.equal(server.shown.length, before);
  secrets.set(HOST_KEY, new TextEncoder().encode(print));
  real.advance(limits.push.firstPauseMs);
  await until(() => transfer.view?.waiting === 0, limits.push.lookMs);
  assert.equal(said.at(-1), `file transfer to 127.0.0.1:${server.port} works again`);
});

test("once a day at its hour goes what there was then", async (t) => {
  const server = await pushServer(t);
  const { until, look, state, shelf, transfer } = rig(t, server.port, { when: 14 });
  // Files of yesterday 13:56: yesterday's 14 o'clock is past.
  await until(() => transfer.view?.waiting === 0, limits.push.lookMs);
  shelf.put("late.pqd", bytesOf(1), Date.UTC(2020, 0, 10, 12));
  state.utc = Date.UTC(2020, 0, 10, 13, 59, 59);
  await look();
  assert.equal(transfer.view?.waiting, 1);
  state.utc = Date.UTC(2020, 0, 10, 14);
  await until(() => transfer.view?.waiting === 0, limits.push.lookMs);
});

test("the test file is sent on command, and the log says what came of it", async (t) => {
  const server = await pushServer(t);
  const { until, said, transfer } = rig(t, server.port, { when: 3 });
  assert.equal(transfer.test(), undefined);
  await until(() => said.some((one) => one.includes("tested")));
  assert.ok(server.files.has(`/in/${TEST_FILE}`));
  assert.match(said.at(-1)!, /tested: test_scp-tftp_server\.txt is there$/);
  server.bad.password = "another";
  transfer.test();
  await until(() => said.at(-1)?.includes("tested, and fails") === true);
});

test("without a password, power, or in test mode nobody is connected to", async (t) => {
  const server = await pushServer(t);
  const { look, state, secrets, until, said } = rig(t, server.port);
  state.works = false;
  await look();
  state.works = true;
  secrets.delete(PASSWORD);
  await until(() => said.length > 0, limits.push.lookMs);
  assert.match(said[0]!, /the meter has no secret remoteFileTransfer/);
  assert.equal(server.connections, 0);
});

test("a meter that pushes nothing asks for no time, and looks again when it is to push", () => {
  const asked: number[] = [];
  const clock = new VirtualClock();
  const real = Object.create(clock, {
    after: {
      value(ms: number) {
        asked.push(ms);
        return () => {};
      },
    },
    elapsed: { value: () => clock.elapsed() },
  }) as VirtualClock;
  let settings: ReturnType<typeof remoteFileTransfer.parse> | undefined;
  const transfer = new FileTransfer({
    real,
    store: new MemoryStore().drawer("jem"),
    settings: () => settings,
    shelf: filledShelf,
    remove: () => {},
    works: () => true,
    now: () => ({ utc: NOON, offsetMinutes: 0, daylightSaving: false, synchronised: true }),
    secrets: { secret: () => undefined, setSecret: () => undefined },
    say: () => {},
  });
  transfer.start();
  transfer.changed();
  assert.deepEqual(asked, []);
  settings = remoteFileTransfer.parse({ protocol: "sftp", host: "127.0.0.1", username: "admin" });
  transfer.changed();
  assert.deepEqual(asked, [limits.push.lookMs]);
  transfer.stop();
  transfer.changed();
  assert.equal(asked.length, 1, "one that has stopped looks no more");
});

test("a JEMStar pushes by its configuration and its secret, which nothing shows", async (t) => {
  const server = await pushServer(t);
  const configuration = `communications: { remoteFileTransfer: { protocol: sftp, host: 127.0.0.1, port: ${server.port}, username: admin } }`;
  const { jem, tell, as, log } = jemStar(t, { configuration });
  jem.files.shelf = filledShelf();
  assert.equal(tell({ command: "testTransfer" }, as("user1")), "privilege");
  assert.equal(tell({ command: "secret", name: PASSWORD, value: "right" }), "done");
  assert.equal(tell({ command: "testTransfer" }), "done");
  for (let k = 0; !server.files.has(`./${TEST_FILE}`); k++) {
    assert.ok(k < 10_000);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  for (let k = 0; k < 100 && !log("event").some((one) => one.includes("tested")); k++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(log("event").some((one) => one.includes(`tested: ${TEST_FILE} is there`)));
  assert.ok(!JSON.stringify(jem.file).includes("right"));
  jem.transfer.stop();
  const without = jemStar(t);
  assert.equal(without.tell({ command: "testTransfer" }), "invalid");
});
