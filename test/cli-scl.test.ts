/** `polyphase scl`: files of IEDs as people make, check, compare and apply them. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { run, runWith, type Ended } from "./cli-run.ts";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";
import { CID } from "./iec61850-hand-cid.ts";
import { small } from "./scl-files.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** As whoever has the password of the meter's administrator. */
const asAdmin = (...words: readonly string[]): Promise<Ended> =>
  runWith({ POLYPHASE_PASSWORD: "admin", POLYPHASE_SECRET: "admin" }, ...words);

test("what is wrong with a file is told with file, line and column, what it has in a line an IED", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "feeder.cid");
  writeFileSync(file, small);
  const right = await run("scl", "check", file);
  assert.equal(right.status, 0, right.err);
  assert.match(
    right.out,
    /^IED F1: Who T9; edition 2, 14 attributes, 1 data set, 3 reports, 1 GOOSE; at 192\.0\.2\.7\nIED HMI: no server$/m,
  );
  writeFileSync(file, small.replace('name="rc" datSet="D1"', 'name="rc" datSet="D9"'));
  const wrong = await run("scl", "check", file);
  assert.equal(wrong.status, 2);
  const line = small.slice(0, small.indexOf('<ReportControl name="rc"')).split("\n").length;
  assert.ok(
    wrong.out.includes(
      `${file}:${line}:7: error: M/LLN0: ReportControl rc: there is no data set D9; did you mean D1?\n`,
    ),
    wrong.out,
  );
  assert.match(wrong.err, /1 error, /);
  // What a JEMStar II does not take of a file of its own is told in the words in which the meter refuses it.
  writeFileSync(file, CID.replace('<RptEnabled max="2"', '<RptEnabled max="99"'));
  const large = await run("scl", "check", file);
  assert.equal(large.status, 2);
  const at = CID.slice(0, CID.indexOf("<RptEnabled")).split("\n").length;
  assert.ok(
    large.out.includes(
      `${file}:${at}:7: error: ReportControl brcbMine: RptEnabled max: expected at most 12; found 99\n`,
    ),
    large.out,
  );
  for (const [before, after, told] of [
    ["<Val>2500<", "<Val>200001<", /:32:62: error: MMXU1\.TotW\.db: expected at most 100000; found 200001$/m],
    ["Substation Nord", "Zürich", /:31:64: error: LPHD1\.PhyNam\.location: expected printable ASCII; found "Zürich"$/m],
    [
      'inst="MTR">',
      'inst="MTR" ldName="Mine">',
      /:18:4: error: LDevice MTR: its ldName is Mine; expected FEEDER9MTR$/m,
    ],
    [
      "</LDevice>",
      '</LDevice><LDevice inst="LD2"><LN0 lnClass="LLN0" inst="" lnType="L0"/></LDevice>',
      /:33:14: error: LDevice LD2: expected one logical device, found 2$/m,
    ],
  ] as const) {
    assert.ok(CID.includes(before));
    writeFileSync(file, CID.replace(before, after));
    const refused = await run("scl", "check", file);
    assert.deepEqual([refused.status, told.test(refused.out)], [2, true], refused.out);
  }
  writeFileSync(file, CID.replace("<Header", `<!--${"x".repeat(600_000)}--><Header`));
  const long = await run("scl", "check", file);
  assert.equal(long.status, 0, long.out);
  assert.match(long.out, /:1:1: warning: a meter takes at most 524288 characters of SCL, found 6\d{5}\n/);
  writeFileSync(file, small.replace('name="rc" datSet="D1"', 'name="rc" datSet="D9"'));
  const document = JSON.parse((await run("scl", "check", file, "--json")).out) as {
    problems: unknown[];
    errors: number;
  };
  assert.equal(document.errors, 1);
});

