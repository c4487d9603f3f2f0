/** The web side over HTTPS and from elsewhere: a certificate that OpenSSL made, curl, OpenSSL and Python against a running site. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import tls from "node:tls";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { siteOf, startSite, temporaryFolder } from "../running-site.ts";
import { runProgram, without, type Ran } from "./programs.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
/** A peer of this name is elsewhere: only 127.0.0.1 is this machine to the site. */
const ELSEWHERE = "127.0.0.2";

async function certificate(folder: string): Promise<string> {
  const at = (name: string): string => path.join(folder, name);
  const making = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const named = ["-subj", "/CN=site", "-addext", "subjectAltName=IP:127.0.0.1"];
  const { status, out } = await runProgram("openssl", [
    ...making,
    "-keyout",
    at("web.key"),
    "-out",
    at("web.pem"),
    ...named,
  ]);
  assert.equal(status, 0, out);
  return at("web.pem");
}

function polyphase(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("close", (status) => resolve({ status, out }));
  });
}

async function secured(t: TestContext, web = "certificate: web.pem, key: web.key") {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const pem = await certificate(folder);
  const site = await startSite(folder, siteOf().replace("web: { port: 0 }", `web: { port: 0, ${web} }`));
  t.after(() => site.end());
  return { folder, pem, site, file: path.join(folder, "site.yaml") };
}

test(
  "OpenSSL and curl shake hands with TLS 1.2 and 1.3, and not with 1.1",
  { skip: without("openssl", "curl") },
  async (t) => {
    const { pem, site } = await secured(t);
    assert.match(site.page, /^https:\/\/127\.0\.0\.1:\d+\/$/);
    const { port } = new URL(site.page);
    for (const version of ["1.2", "1.3"]) {
      const spoken = ["-s", "-w", "%{ssl_verify_result}", `--tlsv${version}`, "--tls-max", version, "--cacert", pem];
      const { status, out } = await runProgram("curl", [...spoken, `${site.page}health`]);
      assert.deepEqual([status, out], [0, '{"ok":true}0'], version);
    }
    // A client that would: it is the site that does not.
    const old = ["s_client", "-connect", `127.0.0.1:${port}`, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"];
    const { status, out } = await runProgram("openssl", old);
    assert.deepEqual([status, /alert protocol version/.test(out)], [1, true], out);
    // Who speaks plain HTTP there is answered nothing.
    assert.notEqual((await runProgram("curl", ["-s", `${site.page.replace("https", "http")}health`])).status, 0);
  },
);

test(
  "curl logs in from elsewhere with a cookie over HTTPS, and a password from the command line ends its session",
  { skip: without("openssl", "curl"), timeout: 60_000 },
  async (t) => {
    const { folder, pem, site, file } = await secured(t);
    const jar = path.join(folder, "jar");
    const asAnn = ["-s", "--interface", ELSEWHERE, "--cacert", pem, "-b", jar];
    const curl = async (place: string, ...args: readonly string[]): Promise<Ran> =>
      runProgram("curl", [...asAnn, "-w", " %{http_code}", "-c", jar, ...args, `${site.page}${place}`]);
    const ann = await polyphase(["user", "add", "ann", "--role", "viewer", file], {
      POLYPHASE_PASSWORD: "correct horse",
    });
    assert.equal(ann.status, 0, ann.out);
    assert.equal(statSync(path.join(folder, "site.users")).mode & 0o777, 0o600);
    assert.match((await curl("api/meters")).out, /log in first.* 401$/);
    const body = ["-H", "Content-Type: application/json", "-d", '{"user":"ann","password":"correct horse"}'];
    assert.match((await curl("api/session", ...body)).out, /"role":"viewer"\} 200$/);
    assert.match(readFileSync(jar, "utf8"), /TRUE\t\d+\t__Host-polyphase-session\t/);
    assert.match((await curl("api/meters")).out, /feeder-1.* 200$/);
    assert.match(
      (await curl("api/meters/feeder-1/readings", "-H", "Content-Type: application/json", "-d", "{}")).out,
      /takes an operator.* 403$/,
    );
    // The stream is cut when the password is another: curl ends by itself.
    const stream = runProgram("curl", [...asAnn, "-N", "-m", "40", `${site.page}api/meters/feeder-1/live`]);
    assert.equal(
      (await polyphase(["user", "password", "ann", file], { POLYPHASE_PASSWORD: "another horse" })).status,
      0,
    );
    assert.equal((await stream).status, 0);
    assert.match((await curl("api/meters")).out, / 401$/);
  },
);

