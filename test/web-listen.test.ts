/** The listener of the HTTP side on real sockets: peers that break off, handshakes that are never done. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import { serveWeb } from "#web/listen.ts";
import { temporaryFolder } from "./running-site.ts";

async function served(t: TestContext, web = "") {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  if (web !== "")
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "key.pem",
        "-out",
        "web.pem",
        "-subj",
        "/CN=localhost",
      ],
      { cwd: folder, stdio: "ignore" },
    );
  writeFileSync(
    file,
    `web: { port: 0${web} }\nstore: ":memory:"\nmeters:\n  - { name: m, model: leviton-s4100, source: { live: {} }, listen: [] }\n`,
  );
  const site = loadSite(file);
  const told: string[] = [];
  site.onNotice((notice) => told.push(textOf(notice)));
  await site.start();
  t.after(() => site.stop());
  const server = await serveWeb(site, site.file.web!);
  return { server, told, port: Number(new URL(server.url).port) };
}

test("peers that break off in the middle of a body are no news, whatever path they name", async (t) => {
  const { server, told, port } = await served(t);
  t.after(() => server.close());
  for (let k = 0; k < 30; k++) {
    const socket = net.connect(port, "127.0.0.1");
    await once(socket, "connect");
    const where = k % 2 === 0 ? "/api/session" : `/api/meters/${"x".repeat(7000)}/session`;
    socket.write(
      `POST ${where} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"use`,
    );
    // The site has it when it has read all: a request of another connection is answered after.
    assert.equal((await fetch(`${server.url}health`)).status, 200);
    socket.resetAndDestroy();
  }
  assert.equal((await fetch(`${server.url}health`)).status, 200);
  assert.deepEqual(told, []);
});

test("a command that is no object is refused as such", async (t) => {
  const { server, told } = await served(t);
  t.after(() => server.close());
  for (const body of ["null", "7", '"freeze"']) {
    const answer = await fetch(`${server.url}api/meters/m/commands`, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
    });
    assert.equal(answer.status, 422, body);
  }
  assert.deepEqual(told, []);
});

test("handshakes that are under way do not keep a site from stopping", { timeout: 5000 }, async (t) => {
  const { server, port } = await served(t, ", certificate: web.pem, key: key.pem");
  const silent = Array.from({ length: 20 }, () => net.connect(port, "127.0.0.1"));
  await Promise.all(silent.map((socket) => once(socket, "connect")));
  const ended = silent.map((socket) => {
    socket.on("error", () => {});
    socket.resume();
    return once(socket, "close");
  });
  await server.close();
  // That it was cut is an error of a socket, too.
  await Promise.allSettled(ended);
  assert.ok(silent.every((socket) => socket.destroyed));
});
