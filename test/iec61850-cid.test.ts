/** A CID that comes to a running meter: activated whole or not at all, by whoever may configure protocols, over whatever it comes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isRefused, type Session } from "#quantity/authority.ts";
import { sclFile } from "#product/jemstar/iec61850-file.ts";
import { goosesOf } from "#protocol/iec61850/server/goose-control.ts";
import { CID } from "./iec61850-hand-cid.ts";
import { IEC_MODEL, iedMeter, type IedMeter } from "./iec61850-meter.ts";

const words = (meter: IedMeter, text: string, session?: Session): string => {
  const outcome = meter.device.surface.obey(
    { command: "configure", configuration: text },
    session ?? meter.as("admin"),
  );
  return isRefused(outcome) ? `${outcome.refused}: ${outcome.words.join("\n")}` : "done";
};

test("a CID becomes the section iec61850, and nothing else of the configuration is another", (t) => {
  const meter = iedMeter(t, { configuration: "display: { scrollSeconds: 7 }" });
  meter.pass(1);
  const { iec61850: _before, ...rest } = meter.jem.file;
  assert.equal(words(meter, CID), "done");
  const { iec61850, ...after } = meter.jem.file;
  assert.deepEqual(after, rest);
  assert.equal(iec61850.name, "FEEDER9");
  assert.equal(iec61850.configVersion, "4");
  assert.deepEqual(iec61850.properties, { stationId: "Substation Nord" });
  assert.deepEqual(iec61850.deadbands, [{ of: "MMXU1.TotW", db: 2500 }]);
  assert.deepEqual(iec61850.dataSets, [{ name: "Mine", members: ["MMXU1.TotW.mag.f[MX]", "MMXU1.Hz[MX]"] }]);
  const [report] = iec61850.reports ?? [];
  assert.deepEqual(
    [
      report?.name,
      report?.dataSet,
      report?.buffered,
      report?.configRevision,
      report?.bufferMs,
      report?.integrityMs,
      report?.instances,
    ],
    ["brcbMine", "Mine", true, 3, 50, 60_000, 2],
  );
  const [goose] = iec61850.goose ?? [];
  assert.deepEqual(
    [goose?.goId, goose?.mac, goose?.appId, goose?.vlan, goose?.minMs, goose?.maxMs],
    ["feeder 9", "01-0C-CD-01-00-2A", 0x3abc, { id: 10, priority: 5 }, 8, 2000],
  );
  // What the meter has besides it goes on to have.
  assert.equal(meter.has("MMTR1.SupWh.actVal"), true);
  assert.equal(meter.host.ied.devices[0]?.domain, "FEEDER9MTR");
});

test("a CID that says what the meter has is applied and changes nothing: no log, no epoch, nothing erased", (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  assert.equal(words(meter, CID), "done");
  const { epoch } = meter.host;
  const file = meter.jem.file;
  const logged = meter.log("configuration");
  assert.equal(words(meter, CID), "done");
  assert.equal(meter.jem.file, file);
  assert.equal(meter.host.epoch, epoch);
  assert.deepEqual(meter.log("configuration"), logged);
});

test("two meters of one ICD, each with a name of its own, have each its own GoID", (t) => {
  const template = iedMeter(t, { configuration: "iec61850: { name: AA1J1Q03 }" });
  const { serial, firmware } = template.device.surface.identity;
  const of = { name: "m", serial, firmware, modelNumber: IEC_MODEL };
  const icd = sclFile(template.jem.file, template.jem.ordered, of, "icd");
  assert.doesNotMatch(icd, /AA1J1Q03/);
  assert.match(icd, /<GSEControl name="gcbDI"[^>]* appID="TEMPLATEMTR\/LLN0\$GO\$gcbDI"/);
  // A tool gives the IED its name, and leaves the control block as it is.
  const renamed = (name: string): string => icd.replaceAll(/(<IED name|iedName)="TEMPLATE"/g, `$1="${name}"`);
  const ids = ["AA1J1Q04", "AA1J1Q05"].map((name) => {
    const meter = iedMeter(t);
    assert.equal(words(meter, renamed(name)), "done");
    assert.deepEqual([meter.jem.file.iec61850.name, meter.jem.file.iec61850.goose], [name, undefined]);
    return goosesOf(meter.host.ied).map(({ control }) => control.goId);
  });
  assert.deepEqual(ids, [["AA1J1Q04MTR/LLN0$GO$gcbDI"], ["AA1J1Q05MTR/LLN0$GO$gcbDI"]]);
  // One that somebody chose is his.
  const meter = iedMeter(t);
  words(meter, renamed("AA1J1Q06").replace('appID="TEMPLATEMTR/LLN0$GO$gcbDI"', 'appID="inputs"'));
  assert.deepEqual(
    goosesOf(meter.host.ied).map(({ control }) => control.goId),
    ["inputs"],
  );
});

test("registers and profiles go on when a CID is applied", (t) => {
  const meter = iedMeter(t);
  meter.pass(61);
  const [before] = [meter.value("MMTR1.SupWh.actVal")];
  assert.equal(words(meter, CID), "done");
  assert.deepEqual([before, meter.value("MMTR1.SupWh.actVal")], [1509n, 1509n]);
});

const refusals: readonly (readonly [why: string, text: string, expected: RegExp])[] = [
  [
    "has a node that the meter has not",
    CID.replaceAll(/(lnClass="MMXU" (?:lnI|i)nst=)"1"/g, '$1"2"'),
    /line \d+, column \d+: MMXU2\.TotW\.\S+: this meter has none/,
  ],
  [
    "has an attribute of another type",
    CID.replace('"FLOAT32"', '"INT32"'),
    /MMXU1\.TotW\.mag\.f\[MX\]: expected FLOAT32, found INT32/,
  ],
  [
    "names a data set that is not there",
    CID.replace('datSet="Mine" confRev="3"', 'datSet="Yours" confRev="3"'),
    /Yours/,
  ],
  ["is no XML", `${CID.slice(0, 900)}`, /line \d+, column \d+: /],
  ["has a document type", CID.replace("<SCL ", '<!DOCTYPE x [<!ENTITY a "b">]>\n<SCL '), /line 2/],
  ["is of something else", "<svg xmlns='http://www.w3.org/2000/svg'/>", /expected SCL of the namespace/],
  [
    "has a dead band beyond all",
    CID.replace("<Val>2500</Val>", "<Val>250000</Val>"),
    /line 32, column 62: MMXU1\.TotW\.db: expected at most 100000; found 250000/,
  ],
  [
    "has more of a report than the meter",
    CID.replace('<RptEnabled max="2"', '<RptEnabled max="99"'),
    /line 27, column \d+: ReportControl brcbMine: RptEnabled max: expected at most 12; found 99/,
  ],
  [
    "waits longer than the meter does",
    CID.replace(">2000</MaxTime>", ">99000</MaxTime>"),
    /line 11, column \d+: GSEControl gcbDI: MaxTime: expected at most 60000; found 99000/,
  ],
  [
    "has a time that is none",
    CID.replace('bufTime="50"', 'bufTime="1s"'),
    /line 24, column \d+: ReportControl: bufTime: expected a whole number/,
  ],
];

for (const [why, text, expected] of refusals)
  test(`a CID that ${why} changes nothing, and is told what is wrong`, (t) => {
    const meter = iedMeter(t);
    meter.pass(1);
    const { file } = meter.jem;
    const said = words(meter, text);
    assert.match(said, /^invalid: /);
    assert.match(said, expected);
    assert.equal(meter.jem.file, file);
  });

test("a CID takes the privilege that configuring protocols takes", (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  assert.match(words(meter, CID, meter.as("user1")), /^privilege: user1 has not the privilege configureProtocols/);
  const nobody = meter.device.surface.open({ protocol: "http", port: "site", near: false });
  assert.match(words(meter, CID, nobody), /^session: /);
});

test("a meter without option IEC takes no CID", (t) => {
  assert.throws(() => iedMeter(t, { modelNumber: "JSII-09I6020-1B/2A-DIO" }));
});

test("a CID is sent over MMS as a file, which is applied and not kept", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  assert.equal(
    meter.tell({ command: "secret", name: "iec61850.password", value: "open sesame", user: "admin" }),
    "done",
  );
  const bytes = new TextEncoder().encode(CID);
  const stranger = await meter.client();
  assert.deepEqual((await stranger.putFile("FEEDER9.cid", bytes))?.why, "access");
  const client = await meter.client("open sesame");
  assert.deepEqual(await client.putFile("notes.txt", bytes), {
    why: "access",
    words: "the meter takes files of SCL, like FEEDER9.cid",
  });
  assert.equal((await client.putFile("FEEDER9.cid", new TextEncoder().encode("hello")))?.why, "invalid");
  assert.equal(await client.putFile("FEEDER9.cid", bytes), undefined);
  assert.equal(meter.jem.file.iec61850.name, "FEEDER9");
  const [file, ...others] = meter.host.files.list();
  assert.deepEqual([file?.name, others], ["scl/FEEDER9.cid", []]);
});

test("the CID that a meter has on its shelf is the one that it is: sent back it changes nothing", (t) => {
  const meter = iedMeter(t, { configuration: "iec61850: { deadbands: [{ of: MMXU1.Hz, db: 3 }], clients: 4 }" });
  meter.pass(1);
  const { files } = meter.device.surface;
  assert(files.folders.includes("scl"));
  const bytes = files.read("scl/JEM01.cid");
  assert(bytes !== undefined);
  assert.equal(files.list().at(-1)?.size, bytes.length);
  const { file } = meter.jem;
  assert.equal(words(meter, new TextDecoder().decode(bytes)), "done");
  assert.equal(meter.jem.file, file);
  assert.equal(files.list(), files.list());
});

test("the CID on the shelf has another date when it is another, as long or not; nobody removes it", async (t) => {
  const meter = iedMeter(t, { configuration: "iec61850: { deadbands: [{ of: MMXU1.Hz, db: 3 }] }" });
  meter.pass(1);
  const dated = (): number | undefined => meter.host.files.list().find(({ name }) => name === "scl/JEM01.cid")?.at.utc;
  const before = dated();
  meter.pass(1);
  assert.equal(
    meter.configure((file) => Object.assign(file.display, { scrollSeconds: 9 })),
    "done",
  );
  assert.equal(dated(), before);
  assert.equal(
    meter.configure((file) => (file.iec61850.deadbands = [{ of: "MMXU1.Hz", db: 4 }])),
    "done",
  );
  assert.notEqual(dated(), before);
  assert.equal(
    meter.tell({ command: "secret", name: "iec61850.password", value: "open sesame", user: "admin" }),
    "done",
  );
  const client = await meter.client("open sesame");
  assert.deepEqual(
    ["scl/JEM01.cid", "scl/other.cid"].map((name) => client.removeFile(name)?.why),
    ["access", "missing"],
  );
});

test("nobody who is nobody has a file of SCL looked at", (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  const { surface } = meter.device;
  const nobody = surface.open({ protocol: "http", port: "site", near: false });
  const check = (configuration: string, session: Session) => {
    const outcome = surface.obey({ command: "configure", configuration, check: true }, session);
    return isRefused(outcome) ? outcome.refused : "done";
  };
  assert.equal(check("{}", nobody), "done");
  assert.equal(check(CID, nobody), "session");
  assert.equal(check(CID, meter.as("admin")), "done");
  assert.equal(meter.jem.file.iec61850.name, "JEM01");
});

test("a configuration that was changed while a CID was read is not set back", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  const session = meter.as("admin");
  const command = { command: "configure", configuration: CID } as const;
  const { surface } = meter.device;
  assert.equal(await surface.prepare(command, session), undefined);
  assert.equal(
    meter.configure((file) => Object.assign(file.display, { scrollSeconds: 9 })),
    "done",
  );
  const outcome = surface.obey(command, session);
  assert(isRefused(outcome));
  assert.match(outcome.words.join(), /changed meanwhile/);
  assert.equal(meter.jem.file.display.scrollSeconds, 9);
  assert.equal(words(meter, CID), "done");
  assert.equal(meter.jem.file.display.scrollSeconds, 9);
});

/** What a file says of a working attribute, by the text in it that is another one then. */
const contradicting: readonly (readonly [
  object: string,
  attribute: string,
  other: string,
  told: RegExp,
  configuration?: string,
])[] = [
  ["SupWh", "pulsQty", "1000", /MMTR1\.SupWh\.pulsQty\[CF\]: this meter has 1; found 1000/],
  ["TotW", "SIUnit", "VA", /MMXU1\.TotW\.units\.SIUnit\[CF\]: this meter has W; found VA/],
  ["TotW", "multiplier", "k", /MMXU1\.TotW\.units\.multiplier\[CF\]: this meter has ""; found k/],
  ["PhV", "angRef", "Aa", /MMXU1\.PhV\.angRef\[CF\]: this meter has Va; found Aa/],
  ["ClcTotVA", "setVal", "Arithmetic", /MMXU1\.ClcTotVA\.setVal\[SP\]: this meter has Vector; found Arithmetic/],
  [
    "SPCSO5",
    "sboTimeout",
    "20500",
    /Out_GGIO2\.SPCSO5\.sboTimeout\[CF\]: expected whole seconds, 1000 to 3600000; found 20500/,
    "iec61850: { control: { model: select } }",
  ],
  [
    "SPCSO5",
    "operTimeout",
    "20000",
    /Out_GGIO2\.SPCSO5\.operTimeout\[CF\]: this meter has 30000; found 20000/,
    "iec61850: { control: { model: select enhanced } }",
  ],
  [
    "SPCSO5",
    "ctlModel",
    "status-only",
    /Out_GGIO2\.SPCSO5\.ctlModel\[CF\]: expected one ctlModel for all outputs, direct-with-normal-security of SPCSO1; found status-only/,
  ],
];

