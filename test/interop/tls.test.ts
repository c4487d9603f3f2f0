/** Modbus/TCP Security: certificates that OpenSSL made, OpenSSL's own client and Python's against a running site. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { openLine, parseModbusUrl } from "#headend/modbus-url.ts";
import { roleOf } from "#protocol/modbus/roles.ts";
import { freePort, siteOf, startSite, temporaryFolder } from "../running-site.ts";
import { runProgram, without } from "./programs.ts";
import { certificates } from "./role-certificates.ts";

async function securedSite(t: TestContext, roles = ", roles: { operator: write, viewer: read }") {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const at = await certificates(folder);
  const listen = `{ modbus: tls, port: 0, certificate: meter.pem, key: meter.key, authority: ca.pem${roles} }`;
  const site = await startSite(folder, siteOf({ listen }));
  t.after(() => site.end());
  const open = (name: string, authority = "ca") =>
    openLine(
      parseModbusUrl(
        `modbus+tls://127.0.0.1:${site.port}/1?certificate=${at(`${name}.pem`)}&key=${at(`${name}.key`)}&authority=${at(`${authority}.pem`)}`,
      ),
      { timeoutMs: 2000, retries: 0 },
    );
  return { site, at, open, folder };
}

const read = { kind: "read", fn: 3, first: 141, count: 1 } as const;
const write = { kind: "write", fn: 6, first: 141, values: Uint16Array.of(15) } as const;
const skip = without("openssl");

test("a role reads, writes or is refused with exception 01, as the site file says", { skip }, async (t) => {
  const { open } = await securedSite(t);
  const outcomes: Record<string, [unknown, unknown]> = {};
  for (const name of ["viewer", "operator", "cleaner", "nobody"]) {
    const line = await open(name);
    const written = await line.request(1, write);
    const answered = await line.request(1, read);
    outcomes[name] = [
      written.kind === "exception" ? written.exception : written.kind,
      answered.kind === "exception" ? answered.exception : answered.kind === "registers" && answered.values[0],
    ];
    line.close();
  }
  // 10 is the default of register 142: the viewer came before the operator.
  assert.deepEqual(outcomes, { viewer: [1, 10], operator: ["written", 15], cleaner: [1, 1], nobody: [1, 1] });
});

test("without roles every certificate of the authority may do all", { skip }, async (t) => {
  const { open } = await securedSite(t, "");
  const line = await open("nobody");
  assert.equal((await line.request(1, write)).kind, "written");
  line.close();
});

test("who has no certificate, a stranger's, or an old TLS is not let in; the listener goes on", { skip }, async (t) => {
  const { site, at, open } = await securedSite(t);
  const client = (...args: string[]) =>
    runProgram("openssl", ["s_client", "-connect", `127.0.0.1:${site.port}`, "-CAfile", at("ca.pem"), ...args]);
  const known = ["-cert", at("operator.pem"), "-key", at("operator.key")];
  assert.match((await client("-tls1_2")).out, /alert handshake failure|certificate required/i);
  assert.match(
    (await client("-tls1_1", "-cipher", "ALL@SECLEVEL=0", ...known)).out,
    /alert protocol version|no protocols available/i,
  );
  await assert.rejects(async () => {
    const line = await open("stranger");
    await line.request(1, read);
  });
  await assert.rejects(() => open("operator", "stranger-ca"), /cannot connect to 127\.0\.0\.1:\d+: .*certificate/);
  const line = await open("operator");
  assert.equal((await line.request(1, read)).kind, "registers");
  line.close();
});

for (const [what, first] of [
  ["that say nothing", ""],
  // RFC 8446, 5.1 and 4: the beginning of a ClientHello.
  ["that begin a handshake and no more", "1603010200010001fc0303"],
] as const) {
  test(
    `a proper peer is let in each time among 1,500 ${what} and come again as they are put out`,
    { skip },
    async (t) => {
      const { site, open } = await securedSite(t);
      let [going, putOut] = [true, 0];
      const sockets = new Set<net.Socket>();
      const come = (): void => {
        const socket = net.connect(site.port, "127.0.0.1", () => socket.write(Buffer.from(first, "hex")));
        sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => {
          sockets.delete(socket);
          putOut++;
          if (going) come();
        });
        socket.resume();
      };
      for (let k = 0; k < 1500; k++) come();
      t.after(() => {
        going = false;
        for (const socket of sockets) socket.destroy();
      });
      for (let k = 0; k < 5; k++) {
        const line = await open("operator");
        assert.equal((await line.request(1, read)).kind, "registers");
        line.close();
      }
      // A thousand may wait.
      assert.ok(putOut > 400, String(putOut));
    },
  );
}

test("what is no handshake does not stop the listener", { skip }, async (t) => {
  const { site, open } = await securedSite(t);
  let seed = 2026;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  for (let k = 0; k < 200; k++) {
    const bytes = Buffer.from(Array.from({ length: Math.floor(200 * random()) }, () => Math.floor(256 * random())));
    // A record of a handshake, and nonsense inside.
    if (k % 2 === 0) Buffer.from([0x16, 3, 1, 0, bytes.length & 255]).copy(bytes);
    await new Promise<void>((resolve) => {
      const socket = net.connect(site.port, "127.0.0.1", () => socket.end(bytes));
      socket.on("error", () => {});
      socket.on("close", () => resolve());
      setTimeout(() => socket.destroy(), 20);
    });
  }
  const line = await open("operator");
  assert.equal((await line.request(1, read)).kind, "registers");
  line.close();
});

test("Python's TLS reads a register", { skip: without("openssl", "python3") }, async (t) => {
  const { site, folder } = await securedSite(t);
  const script = `
import socket, ssl, sys
folder = sys.argv[2]
context = ssl.create_default_context(cafile=folder + "/ca.pem")
context.load_cert_chain(folder + "/operator.pem", folder + "/operator.key")
raw = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
with context.wrap_socket(raw, server_hostname="127.0.0.1") as secure:
    secure.sendall(bytes.fromhex("000100000006010300830001"))
    print(secure.version(), secure.recv(100).hex())
`;
  const { out } = await runProgram("python3", ["-c", script, String(site.port), folder]);
  // Register 132: CT secondary, 1.
  assert.match(out, /TLSv1\.3 00010000000501030200/);
});

test("the role is the UTF8String of its extension; what is no certificate has none", { skip }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const at = await certificates(folder);
  const der = (name: string): Uint8Array => new X509Certificate(readFileSync(at(`${name}.pem`))).raw;
  assert.equal(roleOf(der("viewer")), "viewer");
  assert.equal(roleOf(der("nobody")), undefined);
  const bytes = der("operator");
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (place, value, length) => {
      const wrong = bytes.slice(0, length);
      if (place < length) wrong[place] = value;
      const role = roleOf(wrong);
      assert.ok(role === undefined || typeof role === "string");
    }),
    { numRuns: 20_000, seed: 2026 },
  );
});

test(
  "a renewed certificate of a listener is shown after a reload, and peers are told apart as before",
  { skip },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const at = await certificates(folder);
    const port = await freePort();
    const listen = `{ modbus: tls, port: ${port}, certificate: meter.pem, key: meter.key, authority: ca.pem }`;
    const site = await startSite(folder, siteOf({ listen }));
    t.after(() => site.end());
    const shown = async (): Promise<string> => {
      const { out } = await runProgram("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, "-showcerts"]);
      return /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(out)?.[0] ?? out;
    };
    const reload = async (): Promise<{ readonly changes: readonly string[] }> => {
      const answer = await fetch(`${site.page}api/reload`, { method: "POST" });
      return (await answer.json()) as { readonly changes: readonly string[] };
    };
    const first = readFileSync(at("meter.pem"), "utf8").trim();
    assert.equal(await shown(), first);
    const other = await certificates(mkdtempIn(folder));
    for (const name of ["meter.pem", "meter.key", "ca.pem"]) writeFileSync(at(name), readFileSync(other(name)));
    const { changes } = await reload();
    assert.ok(
      changes.some((words) => words === `opened modbus tls 127.0.0.1:${port}`),
      changes.join("; "),
    );
    assert.equal(await shown(), readFileSync(other("meter.pem"), "utf8").trim());
    const asked = async (role: string, files: (name: string) => string) => {
      const query = `certificate=${files(`${role}.pem`)}&key=${files(`${role}.key`)}&authority=${other("ca.pem")}`;
      const options = { timeoutMs: 2000, retries: 0 };
      const line = await openLine(parseModbusUrl(`modbus+tls://127.0.0.1:${port}/1?${query}`), options);
      return line.request(1, read).finally(() => line.close());
    };
    assert.equal((await asked("viewer", other)).kind, "registers");
    // The old authority's are strangers now.
    const old = await certificates(mkdtempIn(folder));
    await assert.rejects(asked("viewer", old));
  },
);

function mkdtempIn(folder: string): string {
  return mkdtempSync(path.join(folder, "keys-"));
}
