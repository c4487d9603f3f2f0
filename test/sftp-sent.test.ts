/** Files that are sent over SFTP: what the meter takes it takes whole, and of the rest it says why not. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { limits } from "#quantity/limits.ts";
import { NAMES } from "./filled-shelf.ts";
import { CID } from "./iec61850-hand-cid.ts";
import { servedFiles } from "./served-files.ts";
import { connect, done, sftpOf, sftpPort, statusOf } from "./ssh-peers.ts";

const USERS = `
users:
  - { name: admin, password: meter-admin, privileges: [readPowerQuality, configureProtocols, configureUsers] }
  - { name: pq, password: meter-pq, privileges: [readPowerQuality] }
`;

async function rig(t: TestContext, modelNumber = "JSII-09I6020-2A-DIO-NTP-IEC") {
  const served = await servedFiles(t, { listen: "{ sftp: tcp, port: 0 }", jem: USERS, modelNumber });
  const open = async (user = "admin") => {
    const { client } = await connect(sftpPort(served), user, `meter-${user}`);
    t.after(() => client.destroy());
    return sftpOf(client);
  };
  const meter = served.site.meter("jem");
  assert(meter !== undefined);
  const name = (): string =>
    (meter.surface.configuration() as { readonly iec61850: { readonly name: string } }).iec61850.name;
  return { open, name };
}

const PUT = "w";

test("a CID that is put is what the meter is set up to be", async (t) => {
  const { open, name } = await rig(t);
  const sftp = await open();
  assert.equal(await statusOf((then) => sftp.writeFile("/FEEDER9.cid", CID, then)), 0);
  assert.equal(name(), "FEEDER9");
});

test("a CID that is wrong is refused with its end, and changes nothing", async (t) => {
  const { open, name } = await rig(t);
  const sftp = await open();
  const handle = await done<Buffer>((then) => sftp.open("/a.cid", PUT, then as never));
  const bytes = Buffer.from(CID.replace('"FLOAT32"', '"INT32"'));
  assert.equal(await statusOf((then) => sftp.write(handle, bytes, 0, bytes.length, 0, then)), 0);
  assert.equal(await statusOf((then) => sftp.fsetstat(handle, { mtime: 1, atime: 1 } as never, then)), 0);
  assert.equal(await statusOf((then) => sftp.close(handle, then)), 4);
  assert.equal(name(), "JEM01");
});

test("what is no file of SCL, and who may not, is refused at once", async (t) => {
  const { open, name } = await rig(t);
  const sftp = await open();
  for (const path of ["/a.pqd", "/wfc/a.cff", "/", "/.."])
    assert.equal(await statusOf((then) => sftp.open(path, PUT, then as never)), 3, path);
  assert.equal(await statusOf((then) => sftp.open("/a.cid", "a", then as never)), 3, "nothing is there to append to");
  const other = await open("pq");
  assert.equal(await statusOf((then) => other.writeFile("/a.cid", CID, then)), 3);
  assert.equal(name(), "JEM01");
});

test("a meter without the option takes nothing", async (t) => {
  const { open } = await rig(t, "JSII-09I6020-2A-DIO-NTP");
  const sftp = await open();
  assert.equal(await statusOf((then) => sftp.writeFile("/a.cid", CID, then)), 4);
});

test("what is sent has a bound, no gaps, and is read by nobody", async (t) => {
  const { open } = await rig(t);
  const sftp = await open();
  const handle = await done<Buffer>((then) => sftp.open("/a.cid", PUT, then as never));
  const piece = Buffer.alloc(1000);
  const write = (at: number) => statusOf((then) => sftp.write(handle, piece, 0, piece.length, at, then));
  assert.equal(await write(1), 4);
  assert.equal(await write(0), 0);
  assert.equal(await write(1000), 0);
  assert.equal(await write(500), 0);
  assert.equal(await write(limits.ssh.putBytes - 999), 4);
  assert.equal(await statusOf((then) => sftp.read(handle, Buffer.alloc(10), 0, 10, 0, then as never)), 4);
  assert.equal(await statusOf((then) => sftp.open("/b.cid", PUT, then as never)), 4, "one at a time");
  const reading = await done<Buffer>((then) => sftp.open(`/${NAMES[0]}`, "r", then as never));
  assert.equal(await statusOf((then) => sftp.write(reading, piece, 0, piece.length, 0, then)), 3);
});
