/** Words of commands over DNP3 that are wrong: what was expected is said in a line, with status 2. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { run } from "./cli-run.ts";

const HERE = "dnp3://127.0.0.1:1/1";

test("files that are not there, or say nothing of points, end with status 2 and their names", async () => {
  const tls = "dnp3+tls://127.0.0.1:1/1?certificate=no.pem&key=no.key&authority=no.ca";
  const all = await Promise.all([
    run("read", HERE, "--configuration", "missing.yaml"),
    run("read", HERE, "--configuration", "none.xml"),
    run("read", tls),
    run("write", tls, "freeze"),
    run("scan", tls),
    run("read", tls.replace("dnp3", "modbus"), "--model", "leviton-s4100"),
  ]);
  assert.deepEqual(
    all.map(({ status, out, err }) => [status, out, err.trim()]),
    [
      "cannot read missing.yaml: there is no such file",
      "cannot read none.xml: there is no such file",
      ...Array<string>(4).fill(
        "certificate: cannot read no.pem: there is no such file; key: cannot read no.key: there is no such file; authority: cannot read no.ca: there is no such file",
      ),
    ].map((why) => [2, "", `polyphase: ${why}`]),
  );
});

test("units are of Modbus, and digits that have no other are counted", async () => {
  const all = await Promise.all([
    run("scan", HERE, "--units", "1-5"),
    run("decode", "05640BC40100640044EAC0C0013C020654E"),
  ]);
  assert.deepEqual(
    all.map(({ status }) => status),
    [2, 2],
  );
  assert.match(all[0].err, /--units: units are of Modbus; over DNP3 --addresses says/);
  assert.match(all[1].err, /found 35 digits, an odd number, in "05640BC4/);
});

test("a scan in vain says that an outstation may know another master", async (t) => {
  const silent = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  await once(silent, "listening");
  t.after(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const { status, out } = await run("scan", `dnp3://127.0.0.1:${port}`, "--addresses", "1-2", "--timeout", "50");
  assert.deepEqual(
    [status, out.trim()],
    [
      1,
      `no outstation answers at dnp3://127.0.0.1:${port}: 2 addresses tried in vain; one may know another master only (?master=)`,
    ],
  );
});

test("a frame that is cut is said to be", async () => {
  const { status, out } = await run("decode", "05640BC40100640044EAC0C0013C0206");
  assert.equal(status, 1);
  assert.match(out, /! not understood: the frame is cut: 16 octets of 18/);
});
