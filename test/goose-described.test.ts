/** Values of a message named as the SCL file of its publisher has them: members of the data set, what is in them, and their qualities. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describedBy } from "#protocol/iec61850/goose/described.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";

const status = `<DA name="q" fc="ST" bType="Quality" qchg="true"/><DA name="t" fc="ST" bType="Timestamp"/>`;
const fcda = (node: string, object: string, attribute?: string): string =>
  `<FCDA ldInst="PRO" lnClass="${node}" lnInst="1" doName="${object}" fc="ST"${attribute === undefined ? "" : ` daName="${attribute}"`}/>`;

/** A bay that trips: `members` are those of its data set, in order. */
const bay = (...members: readonly string[]): Uint8Array =>
  new TextEncoder().encode(`<SCL xmlns="http://www.iec.ch/61850/2003/SCL" version="2007" revision="B" release="4">
  <Header id="bay"/>
  <IED name="BAY1"><AccessPoint name="AP"><Server><Authentication/><LDevice inst="PRO">
    <LN0 lnClass="LLN0" inst="" lnType="L0">
      <DataSet name="dsTrip">${members.join("")}</DataSet>
      <GSEControl name="gcbTrip" datSet="dsTrip" confRev="3" appID="trip" type="GOOSE"/>
    </LN0>
    <LN lnClass="PTRC" inst="1" lnType="T1"/>
    <LN lnClass="GGIO" inst="1" lnType="G1"/>
  </LDevice></Server></AccessPoint></IED>
  <DataTypeTemplates>
    <LNodeType id="L0" lnClass="LLN0"><DO name="Beh" type="INS"/></LNodeType>
    <LNodeType id="T1" lnClass="PTRC"><DO name="Tr" type="ACT"/></LNodeType>
    <LNodeType id="G1" lnClass="GGIO"><DO name="Ind1" type="SPS"/><DO name="Ind2" type="SPS"/><DO name="DPCSO1" type="DPC"/><DO name="IntIn1" type="INS"/></LNodeType>
    <DOType id="ACT" cdc="ACT"><DA name="general" fc="ST" bType="BOOLEAN" dchg="true"/><DA name="phsA" fc="ST" bType="BOOLEAN" dchg="true"/>${status}</DOType>
    <DOType id="SPS" cdc="SPS"><DA name="stVal" fc="ST" bType="BOOLEAN" dchg="true"/>${status}</DOType>
    <DOType id="DPC" cdc="DPC"><DA name="origin" fc="ST" bType="Struct" type="Org"/><DA name="stVal" fc="ST" bType="Dbpos" dchg="true"/>${status}</DOType>
    <DOType id="INS" cdc="INS"><DA name="stVal" fc="ST" bType="INT32" dchg="true"/>${status}</DOType>
    <DAType id="Org"><BDA name="orCat" bType="INT8"/><BDA name="orIdent" bType="Octet64"/></DAType>
  </DataTypeTemplates>
</SCL>`);

/** Where the value and its quality stand: "0, 1"; or why the file does not explain it, by its key. */
function placed(file: Uint8Array, value: string, quality?: string): string {
  const given = { controlBlock: "BAY1PRO/LLN0$GO$gcbTrip", whenGone: "keep" as const };
  const found = describedBy(readScl(file), {
    ...given,
    inputs: [{ input: 1, value, ...(quality === undefined ? {} : { quality }) }],
  });
  if ("words" in found) return `${found.key}: ${found.words}`;
  const [one] = found.inputs;
  return `${one?.value}, ${one?.quality ?? "none"}`;
}

test("any attribute has the quality of its data object, wherever that stands in the message", () => {
  const file = bay(fcda("PTRC", "Tr", "general"), fcda("GGIO", "Ind1", "q"), fcda("PTRC", "Tr", "q"));
  assert.equal(placed(file, "PRO/PTRC1.Tr.general"), "0, 2");
  assert.equal(placed(file, "PRO/PTRC1.Tr.general[ST]"), "0, 2");
  assert.equal(placed(bay(fcda("PTRC", "Tr", "phsA"), fcda("PTRC", "Tr", "q")), "PRO/PTRC1.Tr.phsA"), "0, 1");
  // That of another data object is none.
  assert.equal(
    placed(bay(fcda("PTRC", "Tr", "general"), fcda("GGIO", "Ind1", "q")), "PRO/PTRC1.Tr.general"),
    "0, none",
  );
  // So has one that is named by its number.
  assert.equal(placed(file, "0"), "0, 2");
  assert.equal(placed(bay(fcda("GGIO", "Ind1")), "0"), "0.0, 0.1");
  // Its own, whichever is said.
  assert.equal(placed(file, "PRO/PTRC1.Tr.general", "PRO/GGIO1.Ind1.q"), "0, 1");
});

test("a value within a member is named by its reference, and so is its quality", () => {
  const file = bay(fcda("PTRC", "Tr"), fcda("GGIO", "Ind1"), fcda("GGIO", "DPCSO1"));
  // general, phsA, q, t; stVal, q, t; origin, stVal, q, t.
  assert.equal(placed(file, "PRO/GGIO1.Ind1.stVal"), "1.0, 1.1");
  assert.equal(placed(file, "PRO/PTRC1.Tr.phsA"), "0.1, 0.2");
  assert.equal(placed(file, "PRO/GGIO1.DPCSO1.stVal[ST]"), "2.1, 2.2");
  assert.equal(placed(file, "PRO/GGIO1.Ind1.stVal", "PRO/PTRC1.Tr.q"), "1.0, 0.2");
  // A data object by itself is its status.
  assert.equal(placed(file, "PRO/GGIO1.Ind1"), "1.0, 1.1");
  assert.equal(placed(file, "PRO/PTRC1.Tr[ST]"), "0.0, 0.2");
  assert.equal(placed(file, "PRO/GGIO1.DPCSO1"), "2.1, 2.2");
});

test("what is not in a message, or neither on nor off, is said by the key of the value", () => {
  const file = bay(fcda("PTRC", "Tr", "general"), fcda("GGIO", "Ind1"), fcda("GGIO", "IntIn1", "stVal"));
  const has = "is no member of BAY1PRO/LLN0$dsTrip; it has PRO/PTRC1.Tr.general[ST], PRO/GGIO1.Ind1[ST], ";
  for (const value of ["PRO/GGIO1.Ind2", "PRO/GGIO1.Ind1.stVa", "PRO/GGIO1.Ind1.stVal.x", "PRO/GGIO1.Ind1.stVal[MX]"])
    assert.equal(placed(file, value), `inputs[0].value: ${value} ${has}PRO/GGIO1.IntIn1.stVal[ST]`);
  assert.match(
    placed(file, "PRO/GGIO1.Ind1", "PRO/PTRC1.Tr.q"),
    /^inputs\[0\]\.quality: PRO\/PTRC1\.Tr\.q is no member/,
  );
  assert.equal(placed(file, "PRO/GGIO1.Ind1.t"), "inputs[0].value: PRO/GGIO1.Ind1.t is Timestamp: neither on nor off");
  assert.equal(
    placed(file, "PRO/GGIO1.IntIn1.stVal"),
    "inputs[0].value: PRO/GGIO1.IntIn1.stVal is INT32: neither on nor off",
  );
});