test("Python logs in over HTTPS with a token", { skip: without("openssl", "python3") }, async (t) => {
  const { pem, site, file } = await secured(t, "certificate: web.pem, key: web.key, login: always");
  await polyphase(["user", "add", "ann", "--role", "viewer", file], { POLYPHASE_PASSWORD: "correct horse" });
  const script = `
import json, ssl, sys, urllib.request as r
at, context = sys.argv[1], ssl.create_default_context(cafile=sys.argv[2])
def ask(place, body=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    return json.load(r.urlopen(r.Request(at + place, data=data, headers={'Content-Type': 'application/json', **headers}), context=context))
token = ask('api/session', {'user': 'ann', 'password': 'correct horse'})['token']
print([one['name'] for one in ask('api/meters', **{'Polyphase-Session': token})['meters']])
`;
  const { out } = await runProgram("python3", ["-c", script, site.page, pem]);
  assert.equal(out.trim(), "['feeder-1']");
});

test(
  "the command line asks a site elsewhere as one of its users, and says who is lacking",
  { skip: without("openssl"), timeout: 60_000 },
  async (t) => {
    const { pem, site, file } = await secured(t, "certificate: web.pem, key: web.key, login: always");
    const trust = { NODE_EXTRA_CA_CERTS: pem };
    await polyphase(["user", "add", "ann", "--role", "viewer", file], { POLYPHASE_PASSWORD: "correct horse" });
    const url = `${site.page}api/meters/feeder-1`;
    // What the site says to try next names who asks, and nothing that is refused to everybody.
    const [, hints = ""] = site.output().split("To try next");
    assert.match(hints, new RegExp(`npx polyphase read ${url} --site-user NAME`));
    assert.doesNotMatch(hints, /curl/);
    const doubted = await polyphase(["read", url]);
    assert.match(doubted.out, /is reached, but its certificate is none of .*NODE_EXTRA_CA_CERTS=FILE/);
    const nobody = await polyphase(["read", url], trust);
    assert.deepEqual(
      [nobody.status, /log in first.*--site-user NAME says who asks/.test(nobody.out)],
      [1, true],
      nobody.out,
    );
    const wrong = await polyphase(["read", url, "--site-user", "ann"], {
      ...trust,
      POLYPHASE_SITE_PASSWORD: "wrong horse",
    });
    assert.deepEqual([wrong.status, wrong.out.endsWith("wrong user or password\n")], [1, true], wrong.out);
    const right = { ...trust, POLYPHASE_SITE_PASSWORD: "correct horse" };
    let read = await polyphase(["read", url, "--site-user", "ann"], right);
    // A meter that has just begun has measured nothing yet.
    while (read.status === 0 && !read.out.includes("V.a "))
      read = await polyphase(["read", url, "--site-user", "ann"], right);
    assert.deepEqual([read.status, /V\.a +250/.test(read.out)], [0, true], read.out);
    const command = await polyphase(["command", url, "clearEnergy", "--site-user", "ann"], right);
    assert.deepEqual(
      [command.status, /ann is a viewer; this takes an operator/.test(command.out)],
      [1, true],
      command.out,
    );
    const unasked = await polyphase(["read", url, "--site-user", "ann"], trust);
    assert.deepEqual(
      [unasked.status, /no terminal to ask on; put the password into POLYPHASE_SITE_PASSWORD/.test(unasked.out)],
      [2, true],
    );
  },
);