test("whoever names no way that there is hears which there are", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "feeder.cid");
  writeFileSync(file, CID);
  const ways = /expected http:\/\/\S+, sftp:\/\/user@host:port or mms:\/\/host:port, found "ftp:\/\/127\.0\.0\.1:2021"/;
  for (const words of [["scl", "apply", file], ["pqdif"]]) {
    const { status, err } = await run(...words, "ftp://127.0.0.1:2021");
    assert.equal(status, 2, err);
    assert.match(err, ways);
  }
});

test("two files are compared by meaning: status 1 when something is different", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [one, other] = ["one.cid", "other.cid"].map((name) => path.join(folder, name)) as [string, string];
  writeFileSync(one, small);
  writeFileSync(other, small.replaceAll("\n", "\r\n").replaceAll('"CMV"', '"C"'));
  assert.deepEqual(await run("scl", "diff", one, one), { status: 0, out: "they mean the same\n", err: "" });
  writeFileSync(other, small.replace('intgPd="1000"', 'intgPd="500"'));
  const { status, out } = await run("scl", "diff", one, other);
  assert.deepEqual([status, out], [1, "report M/LLN0.rc: integrity period: 1000 ms -> 500 ms\n"]);
});

test("an ICD is made of a configuration that nobody has a meter for", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const made = await run("scl", "icd", "factory", "--model-number", "JSII-09I6020-1B/2A-DIO-NTP-IEC");
  assert.equal(made.status, 0, made.err);
  assert.match(made.out, /<IED name="TEMPLATE" [^>]*manufacturer="AMETEK"/);
  const file = path.join(folder, "meter.icd");
  writeFileSync(file, made.out);
  const checked = await run("scl", "check", file);
  assert.match(checked.out, /0 errors, 0 warnings\n$/);
  const without = await run("scl", "icd", "factory");
  assert.deepEqual([without.status, /option IEC, which was not ordered/.test(without.err)], [2, true]);
});