for (const [object, attribute, other, told, configuration] of contradicting)
  test(`a CID of the meter with another ${object}.${attribute} is refused where it says so`, (t) => {
    const meter = iedMeter(t, configuration === undefined ? {} : { configuration });
    meter.pass(1);
    const own = new TextDecoder().decode(meter.host.files.read("scl/JEM01.cid"));
    const start = own.indexOf("<Val>", own.indexOf(`<DAI name="${attribute}"`, own.indexOf(`<DOI name="${object}"`)));
    const end = own.indexOf("</Val>", start);
    const { file } = meter.jem;
    const said = words(meter, `${own.slice(0, start)}<Val>${other}${own.slice(end)}`);
    assert.match(said, told);
    assert.equal(said.split("\n").length, 1, said);
    const line = own.slice(0, start).split("\n").length;
    const [, at] = /line (\d+), /.exec(said) ?? [];
    assert.ok(Math.abs(Number(at) - line) <= 1, `${said}, not ${line}`);
    assert.equal(meter.jem.file, file);
  });

test("a value that the types of a CID have is refused where they have it, for each object that is of them", (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  const text = CID.replace('bType="INT32U"/>', '$&<DA name="units" fc="CF" bType="Struct" type="U"/>').replace(
    "<DAType ",
    `<DAType id="U">
   <BDA name="SIUnit" bType="Enum" type="S"/>
   <BDA name="multiplier" bType="Enum" type="K"><Val>k</Val></BDA>
  </DAType>
  <EnumType id="S"><EnumVal ord="38">W</EnumVal></EnumType><EnumType id="K"><EnumVal ord="3">k</EnumVal></EnumType>
  $&`,
  );
  const line = text.slice(0, text.indexOf("<Val>k")).split("\n").length;
  const told = ["TotW", "Hz"].map(
    (name) => `line ${line}, column 4: MMXU1.${name}.units.multiplier[CF]: this meter has ""; found k`,
  );
  assert.equal(words(meter, text), `invalid: ${told.join("\n")}`);
});