test("users are added, listed, changed and removed; what is wrong is said with status 1 or 2", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const user = (...args: readonly string[]): Promise<Ran> =>
    polyphase(["user", ...args], { POLYPHASE_PASSWORD: "correct horse" });
  assert.match(
    (await user("add", "ann", "--role", "viewer", file)).out,
    /cannot read .*site\.yaml: there is no such file/,
  );
  writeFileSync(file, siteOf());
  const steps: readonly (readonly [status: number, says: RegExp, ...args: readonly string[]])[] = [
    [0, /^no users: nobody logs in/, "list", file],
    [0, /^ann is a viewer of /, "add", "ann", "--role", "viewer", file],
    [1, /has a user ann/, "add", "ann", "--role", "owner", file],
    [2, /expected one of viewer, operator, owner; found "king"/, "add", "bob", "--role", "king", file],
    [2, /"b b" is no name: expected letters/, "add", "b b", "--role", "owner", file],
    [0, /^bob is an owner of /, "add", "bob", "--role", "owner", file],
    [0, /^ann is an operator now/, "role", "ann", file, "--role", "operator"],
    [0, /^bob +owner\nann +operator\n$/, "list", file],
    [1, /there is no user eve .*; it has bob, ann/, "remove", "eve", file],
    [0, /^bob is removed/, "remove", "bob", file],
    [0, /^[0-9a-f]{48}\n$/, "token", file],
  ];
  for (const [status, says, ...args] of steps) {
    const ran = await user(...args);
    assert.equal(ran.status, status, `${args.join(" ")}\n${ran.out}`);
    assert.match(ran.out, says);
  }
  const short = await polyphase(["user", "password", "ann", file], { POLYPHASE_PASSWORD: "short" });
  assert.deepEqual([short.status, /has 5 characters, expected 8 to 256/.test(short.out)], [2, true]);
  const kept = readFileSync(path.join(folder, "site.users"), "utf8");
  assert.doesNotMatch(kept, /horse/);
  assert.deepEqual(Object.keys(JSON.parse(kept) as object), ["users", "token"]);
});

test(
  "a start beyond loopback says what it lacks, and a certificate that is none ends it",
  { skip: without("openssl"), timeout: 60_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const site = await startSite(folder, siteOf().replace("web: { port: 0 }", "web: { port: 0, host: 0.0.0.0 }"));
    await site.end();
    assert.match(
      site.output(),
      /warn .*reached from elsewhere \(host: 0\.0\.0\.0\), and passwords and readings cross the network in the clear/,
    );
    assert.match(site.output(), /warn .*nobody can log in: npx polyphase user add NAME --role owner/);
    const none = siteOf().replace("web: { port: 0 }", "web: { port: 0, certificate: site.yaml, key: site.yaml }");
    await assert.rejects(startSite(folder, none), /web\.certificate: .*site\.yaml is no certificate: expected PEM/);
    const gone = path.join(folder, "gone.yaml");
    writeFileSync(
      gone,
      siteOf().replace("web: { port: 0 }", "web: { port: 0, certificate: gone.pem, key: gone.yaml }"),
    );
    const ended = await polyphase(["up", gone]);
    assert.deepEqual([ended.status, /gone\.pem: there is no such file/.test(ended.out)], [2, true], ended.out);
    const half = siteOf().replace("web: { port: 0 }", "web: { port: 0, certificate: web.pem }");
    await assert.rejects(startSite(folder, half), /web\.key: expected certificate and key together/);
  },
);

test(
  "a renewed certificate is shown after a reload, to whoever connects from then on; one that is none changes nothing",
  { skip: without("openssl", "curl") },
  async (t) => {
    const { folder, pem, site } = await secured(t);
    const shown = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(site.page);
        const peer = tls.connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
          resolve(peer.getPeerX509Certificate()?.toString().trim() ?? "");
          peer.destroy();
        });
        peer.on("error", reject);
      });
    const reload = async (): Promise<unknown> => {
      const asked = ["-s", "-k", "-X", "POST", "-H", "Content-Type: application/json", `${site.page}api/reload`];
      return JSON.parse((await runProgram("curl", asked)).out);
    };
    const held = (): string => readFileSync(pem, "utf8").trim();
    const first = held();
    assert.equal(await shown(), first);
    assert.deepEqual(await reload(), { ok: true, changes: [] });
    await certificate(folder);
    assert.notEqual(held(), first);
    assert.equal(await shown(), first, "until it is told");
    const said = "web: shows the certificate that web.pem holds now";
    assert.deepEqual(await reload(), { ok: true, changes: [said] });
    const second = held();
    assert.equal(await shown(), second);
    assert.equal((await runProgram("curl", ["-s", "--cacert", pem, `${site.page}health`])).out, '{"ok":true}');
    assert.deepEqual(await reload(), { ok: true, changes: [] });
    writeFileSync(pem, "no certificate");
    assert.match(JSON.stringify(await reload()), /web\.certificate: [^"]*web\.pem is no certificate/);
    assert.equal(await shown(), second);
  },
);
