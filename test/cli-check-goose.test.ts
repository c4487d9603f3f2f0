/** What a listener of GOOSE will not do as the meter is set up, and what no message can have, is known before anything runs. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const site = (subscription: string): string => `store: ":memory:"
meters:
  - name: bay
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-NTP-IEC
    configuration: meter.yaml
    source: { synthetic: { hz: 50, volts: [57, 58, 59], amps: [1, 2, 3] } }
    listen:
      - goose: ethernet
        bridge: { listen: 127.0.0.1:42011, send: 127.0.0.1:42012 }
        subscribe:
          - controlBlock: BAY1PRO/LLN0.gcbTrip
${subscription}`;

const other = `<SCL xmlns="http://www.iec.ch/61850/2003/SCL" version="2007" revision="B" release="4">
<Header id="bay"/>
<IED name="BAY1"><AccessPoint name="AP"><Server><Authentication/><LDevice inst="PRO">
<LN0 lnClass="LLN0" inst="" lnType="L0">
<DataSet name="dsTrip"><FCDA ldInst="PRO" lnClass="LLN0" doName="Beh" daName="q" fc="ST"/></DataSet>
<GSEControl name="gcbTrip" datSet="dsTrip" confRev="3" appID="trip" type="GOOSE"/>
</LN0></LDevice></Server></AccessPoint></IED>
<DataTypeTemplates><LNodeType id="L0" lnClass="LLN0"><DO name="Beh" type="INS"/></LNodeType>
<DOType id="INS" cdc="INS"><DA name="stVal" fc="ST" bType="INT32" dchg="true"/><DA name="q" fc="ST" bType="Quality" qchg="true"/><DA name="t" fc="ST" bType="Timestamp"/></DOType>
</DataTypeTemplates></SCL>`;

async function checked(t: TestContext, configuration: string, subscription: string, file = other) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const main = path.join(folder, "site.yaml");
  writeFileSync(main, site(subscription));
  writeFileSync(path.join(folder, "meter.yaml"), configuration);
  writeFileSync(path.join(folder, "bay.cid"), file);
  return run("check", main);
}

test("an input that is an output, and a configuration without a control block, have a note", async (t) => {
  const inputs = "            inputs: [{ input: 1, value: 0 }, { input: 7, value: 1 }]\n";
  const { status, err } = await checked(
    t,
    'iec61850: { dataSets: [{ name: Mine, members: ["MMXU1.Hz[MX]"] }] }',
    inputs,
  );
  assert.equal(status, 0, err);
  assert.deepEqual(
    err.split("\n").filter((line) => line.includes("GOOSE")),
    [
      "note  bay: GOOSE: input 1: channel 1 is no input",
      "note  bay: GOOSE: nothing is published: the configuration has no control block",
    ],
  );
  const usual = await checked(t, "display: { scrollSeconds: 7 }", "            inputs: [{ input: 7, value: 1 }]\n");
  assert.deepEqual([usual.status, usual.err.includes("GOOSE")], [0, false], usual.err);
});

test("a value that messages do not have, as their file has it, is refused with its line", async (t) => {
  const inputs = (value: string): string => `            scl: bay.cid
            inputs:
              - { input: 7, value: ${value} }\n`;
  const refused: readonly (readonly [value: string, why: RegExp])[] = [
    ["9", /line 15, column \d+: .*inputs\[0\]\.value: bay\.cid: 9 is no member of BAY1PRO\/LLN0\$dsTrip/],
    ["0", /line 15, column \d+: .*inputs\[0\]\.value: bay\.cid: 0 is Quality: neither on nor off/],
  ];
  for (const [value, why] of refused) {
    const { status, err } = await checked(t, "display: { scrollSeconds: 7 }", inputs(value));
    assert.equal(status, 2, err);
    assert.match(err, why);
  }
});

test("what is wrong in the control block that is followed is refused with its line; what is wrong elsewhere is not", async (t) => {
  const subscription = "            scl: bay.cid\n";
  const address = `<Communication><SubNetwork name="W"><ConnectedAP iedName="BAY1" apName="AP"><GSE ldInst="PRO" cbName="gcbTrip"><Address>
<P type="MAC-Address">01-0C-CD-01-00-01</P><P type="APPID">0001</P></Address></GSE></ConnectedAP></SubNetwork></Communication>
<IED `;
  const addressed = other.replace("<IED ", address);
  const refused: readonly (readonly [before: string, after: string, told: string])[] = [
    [
      'confRev="3"',
      'confRev="x"',
      'bay.cid:8:1: error: GSEControl: confRev: expected a whole number from 0 to 4294967295; found "x"',
    ],
    [">0001<", ">00G1<", 'bay.cid:4:44: error: P: APPID: expected 4 hexadecimal digits, capitals; found "00G1"'],
    [
      'doName="Beh" daName="q"',
      'doName="Bah" daName="q"',
      "bay.cid:7:24: error: PRO/LLN0: data set dsTrip: PRO/LLN0 has no Bah; did you mean Beh?",
    ],
  ];
  for (const [before, after, told] of refused) {
    assert.ok(addressed.includes(before));
    const { status, err } = await checked(t, "{}", subscription, addressed.replace(before, after));
    assert.equal(status, 2, err);
    assert.ok(err.includes(told), err);
    assert.match(err, /subscribe\[0\]\.scl: /);
  }
  const elsewhere = addressed
    .replace("</LN0>", '<GSEControl name="gcbOther" datSet="dsTrip" confRev="y" appID="other"/></LN0>')
    .replace("<DOType ", '<DOType id="SPS" cdc="SPS"><DA name="stVal" fc="XX" bType="BOOLEAN"/></DOType><DOType ');
  const { status, err } = await checked(t, "{}", subscription, elsewhere);
  assert.equal(status, 0, err);
});
