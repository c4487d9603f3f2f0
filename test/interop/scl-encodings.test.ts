/** CIDs in the encodings that iconv and xmllint write, by each way that one comes to a running meter: right characters, or none of it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { withMmsFiles } from "#headend/mms-files.ts";
import { parseMmsUrl } from "#headend/mms-url.ts";
import { runWith } from "../cli-run.ts";
import { ftpPeer } from "../ftp-peers.ts";
import { CID } from "../iec61850-hand-cid.ts";
import { servedFiles } from "../served-files.ts";
import { connect, done, sftpOf, sftpPort } from "../ssh-peers.ts";
import { without } from "./programs.ts";

const JEM = `
communications: { ftp: { enabled: true } }
iec61850: { clients: 4 }
users:
  - { name: admin, password: meter-admin, privileges: [readPowerQuality, configureProtocols, configureUsers] }
`;
const LISTEN = "{ ftp: tcp, port: 0 }, { sftp: tcp, port: 0 }, { mms: tcp, port: 0 }";

async function rig(t: TestContext) {
  const served = await servedFiles(t, { jem: JEM, listen: LISTEN, modelNumber: "JSII-09I6020-2A-DIO-NTP-IEC" });
  const portOf = (name: string): number =>
    Number(new URL(served.site.listeners.find(({ protocol }) => protocol.name === name)!.urls[0]!.url).port);
  const url = `${served.url}api/meters/jem`;
  const asAdmin = (...words: readonly string[]) =>
    runWith({ POLYPHASE_PASSWORD: "meter-admin", POLYPHASE_SECRET: "meter-admin" }, ...words);
  const secret = await asAdmin("config", "secret", "iec61850.password", url, "--shows", "admin");
  assert.equal(secret.status, 0, secret.err);
  const version = (): string =>
    (served.site.meter("jem")!.surface.configuration() as { readonly iec61850: { readonly configVersion: string } })
      .iec61850.configVersion;
  const file = path.join(served.folder, "feeder.cid");
  const byCommand = (to: string) => async (bytes: Uint8Array) => {
    writeFileSync(file, bytes);
    const { status, err } = await asAdmin("scl", "apply", file, to, "--yes");
    return status === 0 ? "" : err;
  };
  const mms = parseMmsUrl(`mms://127.0.0.1:${portOf("mms")}?auth=password`)!;
  const { client } = await connect(sftpPort(served), "admin", "meter-admin");
  t.after(() => client.destroy());
  const sftp = await sftpOf(client);
  const ftp = await ftpPeer(t, portOf("ftp"));
  await ftp.ask("USER admin");
  assert.match(await ftp.ask("PASS meter-admin"), /^230 /);
  const ways: Readonly<Record<string, (bytes: Uint8Array) => Promise<string>>> = {
    "scl apply http://": byCommand(url),
    "scl apply sftp://": byCommand(`sftp://admin@127.0.0.1:${sftpPort(served)}`),
    "scl apply mms://": byCommand(`mms://127.0.0.1:${portOf("mms")}?auth=password`),
    SFTP: (bytes) =>
      done<void>((then) => sftp.writeFile("/feeder.cid", Buffer.from(bytes), (error) => then(error, undefined))).then(
        () => "",
        (error: unknown) => String(error),
      ),
    async FTP(bytes) {
      const data = await ftp.data();
      await ftp.ask("STOR feeder.cid");
      data.end(bytes);
      const said = await ftp.reply();
      return said.startsWith("226") ? "" : said;
    },
    SetFile: (bytes) =>
      withMmsFiles(
        mms,
        { timeoutMs: 10_000, secrets: { password: () => Promise.resolve(new TextEncoder().encode("meter-admin")) } },
        (source) => source.send!("feeder.cid", bytes).then(() => ""),
      ).catch(String),
  };
  return { ways, version, url };
}

/** What a program makes of a text in UTF-8. */
function made(program: string, args: readonly string[], text: string): Uint8Array {
  const { status, stdout, stderr } = spawnSync(program, args, { input: text, maxBuffer: 2 ** 24 });
  assert.equal(status, 0, stderr.toString());
  return stdout;
}

const named = (encoding: string, text: string): string => text.replace('encoding="UTF-8"', `encoding="${encoding}"`);

const encodings: readonly (readonly [what: string, station: string, of: (text: string) => Uint8Array])[] = [
  ["ISO-8859-1 of xmllint", "Süd 30°", (text) => made("xmllint", ["--encode", "ISO-8859-1", "-"], text)],
  ["UTF-16 of xmllint", "Süd 30° €1", (text) => made("xmllint", ["--encode", "UTF-16", "-"], text)],
  [
    "windows-1252 of iconv",
    "Süd 30° €2",
    (text) => made("iconv", ["-f", "utf-8", "-t", "windows-1252"], named("windows-1252", text)),
  ],
  [
    "UTF-16, the large end first, of iconv",
    "Süd 30° €3",
    (text) => made("iconv", ["-f", "utf-8", "-t", "utf-16be"], named("UTF-16", `\uFEFF${text}`)),
  ],
];

const before = CID.slice(0, CID.indexOf('<DAI name="location"')).split("\n");
const [line, column] = [before.length, (before.at(-1) ?? "").length + 1];

test(
  "a CID has the characters that its author wrote, whatever it is encoded in and however it comes",
  { skip: without("xmllint", "iconv") },
  async (t) => {
    const { ways, version, url } = await rig(t);
    let sent = 10;
    for (const [way, send] of Object.entries(ways)) {
      for (const [what, words, of] of encodings) {
        // Whatever is for people only may have any characters.
        const next = CID.replace('configVersion="4"', `configVersion="${++sent}" desc="${words}"`);
        assert.equal(await send(of(next)), "", `${what}, ${way}`);
        assert.equal(version(), String(sent), `${what}, ${way}`);
        if (!what.startsWith("windows-1252")) continue;
        const refused = await send(of(next.replace("Substation Nord", words)));
        const place = way.startsWith("scl apply")
          ? `feeder.cid:${line}:${column}: error`
          : `line ${line}, column ${column}`;
        const why = `${place}: LPHD1.PhyNam.location: expected printable ASCII; found "${words}"`;
        assert.ok(
          refused.includes(way === "SetFile" ? why.replaceAll(/[ü°€]/g, "?") : why),
          `${what}, ${way}: ${refused}`,
        );
        assert.equal(version(), String(sent), `${what}, ${way}`);
      }
      const koi = made("iconv", ["-f", "utf-8", "-t", "koi8-r"], named("KOI8-R", CID.replace("Nord", "Север")));
      const why = "expected the encoding UTF-8, UTF-16, ISO-8859-1 or windows-1252; found KOI8-R";
      const said = await send(koi);
      assert.ok(said.includes(why), `${way}: ${said}`);
      assert.match(said, /line 1, column 1: |feeder\.cid:1:1: /, way);
      assert.equal(version(), String(sent), way);
    }
    // In JSON it is a text, and JSON is UTF-8.
    const latin = Buffer.from(JSON.stringify(CID.replace("Nord", "Süd")), "latin1");
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${url}/configuration?check`, { method: "PUT", headers, body: latin });
    const { error } = (await answer.json()) as { error: string };
    assert.deepEqual([answer.status, error], [422, "expected JSON in UTF-8; found other bytes"]);
  },
);