test("an ICD is of a meter behind any transformers; a CID says the ranges of the one that it was made of", (t) => {
  const factory = iedMeter(t);
  const { serial, firmware } = factory.device.surface.identity;
  const of = { name: "m", serial, firmware, modelNumber: IEC_MODEL };
  const made = (kind: "icd" | "cid"): string => sclFile(factory.jem.file, factory.jem.ordered, of, kind);
  const behind = iedMeter(t, { configuration: "primary: { pt: 10 }" });
  behind.pass(1);
  const { file } = behind.jem;
  // Three phases, each to twice the product of 120 V and 20 A: 14,400 W, and ten times that behind the transformers.
  assert.match(words(behind, made("cid")), /MMXU1\.TotW\.rangeC\.max\.f\[CF\]: this meter has 144000; found 14400$/m);
  assert.equal(behind.jem.file, file);
  assert.equal(words(behind, made("icd")), "done");
});

test("whom a CID describes is the meter's to say: another serial number, firmware or name space contradicts nothing", (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  const own = new TextDecoder().decode(meter.host.files.read("scl/JEM01.cid"));
  const { file } = meter.jem;
  const other = own.replace(/(<DAI name="(?:serNum|lnNs|ldNs)">\s*<Val>)[^<]*/g, "$1other");
  assert.notEqual(other, own);
  assert.equal(words(meter, other), "done");
  assert.equal(meter.jem.file, file);
});
