/** `polyphase decode`: messages of meters, byte by byte. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { main, run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";
import { dsmr, easymeter, smarty } from "./telegrams.ts";

const capture = (name: string): string => fileURLToPath(new URL(`fixtures/dlms/${name}.txt`, import.meta.url));

test("a GET in the wrapper is told of line by line", async () => {
  const { status, out, err } = await run("decode", "dlms", "00010010 0001 000D C001 C1 0003 0100010700FF 03 00");
  assert.equal(err, "");
  assert.equal(status, 0);
  assert.equal(
    out,
    `dlms, 21 bytes
    0                       wrapper
    0  0001                   version: 1
    2  0010                   source: 16, public client
    4  0001                   destination: 1, management: a client's, or the logical device
    6  000D                   length: 13 bytes
    8                         APDU
    8  C0                       APDU: get-request
    9  01                       kind: normal
   10  C1                       invoke: id 1, confirmed, high priority
   11  0003                     class: 3, register
   13  0100010700FF             object: 1.0.1.7.0.255
   19  03                       attribute: 3, scaler_unit
   20  00                       selection: no
`,
  );
});

test("its answer in HDLC says scaler and unit, and which check is wrong", async () => {
  const right = await run("decode", "7EA01921000200235260CAE6E700C401C10002020FFD161B87F07E");
  assert.equal(right.status, 0);
  assert.match(right.out, /^ {3}18 +data: structure of 2 \(10\^-3 W\)$/m);
  assert.match(right.out, /^ {4}3 {2}21 +destination: 16 \(1 byte\)$/m);
  const wrong = await run("decode", "7EA01921000200235260CAE6E700C401C10002020FFD161C87F07E");
  assert.equal(wrong.status, 1);
  assert.match(wrong.out, /! frame check: wrong: expected [0-9A-F]{4}, found 87F0$/m);
  assert.match(wrong.err, /1 of 1 messages are not all right/);
});

test("a log of an exchange is read with its keys, as one JSON document, too", async () => {
  const keys = [
    "--key",
    "000102030405060708090A0B0C0D0E0F",
    "--authentication-key",
    "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF",
  ];
  const { status, out } = await run("decode", `@${capture("jdlms_jdlms_wrapper_gmac")}`, ...keys);
  assert.equal(status, 0);
  assert.match(out, /^# GET register value$/m);
  assert.match(out, /data: double-long-unsigned 1234567$/m);
  const messages = JSON.parse(
    (await run("decode", `@${capture("gxpy_jdlms_gmac")}`, "--json", ...keys)).out,
  ) as readonly {
    readonly line: number;
    readonly label: string;
    readonly protocol: string;
    readonly fields: readonly { readonly name: string; readonly at: number; readonly length: number }[];
  }[];
  assert.deepEqual(
    messages.map(({ line, label, protocol }) => [line, label, protocol]),
    ["CLIENT", "SERVER", "CLIENT", "SERVER"].map((label, k) => [k + 1, label, "dlms"]),
  );
  assert.deepEqual(
    messages[0]?.fields.map(({ name, at, length }) => [name, at, length]),
    [["wrapper", 0, 103]],
  );
});

test("keys are in files as well, and what is wrong with one is said without it", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [key, short] = ["key.hex", "short.hex"].map((name) => path.join(folder, name));
  writeFileSync(key ?? "", `${smarty.encryption}\n`);
  writeFileSync(short ?? "", "C0FFEE");
  const { status, out } = await run("decode", smarty.wire, "--key", `@${key}`);
  assert.equal(status, 0);
  assert.match(out, /plain text: 617 bytes, counted from 0 again; the tag is not checked \(--authentication-key\)$/m);
  const refused = await run("decode", smarty.wire, "--key", `@${short}`);
  assert.equal(refused.status, 2);
  assert.equal(refused.err, "polyphase: --key: expected 16 or 32 bytes in hex, found 3\n");
});

test("messages come from another program, and as they were on the wire", async (t) => {
  const child = spawn(process.execPath, [main, "decode", "-"], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end("what is asked\nD80102\n");
  let out = "";
  for await (const chunk of child.stdout) out += String(chunk);
  assert.match(out, /^what is asked\n\ndlms, 3 bytes\n/);
  assert.match(out, /service-error: 2, service-not-supported\n$/);
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "frames.bin");
  writeFileSync(file, Buffer.from("7EA00703217113C57EA00703217113C57E", "hex"));
  assert.equal((await run("decode", `@${file}`)).out.match(/frame: RR/g)?.length, 2);
});

test("a text of a P1 port and SML are known by themselves", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "telegram.txt");
  writeFileSync(file, dsmr);
  const p1 = await run("decode", `@${file}`);
  assert.equal(p1.status, 0);
  assert.match(p1.out, /^p1, 1071 bytes\n/);
  assert.match(p1.out, /^ +235 {2}312D303A312E372E\.\.\. {2}1-0:1\.7\.0: 01\.193 kW$/m);
  // As people wrap it.
  writeFileSync(file, easymeter.replaceAll(/(.{64})/g, "$1\n"));
  const sml = await run("decode", `@${file}`);
  assert.equal(sml.status, 0);
  assert.match(sml.out, /^sml, 308 bytes\n/);
  assert.match(sml.out, /2: 1-0:1\.8\.0\*255 = 8603838\.7975 Wh$/m);
});

const refusals: [words: readonly string[], status: number, says: RegExp][] = [
  [["decode", "C0ZZ"], 2, /expected pairs of hex digits, @FILE or -, found "C0ZZ"/],
  [["decode", "dlms"], 2, /expected a message in hex, @FILE or -/],
  [["decode", "@nowhere.txt"], 2, /cannot read nowhere\.txt: there is no such file/],
  [["decode", "C0", "--key", "0011"], 2, /--key: expected 16 or 32 bytes in hex, found 2/],
  [["decode", "C0", "--authentication-key", "00".repeat(16)], 2, /expected --key as well/],
  [["decode", "FFFF"], 1, /1 of 1 messages are not all right/],
];
for (const [words, status, says] of refusals) {
  test(`${words.slice(1).join(" ").slice(0, 40)} is refused in words`, async () => {
    const ended = await run(...words);
    assert.match(ended.err, says);
    assert.equal(ended.status, status);
  });
}

test("a capture is not taken for messages, whatever program made it", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  // draft-ietf-opsawg-pcap, 4: the magic numbers of both orders; draft-ietf-opsawg-pcapng, 4.1: a section header block.
  for (const magic of ["d4c3b2a1", "a1b2c3d4", "0a0d0d0a"]) {
    const file = path.join(folder, `${magic}.pcap`);
    writeFileSync(file, Buffer.from(`${magic}0200040000000000`, "hex"));
    const { status, err } = await run("decode", `@${file}`);
    assert.deepEqual(
      [status, /is a capture \(pcap\): expected messages in hex, as tshark -r/.test(err)],
      [2, true],
      err,
    );
  }
});
