/** What is wrong with SCL files: each problem planted in a file that has none, found at its place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkScl } from "#protocol/iec61850/scl/check.ts";
import { problemText } from "#protocol/iec61850/scl/problems.ts";
import { draftBytes, octets, placeOf, skipDraft, small } from "./scl-files.ts";

const checked = (text: string): readonly string[] =>
  checkScl(octets(text)).problems.map((one) => problemText("f", one));

/** The small file has no mandatory attributes that do nothing for it. */
const missing = /which every (ENS|CMV|HWYE|LLN0|MMXU) has|MMXU has no HA/;

test("a file without a problem has none", { skip: skipDraft }, () => {
  assert.deepEqual(checkScl(draftBytes()).problems, []);
});

test("of what its types lack and have besides, a file hears as warnings", () => {
  const problems = checked(small);
  assert.ok(
    problems.every((one) => one.includes(" warning: ") && missing.test(one)),
    problems.join("\n"),
  );
  assert.ok(problems.some((one) => one.endsWith("DOType ENS: expected q of ST, which every ENS has")));
  assert.ok(problems.some((one) => one.endsWith("LNodeType X: MMXU has no HA; did you mean Hz?")));
});

// prettier-ignore
const planted: readonly [what: string, part: string, other: string, element: string, words: string][] = [
  ["an element that is not there", '<DO name="Beh"', '<DA name="Beh"', '<DA name="Beh"', 'warning: LNodeType: expected one of DO; found "DA"'],
  ["an attribute that is left out", 'confRev="4"', "", '<ReportControl name="rc"', "error: ReportControl: expected its confRev"],
  ["an attribute that is none", 'datSet="D1" confRev="4"', 'datset="D1" confRev="4"', '<ReportControl name="rc"', "warning: ReportControl: attribute: expected one of name, confRev, datSet"],
  ["an element in another's place", '<TrgOps dchg="true" period="true"/><OptFields seqNum="true" entryID="true"/>', '<OptFields seqNum="true" entryID="true"/><TrgOps dchg="true" period="true"/>', "<TrgOps dchg", "warning: ReportControl: TrgOps stands after OptFields"],
  ["a name that is too long", 'DataSet name="D1"', `DataSet name="D${"x".repeat(32)}"`, "<DataSet", "error: DataSet: name: expected a letter, then letters, digits and _, 32 at most; found"],
  ["a name of no data object", 'DO name="HA"', 'DO name="hA"', '<DO name="hA"', "error: DO: name: expected a capital"],
  ["an IED that is there twice", '<IED name="HMI">', '<IED name="F1">', '<IED name="F1"><', "error: IED: IED F1 is there already"],
  ["a report that is there twice", 'ReportControl name="rd"', 'ReportControl name="rc"', '<ReportControl name="rc" rptID', "error: M/LLN0: ReportControl rc is there already"],
  ["an attribute that is there twice", '<DA name="db" fc="CF" bType="INT32U"/>\n', '<DA name="q" fc="CF" bType="INT32U"/>\n', '<DA name="q" fc="CF"', "error: DOType CMV: DA q is there already"],
  ["an address of no IED", 'iedName="F1"', 'iedName="F2"', "<ConnectedAP", "error: ConnectedAP: there is no IED F2; did you mean F1?"],
  ["an address of no access point", 'iedName="F1" apName="P1"', 'iedName="F1" apName="P2"', "<ConnectedAP", "error: ConnectedAP: IED F1 has no access point P2; did you mean P1?"],
  ["a GSE of no control block", 'cbName="go1"', 'cbName="go2"', "<GSE ", "error: GSE: IED F1 has no GSEControl M/go2"],
  ["several of a report that has no number", '<RptEnabled max="2"/>\n      </ReportControl>', '<RptEnabled max="2"/></ReportControl>', "", ""],
  ["an attribute of another constraint", 'name="q" fc="MX"', 'name="q" fc="ST"', '<DA name="q"', "error: DOType CMV: q of CMV is of MX; found ST"],
  ["an attribute of another type", 'name="db" fc="CF" bType="INT32U"/>\n', 'name="db" fc="CF" bType="FLOAT32"/>\n', '<DA name="db" fc="CF" bType="FLOAT32"', "warning: DOType CMV: db of CMV is INT32U; found FLOAT32"],
  ["a time of a report that is none", 'bufTime="50"', 'bufTime="1s"', '<ReportControl name="rc"', 'error: ReportControl: bufTime: expected a whole number from 0 to 4294967295; found "1s"'],
  ["a revision below nought", 'confRev="4"', 'confRev="-1"', '<ReportControl name="rc"', 'error: ReportControl: confRev: expected a whole number from 0 to 4294967295; found "-1"'],
  ["a trigger that is neither true nor false", 'dchg="true" period', 'dchg="yes" period', "<TrgOps dchg", 'error: TrgOps: dchg: expected true or false; found "yes"'],
  ["an array that is counted by no number", 'type="HAR" count="2"', 'type="HAR" count="-2"', '<SDO name="phsAHar"', 'error: SDO: count: expected a whole number, or the name of an attribute; found "-2"'],
  ["a repetition that is no time", ">8</MinTime>", ">fast</MinTime>", "<MinTime", 'error: MinTime: expected milliseconds; found "fast"'],
  ["a time in seconds", 'unit="s" multiplier="m">8', 'unit="s" multiplier="">8', "<MinTime", 'error: MinTime: multiplier: expected m; found ""'],
  ["an address with colons, which is taken", "01-0C-CD-01-00-2A", "01:0C:CD:01:00:2A", '<P type="MAC-Address"', 'warning: P: MAC-Address: expected 01-0C-CD-01-00-00; found "01:0C:CD:01:00:2A"'],
  ["a network of no number", ">00A<", ">10 A<", '<P type="VLAN-ID"', 'error: P: VLAN-ID: expected 3 hexadecimal digits, capitals; found "10 A"'],
  ["a class that is no word", 'cdc="HWYE"', 'cdc="9 #!"', '<DOType id="HWYE"', 'error: DOType: cdc: expected letters, 5 at most; found "9 #!"'],
  ["a class that 7-3 has not", 'cdc="HWYE"', 'cdc="HWYD"', '<DOType id="HWYE"', "warning: DOType HWYE: 7-3 has no class HWYD; did you mean HWYE?"],
  ["a schema of no year", 'version="2007" revision', 'version="9 #!" revision', "<SCL", 'error: SCL: version: expected a year, 2007; found "9 #!"'],
  ["a schema of no release", 'release="1"', 'release="9 #!"', "<SCL", 'error: SCL: release: expected a whole number from 1 to 255; found "9 #!"'],
  ["a header that is there twice", '<Header id="feeder" version="3" revision="b"/>', '<Header id="feeder"/><Header id="other"/>', '<Header id="other"', "error: SCL: Header is there already, and one is taken"],
  ["a server without authentication", "    <Authentication/>\n", "", "<Server", "warning: Server: expected Authentication in it"],
  ["what is private behind what is not", "<Communication>", '<Private type="x"/><Communication>', "<Private", "warning: SCL: Private stands after Header"],
  ["text where there is none", "<OptFields/>", "<OptFields>all</OptFields>", "<OptFields>all", 'warning: OptFields: expected no text; found "all"'],
  ["an object that is said twice", '<DOI name="PhV">', '<DOI name="HA"/><DOI name="PhV">', '<DOI name="HA"><SDI', "error: M/xMMXU1: DOI HA is there already"],
  ["a name of no attribute", '<BDA name="f"', '<BDA name="MX"', '<BDA name="MX"', "error: BDA: name: expected a small letter"],
  ["a type that is not there, where none is needed", 'name="db" fc="CF" bType="INT32U"/>\n', 'name="db" fc="CF" bType="INT32U" type="CMV"/>\n', '<DA name="db" fc="CF" bType="INT32U" type', "error: DOType CMV: DA db: there is no DAType or EnumType CMV"],
  ["an object of another class", 'DOType id="WYE" cdc="WYE"', 'DOType id="WYE" cdc="DEL"', '<DO name="PhV"', "warning: LNodeType X: PhV is of DEL; expected WYE"],
];
for (const [what, part, other, element, words] of planted)
  test(`${what} is found at its place`, () => {
    assert.ok(small.includes(part), part);
    const text = small.replace(part, other);
    const problems = checked(text);
    if (words === "")
      return assert.deepEqual(
        problems.filter((one) => !missing.test(one)),
        [],
      );
    assert.ok(
      problems.some((one) => one.startsWith(`f:${placeOf(text, element)}: ${words}`)),
      `${placeOf(text, element)}: ${words}\n${problems.join("\n")}`,
    );
  });

test("one that is not told by number is one", () => {
  const text = small.replace('datSet="D1" confRev="4"', 'datSet="D1" indexed="false" confRev="4"');
  assert.ok(checked(text).some((one) => one.endsWith("report rc: not indexed, it is one; found max 2")));
});

test("two that are sent to one address are told of each other", () => {
  const gse = /<GSE .*<\/GSE>/s.exec(small)![0];
  const text = small
    .replace(gse, `${gse}${gse.replace("go1", "go2")}`)
    .replace(/<GSEControl.*\n/, (line) => `${line}${line.replace("go1", "go2")}`);
  assert.ok(
    checked(text).some((one) =>
      one.endsWith("GSE F1 M/go2: F1 M/go1 is sent to MAC-Address 01-0C-CD-01-00-2A, APPID 3ABC, too"),
    ),
  );
});

test("a file of nothing but problems tells so many and how many more there are", () => {
  const text = small.replace("<LNodeType", `${'<DOType id="WYE" cdc="WYE"/>'.repeat(500)}<LNodeType`);
  const { problems } = checkScl(octets(text));
  assert.ok(problems.length < 450);
  assert.ok(problems.some(({ words }) => /^\d+ more problems$/.test(words)));
});
