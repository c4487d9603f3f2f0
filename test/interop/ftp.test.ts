/** The files of a meter by the FTP clients that people have, and a CID that they send: curl, lftp and Python's ftplib. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { bytesOf, FOLDERS, NAMES } from "../filled-shelf.ts";
import { CID } from "../iec61850-hand-cid.ts";
import { servedFiles } from "../served-files.ts";
import { programPath, without } from "./programs.ts";

const JEM = `
communications: { ftp: { enabled: true } }
users:
  - { name: admin, password: meter-admin, privileges: [readPowerQuality, configurePowerQuality, configureProtocols] }
  - { name: pq, password: meter-pq, privileges: [readPowerQuality] }
`;

async function rig(t: TestContext) {
  const served = await servedFiles(t, {
    listen: "{ ftp: tcp, port: 0 }",
    jem: JEM,
    modelNumber: "JSII-09I6020-2A-DIO-NTP-IEC",
  });
  const { site, folder } = served;
  const { port } = new URL(site.listeners[0]!.urls[0]!.url);
  const cid = path.join(folder, "FEEDER9.cid");
  writeFileSync(cid, CID);
  const wrong = path.join(folder, "WRONG.cid");
  writeFileSync(wrong, CID.replace('<DAType id="AV">', '<DAType id="AX">'));
  const run = (name: string, args: readonly string[]): Promise<{ status: number; out: string; bytes: Buffer }> =>
    new Promise((resolve) => {
      const options = {
        cwd: folder,
        env: { ...process.env, HOME: folder },
        timeout: 30_000,
        encoding: "buffer",
      } as const;
      execFile(programPath(name) ?? name, args, options, (error, bytes, err) =>
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), out: `${bytes}${err}`, bytes }),
      );
    });
  const { surface } = site.meter("jem")!;
  const ied = (): string => (surface.configuration() as { readonly iec61850: { readonly name: string } }).iec61850.name;
  return { ...served, port, cid, wrong, run, ied };
}

test(
  "curl lists, fetches by both ways of passive mode, sends a CID, and hears why another is none",
  { skip: without("curl") },
  async (t) => {
    const { run, port, ied, cid, wrong, folder } = await rig(t);
    const at = `ftp://127.0.0.1:${port}/`;
    const curl = (user: string, ...args: string[]) => run("curl", ["-sS", "-u", `${user}:meter-${user}`, ...args]);
    const names = await curl("pq", "-l", at);
    assert.deepEqual(
      names.out.trimEnd().split(/\r?\n/).toSorted(),
      [...NAMES.slice(0, 3), "scl", ...FOLDERS].toSorted(),
    );
    for (const how of ["--ftp-pasv", "--disable-epsv"]) {
      const fetched = await curl("pq", how, `${at}${NAMES[4]}`);
      assert.deepEqual([fetched.status, new Uint8Array(fetched.bytes)], [0, bytesOf(4)], how);
    }
    // 67: the log-in was refused; 25: the upload was (curl's EXIT CODES).
    assert.equal((await run("curl", ["-sS", "-u", "pq:wrong", at])).status, 67);
    const refused = await curl("admin", "-v", "-T", wrong, at);
    assert.match(refused.out, /\n< 550[- ].*line \d+/);
    assert.notEqual(refused.status, 0);
    assert.equal(ied(), "JEM01");
    const sent = await curl("admin", "-T", cid, at);
    assert.equal(sent.status, 0, sent.out);
    assert.equal(ied(), "FEEDER9");
    assert.equal((await curl("admin", "-T", cid, `${at}a.pqd`)).status, 25);
    const long = path.join(folder, "LONG.cid");
    writeFileSync(long, Buffer.alloc(50_000_000, 0x20));
    assert.match((await curl("admin", "-v", "-T", long, at)).out, /\n< 552 a file has 1048576 bytes at most/);
    assert.notEqual((await curl("pq", "-P", "127.0.0.1", "--disable-eprt", at)).status, 0);
  },
);

test("lftp mirrors the files and puts a CID", { skip: without("lftp") }, async (t) => {
  const { run, port, folder, ied } = await rig(t);
  const lftp = (user: string, ...commands: readonly string[]) =>
    run("lftp", [
      "-c",
      [
        "set net:max-retries 1; set net:timeout 10; set cmd:fail-exit yes",
        `open -u ${user},meter-${user} -p ${port} ftp://127.0.0.1`,
        ...commands,
        "bye",
      ].join("; "),
    ]);
  const mirrored = await lftp("pq", "mirror / there");
  assert.equal(mirrored.status, 0, mirrored.out);
  NAMES.forEach((name, k) =>
    assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, "there", name))), bytesOf(k)),
  );
  const wrong = await lftp("admin", "put WRONG.cid");
  assert.notEqual(wrong.status, 0);
  assert.equal(ied(), "JEM01");
  const sent = await lftp("admin", "put FEEDER9.cid");
  assert.equal(sent.status, 0, sent.out);
  assert.equal(ied(), "FEEDER9");
});

test("ftplib of Python lists, fetches, is refused, aborts and sends", { skip: without("python3") }, async (t) => {
  const { run, port, cid, ied, shelf } = await rig(t);
  shelf.put("big.pqd", new Uint8Array(20_000_000));
  const script = fileURLToPath(new URL("ftp-client.py", import.meta.url));
  const { status, out, bytes } = await run("python3", [script, port, "admin", "meter-admin", cid]);
  assert.equal(status, 0, out);
  const said = JSON.parse(bytes.toString()) as Readonly<Record<string, unknown>>;
  assert.match(String(said["wrong"]), /^530 /);
  assert.deepEqual(said["names"], [...NAMES.slice(0, 3), "big.pqd", "scl", ...FOLDERS].toSorted());
  assert.deepEqual((said["facts"] as Record<string, unknown>)[NAMES[0]], {
    type: "file",
    size: "14131",
    modify: "20200109135613",
  });
  assert.equal(said["size"], 14_131);
  assert.match(String(said["lines"]), /^-r--r-----.* 14131 Jan {2}9 {2}2020 154800417_1578578162_100772\.cff$/);
  assert.equal(said["bytes"], Buffer.from(bytesOf(0)).toString("hex"));
  assert.match(String(said["active"]), /^502 /);
  assert.match(String(said["resume"]), /^502 /);
  assert.match(String(said["abort"]), /^426 /);
  assert.match(String(said["after"]), /^226 /);
  assert.equal(said["whole"], "226 taken");
  assert.match(String(said["half"]), /^550/);
  assert.match(String(said["bye"]), /^221 /);
  assert.equal(ied(), "FEEDER9");
});