test("a running meter's CID is fetched, edited, and applied whole or not at all", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [port, web, files] = [String(await freePort()), String(await freePort()), String(await freePort())];
  const meter = readFileSync(path.join(root, "site/iec61850-meter.yaml"), "utf8");
  // Over files what the meter has is seen by who may read them.
  writeFileSync(
    path.join(folder, "iec61850-meter.yaml"),
    meter.replace("[configureIo,", "[readPowerQuality, configureIo,"),
  );
  const yaml = readFileSync(path.join(root, "site/iec61850.yaml"), "utf8");
  const listening = yaml.replace("- { mms: tcp", `- { sftp: tcp, port: ${files} }\n      - { mms: tcp`);
  const site = await startSite(folder, listening.replaceAll(/\b1102\b/g, port).replaceAll(/\b8080\b/g, web));
  t.after(() => site.end());
  const url = `http://127.0.0.1:${web}/api/meters/feeder-9`;
  const cid = async (): Promise<string> => {
    const { status, out, err } = await run("scl", "icd", url, "--cid");
    assert.equal(status, 0, err);
    return out;
  };
  const before = await cid();
  assert.match(before, /<IED name="FEEDER9"/);
  assert.match(before, /<P type="IP">127\.0\.0\.1<\/P>/);
  const file = path.join(folder, "feeder-9.cid");
  writeFileSync(file, before);
  const same = await asAdmin("scl", "apply", file, url, "--yes");
  assert.deepEqual([same.status, same.out], [0, "no measurement begins anew\napplied\n"], same.err);
  const edited = before.replace(/(<ReportControl name="urcbInst"[^>]*) intgPd="\d+"/, '$1 intgPd="2500"');
  assert.notEqual(edited, before);
  writeFileSync(file, edited);
  const applied = await asAdmin("scl", "apply", file, url, "--yes");
  assert.equal(applied.status, 0, applied.err);
  assert.match(await cid(), /<ReportControl name="urcbInst"[^>]* intgPd="2500"/);
  // One member of another meter, and none of the rest is taken either.
  writeFileSync(
    file,
    edited
      .replace('intgPd="2500"', 'intgPd="2600"')
      .replace('lnClass="MMXU" lnInst="1" doName="Hz"', 'lnClass="MMXU" lnInst="7" doName="Hz"'),
  );
  const refused = await asAdmin("scl", "apply", file, url, "--yes");
  assert.equal(refused.status, 2);
  assert.match(refused.err, /there is no MTR\/MMXU7; did you mean MTR\/MMXU1\?/);
  assert.doesNotMatch(await cid(), /intgPd="2600"/);
  writeFileSync(file, edited.replace('intgPd="2500"', 'intgPd="2700"'));
  const sent = await asAdmin("scl", "apply", file, `sftp://admin@127.0.0.1:${files}`, "--yes");
  assert.deepEqual([sent.status, sent.out], [0, "applied\n"], sent.err);
  assert.match(await cid(), /intgPd="2700"/);
  // By MMS nobody is anybody without a password.
  writeFileSync(file, before);
  const unknown = await run("scl", "apply", file, `mms://127.0.0.1:${port}`, "--yes");
  assert.equal(unknown.status, 1);
  assert.match(await cid(), /intgPd="2700"/);
  const secret = ["config", "secret", "iec61850.password", url, "--shows", "admin"];
  assert.equal((await asAdmin(...secret)).status, 0);
  const known = await asAdmin("scl", "apply", file, `mms://127.0.0.1:${port}?auth=password`, "--yes");
  assert.deepEqual([known.status, known.out], [0, "applied\n"], known.err);
  assert.equal(await cid(), before);
  // Where it answers is the site's to say, and who sends a file with another address hears that.
  for (const way of [url, `sftp://admin@127.0.0.1:${files}`, `mms://127.0.0.1:${port}?auth=password`]) {
    writeFileSync(file, before.replace('<P type="IP">127.0.0.1<', '<P type="IP">192.0.2.44<'));
    const { status, out, err } = await asAdmin("scl", "apply", file, way, "--yes");
    assert.equal(status, 0, err);
    assert.ok(
      out.includes(
        "warning: IED FEEDER9: its address 192.0.2.44 changes nothing: the meter goes on answering at 127.0.0.1, as its site says\n",
      ),
      `${way}: ${out}`,
    );
  }
  assert.match((await run("scl", "check", file)).out, /^IED FEEDER9: .*; at 192\.0\.2\.44$/m);
  // What only the meter knows is told in the lines of the file, one each, whichever way it went.
  const more = CID.replace('<DA name="db" ', '<DA name="zeroDb" fc="CF" bType="INT32U"/><DA name="db" ');
  writeFileSync(file, more);
  const at = `${more.slice(0, more.indexOf('<LN lnClass="MMXU"')).split("\n").length}:5`;
  for (const way of [url, `sftp://admin@127.0.0.1:${files}`, `mms://127.0.0.1:${port}?auth=password`]) {
    const { status, err } = await asAdmin("scl", "apply", file, way, "--yes");
    const told = ["TotW", "Hz"].map((one) => `  ${file}:${at}: error: MMXU1.${one}.zeroDb[CF]: this meter has none\n`);
    const head = `polyphase: ${way} refuses ${file}; nothing has been applied\n`;
    assert.deepEqual([status, err], [1, `${head}${told.join("")}`], way);
  }
  // A data set of GOOSE that is another with the revision as it was: taken, and said beforehand, whichever way it goes.
  const fewer = before.replace(/<FCDA (?=[^>]*prefix="IN_")(?=[^>]*daName="q")[^>]*\/>\s*(?=<\/DataSet>)/, "");
  assert.notEqual(fewer, before);
  const mms = `mms://127.0.0.1:${port}?auth=password`;
  for (const [text, way] of [
    [fewer, url],
    [before, `sftp://admin@127.0.0.1:${files}`],
    [fewer, mms],
  ] as const) {
    writeFileSync(file, text);
    const { status, out, err } = await asAdmin("scl", "apply", file, way, "--yes");
    assert.equal(status, 0, err);
    assert.match(
      out,
      /^warning: GOOSE MTR\/LLN0\.gcbDI: its data set is another, and its revision \(confRev\) is still 1/m,
      way,
    );
  }
});
